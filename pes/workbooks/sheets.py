"""What a sheet to be written holds: cells, columns and, on a form, what may be typed in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pes.workbooks.items import Severity

Plain = str | Decimal | int | float | dt.date | bool | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of ours and the value it has now, which is what readers take.

    The value may be a date, never an instant. `text` goes without the equals sign; `{row}` in it is the number of its row:
    `Formula("SUM(L{row}:O{row})", Decimal(100))`.
    """

    text: str
    value: Plain = None

    def at(self, row: int) -> str:
        return self.text.replace("{row}", str(row))


class Heading(str):
    """A text among the rows that looks like a header."""

    __slots__ = ()


Cell = Plain | dt.datetime | Formula


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said about one cell: a comment, and a colour by severity."""

    severity: Severity
    comment: str


@dataclass(frozen=True, slots=True)
class SheetData:
    """One sheet to write. `rows` may be a generator, read once and never held.

    `widths` (in characters) and `formats` (Excel number formats, for the numbers and
    dates of a column) go by header. `mark` is read above every printed page and in the
    book's properties, never in a cell, so that what is exported can be imported.

    A sheet to be filled in also says, by header: `choices`, the texts allowed;
    `help`, the message shown when a cell is selected (255 characters); `locked`, the
    columns that are ours, in a sheet protected without password; `wrap`, the columns
    whose texts take several lines. Choices and help reach `spare_rows` rows below the
    last one. `marks` go by cell (`C7`). What stands above and left of the cell `freeze`
    stays in sight.
    """

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Mapping[str, float] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    wrap: frozenset[str] = frozenset()
    spare_rows: int = 500
    has_filter: bool = True
    marks: Mapping[str, Mark] = field(default_factory=dict)
    freeze: str = "A2"
