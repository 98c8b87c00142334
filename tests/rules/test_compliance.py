"""Compliance of the published PES, and what happens to figures that are not there."""

import json
from datetime import date
from decimal import Decimal, localcontext
from pathlib import Path

import pytest

from evaluation.rules.compliance import (
    IndicatorFact,
    Light,
    Policy,
    fold,
    indicator_result,
    light,
    objective_result,
    quadrennial_progress,
    sector_index,
    sector_result,
)
from pes.rules.numbers import collapse, ratio_to_percent
from pes.rules.programming import ProgrammingType
from pes.rules.states import FigureState

PUBLISHED = json.loads((Path(__file__).parent / "data/pes_2022Q1.json").read_text())
OBJECTIVES = [(objective["numero"], None) for objective in PUBLISHED["objetivos"]]
CUTOFF = date.fromisoformat(PUBLISHED["corte"])
DECIDED = Policy()
SUMA, CONSTANTE, CRECIENTE, DECRECIENTE = ProgrammingType


def published_facts():
    return [
        IndicatorFact(
            objective=objective["numero"],
            key=indicator["clave"],
            type=indicator["tipo"],
            weight=Decimal(indicator["ponderacion"]),
            programmed=Decimal(indicator["programacion"]["2022"]),
            achieved=Decimal(indicator["ejecutado"]),
            measured_on=CUTOFF,
            baseline=None,
        )
        for objective in PUBLISHED["objetivos"]
        for indicator in objective["indicadores"]
    ]


def fact(key="a", weight="50", programmed="10", achieved="5", kind=SUMA, baseline=None, objective=1):
    numbers = [None if value is None else Decimal(value) for value in (weight, programmed, achieved, baseline)]
    return IndicatorFact(objective, key, kind, numbers[0], numbers[1], numbers[2], None, numbers[3])


def objective(*facts, closed=False, policy=DECIDED):
    return objective_result(1, facts, policy, closed=closed)


@pytest.mark.rule("PES-03", "PES-04", "PES-05", "PES-10")
@pytest.mark.parametrize("closed", [True, False])
def test_the_published_plan_comes_out_as_it_was_published(closed):
    result = sector_result(OBJECTIVES, published_facts(), Policy(), closed=closed)

    shown = {one.number: ratio_to_percent(one.compliance) for one in result.objectives}
    assert shown == {1: None, 2: Decimal("50.24"), 3: Decimal("24.15"), 4: None, 5: None}
    assert ratio_to_percent(result.index) == Decimal("37.20")


@pytest.mark.rule("PES-03", "PT-18")
def test_every_published_percentage_comes_out():
    result = sector_result(OBJECTIVES, published_facts(), Policy(), closed=True)

    computed = {one.key: ratio_to_percent(one.progress) for group in result.objectives for one in group.indicators}
    source = {
        one["clave"]: one["porcentaje_fuente"] for group in PUBLISHED["objetivos"] for one in group["indicadores"]
    }
    assert len(computed) == 9
    assert computed == {key: Decimal(percent) for key, percent in source.items()}


@pytest.mark.rule("PES-05")
def test_contributions_are_not_rounded_on_the_way():
    result = objective_result(2, [row for row in published_facts() if row.objective == 2], Policy(), closed=True)

    exact = [one.contribution for one in result.indicators]
    assert ratio_to_percent(sum(exact)) == Decimal("50.24")
    assert sum(ratio_to_percent(one) for one in exact) == Decimal("50.25")


@pytest.mark.rule("PES-11")
def test_objectives_that_were_published_without_indicators_are_invented_nothing():
    result = sector_result(OBJECTIVES, published_facts(), Policy(), closed=True)

    states = {one.number: one.state for one in result.objectives}
    assert states[1] == states[4] == states[5] == FigureState.NO_INFORMATION
    assert states[2] == states[3] == FigureState.REPORTED


@pytest.mark.rule("PES-09", "PT-14")
def test_over_execution_is_shown_and_enters_capped():
    result = objective(fact("a", achieved="20"), fact("b", achieved="0"))

    assert result.indicators[0].progress == 2
    assert result.indicators[0].rating == 1
    assert result.compliance == Decimal("0.5")


@pytest.mark.rule("PT-15")
def test_a_decreciente_that_got_worse_is_shown_negative_and_rates_zero():
    result = indicator_result(
        fact(kind=DECRECIENTE, programmed="60", achieved="105", baseline="100"), Policy(), closed=False
    )

    assert result.progress == Decimal("-0.125")
    assert result.rating == 0


@pytest.mark.rule("PT-03")
@pytest.mark.parametrize(("discount", "percent"), [(False, "50.00"), (True, "21.43")])
def test_a_linea_base_counts_only_when_the_methodology_discounts_it(discount, percent):
    rising = fact(kind=CRECIENTE, programmed="55", achieved="27.5", baseline="20")

    result = indicator_result(rising, Policy(discount_baseline=discount), closed=False)

    assert ratio_to_percent(result.progress) == Decimal(percent)


@pytest.mark.rule("PT-03b")
@pytest.mark.parametrize("closed", [True, False])
def test_a_decreciente_without_linea_base_has_no_information_and_is_left_out(closed):
    lost = fact("a", kind=DECRECIENTE, achieved=None)

    alone, beside = objective(lost, closed=closed), objective(lost, fact("b"), closed=closed)

    assert alone.state == alone.indicators[0].state == FigureState.NO_INFORMATION
    assert alone.compliance is None
    assert beside.compliance == Decimal("0.5")


@pytest.mark.rule("PT-17", "W-05")
def test_before_consolidation_the_unmeasured_are_pending_and_left_out():
    result = objective(fact("a", weight="88"), fact("b", weight="12", achieved=None))

    assert result.indicators[1].state is FigureState.PENDING
    assert result.indicators[1].contribution is None
    assert result.compliance == Decimal("0.5")
    assert (result.programmed, result.measured, result.measured_weight) == (2, 1, 88)


@pytest.mark.rule("PT-17")
def test_after_consolidation_the_unmeasured_are_missing_and_rate_zero():
    result = objective(fact("a", weight="88"), fact("b", weight="12", achieved=None), closed=True)

    assert result.indicators[1].state is FigureState.MISSING
    assert result.indicators[1].progress is None
    assert result.indicators[1].contribution == 0
    assert result.compliance == Decimal("0.44")
    assert (result.measured, result.measured_weight) == (1, 88)


@pytest.mark.rule("PT-17", "REP-09")
def test_the_methodology_may_leave_the_missing_out():
    policy = Policy(missing_rates_zero=False)

    result = objective(fact("a"), fact("b", achieved=None), closed=True, policy=policy)

    assert result.indicators[1].state is FigureState.MISSING
    assert result.compliance == Decimal("0.5")


@pytest.mark.rule("W-06", "PT-04")
def test_an_objective_without_programme_in_the_vigencia_has_no_value():
    result = objective(fact("a", programmed=None), fact("b", programmed="0"), closed=True)

    assert result.state is FigureState.NOT_PROGRAMMED
    assert result.compliance is None
    assert {one.state for one in result.indicators} == {FigureState.NOT_PROGRAMMED}


@pytest.mark.rule("W-05", "W-06")
def test_an_indicator_that_is_not_programmed_leaves_its_weight_to_the_others():
    result = objective(fact("a", weight="20"), fact("b", weight="80", programmed=None, achieved="3"))

    assert result.compliance == Decimal("0.5")
    assert result.programmed == 1


@pytest.mark.rule("W-03")
def test_an_indicator_without_weight_beside_others_is_shown_and_does_not_count():
    result = objective(fact("a"), fact("b", weight=None, achieved="10"))

    assert result.indicators[1].progress == 1
    assert result.indicators[1].contribution is None
    assert result.compliance == Decimal("0.5")
    assert (result.measured, result.unweighted) == (2, 1)


@pytest.mark.rule("W-03")
@pytest.mark.parametrize("closed", [True, False])
def test_an_objective_without_any_weight_has_no_information(closed):
    result = objective(fact("a", weight=None), fact("b", weight=None, achieved=None), closed=closed)

    assert result.state is FigureState.NO_INFORMATION
    assert result.compliance is None


@pytest.mark.rule("PT-17")
@pytest.mark.parametrize(
    ("closed", "state", "compliance"), [(False, FigureState.PENDING, None), (True, FigureState.MISSING, 0)]
)
def test_an_objective_of_which_nothing_was_measured_is_not_reported(closed, state, compliance):
    result = objective(fact(achieved=None), closed=closed)

    assert result.state is state
    assert result.compliance == compliance


@pytest.mark.rule("WF12")
def test_weights_of_zero_divide_nothing():
    assert objective(fact(weight="0")).compliance is None


@pytest.mark.rule("PES-10")
@pytest.mark.parametrize(
    ("values", "index"),
    [
        ([("0.2", None), ("0.4", None), (None, None)], "0.3"),
        ([("0.2", "75"), ("0.4", "25")], "0.25"),
        ([("0.2", "75"), ("0.4", "25"), ("1", None)], "0.25"),
        ([(None, "60"), ("0.4", "40")], "0.4"),
        ([(None, "100"), ("0.4", None)], None),
        ([], None),
    ],
)
def test_the_index_is_the_mean_of_the_objectives_with_a_value(values, index):
    numbers = [tuple(None if value is None else Decimal(value) for value in pair) for pair in values]

    assert sector_index(numbers) == (None if index is None else Decimal(index))


def test_a_fact_of_no_objective_is_never_dropped_in_silence():
    with pytest.raises(ValueError, match="unknown objectives"):
        sector_result([(1, None)], [fact(objective=7)], Policy(), closed=True)


def test_objectives_keep_the_order_they_were_asked_in():
    result = sector_result([(5, None), (2, Decimal(40))], published_facts()[:2], Policy(), closed=True)

    assert [(one.number, one.weight) for one in result.objectives] == [(5, None), (2, Decimal(40))]


def test_the_stream_and_the_screen_show_the_same_figure():
    facts = published_facts()

    streamed = dict(fold(facts, Policy(), closed=True))

    for number in (2, 3):
        shown = objective_result(number, [row for row in facts if row.objective == number], Policy(), closed=True)
        assert streamed[number].compliance == shown.compliance
        assert streamed[number].measured == shown.measured


def test_the_stream_takes_rows_of_a_cursor_under_any_key():
    rows = [((7, 2022), "k", "SUMA", Decimal(100), Decimal(4), Decimal(1), None, None)]

    [(key, figure)] = fold(rows, Policy(), closed=False)

    assert key == (7, 2022)
    assert figure.compliance == Decimal("0.25")


def test_the_stream_leaves_the_callers_precision_alone():
    thirds = [fact(objective=number, programmed="3", achieved="1") for number in (1, 2)]

    with localcontext(prec=5):
        figures = [(figure.compliance, Decimal(1) / 3) for _, figure in fold(thirds, Policy(), closed=False)]

    assert {collapse(compliance) for compliance, _ in figures} == {Decimal("0." + "3" * 20)}
    assert {third for _, third in figures} == {Decimal("0.33333")}


@pytest.mark.rule("REP-06")
@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        ("0", Light.RED),
        ("0.5", Light.RED),
        ("0.50004", Light.RED),
        ("0.5001", Light.YELLOW),
        ("0.75", Light.YELLOW),
        ("1.25", Light.GREEN),
        ("1.2501", Light.ORANGE),
        (None, Light.NONE),
    ],
)
def test_lights_follow_the_percentage_that_is_shown(ratio, expected):
    assert light(None if ratio is None else Decimal(ratio), Policy(), last_cutoff=True) is expected


@pytest.mark.rule("REP-06", "REP-06b")
def test_there_is_no_light_before_the_last_cutoff_nor_without_thresholds():
    assert light(Decimal("0.2"), Policy(), last_cutoff=False) is Light.NONE
    assert light(Decimal("0.2"), Policy(lights=None), last_cutoff=True) is Light.NONE
    assert len({one.label for one in Light}) == 5


@pytest.mark.rule("PES-07")
@pytest.mark.parametrize(
    ("kind", "targets", "achieved", "baseline", "expected"),
    [
        (SUMA, [66, 120, 100, 100, 44], [66, 100, 49, None, None], None, "0.5"),
        (CRECIENTE, [5, 20, 55, 90, 100], [5, 20, 27.5, None, None], 4, "0.275"),
        (CONSTANTE, [None, 80, 80, 80, None], [None, 40, 60, None, None], None, "0.75"),
        (DECRECIENTE, [90, 80, 70, 60, None], [95, 85, None, None, None], 100, "0.375"),
        (DECRECIENTE, [90, 80, 70, 60, None], [95, 85, None, None, None], None, None),
        (SUMA, [10, 10, None, None, None], [None] * 5, None, None),
        (SUMA, [None] * 5, [10, None, None, None, None], None, None),
    ],
)
def test_quadrennial_progress_adds_or_takes_the_last_level(kind, targets, achieved, baseline, expected):
    def by_year(values):
        years = enumerate(values, start=2020)
        return {year: None if value is None else Decimal(str(value)) for year, value in years}

    base = None if baseline is None else Decimal(baseline)
    progress = quadrennial_progress(kind, by_year(targets), by_year(achieved), base, Policy())

    assert progress == (None if expected is None else Decimal(expected))
