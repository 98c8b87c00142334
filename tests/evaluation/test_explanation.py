"""¿De dónde sale?: every figure down to the measurement, from one reading."""

from decimal import Decimal

import pytest
from django.db import connection

from evaluation.models import Snapshot
from evaluation.pages.explanation import explanation_page
from evaluation.pages.selection import select
from pes import triggers
from tests import make
from tests.evaluation.sector import Sector, sector

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> Sector:
    return sector()


def explain(ours: Sector, objective: str = "", indicator: str = ""):
    return explanation_page(select(ours.them.diana, ours.plan.sector.code, {}), objective, indicator)


def words(text: str) -> str:
    return text.replace("\xa0", " ")


def test_the_index_is_explained_by_its_objectives(ours):
    page = explain(ours)

    assert words(page.heading) == "¿De dónde sale este 42,50 %?"
    assert [(term.code, term.counts) for term in page.terms] == [("O1", True), ("O2", False)]
    assert [words(item.value) for item in page.operands] == ["42,50 %", "1", "42,50 %"]


def test_an_objective_is_explained_by_weight_times_result(ours):
    page = explain(ours, objective="1")

    assert [(words(t.weight), words(t.value), words(t.share)) for t in page.terms] == [
        ("75,00 %", "50,00 %", "37,50 %"),
        ("25,00 %", "20,00 %", "5,00 %"),
    ]
    assert [words(item.value) for item in page.operands] == ["37,50 %", "5,00 %", "42,50 %"]


def test_each_term_leads_one_level_down(ours, client):
    client.force_login(ours.them.diana)

    statuses = [client.get(term.url).status_code for page in (explain(ours), explain(ours, "1")) for term in page.terms]

    assert statuses == [200, 200, 200, 200]


def test_an_indicator_is_explained_by_its_measurement_author_and_analysis(ours):
    page = explain(ours, indicator="1")

    assert [words(item.value) for item in page.operands] == ["50", "100", "50,00 %"]
    assert page.measurement.analysis == "Se firmó el convenio."
    assert "Elena Enlace" in page.measurement.recorded


def test_a_consolidated_figure_is_verified_against_its_digest(ours):
    snapshot = ours.cutoff.consolidate(by=ours.them.jorge)

    proof = explain(ours).proof

    assert (proof.digest, proof.verdict_word) == (snapshot.digest, "Verificado")


def test_a_snapshot_changed_by_hand_is_told(ours):
    ours.cutoff.consolidate(by=ours.them.jorge)
    triggers.lift(connection)
    Snapshot.objects.update(inputs={})
    triggers.install(connection)

    assert explain(ours).proof.verdict_word == "Alterado"


def test_an_open_cutoff_has_no_digest_yet(ours):
    assert (explain(ours).proof.digest, explain(ours).proof.verdict_tone) == ("", "course")


def test_a_correction_after_consolidation_shows_both_values(ours):
    """WF18: the official figure does not move until the next run."""
    ours.cutoff.consolidate(by=ours.them.jorge)
    found = ours.plan.indicators.get(key="1").measurements.get()
    found.correct(achieved=Decimal(80), analysis="", expected_version=1, reason="Error", by=ours.them.jorge)
    make.run_jobs()

    page = explain(ours, indicator="1")

    assert words(page.value) == "50,00 %"
    assert "se calculó con 50; después se corrigió a 80" in page.measurement_note


def test_an_unmeasured_indicator_is_explained_without_a_figure():
    ours = sector(measured=1)

    page = explain(ours, indicator="2")

    assert (page.value, page.operands) == ("Pendiente", ())
    assert "Aún no se ha medido" in page.sentence


@pytest.mark.parametrize("query", ["objetivo=9", "objetivo=x", "indicador=no", "objetivo=1' OR 1"])
def test_what_does_not_exist_is_404(ours, client, query):
    client.force_login(ours.them.diana)

    assert client.get(ours.url(f"origen/?{query}")).status_code == 404


def test_another_sector_is_404(ours, client):
    """AZ2."""
    client.force_login(ours.them.oscar)

    assert client.get(ours.url("origen/")).status_code == 404


def test_a_text_typed_by_somebody_is_escaped(ours, client):
    found = ours.plan.indicators.get(key="1").measurements.get()
    found.correct(
        achieved=Decimal(50), analysis="<script>x</script>", expected_version=1, reason="", by=ours.them.elena
    )
    client.force_login(ours.them.diana)

    page = client.get(ours.url("origen/?indicador=1")).content.decode()

    assert "&lt;script&gt;" in page
    assert "<script>x" not in page
