"""What a decided request does to the goal, to the other goals and to the plan (PG-09h…j), and what a draft keeps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from pes.rules.problems import Refused
from plans import change_requests, lifecycle
from plans.content import content_of, digest_of, facts_from, facts_of
from plans.models import ChangeRequest, Goal, PlanVersion, QuarterTarget
from plans.rules.changes import ChangeKind, Ground
from plans.rules.goals import GoalStatus
from tests.answers import codes
from tests.change_makers import HOLA, MAY, MEMO, WHY, drafted, request_at, world

pytestmark = pytest.mark.django_db
ELIMINATE = ChangeKind.ELIMINATE


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
