"""Amounts of a workbook as they are stored."""

from __future__ import annotations

from decimal import Decimal

from pes.rules.numbers import round_half_up
from pes.rules.problems import Problem
from pes.workbooks.places import Found, Place

MAGNITUDE_PLACES = 4


def magnitude(place: Place, header: str, value: Decimal, found: Found) -> Decimal:
    """An amount with the four decimals that are stored (PT-18), with a warning when it had more."""
    stored = round_half_up(value, MAGNITUDE_PLACES)
    if stored != value:
        message = f"La cifra tiene más de cuatro decimales y se guarda como {with_comma(stored)}."
        fix = "Escriba cuatro decimales."
        found.add(place, header, Problem("rounded", "PT-18", message, blocking=False, fix=fix), with_comma(value))
    return stored


def with_comma(amount: Decimal) -> str:
    """Every digit of an amount, as a person types it."""
    return f"{amount:f}".replace(".", ",")
