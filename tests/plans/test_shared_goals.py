"""Goals that a leading area writes once for many plans (PG-04, PG-08; AZ3, AZ14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from pes.models import Membership, OrganizationUnit, UnitKind, User
from pes.permissions import Role
from pes.rules.problems import Refused
from pes.rules.programming import ProgrammingType
from plans import shared_goals
from plans.editing import CellChange, change_goals, remove_goal, restore_goal
from plans.models import Goal, GoalTemplate, PlanGestion
from plans.rules.goals import GoalKind, GoalStatus
from plans.rules.plan_states import PlanStatus
from tests import make, people
from tests.answers import codes, page_of
from tests.people import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.rule("PG-04", "PG-08")]
VALUES: dict[str, Any] = {
    "text": "Realizar las jornadas acordadas",
    "kind": GoalKind.LOCAL,
    "indicator": "Jornadas realizadas",
    "numerator": "Jornadas realizadas",
    "unit": "Jornadas",
    "programming_type": ProgrammingType.SUMA,
}


@dataclass
class World:
    """Two alcaldías with open plans, and an area that leads a local goal."""

    them: Cast
    area: OrganizationUnit
    rosa: User
    second: OrganizationUnit
    template: GoalTemplate


@pytest.fixture
def world() -> World:
    them = people.cast()
    area = people.unit("gestion-policiva", UnitKind.OFFICE, them.head, "Gestión Policiva")
    second = people.unit("AL-03", UnitKind.ALCALDIA_LOCAL, them.head, "Alcaldía Local de Santa Fe")
    Membership.project_all()
    rosa = people.person("Rosa Responsable", Role.AREA_CENTRAL, area)
    make.methodology(by=them.jorge, year=2022)
    PlanGestion.open_all(them.head, 2022, by=them.jorge)
    template = shared_goals.write(area, 2022, by=rosa, values=VALUES)
    return World(them, area, rosa, second, template)


def goal_of(world: World, unit: OrganizationUnit) -> Goal:
    return Goal.objects.get(plan__unit=unit, template=world.template, status=GoalStatus.ACTIVE)


def test_a_goal_written_once_is_put_into_many_plans(world):
    first = {"weight": Decimal("20.00"), "t1": Decimal(5), "t2": Decimal(5), "magnitude": Decimal(10)}

    count = shared_goals.assign(world.template, [world.them.alcaldia, world.second], by=world.rosa, values=first)

    goals = [goal_of(world, unit) for unit in (world.them.alcaldia, world.second)]
    assert count == 2
    assert {(goal.text, goal.weight, goal.magnitude) for goal in goals} == {(VALUES["text"], Decimal(20), Decimal(10))}
    assert [target.programmed for target in goals[0].targets.order_by("quarter")] == [5, 5, None, None]


def test_assigning_twice_adds_nothing(world):
    shared_goals.assign(world.template, [world.second], by=world.rosa)

    assert shared_goals.assign(world.template, [world.second], by=world.rosa) == 0
    assert Goal.objects.filter(plan__unit=world.second).count() == 1


def test_common_fields_change_in_one_place(world):
    shared_goals.assign(world.template, [world.them.alcaldia, world.second], by=world.rosa)

    reached = shared_goals.change(world.template, by=world.rosa, values={"text": "Otra redacción"}, read_revision=0)

    assert reached == 2
    assert set(Goal.objects.values_list("text", flat=True)) == {"Otra redacción"}


@pytest.mark.parametrize("state", [PlanStatus.OFFICIAL, PlanStatus.PUBLISHED, PlanStatus.CLOSED])
def test_a_plan_that_is_official_keeps_its_words(world, state):
    shared_goals.assign(world.template, [world.them.alcaldia, world.second], by=world.rosa)
    make_official(world.second, state, world.them)

    reached = shared_goals.change(world.template, by=world.rosa, values={"text": "Otra redacción"})

    assert reached == 1
    assert goal_of(world, world.second).text == VALUES["text"]


@pytest.mark.rule("AZ3")
def test_the_plans_team_does_not_write_common_fields(world):
    shared_goals.assign(world.template, [world.them.alcaldia], by=world.rosa)
    goal = goal_of(world, world.them.alcaldia)

    with pytest.raises(Refused) as refused:
        change_goals(goal.plan, [CellChange(goal.number, "indicator", "Mío")], by=world.them.marta)

    goal.refresh_from_db()
    assert codes(refused) == ["shared_field"]
    assert goal.indicator == VALUES["indicator"]


def test_the_plans_team_writes_its_weight_and_programme(world):
    shared_goals.assign(world.template, [world.them.alcaldia], by=world.rosa)
    goal = goal_of(world, world.them.alcaldia)

    change_goals(goal.plan, [CellChange(goal.number, "weight", Decimal("12.50"))], by=world.them.marta)

    goal.refresh_from_db()
    assert goal.weight == Decimal("12.50")


def test_the_plans_team_does_not_take_a_shared_goal_away(world):
    shared_goals.assign(world.template, [world.them.alcaldia], by=world.rosa)

    with pytest.raises(Refused) as refused:
        remove_goal(goal_of(world, world.them.alcaldia), by=world.them.marta)

    assert codes(refused) == ["shared_goal"]


@pytest.mark.rule("AZ14")
def test_one_plan_that_cannot_take_it_stops_the_whole_assignment(world):
    make_official(world.second, PlanStatus.PUBLISHED, world.them)

    with pytest.raises(Refused) as refused:
        shared_goals.assign(world.template, [world.them.alcaldia, world.second], by=world.rosa)

    assert codes(refused) == ["plan_not_editable"]
    assert "Santa Fe" in str(refused.value)
    assert not Goal.objects.exists()


def test_a_local_goal_is_for_alcaldias(world):
    with pytest.raises(Refused) as refused:
        shared_goals.assign(world.template, [world.them.process], by=world.rosa)

    assert codes(refused) == ["unit_out_of_reach"]


def test_a_goal_does_not_reach_another_entity(world):
    with pytest.raises(Refused) as refused:
        shared_goals.assign(world.template, [world.them.other_alcaldia], by=world.rosa)

    assert codes(refused)[0] == "unit_out_of_reach"


@pytest.mark.parametrize("name", ["marta", "luis", "oscar", "diana", "olga"])
def test_only_the_leading_area_writes_it(world, name):
    somebody = getattr(world.them, name)

    with pytest.raises(PermissionDenied):
        shared_goals.change(world.template, by=somebody, values={"text": "Mía"})
    with pytest.raises(PermissionDenied):
        shared_goals.assign(world.template, [world.second], by=somebody)
    with pytest.raises(PermissionDenied):
        shared_goals.write(world.area, 2022, by=somebody, values=VALUES)


def test_a_stale_edit_overwrites_nothing(world):
    """WF3."""
    shared_goals.change(world.template, by=world.rosa, values={"text": "Primera"}, read_revision=0)

    with pytest.raises(Refused) as refused:
        shared_goals.change(world.template, by=world.rosa, values={"text": "Segunda"}, read_revision=0)

    world.template.refresh_from_db()
    assert codes(refused) == ["stale_edit"]
    assert world.template.text == "Primera"


def test_a_goal_is_withdrawn_and_may_come_back(world):
    shared_goals.assign(world.template, [world.second], by=world.rosa)

    assert shared_goals.withdraw(world.template, [world.second], by=world.rosa, reason="No aplica") == 1
    assert shared_goals.assign(world.template, [world.second], by=world.rosa) == 1
    assert Goal.objects.filter(plan__unit=world.second).count() == 2
    assert Goal.objects.in_force().filter(plan__unit=world.second).count() == 1


@pytest.mark.rule("SM-1", "AZ14")
def test_a_validated_plan_is_not_made_incoherent_from_outside(world):
    """Nobody may write it any more, and no edge of SM-1 leads back."""
    programme = {"t1": Decimal(2), "t2": Decimal(2), "magnitude": Decimal(4)}
    shared_goals.assign(world.template, [world.them.alcaldia, world.second], by=world.rosa, values=programme)
    make_official(world.second, PlanStatus.VALIDATED, world.them)

    with pytest.raises(Refused) as refused:
        shared_goals.change(world.template, by=world.rosa, values={"programming_type": ProgrammingType.CONSTANTE})

    assert set(codes(refused)) == {"validated_plan_breaks"}
    assert set(Goal.objects.values_list("programming_type", flat=True)) == {ProgrammingType.SUMA}
    assert shared_goals.change(world.template, by=world.rosa, values={"text": "Otra redacción"}) == 2
    assert shared_goals.withdraw(world.template, [world.second], by=world.rosa, reason="No aplica") == 0
    assert goal_of(world, world.second).text == "Otra redacción"


def test_a_goal_is_put_into_a_plan_with_the_words_in_force(world):
    """JB15: the page that assigns was read before somebody changed the words."""
    read = GoalTemplate.objects.get(pk=world.template.pk)
    shared_goals.change(world.template, by=world.rosa, values={"text": "Otra redacción"})

    shared_goals.assign(read, [world.second], by=world.rosa)

    assert goal_of(world, world.second).text == "Otra redacción"


def test_what_the_leading_area_took_out_is_not_put_back_by_the_team(world):
    shared_goals.assign(world.template, [world.them.alcaldia], by=world.rosa)
    goal = goal_of(world, world.them.alcaldia)
    shared_goals.withdraw(world.template, [world.them.alcaldia], by=world.rosa, reason="No aplica")
    page = page_of(world.them.marta).get(goal.plan.url("goals")).content.decode()

    with pytest.raises(Refused) as refused:
        restore_goal(goal, by=world.them.marta)

    goal.refresh_from_db()
    assert codes(refused) == ["shared_goal"]
    assert goal.status == GoalStatus.REMOVED
    assert goal.plan.url("goal-restore", goal.number) not in page


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"kind": GoalKind.TECNICA}, "tecnica_not_shared"),
        ({"weight": Decimal(10)}, "field_not_common"),
        ({"text": " "}, "text_missing"),
        ({"unit": "x" * 61}, "text_too_long"),
    ],
    ids=["tecnica", "weight", "blank", "long"],
)
def test_values_that_no_shared_goal_has_are_refused(world, values, code):
    with pytest.raises(Refused) as refused:
        shared_goals.change(world.template, by=world.rosa, values=values)

    assert code in codes(refused)


def make_official(unit: OrganizationUnit, state: PlanStatus, them: Cast) -> None:
    """A plan in a late state, as a row: these tests are not about how it came there."""
    now = "2022-01-15T12:00:00Z"
    PlanGestion.objects.filter(unit=unit).update(
        status=state, validated_by=them.ana, validated_at=now, official_by=them.marta, official_at=now,
        hola_case="1", hola_on=date(2022, 1, 15), published_by=them.ana, published_at=now, edition=1,
        closed_by=them.ana, closed_at=now,
    )  # fmt: skip
