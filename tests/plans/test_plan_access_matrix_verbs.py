"""Every verb of plans × role × place × state of SM-1, beside those that the tables of SM-1 and SM-3 ask already.

Without power a verb is denied; with power, in a state that does not allow it, it is refused and says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
import time_machine
from django.utils import timezone

import plans
from pes.access import can
from pes.models import User
from pes.permissions import Permission, Role
from plans import change_requests
from plans.models import ChangeRequest, Contribution, Goal, GoalTemplate
from plans.rules.change_states import ChangeStatus
from plans.rules.changes import Ground, OpinionKind
from plans.rules.plan_states import PlanStatus
from tests import people
from tests.change_makers import MAY, MEMO, request_at, world
from tests.matrix import (
    ABOVE,
    ANNOTATORS,
    HEAD,
    LEADERS,
    NEAR,
    NOBODY,
    OAP,
    OPINERS,
    READERS,
    TEAM,
    May,
    Who,
    at,
    outcome,
    verbs_of,
)
from tests.plans import test_change_requests, test_lifecycle
from tests.plans.matrix_verbs import VERBS, begun, scene
from tests.plans.matrix_world import LED

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.rule("AZ1", "SM-1")]
STATES = [status.value for status in PlanStatus]
# Who holds each power over a plan, by role; whoever is not here holds none of it (rules §5.1).
POWERS: dict[Permission, Who] = {
    Permission.PLAN_READ: READERS,
    Permission.PLAN_OPEN: HEAD | LEADERS,
    Permission.PLAN_EDIT: TEAM,
    Permission.PLAN_SUBMIT: LEADERS,
    Permission.PLAN_REVIEW: OAP,
    Permission.PLAN_PUBLISH: OAP | {Role.COMUNICACIONES},
    Permission.PLAN_CLOSE: OAP,
    Permission.CONSULTATION_MANAGE: OAP | LEADERS,
    Permission.CONSULTATION_WAIVE: HEAD,
    Permission.CHANGE_FILE: LEADERS,
    Permission.CHANGE_STUDY: OAP,
    Permission.CHANGE_DECIDE: HEAD,
}


@pytest.fixture
def in_may() -> Iterator[None]:
    with time_machine.travel(MAY, tick=False):
        yield


@pytest.mark.parametrize("state", STATES)
def test_who_may_call_each_verb_in_each_state(in_may: None, state: str) -> None:
    here = scene(state)

    wrong = {
        (name, role, relation): (got, wanted)
        for name, verb in VERBS.items()
        for (role, relation), person in here.people.items()
        if (got := outcome(partial(verb.call, here, person)))
        != (wanted := verb.outcome(state, role, relation) if role in verb.may.get(relation, NOBODY) else "denied")
    }

    assert wrong == {}


def test_who_holds_each_power_over_a_plan_its_goals_and_what_hangs_from_it(in_may: None) -> None:
    here = scene("published")
    said = {"text": "Árboles", "channel": "Carta", "received_at": timezone.now()}
    things = [here.plan, here.goal, here.plan.versions.get(number=1), begun(here), here.template]
    things.append(Contribution.objects.create(consultation=things[3], **said))

    wrong = {
        (type(thing).__name__, permission.value, role, relation)
        for thing in things
        for permission in Permission
        for (role, relation), person in here.people.items()
        if can(person, permission, thing) is not (role in power(type(thing), permission).get(relation, NOBODY))
    }

    assert wrong == set()


def power(model: type, permission: Permission) -> May:
    """Who holds a power over a thing: what belongs to a plan, on its unit or above; what is led, from there too."""
    if model is GoalTemplate:
        who = {Permission.PLAN_READ: READERS, Permission.GOAL_TEMPLATE_EDIT: OAP | ANNOTATORS}
        return at((*ABOVE, "leading"), who.get(permission, NOBODY))
    if model is Goal and permission is Permission.GOAL_ANNOTATE:
        return at((*ABOVE, "leading"), ANNOTATORS)
    if model is Goal and permission is Permission.PLAN_READ:
        return at(LED, READERS)
    return at(NEAR, POWERS.get(permission, NOBODY))


def test_every_verb_that_a_person_calls_is_in_a_table() -> None:
    """A function of plans that takes `by` is a verb: it is in a table of transitions, or here, or only asks or serves."""
    tables = {
        *(f"lifecycle.{name}" for name in test_lifecycle.VERBS),
        *(f"change_requests.{name}" for name in test_change_requests.VERBS.keys() - {"favour", "disfavour"}),
        *(f"change_requests.{name}" for name in REQUEST_VERBS),
        *VERBS,
    }

    assert verbs_of(plans) - INSIDE == tables
    assert verbs_of(plans) >= INSIDE


# Called by verbs that have asked already, by the forms and pages in front of them, or only tell what keeps from acting.
INSIDE = {
    "change_checks.decision_checks",
    "change_checks.has_asked",
    "change_checks.opinion_checks",
    "lifecycle.problems_of",
    "pages.change_criteria.prospects",
    "lifecycle.renew",
    "versions.freeze",
    "editing.added_before",
    "editing.hold_for_editing",
    "workbook.apply.apply_to",
    "goal_forms.GoalForm.save",
    "threads.add_turn",
    "threads.begun_before",
    "threads.last_turn_if_same",
}


def save_draft(request: ChangeRequest, by: User) -> None:
    said = {"ground": Ground.ORDINARY, "justification": "Otra", "memo": MEMO, "proposed": {"t3": "10"}}
    change_requests.save(request, **said, local_office=None, by=by)


def opine(request: ChangeRequest, by: User) -> None:
    said = {"is_favourable": True, "text": "Visto.", "memo": MEMO}
    change_requests.give_opinion(request, OpinionKind.LOCAL, **said, by=by)


REQUEST_VERBS = {"draft": None, "save": save_draft, "give_opinion": opine}


@pytest.mark.rule("SM-3", "PG-09g")
@pytest.mark.parametrize("state", [status.value for status in ChangeStatus if status is not ChangeStatus.FILED])
def test_who_writes_a_request_and_who_gives_its_local_opinion_in_each_state(in_may: None, state: str) -> None:
    found = world()
    request = request_at(state, found.goal(local=True), by=found.them.marta, world=found)
    places = {"own": found.them.alcaldia, "entity": found.them.head, "advising": found.office}
    said = {True: "done", False: "invalid_transition"}

    wrong = {}
    for role in Role:
        for relation, place in [*places.items(), ("foreign", found.them.other_sector)]:
            person = people.person(f"{role.value} {relation}", role, place)
            writes = role in LEADERS and relation in {"own", "entity"}
            opines = role in OPINERS and relation in {"entity", "advising"} and state != "draft"
            wanted = {
                "save": said[state == "draft"] if writes else "denied",
                "give_opinion": said[state == "awaiting_opinion"] if opines else "denied",
            }
            for name, expected in wanted.items():
                got = outcome(partial(REQUEST_VERBS[name], ChangeRequest.objects.get(pk=request.pk), person))
                if got != expected:
                    wrong[name, role.value, relation] = got, expected

    assert wrong == {}
