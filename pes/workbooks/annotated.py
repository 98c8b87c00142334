"""A form given back with what is wrong written on its cells (IM8).

The values of the file that was read go into our own template with `Row.written`; the
items, which speak of the cells of that file, are moved with `readdressed`.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import IO

from pes.workbooks import limits
from pes.workbooks.form import OBSERVATIONS
from pes.workbooks.items import Item, Severity
from pes.workbooks.names import column_letter, fold
from pes.workbooks.sheets import Cell, Mark, SheetData
from pes.workbooks.tables import Sheet
from pes.workbooks.writer import write_workbook

SEVERITIES = {Severity.ERROR: "Error", Severity.WARNING: "Advertencia"}
WIDTHS = {"hoja": 16, "celda": 9, "gravedad": 13, "valor": 32, "motivo": 60, "sugerencia": 60}


def annotate(
    target: str | os.PathLike[str] | IO[bytes],
    sheets: Iterable[SheetData],
    items: Iterable[Item],
    *,
    created: dt.datetime,
    title: str = "",
) -> tuple[Item, ...]:
    """Write the sheets with each item as a comment and a colour on its cell.

    All items are also listed on a first sheet, "Observaciones": those without a cell, or
    of a sheet that is not there, only on it. `limits.MAX_ROWS` rows a sheet at most.
    Answers what had to be cleaned or cut, as `write_workbook`.
    """
    items = tuple(islice(items, limits.MAX_ROWS))
    marked = (_marked(data, items) for data in sheets)
    return write_workbook(target, _before(_observations(items), marked), created=created, title=title)


def readdressed(items: Iterable[Item], sheet: Sheet, headers: Sequence[str], first_row: int = 2) -> list[Item]:
    """Items of a sheet that was read, moved to where its rows go when written in order.

    `headers` are the names of the spec in the order of the new columns; `first_row` is
    where the first row read is written. What has no place there loses its cell and says
    where it was; items of other sheets pass as they are.
    """
    columns = {header: column_letter(at) for at, header in enumerate(headers, 1)}
    numbers = {row.number: at for at, row in enumerate(sheet.rows, first_row)}
    numbers[sheet.header_row] = first_row - 1

    def moved(item: Item) -> Item:
        if fold(item.sheet) not in (fold(sheet.name), fold(sheet.title)) or not item.cell:
            return item
        header, number = sheet.place(item.cell)
        if header in columns and number in numbers and item.code not in ABOUT_HEADERS:
            return replace(item, cell=f"{columns[header]}{numbers[number]}")
        return replace(item, cell="", found=f"{item.found} (celda {item.cell} del archivo cargado)")

    return [moved(item) for item in items]


# They are told at the first cell of the header row, which is another column's.
ABOUT_HEADERS = frozenset({"missing_header", "unknown_header", "duplicate_header", "column_without_header"})


def _before(first: SheetData, others: Iterable[SheetData]) -> Iterator[SheetData]:
    yield first
    yield from others


def _marked(data: SheetData, items: Sequence[Item]) -> SheetData:
    found: dict[str, list[Item]] = {}
    for item in items:
        if item.cell and fold(item.sheet) == fold(data.title):
            found.setdefault(item.cell, []).append(item)
    marks = {cell: Mark(_worst(about), "\n\n".join(map(_told, about))) for cell, about in found.items()}
    return replace(data, rows=islice(data.rows, limits.MAX_ROWS), marks=marks)


def _worst(items: Iterable[Item]) -> Severity:
    is_error = any(item.severity is Severity.ERROR for item in items)
    return Severity.ERROR if is_error else Severity.WARNING


def _told(item: Item) -> str:
    lines = [f"{SEVERITIES[item.severity]}: {item.message}"]
    if item.fix:
        lines.append(item.fix)
    if item.found:
        lines.append(f"Valor: {item.found}")
    if item.expected:
        lines.append(f"Se espera: {item.expected}")
    return "\n".join(lines)


def _observations(items: Sequence[Item]) -> SheetData:
    rows: Iterator[Sequence[Cell]] = (
        [item.sheet, item.cell, SEVERITIES[item.severity], item.found, item.message, item.fix] for item in items
    )
    wrap = frozenset({"valor", "motivo", "sugerencia"})
    return SheetData(OBSERVATIONS, list(WIDTHS), rows, widths=WIDTHS, wrap=wrap)
