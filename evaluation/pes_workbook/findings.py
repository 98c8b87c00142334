"""What is found while a PES workbook is read and applied, and the checks that every sheet shares."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from decimal import Decimal
from typing import Any

from evaluation.pes_workbook.data import Place
from pes.rules.numbers import round_half_up
from pes.rules.problems import Problem
from pes.workbooks.items import Item, Severity

MAGNITUDE_PLACES = 4


class Findings:
    """Errors and warnings in the order found."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self.items = list(items)

    def add(self, place: Place, header: str, problem: Problem, found: object = "", expected: str = "") -> None:
        """Note a problem of a row, at the cell under a header."""
        self.items.append(place.item(header, problem, found, expected))

    @property
    def errors(self) -> list[Item]:
        """What refuses the whole file."""
        return [item for item in self.items if item.severity is Severity.ERROR]

    @property
    def warnings(self) -> list[Item]:
        """What is told and refuses nothing."""
        return [item for item in self.items if item.severity is Severity.WARNING]


def magnitude(place: Place, header: str, value: Decimal, found: Findings) -> Decimal:
    """An amount with the four decimals that are stored (PT-18), with a warning when it had more."""
    stored = round_half_up(value, MAGNITUDE_PLACES)
    if stored != value:
        message = f"La cifra tiene más de cuatro decimales y se guarda como {f'{stored:f}'.replace('.', ',')}."
        found.add(
            place, header, Problem("rounded", "PT-18", message, blocking=False, fix="Escriba cuatro decimales."), value
        )
    return stored


def repeated(rows: Iterable[Any], key: Callable[[Any], Hashable], header: str, found: Findings) -> None:
    """Refuse rows whose key was seen before, naming the first cell that has it."""
    first: dict[Hashable, Any] = {}
    for row in rows:
        known = first.setdefault(key(row), row)
        if known is not row:
            shown = key(row)
            parts = shown if isinstance(shown, tuple) else (shown,)
            text = ", ".join(map(str, parts))
            message = f"«{text}» está repetido: ya está en {known.place.cells[header]}."
            problem = Problem("repeated_row", "IM1", message, fix="Deje una sola fila.")
            found.add(row.place, header, problem, text)
