"""What the system says of a goal before the analyst looks at it."""

from decimal import Decimal

import pytest

from tests.rules.goal_years import CRECIENTE, codes, entry, goal, results
from tracking.rules.review_checks import review_checks


def checks(one, quarter=1, **given):
    return review_checks(one, quarter, results(one, quarter, overdue=True), **given)


def found(one, quarter=1, **given):
    return [(problem.code, problem.blocking) for problem in checks(one, quarter, **given)]


@pytest.mark.rule("PT-19")
def test_a_complete_and_ordinary_goal_raises_nothing():
    assert checks(goal(entries=[entry(10)])) == []


@pytest.mark.rule("PT-19")
def test_a_goal_without_report_or_without_words_is_an_error():
    assert ("figure_missing", True) in found(goal())
    assert found(goal(entries=[entry(10, analysis="")])) == [("analysis_missing", True)]


@pytest.mark.rule("PT-13", "PT-14", "PT-19")
@pytest.mark.parametrize(
    ("explanation", "expected"),
    [("", ("explanation_missing", True)), ("Se amplió el equipo.", ("over_execution", False))],
    ids=["unexplained", "explained"],
)
def test_an_odd_result_is_told_once(explanation, expected):
    assert found(goal(entries=[entry(20, explanation=explanation)])) == [expected]


@pytest.mark.rule("PT-19")
def test_percentages_of_two_scales_are_doubted():
    one = goal([55, 55, 55, 55], [entry("0.5", delay_causes="Paro.")], magnitude=220, unit="Porcentaje")

    assert found(one) == [("scale_doubt", False)]


@pytest.mark.rule("PT-19")
def test_more_than_the_year_is_told_after_the_errors():
    one = goal(entries=[entry(30, explanation="x"), entry(12, evidence=0)])

    assert found(one, 2) == [("evidence_missing", True), ("accumulated_above_magnitude", False)]


@pytest.mark.rule("PT-19", "WF18")
def test_a_consolidated_quarter_that_says_something_else_is_an_error_naming_both():
    one = goal([10, 20, 30, 40], [entry(8), entry(20)], kind=CRECIENTE)

    assert found(one, 2, sealed={1: Decimal("8.0000")}) == []
    [problem] = checks(one, 2, sealed={1: Decimal(9)})

    assert (problem.code, problem.blocking) == ("history_changed", True)
    assert problem.message == "T1 se consolidó con 9 y ahora dice 8."


@pytest.mark.rule("PT-16b", "PT-19")
def test_history_is_compared_as_it_is_stored_and_a_figure_that_vanished_is_told():
    one = goal(entries=[entry(numerator=1, denominator=3), entry(10)])

    assert found(one, 2, sealed={1: Decimal("0.3333")}) == []
    assert codes(checks(goal(entries=[None, entry(10)]), 2, sealed={1: Decimal(8)})) == ["history_changed"]


@pytest.mark.rule("PG-08", "PT-19")
def test_what_is_not_asked_of_a_central_area_is_told_as_a_warning():
    one = goal(entries=[entry(10, accumulated_analysis="", evidence=0)], is_central=True)

    assert found(one) == [("accumulated_analysis_missing", False), ("evidence_missing", False)]


@pytest.mark.rule("PG-09h")
def test_an_eliminated_goal_is_not_checked():
    assert checks(goal(eliminated=True)) == []
    assert checks(goal([None] * 4, is_central=True)) == []
