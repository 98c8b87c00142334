"""Reported figures that need an explanation: warnings, never refusals."""

from decimal import Decimal

import pytest

from pes.rules.programming import ProgrammingType
from pes.rules.quarters import Quarter, quarter_results
from pes.rules.report_checks import figure_warnings, report_warnings

SUMA, CONSTANTE, CRECIENTE, DECRECIENTE = ProgrammingType


def found(kind, programmed, achieved, *, baseline=None, previous=None, percentage=False):
    return figure_warnings(
        kind,
        amount(programmed),
        amount(achieved),
        baseline=amount(baseline),
        previous=amount(previous),
        percentage=percentage,
    )


def amount(value):
    return None if value is None else Decimal(value)


@pytest.mark.rule("PT-14")
@pytest.mark.parametrize(("achieved", "codes"), [("12.5", []), ("12.51", ["over_execution"])])
def test_above_125_percent_an_explanation_is_asked(achieved, codes):
    warnings = found(SUMA, 10, achieved)

    assert [warning.code for warning in warnings] == codes
    assert not any(warning.blocking for warning in warnings)


@pytest.mark.rule("PT-14")
def test_the_over_execution_is_told_with_its_percentage():
    [warning] = found(SUMA, 2, 4)

    assert warning.message == "El resultado es 200,00\u00a0%, más de 125,00\u00a0% de lo programado."


@pytest.mark.rule("PT-15")
def test_worse_than_the_base_and_a_level_that_goes_back_are_told():
    codes = [warning.code for warning in found(DECRECIENTE, 90, 105, baseline=100, previous=95)]

    assert codes == ["level_goes_back", "worse_than_baseline"]
    assert [warning.code for warning in found(CRECIENTE, 50, 40, previous=45)] == ["level_goes_back"]
    assert found(SUMA, 50, 40, previous=45) == []


@pytest.mark.rule("PT-13")
@pytest.mark.parametrize(("achieved", "codes"), [(1, ["executed_without_programme"]), (0, [])])
def test_execution_without_programme_is_told(achieved, codes):
    assert [warning.code for warning in found(SUMA, None, achieved)] == codes


@pytest.mark.rule("PT-03b")
def test_without_linea_base_a_decreciente_cannot_be_judged():
    assert found(DECRECIENTE, 90, 95) == []


@pytest.mark.rule("PT-19")
@pytest.mark.parametrize(("programmed", "achieved", "doubted"), [(55, "0.5", True), (1, 100, True), (55, 20, False)])
def test_percentages_of_two_scales_are_doubted(programmed, achieved, doubted):
    codes = [warning.code for warning in found(SUMA, programmed, achieved, percentage=True)]

    assert ("scale_doubt" in codes) is doubted
    assert "scale_doubt" not in [warning.code for warning in found(SUMA, programmed, achieved)]


@pytest.mark.rule("PT-13", "PT-16", "PT-19")
def test_the_warnings_of_a_year_name_their_quarter():
    quarters = [
        Quarter(Decimal(2), Decimal(4)),
        Quarter(Decimal(2), numerator=Decimal(0), denominator=Decimal(0)),
        Quarter(None, Decimal(3)),
        Quarter(Decimal(2), None, overdue=False),
    ]
    results = quarter_results(SUMA, Decimal(6), quarters)

    warnings = report_warnings(SUMA, Decimal(6), quarters, results)

    assert [(warning.code, warning.message[:2]) for warning in warnings] == [
        ("over_execution", "T1"),
        ("no_demand", "T2"),
        ("executed_without_programme", "T3"),
        ("accumulated_above_magnitude", "Lo"),
    ]


@pytest.mark.rule("PT-15")
def test_a_level_is_compared_with_the_last_one_that_was_reported():
    quarters = [Quarter(Decimal(due), done) for due, done in [(10, Decimal(10)), (20, None), (30, Decimal(8))]]
    results = quarter_results(CRECIENTE, Decimal(30), quarters)

    [warning] = report_warnings(CRECIENTE, Decimal(30), quarters, results)

    assert warning.code == "level_goes_back"
    assert warning.message == "T3: La meta es creciente y el nivel pasa de 10 a 8."
