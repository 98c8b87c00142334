"""Planes de gestión: the list and opening those of a vigencia."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pes.models import Membership, UnitKind
from plans.models import PlanGestion
from tests import make, people
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def them(settings) -> Cast:
    settings.PES_DEMO = True
    return people.cast()


@pytest.fixture
def opened(them) -> Cast:
    make.methodology(by=them.jorge)
    PlanGestion.open_all(them.head, 2022, by=them.jorge)
    return them


@pytest.fixture
def jorge(them, client) -> Client:
    client.force_login(them.jorge)
    return client


def opening(them: Cast, year: int = 2022) -> dict[str, str]:
    return {"entity": str(them.head.pk), "vigencia": str(year)}


def test_the_jefe_opens_the_plans_of_a_vigencia(them, jorge):
    """SM-1, act. 1."""
    make.methodology(by=them.jorge)

    answer = jorge.post("/planes/abrir/", opening(them), follow=True)

    assert "2 planes abiertos para 2022" in answer.content.decode()
    assert "Alcaldía Local de Usaquén" in answer.content.decode()


def test_opening_twice_opens_nothing_more(opened, jorge):
    answer = jorge.post("/planes/abrir/", opening(opened), follow=True)

    assert "ya estaban abiertos" in answer.content.decode()
    assert PlanGestion.objects.count() == 2


def test_without_methodology_the_button_says_why_and_the_verb_refuses(them, jorge):
    make.vigencia(2022)

    assert "La metodología de la vigencia 2022 no está publicada" in jorge.get("/planes/").content.decode()
    answer = jorge.post("/planes/abrir/", opening(them), follow=True)
    assert "no está publicada" in answer.content.decode()
    assert not PlanGestion.objects.exists()


@pytest.mark.parametrize("name", ["ana", "luis", "marta", "diana", "elena", "olga"])
def test_only_the_jefe_opens_plans(opened, client, name):
    client.force_login(getattr(opened, name))

    assert client.post("/planes/abrir/", opening(opened)).status_code == 403
    assert "Abre los planes de una vigencia la jefatura" in client.get("/planes/").content.decode()


def test_an_entity_out_of_reach_is_not_opened(opened, jorge):
    """AZ10: an id of another sector is not a choice."""
    answer = jorge.post("/planes/abrir/", {"entity": str(opened.other_entity.pk), "vigencia": "2022"}, follow=True)

    assert "Elija una entidad a su cargo" in answer.content.decode()
    assert PlanGestion.objects.count() == 2


def test_a_get_opens_nothing(opened, jorge):
    assert jorge.get("/planes/abrir/").status_code == 405


@pytest.mark.parametrize(
    ("name", "seen"), [("jorge", {"PLE-PIN", "AL-01"}), ("luis", {"PLE-PIN"}), ("marta", {"AL-01"}), ("oscar", set())]
)
def test_each_person_sees_the_plans_within_reach(opened, client, name, seen):
    """AZ11."""
    client.force_login(getattr(opened, name))

    page = client.get("/planes/").content.decode()

    assert {code for code in ("PLE-PIN", "AL-01") if f">{code}<" in page} == seen


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("nivel=central", {"PLE-PIN"}), ("nivel=local", {"AL-01"}), ("vigencia=2023", set()), ("vigencia=x", {"PLE-PIN", "AL-01"}),
        ("estado=draft", {"PLE-PIN", "AL-01"}), ("pagina=99", {"PLE-PIN", "AL-01"}),
    ],
)  # fmt: skip
def test_the_list_is_filtered(opened, jorge, query, seen):
    page = jorge.get(f"/planes/?{query}").content.decode()

    assert {code for code in ("PLE-PIN", "AL-01") if f">{code}<" in page} == seen


def test_the_list_costs_the_same_with_many_plans_and_shows_fifty(opened, jorge):
    jorge.get("/planes/")
    with CaptureQueriesContext(connection) as few:
        jorge.get("/planes/")
    for number in range(60):
        people.unit(f"PROC-{number}", UnitKind.PROCESS, opened.head)
    Membership.project_all()
    PlanGestion.open_all(opened.head, 2022, by=opened.jorge)

    with CaptureQueriesContext(connection) as many:
        page = jorge.get("/planes/").content.decode()

    assert len(many) == len(few)
    assert page.count('class="row-code"') == 50
    assert "1 a 50 de 62" in page


def test_who_reads_no_plan_is_refused(them, client):
    client.force_login(people.person("Nadie Sinrol"))

    assert client.get("/planes/").status_code == 403


@pytest.mark.rule("PG-02")
@pytest.mark.parametrize("name", ["ana", "luis"])
def test_the_list_leads_to_the_framework_also_where_the_sector_has_no_pes(opened, client, name):
    client.force_login(getattr(opened, name))

    doors = client.get("/planes/").context["doors"]

    [door] = [door for door in doors if door["label"] == "Marco estratégico"]
    assert f"/entidades/{opened.head.code}/marco/" in client.get(door["url"]).content.decode()
