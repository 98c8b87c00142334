"""Whether a PES is viable: what the data answers, what people answer, and what changed between two runs."""

from __future__ import annotations

import pytest

from evaluation.rules.viability import CHECKS, Counted, Item, Said, Viability, compare, from_json, judge, to_json
from evaluation.rules.viability_terms import Answer, Requirement, Status

YES = {one: Said(Answer.YES, "Sí, y se verificó.", "2022-04-18", 7) for one in Requirement if one.question}
GOOD = {check.code: Counted(10) for check in CHECKS}


def items(count: int) -> tuple[Item, ...]:
    return tuple(Item(str(n), f"Indicador {n}", f"/indicadores/{n}/") for n in range(count))


def status_of(found: Viability, requirement: Requirement) -> Status:
    return next(one.status for one in found.requirements if one.requirement is requirement)


def test_a_plan_with_nothing_wrong_and_every_answer_meets_what_dnp_asks():
    found = judge(2022, GOOD, YES)

    assert found.count(Status.MET) == len(Requirement) == 9


@pytest.mark.parametrize(
    ("failing", "expected"), [(0, Status.MET), (1, Status.PARTLY), (2, Status.PARTLY), (3, Status.NOT_MET)]
)
def test_up_to_twenty_of_a_hundred_failing_is_partly_met(failing: int, expected: Status):
    counted = GOOD | {"indicators_without_formula": Counted(10, items(failing))}

    assert status_of(judge(2022, counted, YES), Requirement.MONITORING) is expected


def test_nothing_to_count_is_unknown_unless_it_must_exist():
    unmeasured = judge(2022, GOOD | {"indicators_unmeasured": Counted(0)}, YES)
    without_goals = judge(2022, GOOD | {"goals_without_owner": Counted(0)}, YES)

    assert status_of(unmeasured, Requirement.MONITORING) is Status.CANNOT_TELL
    assert status_of(without_goals, Requirement.RESPONSIBILITIES) is Status.NOT_MET
    texts = [finding.text for one in without_goals.requirements for finding in one.findings]
    assert "El plan no tiene metas." in texts


def test_a_question_without_answer_is_never_met():
    found = judge(2022, GOOD, {})

    assert {one.requirement for one in found.requirements if one.waits} == YES.keys()
    assert status_of(found, Requirement.PRIORITIES) is Status.CANNOT_TELL
    assert status_of(found, Requirement.RESOURCES) is Status.MET


@pytest.mark.parametrize(("answer", "expected"), [(Answer.PARTLY, Status.PARTLY), (Answer.NO, Status.NOT_MET)])
def test_an_answer_weighs_as_much_as_the_data(answer: Answer, expected: Status):
    said = YES | {Requirement.BUDGET: Said(answer, "Falta el plan operativo.", "2022-04-18", 7)}

    assert status_of(judge(2022, GOOD, said), Requirement.BUDGET) is expected


def test_what_fails_the_data_fails_whatever_is_answered():
    counted = GOOD | {"resources_overcommitted": Counted(2, items(2))}

    assert status_of(judge(2022, counted, YES), Requirement.BUDGET) is Status.NOT_MET
    assert status_of(judge(2022, counted, {}), Requirement.BUDGET) is Status.NOT_MET


def test_a_frozen_run_is_read_as_it_was_judged():
    found = judge(2022, GOOD | {"goals_without_indicator": Counted(7, items(3))}, YES)

    assert from_json(to_json(found)) == found


def test_two_runs_differ_by_what_was_mended_and_what_is_new():
    before = judge(2022, GOOD | {"indicators_without_owner": Counted(10, items(2))}, YES)
    after = judge(2022, GOOD | {"indicators_without_owner": Counted(10, items(3)[1:])}, YES)

    (change,) = compare(before, after)

    assert change.requirement is Requirement.RESPONSIBILITIES
    assert (change.before, change.after) == (Status.PARTLY, Status.PARTLY)
    assert (change.mended, change.new) == (("Indicador 0",), ("Indicador 2",))
    assert compare(after, after) == ()


def test_every_requirement_is_counted_or_asked():
    counted = {check.requirement for check in CHECKS}

    assert counted | YES.keys() == set(Requirement)
    assert len({check.code for check in CHECKS}) == len(CHECKS)
