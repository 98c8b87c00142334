"""SM-3, exhaustively: every verb from every state by every role, near and far; what the table does not list is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction

from pes.audit_sentences import SENTENCES
from pes.models import AuditEvent, User
from pes.permissions import ROLES, Permission, Role
from pes.rules.problems import Refused
from pes.rules.transitions import reachable
from plans import change_requests
from plans.change_checks import TRACES
from plans.lifecycle import AlreadyDone
from plans.models import ChangeRequest, PlanVersion
from plans.rules.change_states import OPEN, TRANSITIONS, ChangeStatus
from plans.rules.changes import ChangeKind, OpinionKind
from tests import people
from tests.answers import codes
from tests.change_makers import HOLA, MAY, MEMO, World, drafted, request_at, take, world

pytestmark = [pytest.mark.django_db, pytest.mark.rule("SM-3")]

Verb = Callable[..., Any]
STATES = [status.value for status in ChangeStatus]


@pytest.fixture(autouse=True)
def in_may():
    with time_machine.travel(MAY, tick=False):
        yield


def opine(request: ChangeRequest, is_favourable: bool, by: User) -> None:
    said = {"is_favourable": is_favourable, "text": "Visto.", "memo": MEMO, "by": by}
    change_requests.give_opinion(request, OpinionKind.TRANSVERSAL, **said)


VERBS: dict[str, Verb] = {
    "file": change_requests.file,
    "favour": lambda request, by: opine(request, True, by),
    "disfavour": lambda request, by: opine(request, False, by),
    "study": change_requests.study,
    "approve": change_requests.approve,
    "deny": lambda request, by: change_requests.deny(request, reason="No procede.", by=by),
    "apply": lambda request, by: change_requests.apply(request, **HOLA, by=by),
    "withdraw": change_requests.withdraw,
}
STEPS = {row.name: row for row in TRANSITIONS}


def target(verb: str, state: str) -> str | None:
    """Where a verb leads from a state; None when there is no such edge."""
    return STEPS[verb].target if state in STEPS[verb].sources else None


def at(state: str, found: World) -> ChangeRequest:
    """A request in a state: about a transversal goal wherever the way leads through its opinion."""
    goal = found.goal(transversal=state not in {"draft", "filed", "withdrawn"})
    return request_at(state, goal, by=found.them.luis, world=found)


def everybody(found: World) -> dict[tuple[Role, str], User]:
    """A person of every role on the plan's unit, above it, on the unit that opines, and in another sector."""
    them = found.them
    places = {"own": them.process, "descendant": them.sector, "adviser": found.leading, "foreign": them.other_sector}
    return {
        (role, relation): people.person(f"{role.value} {relation}", role, place)
        for role in Role
        for relation, place in places.items()
    }


def outcome(act: Verb, request: ChangeRequest, by: User) -> str:
    """What came of an attempt: the state it led to, or how it was refused; nothing of it stays."""
    mine = ChangeRequest.objects.get(pk=request.pk)
    try:
        with transaction.atomic():
            act(mine, by=by)
            found = ChangeRequest.objects.values_list("status", flat=True).get(pk=request.pk)
            transaction.set_rollback(True)
    except PermissionDenied:
        return "denied"
    except Refused as refused:
        return refused.problems[0].code
    return found


def expected(verb: str, role: Role, relation: str, state: str, asked: bool) -> str:
    """What SM-3 says of a person who had no hand in the request before."""
    permission = STEPS[verb].permission
    near = {"descendant", "adviser"} if permission is Permission.OPINION_GIVE else {"own", "descendant"}
    unheard = permission is Permission.OPINION_GIVE and not asked
    if unheard or relation not in near or permission not in ROLES[role].permissions:
        return "denied"
    return target(verb, state) or "invalid_transition"


@pytest.mark.rule("WF4", "AZ4")
@pytest.mark.parametrize("state", STATES)
def test_only_the_edges_of_the_table_exist_for_each_role_and_relation(state):
    found = world()
    request = at(state, found)
    asked = request.opinions.exists()
    people_ = everybody(found)

    wrong = {
        (verb, role.value, relation): (got, wanted)
        for verb, act in VERBS.items()
        for (role, relation), person in people_.items()
        if (got := outcome(act, request, person)) != (wanted := expected(verb, role, relation, state, asked))
    }

    assert request.status == state
    assert wrong == {}


@pytest.mark.parametrize("state", STATES)
def test_only_a_draft_is_written(state):
    found = world()
    request = at(state, found)
    text = {"justification": "Otra", "memo": MEMO, "proposed": {"t3": "10"}, "local_office": None}

    got = outcome(
        lambda r, by: change_requests.save(r, ground=change_requests.Ground.ORDINARY, **text, by=by),
        request,
        found.them.luis,
    )

    assert got == (state if state == ChangeStatus.DRAFT else "invalid_transition")


@pytest.mark.parametrize("role", list(Role))
def test_only_who_may_file_begins_a_request(role):
    found = world()
    goal = found.goal()
    may = Permission.CHANGE_FILE in ROLES[role].permissions

    def begins(place: Any) -> bool:
        by = people.person(f"{role.value} {place.code}", role, place)
        try:
            with transaction.atomic():
                change_requests.draft(goal, ChangeKind.MODIFY, by=by)
                transaction.set_rollback(True)
        except PermissionDenied:
            return False
        return True

    assert [begins(place) for place in (found.them.process, found.them.sector, found.them.other_sector)] == [
        may,
        may,
        False,
    ]


def test_the_system_alone_asks_for_opinions():
    found = world()
    request = at(ChangeStatus.FILED, found)

    with pytest.raises(LookupError):
        change_requests._begin(request, "route", found.them.jorge)


def test_every_state_is_reachable_and_every_edge_has_a_verb_and_a_sentence():
    assert reachable(TRANSITIONS, ChangeStatus.DRAFT) == set(ChangeStatus)
    assert STEPS.keys() == TRACES.keys() == {*VERBS, "route"}
    assert {"change_drafted", "change_saved", *TRACES.values()} <= SENTENCES.keys()


def test_the_whole_way_is_traced_with_who_and_when():
    found = world()
    request = request_at("applied", found.goal(transversal=True), by=found.them.luis, world=found)

    events = AuditEvent.objects.filter(object_type="plans.changerequest", object_id=str(request.pk)).order_by("pk")

    assert [(event.verb, event.actor.full_name.split()[0]) for event in events] == [
        ("change_drafted", "Luis"),
        ("change_saved", "Luis"),
        ("change_filed", "Luis"),
        ("change_routed", "Luis"),
        ("opinion_given", "Teresa"),
        ("change_approved", "Jorge"),
        ("change_applied", "Luis"),
    ]


@pytest.mark.rule("WF1")
@pytest.mark.parametrize("verb", ["file", "study", "approve", "deny", "apply", "withdraw"])
def test_the_second_click_changes_nothing_and_says_so(verb):
    found = world()
    start = {"file": "draft", "study": "filed", "apply": "approved", "withdraw": "filed"}.get(verb, "under_study")
    request = request_at(start, found.goal(), by=found.them.luis, world=found)
    who = {"study": found.them.ana, "approve": found.them.jorge, "deny": found.them.jorge}.get(verb, found.them.luis)
    VERBS[verb](request, by=who)
    before = AuditEvent.objects.count(), PlanVersion.objects.count()

    with pytest.raises(AlreadyDone) as refused:
        VERBS[verb](request, by=who)

    assert codes(refused) == ["already_done"]
    assert (AuditEvent.objects.count(), PlanVersion.objects.count()) == before


@pytest.mark.rule("WF2")
def test_who_decides_second_is_told_who_decided_first_and_when():
    found = world()
    second = people.person("Rosa Jefe", Role.JEFE_OAP, found.them.sector)
    request = request_at("approved", found.goal(), by=found.them.luis, world=found)

    with pytest.raises(Refused) as refused:
        change_requests.deny(request, reason="No procede.", by=second)

    assert codes(refused) == ["invalid_transition"]
    assert "Jorge Jefe" in refused.value.problems[0].message
    assert "10 de mayo de 2022, 09:00" in refused.value.problems[0].message


@pytest.mark.rule("WF24")
@pytest.mark.parametrize("state", sorted(OPEN))
def test_a_goal_has_one_open_request(state):
    found = world()
    goal = found.goal(transversal=state == "awaiting_opinion")
    other = drafted(goal, by=found.them.luis, kind=ChangeKind.ELIMINATE)
    request_at(state, goal, by=found.them.luis, world=found)

    with pytest.raises(Refused) as begun:
        change_requests.draft(goal, ChangeKind.MODIFY, by=found.them.luis)
    with pytest.raises(Refused) as filed:
        change_requests.file(other, by=found.them.luis)

    assert codes(begun) == ["another_request_open"]
    assert "another_request_open" in codes(filed)


@pytest.mark.rule("WF24")
@pytest.mark.parametrize("state", ["denied", "applied", "withdrawn", "not_feasible"])
def test_a_request_that_ended_makes_room_for_another(state):
    found = world()
    goal = found.goal(transversal=state == "not_feasible")
    request_at(state, goal, by=found.them.luis, world=found)

    assert change_requests.draft(goal, ChangeKind.MODIFY, by=found.them.luis).status == "draft"


def test_to_begin_twice_goes_on_with_what_was_begun():
    found = world()
    goal = found.goal()
    first = drafted(goal, by=found.them.luis)

    assert change_requests.draft(goal, ChangeKind.MODIFY, by=found.them.luis) == first
    assert ChangeRequest.objects.count() == 1


@pytest.mark.parametrize("status", ["draft", "in_review", "with_observations", "validated", "official", "closed"])
def test_only_the_goals_of_a_published_plan_are_asked_about(status):
    found = world()
    goal = found.plan(status=status).goals.get(number=1)

    with pytest.raises(Refused) as refused:
        change_requests.draft(goal, ChangeKind.MODIFY, by=found.them.luis)

    assert codes(refused) == ["plan_not_published"]


@pytest.mark.rule("AZ4")
@pytest.mark.parametrize("step", ["approve", "deny"])
def test_who_asked_does_not_decide(step):
    """The leader who is also head of the OAP: both who prepared the request and who filed it step aside."""
    found = world()
    both = people.person("Rosa Jefe", Role.JEFE_OAP, found.them.sector)
    people.Membership.grant(
        user=both, unit=found.them.process, role=Role.LIDER_PROCESO, starts_on=people.SINCE, by=None
    )
    prepared = drafted(found.goal(), by=both)
    take("file", prepared, by=found.them.luis, world=found)
    change_requests.study(prepared, by=found.them.ana)

    with pytest.raises(Refused) as refused:
        VERBS[step](prepared, by=both)

    assert "author_is_decider" in codes(refused)


@pytest.mark.rule("AZ4")
@pytest.mark.parametrize("step", ["approve", "deny"])
def test_who_gave_an_opinion_does_not_decide(step):
    found = world()
    people.Membership.grant(
        user=found.teresa, unit=found.them.sector, role=Role.JEFE_OAP, starts_on=people.SINCE, by=None
    )
    request = request_at("under_study", found.goal(transversal=True), by=found.them.luis, world=found)

    with pytest.raises(Refused) as refused:
        VERBS[step](request, by=found.teresa)

    assert codes(refused) == ["opinion_giver_decides"]
