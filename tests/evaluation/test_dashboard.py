"""Tablero del sector: what it says, who sees it, and that an unchanged one costs nothing."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluation.pages.dashboard import dashboard_page
from evaluation.pages.selection import select
from tests import make, people
from tests.evaluation.sector import ON, Sector, sector

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(settings) -> Sector:
    settings.PES_DEMO = True  # counts as the second factor of who decides
    return sector()


@pytest.fixture
def diana(ours, client) -> Client:
    client.force_login(ours.them.diana)
    return client


def test_the_dashboard_shows_the_weighted_compliance_of_the_last_cutoff(ours, diana):
    page = diana.get(ours.url("tablero/")).content.decode()

    assert "42,50 %" in page.replace("\xa0", " ")
    assert "corte al 31 de marzo de 2022" in page


def test_the_index_is_labelled_as_computed_by_the_tool(ours, diana):
    """PES-10."""
    assert "Índice calculado por la herramienta" in diana.get(ours.url("tablero/")).content.decode()


def test_an_objective_without_information_is_not_a_zero(ours):
    """W-06, PES-11."""
    page = dashboard_page(select(ours.them.diana, ours.plan.sector.code, {}))

    assert [line.percent for line in page.objectives] == [Decimal("42.50"), None]
    assert page.objectives[1].state == "no_information"


def test_what_is_measured_is_said_in_indicators_and_weight(settings):
    """7 de 9, 88 % del peso."""
    ours = sector(indicators=2, measured=1)

    page = dashboard_page(select(ours.them.diana, ours.plan.sector.code, {}))

    assert page.objectives[0].note == "1 de 2 medidos, 75\u00a0% del peso"
    assert [item.code for item in page.bottlenecks] == ["2", "1"]


def test_there_are_no_lights_before_the_last_cutoff_of_the_vigencia(ours):
    """REP-06b."""
    page = dashboard_page(select(ours.them.diana, ours.plan.sector.code, {}))

    assert (page.index_tone, page.index_text) == ("course", "En curso")
    assert {line.tone for line in page.objectives} == {"course"}


def test_lights_come_with_the_last_cutoff_of_the_vigencia(ours):
    """REP-06b, REP-06: 42,50 % is red."""
    make.measurement(
        indicator=ours.plan.indicators.get(key="1"), by=ours.them.elena, achieved=50, on=ON.replace(month=12)
    )
    make.run_jobs()

    page = dashboard_page(select(ours.them.diana, ours.plan.sector.code, {"corte": "2022-12-31"}))

    assert (page.index_tone, page.index_text) == ("risk", "Rojo")


def test_a_consolidated_cutoff_is_read_from_its_last_snapshot(ours):
    cutoff = ours.cutoff
    snapshot = cutoff.consolidate(by=ours.them.jorge)
    type(cutoff).objects.filter(pk=cutoff.pk).update(result={"index": None, "objectives": []})

    page = dashboard_page(select(ours.them.diana, ours.plan.sector.code, {}))

    assert page.index == Decimal("42.50")
    assert (page.status_text, page.digest) == ("Consolidado · corrida 1", snapshot.digest)


def test_the_ideal_path_is_a_reference_and_says_so(ours):
    """PT-10."""
    page = dashboard_page(select(ours.them.diana, ours.plan.sector.code, {}))

    assert "Ideal" in page.trend
    assert "trayectoria ideal de referencia" in page.trend_note


def test_a_vigencia_without_cutoffs_says_what_to_do(ours, diana):
    page = diana.get(ours.url("tablero/?vigencia=2024")).content.decode()

    assert "La vigencia no tiene cortes" in page


def test_a_cutoff_of_another_vigencia_gives_way_to_the_vigencia_chosen(ours):
    chosen = select(ours.them.diana, ours.plan.sector.code, {"vigencia": "2023", "corte": "2022-03-31"})

    assert (chosen.vigencia, chosen.chosen) == (2023, None)


def test_an_unchanged_dashboard_answers_304(ours, diana):
    first = diana.get(ours.url("tablero/"))

    again = diana.get(ours.url("tablero/"), headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_a_changed_cutoff_is_not_answered_304(ours, diana):
    tag = diana.get(ours.url("tablero/"))["ETag"]
    ours.cutoff.consolidate(by=ours.them.jorge)

    again = diana.get(ours.url("tablero/"), headers={"If-None-Match": tag})

    assert again.status_code == 200
    assert "Consolidado" in again.content.decode()


def test_the_tag_of_one_person_is_not_that_of_another(ours, diana):
    other = Client()
    other.force_login(ours.them.ana)

    assert diana.get(ours.url("tablero/"))["ETag"] != other.get(ours.url("tablero/"))["ETag"]


def test_the_stored_fragment_is_shared_and_holds_nothing_of_who_asked(ours, diana):
    other = Client()
    other.force_login(ours.them.ana)
    diana.get("/")
    other.get("/")
    with CaptureQueriesContext(connection) as cold:
        diana.get(ours.url("tablero/"))

    with CaptureQueriesContext(connection) as warm:
        page = other.get(ours.url("tablero/")).content.decode()

    assert "42,50" in page
    assert ours.them.diana.full_name not in page
    assert len(cold) - len(warm) == 10  # seven of the sector, three of its plans


def test_a_message_is_shown_once_and_never_kept(ours, client):
    client.force_login(ours.them.jorge)
    client.post(ours.url("cortes/2022-03-31/consolidar/"))

    first = client.get(ours.url("tablero/"))

    assert "Corte del 31 de marzo de 2022 consolidado" in first.content.decode()
    assert not first.has_header("ETag")


@pytest.mark.parametrize("name", ["luis", "marta", "elena", "olga"])
def test_who_works_in_the_sector_sees_it(ours, client, name):
    client.force_login(getattr(ours.them, name))

    assert client.get(ours.url("tablero/")).status_code == 200


def test_another_sector_is_the_same_as_one_that_does_not_exist(ours, client):
    """AZ2."""
    client.force_login(ours.them.oscar)

    answers = [client.get(f"/sectores/{slug}/tablero/") for slug in (ours.plan.sector.code, "no-existe")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_who_reads_no_pes_is_refused(ours, client):
    client.force_login(people.person("Nadie Sinrol"))

    assert client.get(ours.url("tablero/")).status_code == 403


def test_the_axis_is_quarters_until_something_is_measured_between_them(ours):
    selected = select(ours.them.diana, ours.plan.sector.code, {})
    assert "mar: ideal 25,00" in dashboard_page(selected).trend
    assert "abr: " not in dashboard_page(selected).trend

    make.measurement(
        indicator=ours.plan.indicators.get(key="1"), by=ours.them.elena, achieved=60, on=ON.replace(month=4, day=30)
    )
    make.run_jobs()

    assert "abr: ideal 33,33\u00a0%, ejecutado 50,00" in dashboard_page(selected).trend
