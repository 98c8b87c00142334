"""The quarters of whole plans: scores of units, and one calculation for goals and nations."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.rules.plan_compliance import QuarterTerm, fold
from pes.rules.numbers import collapse, ratio_to_percent
from pes.rules.programming import ProgrammingType
from pes.rules.quarters import ConstantRule, Quarter, QuarterPolicy, QuarterResult, quarter_results
from pes.rules.states import FigureState

POLICY = QuarterPolicy()
CLOSED = QuarterTerm(counts=True, overdue=True)
RULES = settings(max_examples=60)


def amount(value):
    return None if value is None else Decimal(str(value))


def line(
    goal, quarters, *, plan=1, kind="SUMA", magnitude=100, weight=50, baseline=None, status="active", unit="Informes"
):
    """A goal as the cursor gives it; of a quarter, (programmed, achieved) or the two terms as well."""
    facts = [amount(value) for quarter in quarters for value in (*quarter, None, None)[:4]]
    return (plan, goal, kind, amount(magnitude), amount(baseline), unit, amount(weight), status, *facts)


def units(rows, *, terms=(CLOSED,), policy=POLICY, evidence=frozenset()):
    """What the plan 1 makes in each quarter."""
    [plan] = fold(rows, {1: terms}, policy, evidence)
    return plan.quarters


def percents(figure):
    return str(ratio_to_percent(figure.score)), str(ratio_to_percent(figure.to_date))


@pytest.mark.rule("REP-05", "PT-14")
def test_the_score_weighs_the_capped_results_of_the_quarter():
    [figure] = units([line(1, [(10, 5)], weight=30), line(2, [(10, 20)], weight=70)])

    assert percents(figure) == ("85.00", "85.00")
    assert (figure.rated, figure.programmed, figure.reported) == (2, 2, 2)


@pytest.mark.rule("REP-05", "W-05", "PT-12", "PT-16", "PG-09h")
@pytest.mark.parametrize(
    "other",
    [
        line(2, [(None, None)]),
        line(2, [(10, None, 0, 0)]),
        line(2, [(10, 10)], status="eliminated"),
        line(2, [(90, 95)], kind="DECRECIENTE"),
        line(2, [(10, 10)], weight=None),
    ],
    ids=["not-programmed", "no-demand", "eliminated", "no-baseline", "no-weight"],
)
def test_a_goal_that_cannot_be_rated_leaves_its_weight_to_the_others(other):
    [figure] = units([line(1, [(10, 5)]), other])

    assert figure.score == Decimal("0.5")
    assert figure.rated == 1


@pytest.mark.rule("PT-17", "REP-05")
@pytest.mark.parametrize(
    ("term", "score"),
    [(CLOSED, "0.75"), (QuarterTerm(False, True), "0"), (QuarterTerm(False, False), None)],
    ids=["validated", "overdue", "running"],
)
def test_figures_count_once_validated_and_missing_ones_are_zero_after_the_term(term, score):
    [figure] = units([line(1, [(10, 10)]), line(2, [(10, 5)])], terms=[term])

    assert figure.score == amount(score)
    assert figure.reported == (2 if term.counts else 0)
    assert figure.programmed == 2


@pytest.mark.rule("REP-05", "PT-08")
def test_the_score_to_date_is_against_everything_programmed_so_far():
    first, second = units([line(1, [(10, 5), (30, 30)]), line(2, [(None, None), (10, 8)])], terms=[CLOSED, CLOSED])

    assert percents(first) == ("50.00", "50.00")
    assert percents(second) == ("90.00", "83.75")


@pytest.mark.rule("REP-05")
def test_a_plan_without_programmed_goals_has_no_score():
    [figure] = units([line(1, [(None, None)])])

    assert (figure.score, figure.to_date, figure.programmed, figure.evidence_coverage) == (None, None, 0, None)


@pytest.mark.rule("PG-R3")
def test_evidence_coverage_is_of_the_programmed_goals_of_reports_that_count():
    rows = [line(1, [(10, 10)]), line(2, [(10, 10)]), line(3, [(None, 1)]), line(4, [(10, 10)], status="eliminated")]
    everywhere = {(goal, 1) for goal in (1, 3, 4)}

    [figure] = units(rows, evidence=everywhere)
    [unsent] = units(rows, terms=[QuarterTerm(False, True)], evidence=everywhere)

    assert figure.evidence_coverage == Decimal("0.5")
    assert unsent.evidence_coverage == 0


@pytest.mark.rule("PG-09h")
def test_an_eliminated_goal_still_shows_its_figures():
    [plan] = fold([line(7, [(10, 5)], status="eliminated")], {1: [CLOSED]}, POLICY)
    [goal] = plan.goals

    assert (goal.goal, goal.weight, goal.programmed) == (7, 50, (10,))
    assert goal.quarters[0][:4] == (FigureState.REPORTED, 5, Decimal("0.5"), Decimal("0.5"))
    assert plan.quarters[0].score is None


@pytest.mark.rule("REP-05")
def test_a_plan_whose_terms_are_unknown_is_not_left_out_in_silence():
    with pytest.raises(KeyError):
        list(fold([line(1, [(10, 5)], plan=2)], {1: [CLOSED]}, POLICY))


AMOUNTS = st.none() | st.decimals(min_value=0, max_value=999, places=2)
FACTS = st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
GOALS = st.tuples(
    st.sampled_from(list(ProgrammingType)),
    st.decimals(min_value=0, max_value=999, places=2),
    AMOUNTS,
    st.booleans(),
    st.lists(FACTS, min_size=4, max_size=4),
)
POLICIES = st.builds(
    QuarterPolicy,
    cap=st.sampled_from([Decimal(1), Decimal("1.2")]),
    constant=st.sampled_from(ConstantRule),
    discount_baseline=st.booleans(),
    missing_rates_zero=st.booleans(),
)
TERMS = st.lists(st.builds(QuarterTerm, st.booleans(), st.booleans()), min_size=4, max_size=4)
PLANS = st.lists(GOALS, min_size=1, max_size=6)


def rows_of(goals):
    return [
        line(number, quarters, kind=kind.value, magnitude=magnitude, baseline=baseline, weight=number,
             unit="Porcentaje" if is_percentage else "Informes")
        for number, (kind, magnitude, baseline, is_percentage, quarters) in enumerate(goals, start=1)
    ]  # fmt: skip


@pytest.mark.rule("PT-05", "PT-06", "PT-07", "PT-08", "PT-16b", "PT-17")
@RULES
@given(PLANS, TERMS, POLICIES)
def test_a_goal_in_the_fold_is_the_goal_on_its_page(goals, terms, policy):
    [plan] = fold(rows_of(goals), {1: terms}, policy)

    for (kind, magnitude, baseline, is_percentage, quarters), folded in zip(goals, plan.goals, strict=True):
        known = [
            Quarter(*(facts if term.counts else (facts[0], None, None, None)), overdue=term.overdue)
            for facts, term in zip(quarters, terms, strict=True)
        ]
        page = quarter_results(kind, magnitude, known, baseline=baseline, percentage=is_percentage, policy=policy)
        assert tuple(QuarterResult(at, *figure) for at, figure in enumerate(folded.quarters, start=1)) == page


@pytest.mark.rule("REP-05")
@RULES
@given(PLANS.flatmap(lambda goals: st.tuples(st.just(goals), st.permutations(range(len(goals))))), TERMS, POLICIES)
def test_the_order_of_the_goals_changes_no_score(goals_and_order, terms, policy):
    goals, order = goals_and_order
    rows = rows_of(goals)

    straight = units(rows, terms=terms, policy=policy)
    shuffled = units([rows[place] for place in order], terms=terms, policy=policy)

    assert [rounded(figure) for figure in straight] == [rounded(figure) for figure in shuffled]


def rounded(figure):
    return tuple(None if part is None else collapse(Decimal(part)) for part in figure)


@pytest.mark.rule("REP-05", "PT-14", "PT-15")
@RULES
@given(PLANS, TERMS)
def test_scores_are_between_zero_and_one_and_counts_agree(goals, terms):
    for figure in units(rows_of(goals), terms=terms):
        assert figure.score is None or 0 <= figure.score <= 1
        assert figure.to_date is None or 0 <= figure.to_date <= 1
        assert figure.rated <= figure.programmed <= len(goals)
        assert (figure.score is None) is (figure.rated == 0)


@pytest.mark.rule("REP-05")
def test_a_plan_scores_the_same_alone_and_among_others():
    own = [line(1, [(10, 5)]), line(2, [(10, 9)], weight=20)]
    rows = [line(9, [(10, 10)], plan=0), *own, line(8, [(10, 0)], plan=2)]

    together = list(fold(rows, {plan: [CLOSED] for plan in range(3)}, POLICY))

    assert [(plan.plan, len(plan.goals)) for plan in together] == [(0, 1), (1, 2), (2, 1)]
    assert [plan.quarters[0].score for plan in together] == [1, units(own)[0].score, 0]
