"""A goal's year, quarter by quarter, against the worked cases."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from pes.rules.numbers import ratio_to_percent
from pes.rules.programming import ProgrammingType
from pes.rules.quarters import ConstantRule, Quarter, QuarterPolicy, executed, quarter_results
from pes.rules.states import FigureState

VECTORS = json.loads((Path(__file__).parent / "data/calc_vectors.json").read_text())["vectores"]
STATES = {
    "REPORTADA": FigureState.REPORTED,
    "NO_PROGRAMADA": FigureState.NOT_PROGRAMMED,
    "SIN_REPORTE": FigureState.MISSING,
    "PENDIENTE": FigureState.PENDING,
}
SUMA, CONSTANTE, CRECIENTE, DECRECIENTE = ProgrammingType


def amount(value):
    return None if value is None else Decimal(str(value))


def year(programmed, achieved, overdue=(True,) * 4):
    return [
        Quarter(amount(due), amount(done), overdue=late)
        for due, done, late in zip(programmed, achieved, overdue, strict=True)
    ]


def percents(result):
    """The figures of a quarter as they are shown, in the order of the worked cases."""
    figures = (result.result, result.rating, result.progress, result.to_date, result.to_date_rating)
    return [None if figure is None else str(ratio_to_percent(figure)) for figure in figures]


@pytest.mark.rule("PT-05", "PT-07", "PT-08", "PT-09", "PT-11", "PT-12", "PT-13", "PT-14", "PT-15", "PT-17")
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["caso"])
def test_the_worked_case_comes_out(vector):
    given = vector["entrada"]
    results = quarter_results(
        ProgrammingType(given["t"]),
        amount(given["M"]),
        year(given["P"], given["E"], given.get("overdue", [True] * 4)),
        baseline=amount(given.get("LB")),
        policy=QuarterPolicy(
            constant=ConstantRule(given.get("const", "PROMEDIO")),
            discount_baseline="LB" in given,
        ),
    )

    for expected, result in zip(vector["salida"], results, strict=False):
        assert result.quarter == expected["trimestre"]
        assert result.state == STATES[expected["estado"]]
        assert percents(result) == list(expected.values())[2:]


def test_every_worked_case_is_there():
    assert len(VECTORS) == 15
    assert sum(len(vector["salida"]) for vector in VECTORS) == 58


@pytest.mark.rule("PT-06")
@pytest.mark.parametrize(
    ("kind", "programmed", "achieved", "accumulated"),
    [
        (SUMA, [3, 3, 3, 3], [3, None, 3, 3], [3, 3, 6, 9]),
        (CONSTANTE, [100, 100, None, 100], [60, 100, 7, 50], [60, 80, 80, 70]),
        (CRECIENTE, [10, 20, 30, 40], [10, None, 25, 40], [10, 10, 25, 40]),
        (DECRECIENTE, [90, 80, 70, 60], [95, 80, 72, 58], [95, 80, 72, 58]),
    ],
)
def test_execution_accumulates_by_type(kind, programmed, achieved, accumulated):
    results = quarter_results(kind, Decimal(100), year(programmed, achieved), baseline=Decimal(100))

    assert [result.accumulated for result in results] == accumulated


@pytest.mark.rule("PT-16", "WF20")
def test_a_quarter_without_demand_is_left_out_and_is_no_zero():
    quarters = [
        Quarter(Decimal(100), numerator=Decimal(8), denominator=Decimal(10)),
        Quarter(Decimal(100), numerator=Decimal(0), denominator=Decimal(0)),
    ]

    first, second = quarter_results(CONSTANTE, Decimal(100), quarters, percentage=True)

    assert second.state is FigureState.NO_DEMAND
    assert second.result is None
    assert second.to_date == first.to_date == Decimal("0.8")


@pytest.mark.rule("PT-16b")
def test_the_formula_makes_the_executed_amount():
    quarter = Quarter(Decimal(80), achieved=Decimal(99), numerator=Decimal(3), denominator=Decimal(4))

    assert executed(quarter, percentage=True) == 75
    assert executed(quarter) == Decimal("0.75")
    assert executed(Quarter(Decimal(80), achieved=Decimal(99))) == 99


@pytest.mark.rule("PT-16", "PT-16b")
def test_a_constant_demand_accumulates_by_its_terms_and_rates_by_its_quarters():
    quarters = [
        Quarter(Decimal(100), numerator=Decimal(90), denominator=Decimal(90)),
        Quarter(Decimal(100), numerator=Decimal(5), denominator=Decimal(10)),
    ]

    last = quarter_results(CONSTANTE, Decimal(100), quarters, percentage=True)[-1]

    assert last.accumulated == 95
    assert last.progress == last.to_date == Decimal("0.75")


@pytest.mark.rule("PT-06", "PT-16b", "PT-17")
@pytest.mark.parametrize(
    ("third", "accumulated"),
    [
        (Quarter(Decimal(100), Decimal(40)), "65"),
        (Quarter(Decimal(100)), "95.5"),
        (Quarter(Decimal(100), overdue=False), "95.5"),
    ],
    ids=["an-amount", "missing", "pending"],
)
def test_a_constant_demand_accumulates_by_its_terms_only_if_every_report_has_them(third, accumulated):
    quarters = [
        Quarter(Decimal(100), numerator=Decimal(90), denominator=Decimal(90)),
        Quarter(Decimal(100), numerator=Decimal("5.5"), denominator=Decimal(10)),
        third,
    ]

    last = quarter_results(CONSTANTE, Decimal(100), quarters, percentage=True)[-1]

    assert last.accumulated == Decimal(accumulated)


@pytest.mark.rule("PT-16b", "PT-17")
def test_a_constant_demand_never_reported_accumulates_zero_and_divides_by_nothing():
    last = quarter_results(CONSTANTE, Decimal(100), year([100] * 2, [None] * 2, [True] * 2))[-1]

    assert last.accumulated == 0
    assert last.to_date_rating == 0


@pytest.mark.rule("PT-17")
@pytest.mark.parametrize("kind", list(ProgrammingType))
def test_a_goal_never_reported_rates_zero_once_its_term_has_passed(kind):
    results = quarter_results(kind, Decimal(50), year([50] * 4, [None] * 4), baseline=Decimal(100))

    assert {result.state for result in results} == {FigureState.MISSING}
    assert [result.to_date_rating for result in results] == [0, 0, 0, 0]


@pytest.mark.rule("PT-17", "REP-09")
def test_the_methodology_may_leave_missing_reports_out():
    policy = QuarterPolicy(missing_rates_zero=False)

    results = quarter_results(SUMA, Decimal(12), year([3, 3, 3, 3], [3, None, 3, 3]), policy=policy)

    assert results[1].state is FigureState.MISSING
    assert results[1].rating is None
    assert results[3].to_date == 1


@pytest.mark.rule("PT-17")
def test_the_level_of_a_missing_quarter_stays_where_it_was_seen():
    results = quarter_results(CRECIENTE, Decimal(40), year([10, 20, 30, 40], [10, None, None, None]))

    assert results[1].rating == 0
    assert results[1].to_date == Decimal("0.5")


@pytest.mark.rule("PT-11", "PT-17")
def test_the_last_quarter_of_a_constant_goal_counts_when_it_is_missing_too():
    policy = QuarterPolicy(constant=ConstantRule.ULTIMO)

    last = quarter_results(CONSTANTE, Decimal(100), year([100] * 4, [100, 100, 100, None]), policy=policy)[-1]

    assert last.to_date_rating == 0


@pytest.mark.rule("PT-03b")
def test_a_decreciente_without_linea_base_has_no_result_and_no_zero():
    results = quarter_results(DECRECIENTE, Decimal(60), year([90, None, 70, 60], [95, None, 72, None]))

    assert results[0].state is FigureState.NO_INFORMATION
    assert results[1].state is FigureState.NOT_PROGRAMMED
    assert {result.rating for result in results} == {None}


@pytest.mark.rule("PT-14", "REP-09")
def test_the_methodology_sets_the_cap():
    [result] = quarter_results(
        SUMA, Decimal(10), [Quarter(Decimal(10), Decimal(15))], policy=QuarterPolicy(Decimal("1.2"))
    )

    assert result.result == Decimal("1.5")
    assert result.rating == Decimal("1.2")
