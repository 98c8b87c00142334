"""The prior opinions of who leads a transversal goal and of the local offices (PG-09f, PG-09g)."""

import pytest

from plans.rules.change_criteria import opinion_problems
from plans.rules.changes import (
    ChangeKind,
    OpinionKind,
    OpinionOutcome,
    opinion_outcome,
    required_opinions,
)
from plans.rules.goals import GoalKind
from tests.plan_facts import goal, judge, proposal, result

MODIFY = ChangeKind.MODIFY
TRANSVERSAL, LOCAL = OpinionKind


@pytest.mark.rule("PG-09f", "PG-09g")
@pytest.mark.parametrize(
    ("kind", "is_local_plan", "expected"),
    [
        (GoalKind.TECNICA, False, ()),
        (GoalKind.LOCAL, False, ()),
        (GoalKind.TRANSVERSAL, False, (TRANSVERSAL,)),
        (GoalKind.TECNICA, True, (LOCAL,)),
        (GoalKind.LOCAL, True, (LOCAL,)),
        (GoalKind.TRANSVERSAL, True, (TRANSVERSAL, LOCAL)),
    ],
)
def test_transversal_goals_and_alcaldias_need_an_opinion(kind, is_local_plan, expected):
    assert required_opinions(kind, is_local_plan) == expected


@pytest.mark.rule("PG-09f", "PG-09g", "WF11")
@pytest.mark.parametrize(
    ("opinions", "expected"),
    [
        ({}, OpinionOutcome.FAVOURABLE),
        ({LOCAL: None}, OpinionOutcome.WAITING),
        ({LOCAL: True}, OpinionOutcome.FAVOURABLE),
        ({LOCAL: False}, OpinionOutcome.UNFAVOURABLE),
        ({LOCAL: True, TRANSVERSAL: None}, OpinionOutcome.WAITING),
        ({LOCAL: True, TRANSVERSAL: True}, OpinionOutcome.FAVOURABLE),
        ({LOCAL: None, TRANSVERSAL: False}, OpinionOutcome.UNFAVOURABLE),
        ({LOCAL: False, TRANSVERSAL: True}, OpinionOutcome.UNFAVOURABLE),
    ],
)
def test_all_opinions_must_be_favourable_and_one_against_is_enough(opinions, expected):
    assert opinion_outcome(opinions) is expected


@pytest.mark.rule("PG-09f", "PG-09g", "WF11")
@pytest.mark.parametrize("kind", list(ChangeKind))
@pytest.mark.parametrize(
    ("rule", "needs", "opinion"), [("PG-09f", "transversal", TRANSVERSAL), ("PG-09g", "local", LOCAL)]
)
@pytest.mark.parametrize(
    ("answer", "at_decision", "met"),
    [
        (None, False, None),
        (None, True, False),
        (True, False, True),
        (True, True, True),
        (False, False, False),
        (False, True, False),
    ],
)
def test_a_required_opinion_is_awaited_when_filing_and_demanded_at_decision(
    kind, rule, needs, opinion, answer, at_decision, met
):
    current = goal(1, kind=GoalKind.TRANSVERSAL if needs == "transversal" else GoalKind.TECNICA)
    asked = proposal(current=current, asks=kind, **({"text": "Otra"} if kind is MODIFY else {}))

    found = result(asked, rule, opinions={opinion: answer}, is_local_plan=needs == "local", at_decision=at_decision)

    assert found.met is met


@pytest.mark.rule("PG-09f", "PG-09g")
def test_an_opinion_nobody_requires_is_not_looked_at():
    results = judge(proposal(), opinions={TRANSVERSAL: False, LOCAL: False}, at_decision=True)

    assert {found.met for found in results if found.rule in ("PG-09f", "PG-09g")} == {None}


@pytest.mark.rule("PG-09f", "PG-09g", "AZ4")
@pytest.mark.parametrize(
    ("kind", "text", "memo", "actor_filed", "expected"),
    [
        (TRANSVERSAL, "De acuerdo", "2026-7", False, []),
        (TRANSVERSAL, "", "2026-7", False, [("PG-09f", "opinion_missing")]),
        (LOCAL, "De acuerdo", " ", False, [("PG-09g", "memo_missing")]),
        (LOCAL, "De acuerdo", "2026-7", True, [("AZ4", "author_is_adviser")]),
    ],
    ids=["complete", "no-words", "no-memo", "own-request"],
)
def test_an_opinion_is_given_by_memo_and_by_somebody_else(kind, text, memo, actor_filed, expected):
    problems = opinion_problems(kind, text=text, memo=memo, actor_filed=actor_filed)

    assert [(problem.rule, problem.code) for problem in problems] == expected


@pytest.mark.rule("PG-09f", "PG-09g")
def test_each_opinion_has_its_spanish_name():
    assert [kind.label for kind in OpinionKind] == ["Concepto de la meta transversal", "Concepto local"]
