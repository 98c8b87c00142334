"""SM-1, exhaustively: every verb from every state by every role, near and far; what the table does not list is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from pes.audit_sentences import SENTENCES
from pes.models import AuditEvent, User
from pes.permissions import ROLES, Role
from pes.rules.problems import Refused
from pes.rules.transitions import reachable
from plans import lifecycle, observations
from plans.models import PlanGestion
from plans.rules.plan_states import TRANSITIONS, PlanStatus
from tests import make, people, plan_makers
from tests.answers import codes

pytestmark = [pytest.mark.django_db, pytest.mark.rule("SM-1")]

RELATIONS = ("own", "descendant", "foreign")
CASE = {"hola_case": plan_makers.CASE, "hola_on": plan_makers.CASE_ON}
Verb = Callable[..., Any]
VERBS: dict[str, Verb] = {
    "submit": lifecycle.submit,
    "send_back": lifecycle.send_back,
    "validate": lifecycle.validate,
    "make_official": lambda plan, by: lifecycle.make_official(plan, by=by, **CASE),
    "publish": lifecycle.publish,
    "close": lifecycle.close,
}


def steps_of(verb: str) -> list[Any]:
    """The rows of SM-1 that a public verb takes."""
    names = {"submit", "resubmit"} if verb == "submit" else {verb}
    return [row for row in TRANSITIONS if row.name in names]


def target(verb: str, state: str) -> str | None:
    """Where a verb leads from a state; None when there is no such edge."""
    return next((row.target for row in steps_of(verb) if state in row.sources), None)


def ready(plan: PlanGestion, verb: str, analyst: User, leader: User) -> None:
    """Meet the guard of a verb, where the plan is so far that it can be met."""
    if plan.status == PlanStatus.IN_REVIEW and verb == "send_back":
        observations.raise_observation(plan, None, "scope", "Falta el alcance.", by=analyst)
    if plan.status == PlanStatus.IN_REVIEW and verb == "validate":
        plan_makers.checked(plan, by=analyst)
    if plan.status == PlanStatus.WITH_OBSERVATIONS:
        for thread in plan.observations.all():
            observations.answer(thread, "Precisado.", by=leader)
    if plan.status == PlanStatus.VALIDATED:
        plan_makers.waived(plan)
    lifecycle.note_consolidated(plan, 4)


def everybody(them: people.Cast) -> dict[tuple[Role, str], User]:
    """A person of every role on the plan's unit, above it, and in another sector."""
    places = {"own": them.process, "descendant": them.sector, "foreign": them.other_sector}
    return {
        (role, relation): people.person(f"{role.value} {relation}", role, place)
        for role in Role
        for relation, place in places.items()
    }


def outcome(act: Verb, plan: PlanGestion, by: User) -> str:
    """What came of an attempt: the state it led to, or how it was refused; nothing of it stays."""
    try:
        with transaction.atomic():
            act(plan, by=by)
            found = PlanGestion.objects.values_list("status", flat=True).get(pk=plan.pk)
            transaction.set_rollback(True)
    except PermissionDenied:
        return "denied"
    except Refused as refused:
        return refused.problems[0].code
    return found


def expected(verb: str, role: Role, relation: str, state: str) -> str:
    """What SM-1 says of a person who was not in it before."""
    permission = steps_of(verb)[0].permission
    if relation == "foreign" or permission not in ROLES[role].permissions:
        return "denied"
    return target(verb, state) or "invalid_transition"


@pytest.mark.rule("WF4")
@pytest.mark.parametrize("verb", sorted(VERBS))
@pytest.mark.parametrize("state", [status.value for status in PlanStatus])
def test_only_the_edges_of_the_table_exist_for_each_role_and_relation(state, verb):
    them = people.cast()
    plan = make.management_plan(unit=them.process, by=them.luis, status=state)
    ready(plan, verb, them.ana, them.luis)

    wrong = {
        (role.value, relation): found
        for (role, relation), person in everybody(them).items()
        if (found := outcome(VERBS[verb], plan, person)) != expected(verb, role, relation, state)
    }

    assert wrong == {}


@pytest.mark.parametrize("state", [status.value for status in PlanStatus])
def test_the_system_renews_only_a_published_plan(state):
    them = people.cast()
    plan = make.management_plan(unit=them.process, by=them.luis, status=state)

    found = outcome(lambda plan, by: lifecycle.renew(plan, note="Solicitud 1", by=by), plan, them.luis)

    assert found == ("published" if state == "published" else "invalid_transition")


def test_nobody_asks_for_the_edge_of_the_system():
    them = people.cast()
    plan = make.management_plan(unit=them.process, by=them.luis, status="published")

    with pytest.raises(LookupError):
        lifecycle._begin(plan, "renew", them.jorge)


def test_every_state_is_reachable_and_every_edge_has_a_verb_a_permission_and_a_sentence():
    assert reachable(TRANSITIONS, PlanStatus.DRAFT) == set(PlanStatus)
    assert {row.name for row in TRANSITIONS} == lifecycle.TRACES.keys()
    assert {row.name for row in TRANSITIONS if row.permission is None} == {"renew"}
    assert set(lifecycle.TRACES.values()) <= SENTENCES.keys()


def test_the_whole_way_is_traced_with_who_and_when():
    them = people.cast()
    plan = make.management_plan(unit=them.process, by=them.luis, status="closed")

    acts = [(act.verb, act.actor.full_name.split()[0]) for act in lifecycle.last_acts(plan)]

    assert acts == [
        ("plan_closed", "Ana"),
        ("plan_published", "Ana"),
        ("plan_made_official", "Luis"),
        ("plan_validated", "Ana"),
        ("plan_submitted", "Luis"),
        ("plan_opened", "Luis"),
    ]


@pytest.mark.rule("WF1")
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_the_second_click_changes_nothing_and_says_so(verb):
    them = people.cast()
    start = {"submit": "draft", "send_back": "in_review", "validate": "in_review", "make_official": "validated"}
    state = start.get(verb) or {"publish": "official", "close": "published"}[verb]
    plan = make.management_plan(unit=them.process, by=them.luis, status=state)
    ready(plan, verb, them.ana, them.luis)
    who = them.luis if verb in {"submit", "make_official"} else them.ana
    VERBS[verb](plan, by=who)
    before = plan.versions.count(), AuditEvent.objects.count()

    with pytest.raises(lifecycle.AlreadyDone) as refused:
        VERBS[verb](plan, by=who)

    assert codes(refused) == ["already_done"]
    assert (plan.versions.count(), AuditEvent.objects.count()) == before


@pytest.mark.rule("WF2")
def test_who_comes_second_is_told_who_came_first_and_when():
    them = people.cast()
    plan = make.management_plan(unit=them.process, by=them.luis, status="validated")

    with pytest.raises(Refused) as refused:
        lifecycle.validate(plan, by=them.jorge)

    assert codes(refused) == ["invalid_transition"]
    assert "Lo llevó ahí Ana Analista el " in refused.value.problems[0].message
