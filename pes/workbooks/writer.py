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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from lxml.etree import fromstring
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter

from pes.workbooks.items import Item, Severity
from pes.workbooks.names import column_letter

LONGEST_TEXT = 32_767  # Excel's own limit, as are the next two
LAST_ROW = 1_048_576
LONGEST_TITLE = 31
MAX_NOTES = 1_000
DECIMAL_FORMAT = "#,##0.00##"
DATE_FORMAT = "yyyy-mm-dd"
INSTANT_FORMAT = "yyyy-mm-dd hh:mm"
HEADER_FILL = "E6ECF5"
EPOCH = dt.date(1899, 12, 30)
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Everything that keeps a text from being copied as it is; edges matter to xml:space.
CARE = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|^\\s|\\s\\Z|\n|_x[0-9A-Fa-f]{4}_")
ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

Cell = str | Decimal | int | float | dt.date | dt.datetime | bool | None


@dataclass(frozen=True, slots=True)
class SheetData:
    """One sheet to write. `rows` may be a generator, read once and never held.

    `widths` (in characters) and `formats` (Excel number formats, for the numbers and
    dates of a column) go by header. `mark` is read above every printed page and in the
    book's properties, never in a cell, so that what is exported can be imported.
    """

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Mapping[str, float] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""


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
    properties.title = ILLEGAL.sub("", title) or None
    notes: list[Item] = []
    try:
        for data in sheets:
            _write_sheet(book, data, notes)
    except BaseException:
        for sheet in book.worksheets:  # openpyxl removes its temporary files only at exit
            sheet._writer.cleanup()
        raise
    with _TimelessZip(target, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()
    return tuple(notes)


def _write_sheet(book: Workbook, data: SheetData, notes: list[Item]) -> None:
    sheet = _RowSheet(book, _sheet_title(book, data.title, notes))
    book._add_sheet(sheet)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    if data.mark:
        sheet.oddHeader.center.text = book.properties.description = data.mark
    for at, header in enumerate(data.headers, 1):
        width = data.widths.get(header, min(max(len(header) + 4, 10), 40))
        sheet.column_dimensions[column_letter(at)].width = width
    rows = _RowWriter(sheet, data, notes)
    try:
        sheet.append_element(rows.header())
        for row in data.rows:
            sheet.append_element(rows.row(row))
        if data.headers:
            sheet.auto_filter.ref = f"A1:{column_letter(len(data.headers))}{rows.number}"
    finally:
        sheet.close()


def _sheet_title(book: Workbook, wanted: str, notes: list[Item]) -> str:
    """A title Excel accepts: no `[]:*?/\\`, no outer quotes, 31 characters, not repeated."""
    title = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", ILLEGAL.sub("", wanted)).split())
    title = title[:LONGEST_TITLE].strip(" '") or "Hoja"
    taken = {name.casefold() for name in book.sheetnames}
    base, number = title, 2
    while title.casefold() in taken:
        suffix = f" {number}"
        title, number = base[: LONGEST_TITLE - len(suffix)] + suffix, number + 1
    if title != wanted:
        notes.append(
            _note(
                title, "", "sheet_title_changed", wanted[:60], "El nombre de la hoja se ajustó a lo que Excel admite."
            )
        )
    return title


class _RowSheet(WriteOnlyWorksheet):
    """openpyxl's streamed sheet, fed with whole rows."""

    def append_element(self, element: Any) -> None:
        if self._rows is None:
            self._get_writer()
            self._rows = self._write_rows()
            next(self._rows)
        self._rows.send(element)

    def _write_rows(self) -> Any:
        stream = self._writer.xf.send(True)
        with stream.element("sheetData"):
            try:
                while True:
                    stream.write((yield))
            except GeneratorExit:
                pass
        self._writer.xf.send(None)


class _RowWriter:
    """Builds `<row>` elements of one sheet and remembers where it is."""

    def __init__(self, sheet: _RowSheet, data: SheetData, notes: list[Item]) -> None:
        self.sheet, self.data, self.notes = sheet, data, notes
        self.number = 0
        self.letters = [column_letter(at) for at in range(1, len(data.headers) + 1)]
        formats = [data.formats.get(header) for header in data.headers]
        self.decimals = [self._style(code or DECIMAL_FORMAT) for code in formats]
        self.integers = [self._style(code) if code else "" for code in formats]
        self.dates = [self._style(code or DATE_FORMAT) for code in formats]
        self.instants = [self._style(code or INSTANT_FORMAT) for code in formats]

    def _style(self, number_format: str) -> str:
        cell = WriteOnlyCell(self.sheet)
        cell.number_format = number_format
        return f' s="{cell.style_id}"'

    def header(self) -> Any:
        cell = WriteOnlyCell(self.sheet)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color=HEADER_FILL)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        style = f' s="{cell.style_id}"'
        self.number += 1
        return self._element(
            [
                self._text(header, f"{letter}1", style)
                for letter, header in zip(self.letters, self.data.headers, strict=True)
            ]
        )

    def row(self, values: Sequence[Cell]) -> Any:
        self.number += 1
        if self.number > LAST_ROW:
            raise ValueError(f"la hoja «{self.sheet.title}» pasa de {LAST_ROW} filas")
        if len(values) > len(self.letters):
            raise ValueError(f"la fila {self.number} tiene más valores que encabezados")
        number, letters, parts = self.number, self.letters, []
        value: Any
        for at, value in enumerate(values):
            kind: Any = value.__class__  # isinstance would let booleans in, and costs more
            if kind is str:
                if value:
                    parts.append(self._text(value, f"{letters[at]}{number}"))
            elif kind is int:
                parts.append(f'<c r="{letters[at]}{number}"{self.integers[at]}><v>{value}</v></c>')
            elif kind is Decimal and value.is_finite():
                parts.append(f'<c r="{letters[at]}{number}"{self.decimals[at]}><v>{value}</v></c>')
            elif value is not None:
                parts.append(self._other(value, at))
        return self._element(parts)

    def _element(self, parts: list[str]) -> Any:
        return fromstring(f'<row r="{self.number}">{"".join(parts)}</row>')

    def _text(self, value: str, cell: str, style: str = "") -> str:
        space = ""
        if len(value) > LONGEST_TEXT or CARE.search(value):
            value, space = self._careful(value, cell), ' xml:space="preserve"'
        return f'<c r="{cell}"{style} t="inlineStr"><is><t{space}>{value}</t></is></c>'

    def _careful(self, value: str, cell: str) -> str:
        cleaned, count = ILLEGAL.subn("", value)
        if count:
            self._tell(
                cell,
                "control_characters",
                repr(value[:40]),
                f"Se quitaron {count} caracteres de control que Excel no admite.",
            )
        cleaned = cleaned.replace("\r\n", "\n").replace("\r", "\n")
        cleaned = ESCAPED.sub("_x005F_", cleaned)  # Excel would read _x0041_ as A
        if len(cleaned) > LONGEST_TEXT:
            self._tell(
                cell,
                "text_cut",
                f"{len(cleaned)} caracteres",
                f"El texto se cortó en {LONGEST_TEXT} caracteres, el máximo de Excel.",
            )
            cleaned = cleaned[:LONGEST_TEXT]
        return cleaned.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def _other(self, value: Any, at: int) -> str:
        cell = f"{self.letters[at]}{self.number}"
        if isinstance(value, bool):
            return f'<c r="{cell}" t="b"><v>{int(value)}</v></c>'
        if isinstance(value, dt.datetime):
            serial = to_excel(value.replace(tzinfo=None))
            return f'<c r="{cell}"{self.instants[at]}><v>{serial}</v></c>'
        if isinstance(value, dt.date):
            return f'<c r="{cell}"{self.dates[at]}><v>{(value - EPOCH).days}</v></c>'
        if isinstance(value, (int, float, Decimal)):
            if not Decimal(value).is_finite():
                self._tell(cell, "not_finite", str(value), "El número no es finito y quedó vacío.")
                return ""
            return f'<c r="{cell}"{self.decimals[at]}><v>{value!s}</v></c>'
        text = str(value)  # enumerations and other named values
        return self._text(text, cell) if text else ""

    def _tell(self, cell: str, code: str, found: str, message: str) -> None:
        if len(self.notes) < MAX_NOTES:
            self.notes.append(_note(self.sheet.title, cell, code, found, message))


def _note(sheet: str, cell: str, code: str, found: str, message: str) -> Item:
    return Item(
        sheet,
        cell,
        code,
        "EX2",
        found,
        "lo que Excel admite",
        message,
        "El dato completo está en el sistema.",
        Severity.WARNING,
    )


class _TimelessZip(zipfile.ZipFile):
    """Entries carry a fixed date and mode, so that equal contents are equal bytes."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_options: Any, **_named: Any) -> None:
        super().writestr(_entry(zinfo_or_arcname), data, zipfile.ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_options: Any, **_named: Any) -> None:
        entry = _entry(arcname)
        entry.file_size = Path(filename).stat().st_size  # tells zipfile whether it needs ZIP64
        with open(filename, "rb") as source, self.open(entry, "w") as out:
            while chunk := source.read(1024 * 1024):
                out.write(chunk)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ZIP_EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    return entry
