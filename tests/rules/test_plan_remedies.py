"""Whatever is wrong with a plan, one click on any remedy makes that finding disappear and brings no other."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pes.rules.programming import ProgrammingType
from plans.rules.findings import goal_findings, plan_findings
from plans.rules.goals import GoalKind, GoalStatus, PlanFacts
from plans.rules.values import amended, normalised
from tests.plan_facts import OBJECTIVES, goal, plan

FIGURES = st.sampled_from(
    [Decimal(text) for text in ("-5", "0", "0.5", "10", "20", "25", "30", "33.3333", "40", "100")]
)
ANY_FIGURE = st.decimals(Decimal("-10"), Decimal(10) ** 14 - 1, places=4)
AMOUNTS = FIGURES | ANY_FIGURE
MAYBE = st.none() | AMOUNTS
WEIGHTS = st.none() | st.sampled_from([Decimal(text) for text in ("0.01", "5", "12.50", "33.33", "50", "80", "100")])


@st.composite
def goals(draw, number=1):
    """A goal whose programme may be anything at all, stored as its type stores it."""
    facts = goal(
        number,
        objective=draw(st.sampled_from([None, 1, 7])),
        programming_type=draw(st.none() | st.sampled_from(list(ProgrammingType))),
        is_shared=draw(st.booleans()),
        kind=draw(st.sampled_from(list(GoalKind))),
        status=draw(st.sampled_from([GoalStatus.ACTIVE, GoalStatus.ACTIVE, GoalStatus.ELIMINATED, GoalStatus.REMOVED])),
    )
    quarters = tuple(draw(MAYBE) for _ in range(4))
    return normalised(
        replace(facts, weight=draw(WEIGHTS), quarters=quarters, magnitude=draw(MAYBE), baseline=draw(MAYBE))
    )


@st.composite
def plans(draw):
    numbers = draw(st.lists(st.integers(1, 30), max_size=5, unique=True))
    return plan(*(draw(goals(number)) for number in numbers))


def after(facts: PlanFacts, remedy) -> PlanFacts:
    """The plan once the remedy's cells have been typed."""
    texts = {}
    for change in remedy.changes:
        texts.setdefault(change.goal, {})[change.field] = change.text
    return replace(facts, goals=tuple(amended(found, texts.get(found.number, {})) for found in facts.goals))


def keys(findings):
    return {(found.goal, found.field, found.problem.code) for found in findings}


@pytest.mark.rule("PT-01", "PT-02", "PT-03", "PT-04", "PT-20", "PG-02", "PG-V1", "W-02")
@given(
    plans(), st.booleans(), st.sampled_from([None, Decimal(80), Decimal(100)]), st.sampled_from([OBJECTIVES, {1: "a"}])
)
@settings(max_examples=400, deadline=None)
def test_every_remedy_makes_its_finding_disappear(facts, discount_baseline, technical_weight, objectives):
    def look(at):
        return plan_findings(
            at,
            objectives=objectives,
            discount_baseline=discount_baseline,
            technical_weight=technical_weight,
            has_framework=True,
        )

    before = look(facts)

    for found in before:
        for remedy in found.remedies:
            left = look(after(facts, remedy))
            assert (found.goal, found.field, found.problem.code) not in keys(left), remedy
            assert keys(one for one in left if one.problem.blocking) <= keys(before), remedy


@pytest.mark.rule("PT-02", "PT-20")
@given(goals(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_remedy_is_short_changes_something_and_respects_shared_goals(facts, discount_baseline):
    for found in goal_findings(facts, objectives=OBJECTIVES, discount_baseline=discount_baseline):
        for remedy in found.remedies:
            assert amended(facts, {change.field: change.text for change in remedy.changes}) != facts
            assert not (facts.is_shared and any(change.field == "programming_type" for change in remedy.changes))
            assert len({change.field for change in remedy.changes}) == len(remedy.changes) <= 4


@pytest.mark.rule("PT-02")
@given(st.lists(st.integers(1, 10**6), min_size=4, max_size=4), st.integers(1, 10**7))
def test_a_sum_that_misses_its_magnitude_always_has_a_remedy(quarters, magnitude):
    facts = goal(1, quarters=tuple(quarters), magnitude=magnitude)

    found = goal_findings(facts, objectives=OBJECTIVES, discount_baseline=False)
    assert all(finding.remedies for finding in found if finding.problem.blocking)
