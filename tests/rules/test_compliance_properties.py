"""What holds for any facts at all: bounds, scales, order."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.rules.compliance import IndicatorFact, Policy, objective_result, sector_result
from pes.rules.numbers import collapse
from pes.rules.programming import ProgrammingType
from pes.rules.states import FigureState
from pes.rules.weights import proportional

RULES = settings(max_examples=150)
AMOUNTS = st.decimals(min_value=0, max_value=99_999, places=2)
POSITIVE = st.decimals(min_value="0.01", max_value=99_999, places=2)


@st.composite
def facts_of_an_objective(draw):
    """Indicators of every type whose weights add up to 100,00, some without programme or measurement."""
    size = draw(st.integers(1, 12))
    cents = draw(st.lists(st.integers(100, 10_000), min_size=size, max_size=size))
    weights = proportional({f"k{n:02}": Decimal(part) / 100 for n, part in enumerate(cents)})
    return [
        IndicatorFact(
            objective=1,
            key=key,
            type=draw(st.sampled_from(ProgrammingType)),
            weight=weight,
            programmed=draw(st.none() | AMOUNTS),
            achieved=draw(st.none() | AMOUNTS),
            measured_on=None,
            baseline=draw(st.none() | POSITIVE),
        )
        for key, weight in weights.items()
    ]


POLICIES = st.builds(Policy, discount_baseline=st.booleans(), missing_rates_zero=st.booleans())


@pytest.mark.rule("W-02", "PES-09")
@RULES
@given(facts_of_an_objective(), POLICIES, st.booleans())
def test_weights_that_add_up_to_one_hundred_keep_every_result_between_zero_and_one(facts, policy, closed):
    result = objective_result(1, facts, policy, closed=closed)

    assert result.compliance is None or 0 <= result.compliance <= 1
    assert all(one.rating is None or 0 <= one.rating <= 1 for one in result.indicators)
    assert 0 <= result.measured_weight <= 100


@pytest.mark.rule("PES-04", "W-05")
@RULES
@given(facts_of_an_objective(), POLICIES, st.booleans())
def test_contributions_add_up_to_the_objective(facts, policy, closed):
    result = objective_result(1, facts, policy, closed=closed)

    shares = [one.contribution for one in result.indicators if one.contribution is not None]
    assert bool(shares) is (result.compliance is not None)
    assert collapse(sum(shares, Decimal(0))) == collapse(result.compliance or Decimal(0))


@pytest.mark.rule("PES-03")
@RULES
@given(facts_of_an_objective(), POLICIES, st.integers(-6, 6).filter(bool), st.integers(2, 97))
def test_the_unit_of_an_indicator_changes_nothing(facts, policy, exponent, factor):
    scale = Decimal(factor).scaleb(exponent)

    def scaled(value):
        return None if value is None else value * scale

    rescaled = [
        fact._replace(
            programmed=scaled(fact.programmed), achieved=scaled(fact.achieved), baseline=scaled(fact.baseline)
        )
        for fact in facts
    ]

    before = objective_result(1, facts, policy, closed=True)
    after = objective_result(1, rescaled, policy, closed=True)
    assert collapse(before.compliance or Decimal(0)) == collapse(after.compliance or Decimal(0))
    assert [one.state for one in before.indicators] == [one.state for one in after.indicators]


@pytest.mark.rule("W-05")
@RULES
@given(facts_of_an_objective(), POLICIES, st.integers(2, 97))
def test_the_scale_of_the_weights_changes_nothing(facts, policy, factor):
    heavier = [fact._replace(weight=fact.weight * factor) for fact in facts]

    before = objective_result(1, facts, policy, closed=True).compliance
    after = objective_result(1, heavier, policy, closed=True).compliance
    assert collapse(before or Decimal(0)) == collapse(after or Decimal(0))


@pytest.mark.rule("PES-04", "PES-10")
@RULES
@given(facts_of_an_objective(), POLICIES, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_the_facts_changes_nothing(facts, policy, random, closed):
    spread = [fact._replace(objective=number % 3 + 1) for number, fact in enumerate(facts)]
    shuffled = list(spread)
    random.shuffle(shuffled)
    objectives = [(1, None), (2, None), (3, None)]

    before = sector_result(objectives, spread, policy, closed=closed)
    after = sector_result(objectives, shuffled, policy, closed=closed)
    assert collapse(before.index or Decimal(0)) == collapse(after.index or Decimal(0))
    assert [one.state for one in before.objectives] == [one.state for one in after.objectives]


@pytest.mark.rule("PT-17", "W-06")
@RULES
@given(facts_of_an_objective(), POLICIES, st.booleans())
def test_a_value_and_its_state_never_contradict_each_other(facts, policy, closed):
    result = objective_result(1, facts, policy, closed=closed)

    assert (result.compliance is None) or result.state in {FigureState.REPORTED, FigureState.MISSING}
    assert (result.state is FigureState.REPORTED) is (result.measured > 0)
    for one in result.indicators:
        assert (one.progress is not None) is (one.state is FigureState.REPORTED)
        assert not (closed and one.state is FigureState.PENDING)
