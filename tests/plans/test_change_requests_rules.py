"""Policy 9, criterion by criterion, through the verbs: what is accepted and what is refused (PG-09a…j)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from pes.rules.problems import Refused
from plans import change_requests, lifecycle
from plans.editing import CellChange, change_goals
from plans.models import ChangeRequest, Goal, QuarterTarget
from plans.rules.changes import ChangeKind, Ground
from tests.answers import codes
from tests.change_makers import BOGOTA, HOLA, MAY, drafted, request_at, world

pytestmark = pytest.mark.django_db
ELIMINATE = ChangeKind.ELIMINATE
INCREASE = {"magnitude": "110", "t4": "35"}
NOVEMBER = datetime(2022, 11, 15, 10, 0, tzinfo=BOGOTA)
JULY = datetime(2022, 7, 1, 0, 0, tzinfo=BOGOTA)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MAY, tick=False) as traveller:
        yield traveller


def filing(request: ChangeRequest, by: Any) -> list[str]:
    """Codes of what keeps a request from being filed; none when it is."""
    try:
        change_requests.file(request, by=by)
    except Refused as refused:
        return [problem.code for problem in refused.problems]
    return []


def programme(goal: Goal) -> list[Decimal | None]:
    return list(QuarterTarget.objects.filter(goal=goal).order_by("quarter").values_list("programmed", flat=True))


@pytest.mark.rule("PG-09a")
@pytest.mark.parametrize(
    ("missing", "expected"),
    [({}, []), ({"memo": " "}, ["memo_missing"]), ({"justification": ""}, ["justification_missing"])],
)
def test_a_request_says_why_and_by_which_memo(missing, expected):
    found = world()
    request = drafted(found.goal(), by=found.them.luis, **missing)

    assert filing(request, found.them.luis) == expected


@pytest.mark.rule("PG-09a")
def test_only_the_leader_files():
    found = world()
    request = drafted(found.goal(), by=found.them.luis)

    with pytest.raises(PermissionDenied):
        change_requests.file(request, by=found.them.pilar)
    assert filing(request, found.them.luis) == []


@pytest.mark.rule("PG-09a", "WF8", "CAL-06")
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2022, 6, 30, 23, 59, 59, 999_000, tzinfo=BOGOTA), []),
        (datetime(2022, 7, 1, 0, 0, 0, tzinfo=BOGOTA), ["too_late"]),
    ],
    ids=["last instant of 30 June", "first instant of 1 July"],
)
def test_the_last_day_to_ask_is_30_june_in_bogota(clock, at, expected):
    found = world()
    request = drafted(found.goal(), by=found.them.luis)

    clock.move_to(at)

    assert filing(request, found.them.luis) == expected


@pytest.mark.rule("PG-09b")
@pytest.mark.parametrize(
    ("proposed", "expected"),
    [
        ({"t3": "20", "t4": "30"}, []),
        ({"t3": "20"}, ["quarters_do_not_add_up"]),
        ({"text": ""}, ["text_missing"]),
        ({"objective": "9"}, ["objective_not_in_force"]),
        ({}, ["nothing_changed"]),
        ({"t4": "25,00"}, ["nothing_changed"]),
    ],
    ids=["coherent", "does not add up", "no text", "objective unknown", "nothing", "the same amount"],
)
def test_the_proposed_goal_coheres(proposed, expected):
    found = world()
    request = drafted(found.goal(), by=found.them.luis, proposed=proposed)

    assert filing(request, found.them.luis) == expected


@pytest.mark.rule("PG-09b")
def test_a_text_that_cannot_be_read_is_kept_in_the_draft_and_not_filed():
    found = world()
    request = drafted(found.goal(), by=found.them.luis, proposed={"t3": "veinte", "t4": "30"})

    assert request.proposed == {"t3": "veinte", "t4": "30"}
    assert "number_not_a_number" in filing(request, found.them.luis)


@pytest.mark.rule("PG-09b", "AZ9")
@pytest.mark.parametrize("name", ["weight", "kind", "central_area", "number", "status"])
def test_a_request_never_touches_what_concerns_the_whole_plan(name):
    found = world()

    with pytest.raises(Refused) as refused:
        drafted(found.goal(), by=found.them.luis, proposed={name: "1"})

    assert codes(refused) == ["field_not_modifiable"]


@pytest.mark.rule("PG-09c", "WF7")
@pytest.mark.parametrize("first", ["applied", "denied", "withdrawn"])
@pytest.mark.parametrize("ground", list(Ground))
def test_a_goal_is_modified_once_a_vigencia_but_for_a_norm_or_force_majeure(first, ground):
    found = world()
    goal = found.goal()
    request_at(first, goal, by=found.them.luis, world=found)
    again = drafted(goal, by=found.them.luis, proposed={"t3": "15", "t4": "35"}, ground=ground)

    spent = first == "applied" and ground is Ground.ORDINARY
    assert filing(again, found.them.luis) == (["already_modified"] if spent else [])


@pytest.mark.rule("PG-09c", "PG-09d")
def test_an_increase_does_not_spend_the_one_modification():
    found = world()
    goal = found.goal()
    request_at("applied", goal, by=found.them.luis, world=found, proposed=INCREASE)

    assert filing(drafted(goal, by=found.them.luis, proposed={"t3": "20", "t4": "40"}), found.them.luis) == []


@pytest.mark.rule("PG-09d", "WF9")
@pytest.mark.parametrize(
    ("proposed", "expected"),
    [
        (INCREASE, []),
        ({"magnitude": "110", "t4": "35", "text": "Otra cosa"}, ["too_late", "not_an_increase"]),
        ({"t4": "25,5", "magnitude": "99,5", "t3": "24"}, ["too_late", "quarter_ended"]),
        ({"magnitude": "101", "t3": "5", "t4": "46"}, ["too_late", "not_an_increase", "quarter_ended"]),
    ],
    ids=["increase", "and something else", "decrease", "disguised decrease"],
)
def test_in_november_only_an_increase_is_asked_for(clock, proposed, expected):
    found = world()
    goal = found.goal()
    clock.move_to(NOVEMBER)

    assert filing(drafted(goal, by=found.them.luis, proposed=proposed), found.them.luis) == expected


@pytest.mark.rule("PG-09e", "WF5")
@pytest.mark.parametrize(
    ("proposed", "expected"),
    [({"t2": "20", "t3": "30"}, []), ({"t1": "20", "t2": "30"}, ["quarter_ended"])],
    ids=["quarters that have not ended", "T1 has ended"],
)
def test_the_programme_of_a_quarter_that_ended_does_not_change(proposed, expected):
    found = world()
    request = drafted(found.goal(), by=found.them.luis, proposed=proposed)

    assert filing(request, found.them.luis) == expected


@pytest.mark.rule("PG-09e", "WF6")
@pytest.mark.parametrize(
    ("at", "expected"),
    [(datetime(2022, 6, 30, 23, 59, 59, tzinfo=BOGOTA), []), (JULY, ["quarter_ended"])],
    ids=["before T2 ends", "after T2 ended"],
)
def test_a_quarter_that_ends_between_request_and_decision_does_not_change(clock, at, expected):
    found = world()
    proposed = {"t2": "20", "t3": "30"}
    request = request_at("under_study", found.goal(), by=found.them.luis, world=found, proposed=proposed)

    clock.move_to(at)
    try:
        change_requests.approve(request, by=found.them.jorge)
        got = []
    except Refused as refused:
        got = [problem.code for problem in refused.problems]

    assert got == expected
    assert request.status == ("under_study" if expected else "approved")


@pytest.mark.rule("PG-09e", "WF5")
def test_a_quarter_that_was_consolidated_after_the_decision_does_not_change():
    found = world()
    goal, proposed = found.goal(), {"t2": "20", "t3": "30"}
    request = request_at("approved", goal, by=found.them.luis, world=found, proposed=proposed)
    lifecycle.note_consolidated(goal.plan, 2)

    with pytest.raises(Refused) as refused:
        change_requests.apply(request, **HOLA, by=found.them.luis)

    assert codes(refused) == ["quarter_consolidated"]
    assert programme(goal) == [25, 25, 25, 25]


@pytest.mark.rule("PG-09e", "WF5", "IM9")
def test_no_other_verb_writes_a_goal_of_a_published_plan():
    found = world()
    goal = found.goal()

    with pytest.raises(Refused) as refused:
        change_goals(goal.plan, [CellChange(goal.number, "t1", Decimal(1))], by=found.them.luis)

    assert codes(refused) == ["plan_not_editable"]
