"""Universes, expected months, assignments and graduation of territorial entities (GP-01, GP-02, GP-07)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from pes.rules.territory import (
    FOCUS,
    UNIVERSES,
    assignment_problems,
    entity_problems,
    graduation_problems,
    mean,
    months_late,
    schedule_problems,
    universe_of,
)

TODAY = date(2025, 6, 15)
FULL, HALF = Decimal(100), Decimal(50)


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


def entity(**said) -> list[str]:
    facts = {"code": "52019", "kind": "municipio", "name": "Albán", "department": "Nariño", "facts": (None,) * 3}
    return codes(entity_problems(**facts | said))


@pytest.mark.rule("GP-07")
@pytest.mark.parametrize(
    ("letter", "facts"),
    [
        ("A", (True, True, False)),
        ("B", (True, False, False)),
        ("C", (False, False, False)),
        ("D", (False, True, False)),
        ("E", (True, False, True)),
        ("F", (True, True, True)),
        ("G", (False, False, True)),
        ("H", (False, True, True)),
    ],
)
def test_the_universe_follows_from_investment_fiscal_and_results(letter, facts):
    assert universe_of(*facts) == letter


@pytest.mark.rule("GP-07")
def test_the_catalogue_of_universes_has_the_published_totals():
    low = sum(one.municipalities for one in UNIVERSES if not one.results)
    high = sum(one.municipalities for one in UNIVERSES if one.results)

    assert (low, high, low + high) == (685, 417, 1102)
    assert {(one.investment, one.fiscal, one.results) for one in UNIVERSES} == set(product((True, False), repeat=3))
    assert FOCUS == "ABCD"


@pytest.mark.rule("GP-07")
def test_without_one_of_the_three_variables_there_is_no_universe():
    assert universe_of(None, True, True) == ""
    assert entity(facts=(True, None, True)) == ["universe_incomplete"]
    assert entity(code="52", kind="gobernacion", facts=(True, True, True)) == ["universe_of_gobernacion"]


@pytest.mark.parametrize(("code", "kind"), [("5019", "municipio"), ("52O19", "municipio"), ("52019", "gobernacion")])
def test_a_dane_code_has_two_or_five_digits(code, kind):
    assert entity(code=code, kind=kind) == ["dane_not_valid"]


@pytest.mark.rule("GP-02")
@pytest.mark.parametrize(
    ("expected", "progress", "done_on", "late"),
    [
        (date(2025, 6, 1), HALF, None, 0),  # its month counts until its last day
        (date(2025, 5, 1), HALF, None, 1),
        (date(2024, 11, 1), Decimal("99.99"), None, 7),
        (date(2025, 2, 1), FULL, date(2025, 2, 28), 0),
        (date(2025, 2, 1), FULL, date(2025, 4, 1), 2),
        (None, HALF, None, 0),
    ],
)
def test_the_delay_of_a_hito_is_counted_from_its_expected_month(expected, progress, done_on, late):
    assert months_late(expected, progress=progress, done_on=done_on, today=TODAY) == late


@pytest.mark.rule("GP-01")
def test_several_entities_count_the_same_and_those_without_a_road_do_not_count():
    assert mean([Decimal("10"), None, Decimal("25.5")]) == Decimal("17.75")
    assert mean([None]) is None


def test_a_month_outside_the_period_or_of_an_unknown_hito_is_refused():
    months = {"1": date(2028, 1, 1), "99": date(2025, 1, 1)}

    assert codes(schedule_problems(first_year=2024, months=months, codes=["1"])) == ["hito_unknown", "month_outside"]


def test_an_advisor_does_not_begin_in_the_future_nor_before_the_one_who_is_there():
    future = assignment_problems(starts_on=date(2025, 6, 16), current_since=None, today=TODAY)
    crossed = assignment_problems(starts_on=date(2025, 1, 1), current_since=date(2025, 2, 1), today=TODAY)

    assert codes(future) == ["date_in_future"]
    assert codes(crossed) == ["assignment_crossed"]


@pytest.mark.rule("GP-02")
def test_phase_one_is_complete_or_its_exception_says_why():
    assert codes(graduation_problems(whole=Decimal("99.99"), reason=" ")) == ["phase_not_complete"]
    assert not codes(graduation_problems(whole=FULL, reason=""))
    assert not codes(graduation_problems(whole=None, reason="Plan aprobado por decreto"))
