"""Policy 9, criterion by criterion, through the verbs: what is accepted and what is refused (PG-09a…j)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from pes.rules.problems import Refused
from plans import change_requests, lifecycle
from plans.content import content_of, digest_of, facts_from, facts_of
from plans.editing import CellChange, change_goals
from plans.models import ChangeRequest, Goal, PlanVersion, QuarterTarget
from plans.rules.changes import ChangeKind, Ground
from plans.rules.goals import GoalStatus
from tests.answers import codes
from tests.change_makers import BOGOTA, HOLA, MAY, MEMO, WHY, drafted, request_at, world

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


def weights(goal: Goal) -> dict[int, Decimal]:
    return dict(goal.plan.goals.in_force().values_list("number", "weight"))


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


@pytest.mark.rule("PG-09h", "WF10")
def test_a_goal_with_follow_up_is_marked_and_keeps_its_weight():
    found = world()
    goal = found.goal(goals=3)
    Goal.objects.filter(pk=goal.pk).update(first_reported_at=MAY)
    goal.refresh_from_db()
    before = weights(goal), list(PlanVersion.objects.values_list("number", "content", "digest"))

    request_at("applied", goal, by=found.them.luis, world=found, kind=ELIMINATE)

    assert Goal.objects.get(pk=goal.pk).status == GoalStatus.ELIMINATED
    assert weights(goal) == before[0]
    assert list(PlanVersion.objects.values_list("number", "content", "digest").order_by("pk"))[:-1] == sorted(
        before[1], key=lambda row: row[0]
    )


@pytest.mark.rule("PG-09h", "W-02", "W-05")
def test_a_goal_without_follow_up_goes_and_the_others_take_its_weight():
    found = world()
    goal = found.goal(goals=3)

    request_at("applied", goal, by=found.them.luis, world=found, kind=ELIMINATE)

    assert Goal.objects.get(pk=goal.pk).status == GoalStatus.REMOVED
    assert weights(goal).keys() == {2, 3}
    assert sum(weights(goal).values()) == Decimal("100.00")


@pytest.mark.rule("PG-09h")
def test_the_only_goal_of_a_plan_is_not_removed():
    found = world()
    request = drafted(found.goal(goals=1), by=found.them.luis, kind=ELIMINATE)

    assert filing(request, found.them.luis) == ["nobody_takes_the_weight"]


@pytest.mark.rule("PG-09h")
def test_an_eliminated_goal_is_not_asked_about_again():
    found = world()
    goal = found.goal()
    Goal.objects.filter(pk=goal.pk).update(first_reported_at=MAY)
    goal.refresh_from_db()
    request_at("applied", goal, by=found.them.luis, world=found, kind=ELIMINATE)

    with pytest.raises(Refused) as refused:
        change_requests.draft(goal, ChangeKind.MODIFY, by=found.them.luis)

    assert codes(refused) == ["goal_eliminated"]


@pytest.mark.rule("PG-09i")
def test_to_deny_needs_a_reason_and_leaves_the_goal_alone():
    found = world()
    goal = found.goal()
    request = request_at("under_study", goal, by=found.them.luis, world=found)

    with pytest.raises(Refused) as refused:
        change_requests.deny(request, reason="  ", by=found.them.jorge)
    change_requests.deny(request, reason="La demanda no cambió.", by=found.them.jorge)

    assert codes(refused) == ["reason_missing"]
    assert (request.status, request.decision_reason) == ("denied", "La demanda no cambió.")
    assert programme(goal) == [25, 25, 25, 25]


@pytest.mark.rule("PG-09j")
def test_an_approved_change_takes_effect_only_with_its_hola_case():
    found = world()
    goal = found.goal()
    plan = goal.plan
    request = request_at("approved", goal, by=found.them.luis, world=found)
    approved = programme(goal), plan.versions.count()

    change_requests.apply(request, **HOLA, by=found.them.luis)

    assert approved == ([25, 25, 25, 25], 3)
    assert programme(goal) == [25, 25, 20, 30]
    plan.refresh_from_db()
    version = plan.versions.first()
    assert (plan.status, plan.edition, version.event, version.edition) == ("published", 2, "renewed", 2)
    assert version.digest == digest_of(content_of(facts_of(plan)))
    assert facts_from(version.content).goals[0].quarters[3] == 30
    assert (request.status, request.hola_case, request.hola_on) == ("applied", "HOLA-2022-077", date(2022, 5, 10))


@pytest.mark.rule("PG-09j")
@pytest.mark.parametrize(
    ("case", "on", "expected"),
    [
        ("", date(2022, 5, 10), "hola_case_missing"),
        ("HOLA-1", None, "hola_date_missing"),
        ("HOLA-1", date(2022, 5, 11), "hola_date_in_future"),
        ("HOLA-1", date(2022, 5, 9), "hola_before_approval"),
    ],
    ids=["no case", "no date", "to come", "before the approval"],
)
def test_the_hola_case_is_complete_and_of_these_days(case, on, expected):
    found = world()
    request = request_at("approved", found.goal(), by=found.them.luis, world=found)

    with pytest.raises(Refused) as refused:
        change_requests.apply(request, hola_case=case, hola_on=on, by=found.them.luis)

    assert codes(refused) == [expected]
    assert ChangeRequest.objects.get(pk=request.pk).status == "approved"


@pytest.mark.rule("PG-09j")
def test_a_request_about_another_text_of_the_goal_is_not_applied():
    found = world()
    goal = found.goal()
    request = request_at("approved", goal, by=found.them.luis, world=found)
    Goal.objects.filter(pk=goal.pk).update(text="Otro texto")

    with pytest.raises(Refused) as refused:
        change_requests.apply(request, **HOLA, by=found.them.luis)

    assert codes(refused) == ["goal_changed_since"]
    assert programme(goal) == [25, 25, 25, 25]


@pytest.mark.rule("PG-09j", "W-05")
def test_a_weight_that_moved_with_another_goal_does_not_stop_a_request():
    found = world()
    goal = found.goal(goals=3)
    request = request_at("approved", goal, by=found.them.luis, world=found)
    request_at("applied", goal.plan.goals.get(number=2), by=found.them.luis, world=found, kind=ELIMINATE)

    change_requests.apply(request, **HOLA, by=found.them.luis)

    assert weights(goal) == {1: Decimal("49.99"), 3: Decimal("50.01")}
    assert programme(goal) == [25, 25, 20, 30]


@pytest.mark.rule("PG-09j", "SM-1")
def test_a_plan_that_closed_takes_no_change():
    found = world()
    goal = found.goal()
    request = request_at("approved", goal, by=found.them.luis, world=found)
    lifecycle.note_consolidated(goal.plan, 4)
    lifecycle.close(goal.plan, by=found.them.ana)

    with pytest.raises(Refused) as refused:
        change_requests.apply(request, **HOLA, by=found.them.luis)

    assert "plan_not_published" in codes(refused)


@pytest.mark.rule("PG-09b")
@pytest.mark.parametrize(
    ("proposed", "field", "expected"),
    [
        ({"objective": "2"}, "strategic_objective__number", 2),
        (
            {"text": "Atender 100 solicitudes por todos los canales"},
            "text",
            "Atender 100 solicitudes por todos los canales",
        ),
        ({"baseline": "80,5"}, "baseline", Decimal("80.5")),
        ({"indicator_type": "Eficiencia"}, "indicator_type", "eficiencia"),
        ({"articulation": ""}, "articulation", ""),
    ],
    ids=["objective", "text", "baseline", "choice", "emptied"],
)
def test_every_kind_of_field_is_changed_by_request(proposed, field, expected):
    found = world()
    goal = found.goal()

    request_at("applied", goal, by=found.them.luis, world=found, proposed=proposed)

    assert Goal.objects.values_list(field, flat=True).get(pk=goal.pk) == expected


@pytest.mark.rule("WF3")
def test_a_draft_that_somebody_else_changed_is_not_overwritten():
    found = world()
    request = drafted(found.goal(), by=found.them.luis)
    read = change_requests.print_of(request)
    mine = {"ground": Ground.ORDINARY, "memo": MEMO, "proposed": {}, "local_office": None, "by": found.them.luis}
    change_requests.save(request, justification="De otra persona", **mine)

    with pytest.raises(Refused) as refused:
        change_requests.save(request, justification="Mía", **mine, read_print=read)

    assert codes(refused) == ["stale_edit"]
    assert ChangeRequest.objects.get(pk=request.pk).justification == "De otra persona"


@pytest.mark.rule("WF3")
def test_what_is_equal_is_not_written_again():
    found = world()
    request = drafted(found.goal(), by=found.them.luis)
    same = {"ground": Ground.ORDINARY, "justification": WHY, "memo": MEMO, "proposed": request.proposed}

    changed = change_requests.save(
        request, **same, local_office=request.local_office, by=found.them.luis, read_print="otra cosa"
    )

    assert changed is False
