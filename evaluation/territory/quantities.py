"""A figure of Monitoreo 360 as it is shown: once a number, which page, PDF and workbook write in their own way."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pes.rules.numbers import NO_BREAK_SPACE, round_half_up, spanish_figures

PERCENT = "%"
TOP = 5  # of every rating and every answer of perception


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number rounded as it is shown, out of how many if it is a part of something, and its unit («%» or none)."""

    number: Decimal | int
    whole: int | None = None
    unit: str = ""

    def __str__(self) -> str:
        figures = spanish_figures(Decimal(self.number))
        if self.whole is not None:
            return f"{figures} de {spanish_figures(Decimal(self.whole))}"
        return f"{figures}{NO_BREAK_SPACE}{self.unit}" if self.unit else figures


def percent(value: Decimal | None) -> Quantity | None:
    """A percentage (0–100): «24,15 %»."""
    return None if value is None else Quantity(round_half_up(value, 2), unit=PERCENT)


def score(value: Decimal | None, whole: int | None = None) -> Quantity | None:
    """A mean of answers or ratings from 1 to 5: «4,50», or «4,50 de 5»."""
    return None if value is None else Quantity(round_half_up(value, 2), whole)


def count(number: int, whole: int | None = None) -> Quantity:
    """How many: «1.234», or «3 de 12»."""
    return Quantity(number, whole)
