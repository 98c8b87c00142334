"""The methodological review: threads that are only added to, and the checklist (act. 4 to 7; PG-V1, PG-04)."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from pes.models import AuditEvent, UnitKind
from pes.permissions import Role
from pes.rules.problems import Refused
from plans import checklist, lifecycle, observations
from plans.models import Goal, Observation, ObservationTurn, PlanGestion, ReviewCheck
from plans.rules.plan_states import PlanStatus, ReviewItem
from tests import make, people, plan_makers
from tests.answers import codes

pytestmark = pytest.mark.django_db
STATES = [status.value for status in PlanStatus]


@pytest.fixture
def them() -> people.Cast:
    return people.cast()


@pytest.fixture
def area(them) -> people.OrganizationUnit:
    """An office of the entity that leads a goal of the process."""
    return people.unit("SUBGL", UnitKind.OFFICE, them.head, "Subsecretaría de Gestión Local")


@pytest.fixture
def rosa(area) -> people.User:
    """Who leads that goal (R7)."""
    return people.person("Rosa Área", Role.AREA_CENTRAL, area)


def plan_in(them, status, **options) -> PlanGestion:
    return make.management_plan(unit=them.process, by=them.luis, status=status, **options)


def led_by(plan, area) -> Goal:
    """The plan's first goal, reported by an area."""
    Goal.objects.filter(plan=plan, number=1).update(central_area=area)
    return plan.goals.get(number=1)


# --- who speaks, and when


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize("state", STATES)
def test_the_oap_observes_only_what_is_in_review(them, state):
    plan = plan_in(them, state)

    if state == "in_review":
        assert observations.raise_observation(plan, None, "scope", "Falta.", by=them.ana).pk
        return
    with pytest.raises(Refused) as refused:
        observations.raise_observation(plan, None, "scope", "Falta.", by=them.ana)
    assert codes(refused) == ["not_under_review"]


@pytest.mark.rule("PG-04")
@pytest.mark.parametrize("state", STATES)
def test_the_leading_area_annotates_its_goals_while_they_are_formulated(them, area, rosa, state):
    plan = plan_in(them, state, goals=2)
    own, other = led_by(plan, area), plan.goals.get(number=2)

    with pytest.raises(PermissionDenied):
        observations.raise_observation(plan, other, "text", "No es suya.", by=rosa)
    with pytest.raises(PermissionDenied):
        observations.raise_observation(plan, None, "", "Ni el plan.", by=rosa)
    if state in {"draft", "in_review", "with_observations"}:
        assert observations.raise_observation(plan, own, "text", "Ajustar.", by=rosa).goal == own
    else:
        with pytest.raises(Refused):
            observations.raise_observation(plan, own, "text", "Ajustar.", by=rosa)


@pytest.mark.rule("AZ1")
@pytest.mark.parametrize("name", ["luis", "pilar", "diana", "olga", "elena", "marta", "oscar", "alicia"])
def test_nobody_else_observes(them, name):
    plan = plan_in(them, "in_review")

    with pytest.raises(PermissionDenied):
        observations.raise_observation(plan, None, "", "Hola", by=getattr(them, name))
    assert not Observation.objects.exists()


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize("state", ["in_review", "with_observations"])
def test_the_team_answers_when_it_has_the_plan(them, state):
    plan = plan_in(them, "in_review")
    thread = observations.raise_observation(plan, None, "", "Falta.", by=them.ana)
    if state == "with_observations":
        lifecycle.send_back(plan, by=them.ana)
        observations.answer(thread, "Hecho.", by=them.pilar)
        assert observations.unanswered(plan) == 0
        return
    with pytest.raises(Refused) as refused:
        observations.answer(thread, "Hecho.", by=them.pilar)
    assert codes(refused) == ["not_your_turn"]


@pytest.mark.rule("AZ1")
@pytest.mark.parametrize("name", ["diana", "olga", "marta", "oscar", "alicia"])
def test_nobody_else_answers(them, name):
    plan = plan_in(them, "with_observations")

    with pytest.raises(PermissionDenied):
        observations.answer(plan.observations.get(), "Hecho.", by=getattr(them, name))


@pytest.mark.rule("SM-1")
def test_an_insistence_opens_the_thread_again(them):
    plan = plan_in(them, "with_observations")
    thread = plan.observations.get()
    observations.answer(thread, "Precisado.", by=them.luis)
    lifecycle.submit(plan, by=them.luis)
    assert observations.unanswered(plan) == 0

    observations.answer(thread, "Sigue sin precisarse.", by=them.ana)

    assert observations.unanswered(plan) == 1
    assert list(thread.turns.order_by("pk").values_list("side", "text")) == [
        ("reviewer", plan_makers.OPINION),
        ("team", "Precisado."),
        ("reviewer", "Sigue sin precisarse."),
    ]


@pytest.mark.parametrize(
    ("said", "code"), [("  ", "text_missing"), ("x" * 4001, "text_too_long")], ids=["blank", "long"]
)
def test_a_turn_says_something_that_fits(them, said, code):
    plan = plan_in(them, "in_review")

    with pytest.raises(Refused) as refused:
        observations.raise_observation(plan, None, "", said, by=them.ana)

    assert codes(refused) == [code]


@pytest.mark.rule("AZ10")
def test_a_goal_of_another_plan_or_a_field_that_is_not_there_is_refused(them):
    plan = plan_in(them, "in_review")
    other = make.management_plan(unit=them.alcaldia, by=them.marta, status="in_review").goals.get()

    with pytest.raises(Refused) as refused:
        observations.raise_observation(plan, other, "status", "Cruzada.", by=them.ana)

    assert codes(refused) == ["goal_unknown", "field_unknown"]


@pytest.mark.rule("WF1")
def test_saying_the_same_twice_says_it_once(them):
    plan = plan_in(them, "in_review")
    first = observations.raise_observation(plan, None, "", "Falta.", by=them.ana)

    assert observations.raise_observation(plan, None, "", " Falta. ", by=them.ana) == first
    lifecycle.send_back(plan, by=them.ana)
    turn = observations.answer(first, "Hecho.", by=them.luis)
    assert observations.answer(first, "Hecho.", by=them.luis) == turn
    assert ObservationTurn.objects.count() == 2


@pytest.mark.rule("DA5")
def test_nothing_said_is_changed_or_taken_away(them):
    plan_in(them, "with_observations")

    for act in (
        lambda: ObservationTurn.objects.update(text="otra cosa"),
        lambda: ObservationTurn.objects.all().delete(),
        lambda: Observation.objects.update(field=""),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_each_turn_leaves_its_trace(them):
    plan = plan_in(them, "with_observations")
    observations.answer(plan.observations.get(), "Hecho.", by=them.pilar)

    raised, answered = (AuditEvent.objects.get(verb=verb) for verb in ("observation_raised", "observation_answered"))

    assert (raised.actor, raised.after["goal"], raised.after["text"]) == (them.ana, 1, plan_makers.OPINION)
    assert (answered.actor, answered.after["text"]) == (them.pilar, "Hecho.")


# --- the checklist


@pytest.mark.rule("PG-V1")
def test_an_answer_may_be_corrected_until_the_plan_leaves_the_review(them):
    plan = plan_in(them, "in_review")
    item = ReviewItem.INDICATOR_FORMULATION
    checklist.check(plan, {item: checklist.Answer(False, "Sin denominador")}, by=them.ana)
    checklist.check(plan, {item: checklist.Answer(True)}, by=them.jorge)

    assert [(row.passed, row.by) for row in ReviewCheck.objects.all()] == [(True, them.jorge)]
    last = AuditEvent.objects.filter(verb="review_checked").first()
    assert (last.before, last.after) == ({item: "No cumple: Sin denominador"}, {item: "Cumple"})


@pytest.mark.rule("PG-V1")
def test_the_consistency_of_the_type_is_answered_by_the_rules(them):
    plan = plan_in(them, "in_review")

    with pytest.raises(Refused) as refused:
        checklist.check(plan, {ReviewItem.TYPE_CONSISTENCY: checklist.Answer(True)}, by=them.ana)

    assert codes(refused) == ["answered_by_rules"]


@pytest.mark.rule("PG-V1")
@pytest.mark.parametrize("state", [state for state in STATES if state != "in_review"])
def test_the_checklist_is_answered_only_in_review(them, state):
    plan = plan_in(them, state)

    with pytest.raises(Refused) as refused:
        checklist.check(plan, {ReviewItem.INDICATOR_FORMULATION: checklist.Answer(True)}, by=them.ana)

    assert codes(refused) == ["not_under_review"]
