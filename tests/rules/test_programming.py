"""The four programming types: what is programmed, what a period measures, and what is stored."""

from decimal import Decimal

import pytest

from pes.rules.numbers import NumberError
from pes.rules.programming import (
    ProgrammingType,
    calculation_base,
    is_programmed,
    normalise_programmed,
    rate,
    result_ratio,
)

SUMA, CONSTANTE, CRECIENTE, DECRECIENTE = ProgrammingType


@pytest.mark.rule("PT-03")
def test_a_linea_base_typed_for_information_changes_no_creciente():
    assert calculation_base(CRECIENTE, Decimal(20), discount=False) == 0
    assert calculation_base(CRECIENTE, Decimal(20), discount=True) == 20
    assert calculation_base(CRECIENTE, None, discount=True) == 0


@pytest.mark.rule("PT-01", "PT-03")
@pytest.mark.parametrize("kind", [SUMA, CONSTANTE])
def test_what_is_added_or_constant_has_no_base(kind):
    assert calculation_base(kind, Decimal(20), discount=True) == 0


@pytest.mark.rule("PT-03b")
def test_a_decreciente_without_linea_base_has_no_base_at_all():
    assert calculation_base(DECRECIENTE, None, discount=False) is None
    assert calculation_base(DECRECIENTE, Decimal(8), discount=False) == 8
    assert not is_programmed(DECRECIENTE, Decimal(4), None)


@pytest.mark.rule("PT-04", "PT-16")
@pytest.mark.parametrize(
    ("kind", "programmed", "base", "expected"),
    [
        (SUMA, None, "0", False),
        (SUMA, "0", "0", False),
        (SUMA, "0.0001", "0", True),
        (CONSTANTE, "0", "0", False),
        (CRECIENTE, "20", "20", False),
        (CRECIENTE, "21", "20", True),
        (DECRECIENTE, "0", "8", True),
        (DECRECIENTE, "8", "8", False),
    ],
)
def test_a_period_is_programmed_only_where_it_can_be_divided(kind, programmed, base, expected):
    amount = None if programmed is None else Decimal(programmed)

    assert is_programmed(kind, amount, Decimal(base)) is expected


@pytest.mark.rule("PT-05")
@pytest.mark.parametrize(
    ("kind", "programmed", "achieved", "base", "ratio"),
    [
        (SUMA, "25", "20", "0", "0.8"),
        (CONSTANTE, "10", "20", "0", "2"),
        (CRECIENTE, "55", "27.5", "0", "0.5"),
        (CRECIENTE, "45", "30", "20", "0.4"),
        (DECRECIENTE, "60", "70", "100", "0.75"),
        (DECRECIENTE, "60", "105", "100", "-0.125"),
    ],
)
def test_each_type_measures_in_its_own_way(kind, programmed, achieved, base, ratio):
    assert result_ratio(kind, Decimal(programmed), Decimal(achieved), Decimal(base)) == Decimal(ratio)


@pytest.mark.rule("PT-14", "PT-15", "PES-09")
@pytest.mark.parametrize(("raw", "rating"), [("1.2", "1"), ("1", "1"), ("0.3", "0.3"), ("0", "0"), ("-0.5", "0")])
def test_only_the_part_between_zero_and_the_cap_rates(raw, rating):
    assert rate(Decimal(raw), Decimal(1)) == Decimal(rating)


@pytest.mark.rule("PT-12")
@pytest.mark.parametrize("value", ["", "  ", "NP", "np", "N/A", "-", None, "0", "0,00", Decimal(0)])
@pytest.mark.parametrize("kind", [SUMA, CONSTANTE, CRECIENTE])
def test_not_programmed_is_stored_as_nothing_and_never_as_zero(kind, value):
    assert normalise_programmed(kind, value) is None


@pytest.mark.rule("PT-12")
def test_zero_is_a_level_to_reach_for_a_decreciente():
    assert normalise_programmed(DECRECIENTE, "0") == 0
    assert normalise_programmed(DECRECIENTE, "NP") is None


@pytest.mark.rule("PT-12")
def test_a_programme_is_read_like_any_number():
    assert normalise_programmed(SUMA, "13,75") == Decimal("13.75")
    with pytest.raises(NumberError):
        normalise_programmed(SUMA, "mucho")
