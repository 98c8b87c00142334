"""Safe, streamed and repeatable workbooks (cases EX1, EX2, EX4; PD4).

openpyxl keeps the styles, the parts and the packaging. Rows are handed to its stream
as one element each instead of cell by cell: measured, a third of the time. A text is
always written as an inline string, so `=…` cannot become a formula. The same inputs
give the same bytes: no clock is read, not even for the ZIP entries.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import zipfile
from collections.abc import Iterable
from typing import IO

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from pes.workbooks import form
from pes.workbooks.items import Item
from pes.workbooks.names import column_letter
from pes.workbooks.package import TimelessZip
from pes.workbooks.rows import RowSheet, RowWriter, note
from pes.workbooks.sheets import Cell, Formula, Heading, SheetData

__all__ = ["Cell", "Formula", "Heading", "SheetData", "write_workbook"]

LONGEST_TITLE = 31  # Excel's own limit


def write_workbook(
    target: str | os.PathLike[str] | IO[bytes],
    sheets: Iterable[SheetData],
    *,
    created: dt.datetime,
    title: str = "",
) -> tuple[Item, ...]:
    """Write the sheets to a path or binary file; what had to be cleaned or cut, as warnings.

    Raises `ValueError` when a sheet has more rows than Excel can hold.
    """
    book = Workbook(write_only=True)
    properties = book.properties
    properties.creator = properties.lastModifiedBy = "PES"
    properties.created = properties.modified = created.replace(tzinfo=None)
    properties.title = form.ILLEGAL.sub("", title) or None
    notes: list[Item] = []
    lists = form.Lists()
    try:
        for data in sheets:
            _write_sheet(book, data, notes, lists)
        if lists:
            if form.LISTS in book.sheetnames:
                raise ValueError(f"la hoja «{form.LISTS}» es la de las listas del formulario")
            _write_sheet(book, lists.data(), notes, lists)
            book.worksheets[-1].sheet_state = "hidden"
    except BaseException:
        for sheet in book.worksheets:  # openpyxl removes its temporary files only at exit
            sheet._writer.cleanup()
        raise
    with TimelessZip(target, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()
    return tuple(notes)


def _write_sheet(book: Workbook, data: SheetData, notes: list[Item], lists: form.Lists) -> None:
    sheet = RowSheet(book, _sheet_title(book, data.title, notes))
    book._add_sheet(sheet)
    sheet.freeze_panes = data.freeze
    sheet.print_title_rows = "1:1"
    if data.mark:
        sheet.oddHeader.center.text = book.properties.description = data.mark
    for at, header in enumerate(data.headers, 1):
        width = data.widths.get(header, min(max(len(header) + 4, 10), 40))
        sheet.column_dimensions[column_letter(at)].width = width
    rows = RowWriter(sheet, data, notes)
    form.prepare(sheet, data)
    try:
        sheet.start()
        sheet.append_element(rows.header())
        for row in data.rows:
            sheet.append_element(rows.row(row))
        for element in rows.rest():
            sheet.append_element(element)
        if data.headers and data.has_filter:
            sheet.auto_filter.ref = f"A1:{column_letter(len(data.headers))}{rows.number}"
        form.add_validations(sheet, data, rows.number, lists)
    finally:
        sheet.close()


def _sheet_title(book: Workbook, wanted: str, notes: list[Item]) -> str:
    """A title Excel accepts: no `[]:*?/\\`, no outer quotes, 31 characters, not repeated."""
    title = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", form.ILLEGAL.sub("", wanted)).split())
    title = title[:LONGEST_TITLE].strip(" '") or "Hoja"
    taken = {name.casefold() for name in book.sheetnames}
    base, number = title, 2
    while title.casefold() in taken:
        suffix = f" {number}"
        title, number = base[: LONGEST_TITLE - len(suffix)] + suffix, number + 1
    if title != wanted:
        notes.append(
            note(title, "", "sheet_title_changed", wanted[:60], "El nombre de la hoja se ajustó a lo que Excel admite.")
        )
    return title
