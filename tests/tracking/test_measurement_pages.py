"""Registering and correcting measurements in the browser."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pes.models import GoalKind
from tests import make, people
from tests.evaluation.sector import Sector, sector
from tests.tracking import files
from tracking.models import Evidence, Measurement

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(settings, media_root) -> Sector:
    settings.PES_DEMO = True
    return sector()


@pytest.fixture
def elena(ours, client):
    client.force_login(ours.them.elena)
    return client


def typed(**changes: object) -> dict[str, object]:
    return {"on": "2022-04-30", "achieved": "60,5", "analysis": "Avanza.", "link": ""} | changes


def new(ours: Sector, key: str = "1") -> str:
    return ours.url(f"indicadores/{key}/mediciones/nueva/")


def test_a_measurement_is_registered_with_its_evidence(ours, elena):
    data = typed(
        files=[files.upload("a.png", files.image()), files.upload("b.pdf", files.pdf())], link="https://x.invalid/a"
    )

    answer = elena.post(new(ours), data, follow=True)

    made = Measurement.objects.get(on=date(2022, 4, 30))
    assert (made.achieved, made.analysis.text) == (Decimal("60.5"), "Avanza.")
    assert Evidence.objects.filter(measurement=made).count() == 3
    assert "data-pes-success" in answer.content.decode()


def test_a_bad_file_keeps_neither_the_measurement_nor_the_good_file(ours, elena, media_root):
    """UP12: all or nothing."""
    data = typed(files=[files.upload("a.png", files.image()), files.upload("b.pdf", b"<html>")])

    answer = elena.post(new(ours), data)

    assert answer.status_code == 422
    assert "no es un PDF" in answer.content.decode()
    assert not Measurement.objects.filter(on=date(2022, 4, 30)).exists()
    assert [path for path in media_root.rglob("*") if path.is_file()] == []


def test_a_double_click_shows_the_same_receipt(ours, elena):
    """WF1."""
    first = elena.post(new(ours), typed())

    second = elena.post(new(ours), typed(), follow=True)

    assert second.redirect_chain[-1][0] == first.url
    assert "ya estaba registrada; no se duplicó" in second.content.decode()
    assert Measurement.objects.filter(on=date(2022, 4, 30)).count() == 1


def test_another_figure_for_the_same_date_is_refused(ours, elena):
    elena.post(new(ours), typed())

    answer = elena.post(new(ours), typed(achieved="61"))

    assert answer.status_code == 422
    assert "Ya hay una medición del 2022-04-30" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("achieved", "1.234", "se puede leer como 1234 o como 1,234"),
        ("achieved", "-1", "mayor o igual que cero"),
        ("achieved", "mucho", "no es un número"),
        ("achieved", "0,00001", "Tiene demasiados decimales. Escriba 4 como máximo"),
        ("on", "2019-12-31", "fuera del periodo del plan"),
        ("on", "2099-12-31", "fuera del periodo del plan"),
        ("link", "http://x.invalid", "debe empezar por https"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(ours, elena, field, value, said):
    answer = elena.post(new(ours), typed(**{field: value}))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Avanza." in answer.content.decode()


def test_a_consolidated_cutoff_takes_no_new_measurement(ours, elena):
    """WF5."""
    ours.cutoff.consolidate(by=ours.them.jorge)

    answer = elena.post(new(ours), typed(on="2022-03-15"))

    assert "ya está consolidado" in answer.content.decode()


@pytest.mark.parametrize(("name", "status"), [("diana", 403), ("luis", 403), ("oscar", 403), ("gabriel", 403)])
def test_who_may_not_measure_is_refused(ours, client, name, status):
    client.force_login(getattr(ours.them, name))

    assert client.post(new(ours), typed()).status_code == status
    assert not Measurement.objects.filter(on=date(2022, 4, 30)).exists()


def test_a_project_manager_measures_project_goals_only(ours, client):
    """REP-01."""
    goal = make.goal(objective=ours.objective, code="4", kind=GoalKind.PROYECTO)
    make.indicator(goal=goal, entity=ours.them.head, key="P4")
    client.force_login(ours.them.gabriel)

    assert client.post(new(ours, "P4"), typed()).status_code == 302
    assert client.post(new(ours, "1"), typed()).status_code == 403


def test_an_indicator_of_another_sector_is_404(ours, client):
    """AZ2."""
    client.force_login(people.person("Otro Enlace", people.Role.ENLACE_ENTIDAD, ours.them.other_entity))

    assert client.get(new(ours)).status_code == 404
    assert client.post(new(ours), typed()).status_code == 404


def test_an_enlace_of_another_entity_of_the_sector_is_refused(ours, client):
    client.force_login(people.person("Enlace Vecino", people.Role.ENLACE_ENTIDAD, ours.them.second_entity))

    assert client.post(new(ours), typed()).status_code == 403


def correction(ours: Sector, **changes: object) -> tuple[str, dict[str, object]]:
    found = Measurement.objects.get(indicator__key="1", on=date(2022, 3, 31))
    data = {"achieved": "55", "analysis": "Corregido.", "reason": "Error de digitación", "version": found.version}
    return f"/mediciones/{found.pk}/corregir/", data | changes


def test_a_correction_keeps_the_reason(ours, elena):
    url, data = correction(ours)

    answer = elena.post(url, data)

    found = Measurement.objects.get(indicator__key="1", on=date(2022, 3, 31))
    assert answer.status_code == 302
    assert (found.achieved, found.version) == (55, 2)


def test_a_stale_correction_shows_the_difference_and_overwrites_nothing(ours, elena):
    """WF3."""
    url, data = correction(ours)
    found = Measurement.objects.get(indicator__key="1", on=date(2022, 3, 31))
    found.correct(achieved=Decimal(58), analysis="De Ana.", expected_version=1, reason="", by=ours.them.ana)

    answer = elena.post(url, data)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Nada se ha sobrescrito" in page
    assert all(text in page for text in ("55", "58", "Corregido.", "De Ana.", 'name="version" value="2"'))
    assert Measurement.objects.get(pk=found.pk).achieved == 58


def test_a_sealed_figure_is_corrected_by_who_consolidates_and_with_a_reason(ours, client):
    ours.cutoff.consolidate(by=ours.them.jorge)
    url, data = correction(ours, reason="")
    client.force_login(ours.them.elena)
    assert client.post(url, data).status_code == 403

    client.force_login(ours.them.jorge)

    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"reason": "Oficio 12"}).status_code == 302


def test_the_button_to_correct_says_why_it_is_disabled(ours, elena):
    ours.cutoff.consolidate(by=ours.them.jorge)
    found = Measurement.objects.get(indicator__key="1")

    assert "solo quien consolida puede corregirlo" in elena.get(found.get_absolute_url()).content.decode()


def test_more_evidence_is_added_to_a_measurement(ours, elena):
    found = Measurement.objects.get(indicator__key="1")

    answer = elena.post(
        f"/mediciones/{found.pk}/evidencias/", {"files": files.upload("a.png", files.image()), "link": ""}
    )

    assert answer.status_code == 302
    assert found.evidence.count() == 1


@pytest.mark.parametrize("data", [{}, {"link": "ftp://x"}])
def test_evidence_that_is_not_there_is_asked_for(ours, elena, data):
    found = Measurement.objects.get(indicator__key="1")

    assert elena.post(f"/mediciones/{found.pk}/evidencias/", data).status_code == 422


def test_evidence_is_added_only_by_post_and_by_who_measures(ours, elena):
    found = Measurement.objects.get(indicator__key="1")
    url = f"/mediciones/{found.pk}/evidencias/"

    assert elena.get(url).status_code == 405
    elena.force_login(ours.them.diana)
    assert elena.post(url, {"link": "https://x.invalid/a"}).status_code == 403


@pytest.mark.parametrize("path", ["", "corregir/"])
def test_the_measurement_of_another_sector_is_404(ours, client, path):
    """AZ2."""
    found = Measurement.objects.get(indicator__key="1")
    client.force_login(people.person("Otra Analista", people.Role.ANALISTA_OAP, ours.them.other_sector))

    assert client.get(f"/mediciones/{found.pk}/{path}").status_code == 404


def test_an_upload_stops_growing_at_the_limit(ours, elena, settings, media_root):
    """UP4."""
    settings.EVIDENCE_MAX_BYTES = 1000
    data = typed(files=files.upload("a.pdf", files.pdf() + b" " * 500_000))

    answer = elena.post(new(ours), data)

    assert "pasa de" in answer.content.decode()
    assert [path for path in media_root.rglob("*") if path.is_file()] == []
