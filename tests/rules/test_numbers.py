"""Exact numbers: one rounding, Spanish figures, and what is read as a number."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pes.rules.numbers import (
    NumberError,
    collapse,
    exact,
    format_magnitude,
    format_percent,
    parse_number,
    ratio_to_percent,
    round_half_up,
)


@pytest.mark.rule("PT-18")
@pytest.mark.parametrize(
    ("ratio", "percent"),
    [("0.50242045", "50.24"), ("0.502857142857", "50.29"), ("0.00125", "0.13"), ("-0.00125", "-0.13"), ("0", "0.00")],
)
def test_a_percentage_has_two_decimals_and_halves_go_up(ratio, percent):
    assert str(ratio_to_percent(Decimal(ratio))) == percent


@pytest.mark.rule("PT-18")
def test_a_half_that_division_left_a_hair_below_still_goes_up():
    with exact():
        third = Decimal(1) / 3
        almost = third * Decimal("0.15015")  # 0,05005 but for the last of its forty digits

    assert almost < Decimal("0.05005")
    assert ratio_to_percent(almost) == Decimal("5.01")


def test_an_unknown_ratio_is_no_percentage():
    assert ratio_to_percent(None) is None


def test_an_enormous_over_execution_is_still_rounded():
    ratio = Decimal(10) ** 18 + Decimal("0.00005")

    assert ratio_to_percent(ratio) == Decimal("100000000000000000000.01")
    assert collapse(ratio) == ratio


def test_a_rounded_zero_has_no_sign():
    assert str(round_half_up(Decimal("-0.001"), 2)) == "0.00"
    assert format_percent(Decimal("-0.001")) == "0,00\u00a0%"


def test_figures_are_computed_alike_whatever_the_callers_context():
    with localcontext(prec=3), exact() as context:
        assert Decimal(1) / 3 == Decimal("0." + "3" * 40)
        assert context.prec == 40


def test_percentages_are_shown_with_comma_and_a_space_that_does_not_break():
    assert format_percent(Decimal("24.150943")) == "24,15\u00a0%"
    assert format_percent(Decimal("1234.5")) == "1.234,50\u00a0%"
    assert format_percent(None) == "Sin información"


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        ("1234.5000", None, "1.234,5"),
        ("1000.0000", None, "1.000"),
        ("-1234567.89", None, "-1.234.567,89"),
        ("0.33333", None, "0,3333"),
        ("27.5", 2, "27,50"),
        ("2.5", 0, "3"),
    ],
)
def test_magnitudes_show_the_decimals_they_have(value, places, shown):
    assert format_magnitude(Decimal(value), places) == shown


def test_an_unknown_magnitude_is_not_a_zero():
    assert format_magnitude(None) == "Sin información"


@pytest.mark.rule("IMP-06", "IM3", "IM13")
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50,29", "50.29"),
        ("50.29", "50.29"),
        ("50%", "50"),
        ("89,35 %", "89.35"),
        ("0.8935", "0.8935"),
        ("0.893", "0.893"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234,5", "1234.5"),
        ("1234.567", "1234.567"),
        ("1,234", "1.234"),
        ("-27,5", "-27.5"),
        ("−3", "-3"),
        (" «\u200b12\ufeff» ", "12"),
    ],
)
def test_numbers_are_read_as_people_and_workbooks_write_them(text, value):
    assert parse_number(text) == Decimal(value)


@pytest.mark.rule("IM3")
@pytest.mark.parametrize("text", ["1.234", "12.345", "-1.234", "1.234%"])
def test_a_point_that_may_be_thousands_or_decimals_is_asked_and_never_guessed(text):
    with pytest.raises(NumberError) as refused:
        parse_number(text)

    assert refused.value.code == "ambiguous"
    assert "Escriba" in refused.value.fix


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("1e400", "not_a_number"),
        ("1_000", "not_a_number"),
        ("12 34", "not_a_number"),
        ("1.23,4", "not_a_number"),
        ("٣", "not_a_number"),
        ("=1+1", "not_a_number"),
        ("9" * 10_000, "not_a_number"),
        ("123456789012345", "too_large"),
    ],
)
def test_what_is_not_one_number_says_why(text, code):
    with pytest.raises(NumberError) as refused:
        parse_number(text)

    assert refused.value.code == code
    assert len(refused.value.message) < 120


@settings(max_examples=200)
@given(st.decimals(min_value=-99_999_999, max_value=99_999_999, places=4))
def test_a_magnitude_that_is_shown_with_its_decimals_reads_back_as_itself(value):
    assert parse_number(format_magnitude(value, places=4)) == value
