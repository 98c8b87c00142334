"""What an import says about the rows of a workbook that was read: each problem at its cell."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pes.rules.problems import Problem
from pes.workbooks.cells import EXCEL, CellProblem, Kind, RawCell, Value, read_cell
from pes.workbooks.form import ILLEGAL
from pes.workbooks.items import Item, Severity
from pes.workbooks.rows import LONGEST_TEXT

Stored = str | Decimal | int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row is: its sheet, and the cell under each header."""

    sheet: str
    cells: Mapping[str, str]

    def item(self, header: str, problem: Problem, found: object = "", expected: str = "") -> Item:
        """A problem of this row as an item of the answer, at the cell under a header."""
        severity = Severity.ERROR if problem.blocking else Severity.WARNING
        shown = "" if found is None else str(found)[:60]
        cell = self.cells.get(header, "")
        return Item(
            self.sheet, cell, problem.code, problem.rule, shown, expected, problem.message, problem.fix, severity
        )


class Found:
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


def repeated(rows: Iterable[Any], key: Callable[[Any], Hashable], header: str, found: Found) -> None:
    """Refuse rows whose key was seen before, naming the first cell that has it; a row says its `place`."""
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


def check_length(place: Place, header: str, text: str, longest: int, found: Found) -> None:
    """Refuse a text that does not fit where it is stored: cutting it would lose it in silence."""
    if len(text) > longest:
        message = f"El texto tiene {len(text)} caracteres y caben {longest}."
        found.add(place, header, Problem("text_too_long", "IM1", message, fix="Acórtelo."), text)


def read_back(kind: Kind, stored: str) -> str:
    """What a workbook gives back for a stored text: the same without what a cell cannot hold (EX2, IM13)."""
    written = ILLEGAL.sub("", stored).replace("\r\n", "\n").replace("\r", "\n")[:LONGEST_TEXT]
    try:
        return str(read_cell(kind, RawCell("s", written))[0] or "")
    except CellProblem:
        return stored


def differs(kind: Kind, stored: str, read: str) -> bool:
    """Whether a text of the workbook says something else than the stored one."""
    return stored != read and read_back(kind, stored) != read


def says_the_same(stored: Stored, read: Value) -> bool:
    """Whether a cell that was read is what the stored value comes back as (IM13, EX2)."""
    if stored == read:
        return True
    if isinstance(stored, Decimal):
        return read == EXCEL.create_decimal(stored)  # Excel keeps fifteen digits
    return isinstance(stored, str) and read_back(Kind.PROSE, stored) == (read or "")
