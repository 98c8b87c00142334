"""Pages of shared goals: one table, many plans; only for the area that leads them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pes.models import UnitKind
from plans import shared_goals
from plans.models import Goal, GoalTemplate, PlanGestion
from plans.rules.goals import GoalStatus
from tests import people
from tests.answers import page_of
from tests.plans.test_shared_goals import VALUES, World, make_official, world

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.rule("PG-04", "PG-08")]
TYPED = {
    "text": "Hacer las jornadas",
    "kind": "Transversal",
    "indicator": "Jornadas",
    "numerator": "Jornadas hechas",
    "unit": "Jornadas",
    "indicator_type": "Eficacia",
    "programming_type": "Suma",
    "deliverable": "Acta",
    "source": "Actas",
    "verification": "Actas",
}


@pytest.fixture
def rosa(world: World) -> Client:
    return page_of(world.rosa)


def address(world: World, act: str = "") -> str:
    return f"/planes/metas-compartidas/{world.template.pk}/{act}"


def test_the_area_writes_a_goal_on_its_page(world, rosa):
    answer = rosa.post(
        "/planes/metas-compartidas/nueva/", {**TYPED, "owner": str(world.area.pk), "vigencia": "2022"}, follow=True
    )

    made = GoalTemplate.objects.latest("pk")
    assert answer.status_code == 200
    assert (made.text, made.kind, made.programming_type, made.owner) == (
        "Hacer las jornadas",
        "transversal",
        "SUMA",
        world.area,
    )


def test_a_goal_without_text_is_not_written(world, rosa):
    answer = rosa.post(
        "/planes/metas-compartidas/nueva/", {**TYPED, "text": " ", "owner": str(world.area.pk), "vigencia": "2022"}
    )

    assert answer.status_code == 422
    assert "Falta el texto de la meta" in answer.content.decode()
    assert GoalTemplate.objects.count() == 1


def test_the_goal_is_assigned_with_a_first_programme(world, rosa):
    chosen = [str(world.them.alcaldia.pk), str(world.second.pk)]

    rosa.post(address(world, "asignar/"), {"units": chosen, "weight": "12,5", "t1": "4", "magnitude": "4"})

    goals = Goal.objects.filter(template=world.template)
    assert {(str(goal.weight), goal.plan.unit.code) for goal in goals} == {("12.50", "AL-01"), ("12.50", "AL-03")}


@pytest.mark.rule("AZ10")
def test_a_unit_that_cannot_have_it_is_no_choice(world, rosa):
    answer = rosa.post(address(world, "asignar/"), {"units": [str(world.them.process.pk)]})

    assert answer.status_code == 422
    assert not Goal.objects.exists()


def test_saving_says_how_many_plans_changed(world, rosa):
    shared_goals.assign(world.template, [world.them.alcaldia, world.second], by=world.rosa)
    make_official(world.second, "published", world.them)

    answer = rosa.post(address(world, "guardar/"), {**TYPED, "kind": "Local", "revision": "0"}, follow=True)

    assert "cambió en 1 planes" in answer.content.decode()
    assert set(Goal.objects.values_list("plan__unit__code", "text")) == {
        ("AL-01", TYPED["text"]),
        ("AL-03", VALUES["text"]),
    }


def test_the_form_shows_what_the_template_holds(world, rosa):
    page = rosa.get(address(world)).content.decode()

    assert '<option value="Local" selected>Local</option>' in page
    assert '<option value="Suma" selected>Suma</option>' in page


@pytest.mark.rule("WF3")
def test_a_stale_page_is_told(world, rosa):
    shared_goals.change(world.template, by=world.rosa, values={"text": "Otra"})

    answer = rosa.post(address(world, "guardar/"), {**TYPED, "kind": "Local", "revision": "0"})

    assert answer.status_code == 409
    assert "nada se ha sobrescrito" in answer.content.decode()


def test_withdrawing_needs_a_reason(world, rosa):
    shared_goals.assign(world.template, [world.second], by=world.rosa)

    without = rosa.post(address(world, "retirar/"), {"unit": "AL-03", "reason": ""})
    given = rosa.post(address(world, "retirar/"), {"unit": "AL-03", "reason": "No aplica"})

    assert (without.status_code, given.status_code) == (422, 302)
    assert Goal.objects.get().status == GoalStatus.REMOVED


@pytest.mark.rule("AZ2")
@pytest.mark.parametrize(
    ("name", "status"),
    [("ana", 200), ("jorge", 200), ("luis", 403), ("marta", 403), ("oscar", 403), ("olga", 403), ("alicia", 403)],
)
def test_who_may_open_a_shared_goal(world, name, status):
    assert page_of(getattr(world.them, name)).get(address(world)).status_code == status


@pytest.mark.rule("AZ2")
def test_another_area_finds_nothing(world):
    foreign = people.unit("otra-area", UnitKind.OFFICE, world.them.other_entity, "Otra área")
    page = page_of(people.person("Rita Responsable", "area_central", foreign))

    answers = [
        page.get(address(world)),
        *(page.post(address(world, act)) for act in ("guardar/", "asignar/", "retirar/")),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert VALUES["text"] not in page.get("/planes/metas-compartidas/").content.decode()


def test_the_page_costs_the_same_with_many_plans(world, rosa):
    shared_goals.assign(world.template, [world.second], by=world.rosa)
    few = queries(rosa, address(world))
    units = [people.unit(f"AL-{at}", UnitKind.ALCALDIA_LOCAL, world.them.head) for at in range(10, 19)]
    PlanGestion.open_all(world.them.head, 2022, by=world.them.jorge)
    shared_goals.assign(world.template, units, by=world.rosa)

    assert queries(rosa, address(world)) == few


def queries(page: Client, address: str) -> int:
    page.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert page.get(address).status_code == 200
    return len(asked)
