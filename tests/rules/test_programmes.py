"""The programme of an indicator over the vigencias of a PES."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pes.rules.programmes import first_open_vigencia, programme_problems, total_of, year_of
from pes.rules.programming import ProgrammingType as T

YEARS = {2020: None, 2021: Decimal(2), 2022: Decimal(3), 2023: None}


@pytest.mark.rule("PES-07")
@pytest.mark.parametrize(("kind", "total"), [(T.SUMA, 5), (T.CRECIENTE, 3), (T.CONSTANTE, 3), (T.DECRECIENTE, 3)])
def test_the_total_is_the_sum_or_the_last_programmed_level(kind, total):
    assert total_of(kind, YEARS) == total


def test_nothing_programmed_has_no_total_and_is_a_problem():
    nothing = dict.fromkeys(YEARS)

    assert total_of(T.SUMA, nothing) is None
    assert "nothing_programmed" in [p.code for p in programme_problems(T.SUMA, nothing, None, total=None)]


@pytest.mark.rule("PT-02")
def test_a_problem_of_a_vigencia_tells_which():
    (found,) = programme_problems(T.CRECIENTE, YEARS | {2023: Decimal(1)}, None, total=Decimal(1))

    assert (found.code, year_of(found, [*YEARS])) == ("level_falls", 2023)


@pytest.mark.rule("PT-02")
def test_a_published_total_is_compared_and_is_of_no_vigencia():
    (found,) = programme_problems(T.SUMA, YEARS, None, total=Decimal(6))

    assert (found.code, year_of(found, [*YEARS])) == ("quarters_do_not_add_up", None)


@pytest.mark.parametrize(
    ("consolidated", "expected"), [(None, 2020), (date(2022, 3, 31), 2023), (date(2019, 12, 31), 2020)]
)
def test_a_programme_may_change_after_the_consolidated_vigencia(consolidated, expected):
    assert first_open_vigencia(2020, consolidated) == expected
