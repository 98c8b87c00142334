"""Rows as one XML element each, which is what makes a streamed sheet fast (EX1, EX2, EX4)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from lxml.etree import fromstring
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from pes.workbooks import form, limits
from pes.workbooks.items import Item, Severity
from pes.workbooks.marking import Marker
from pes.workbooks.names import column_letter
from pes.workbooks.sheets import Cell, Formula, Heading, SheetData

LONGEST_TEXT = 32_767  # Excel's own limit
MAX_NOTES = 1_000
DECIMAL_FORMAT = "#,##0.00##"
DATE_FORMAT = "yyyy-mm-dd"
INSTANT_FORMAT = "yyyy-mm-dd hh:mm"
HEADER_FILL = "E6ECF5"
EPOCH = dt.date(1899, 12, 30)

# Everything that keeps a text from being copied as it is; edges matter to xml:space.
CARE = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|^\\s|\\s\\Z|\n|_x[0-9A-Fa-f]{4}_")
ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class RowSheet(WriteOnlyWorksheet):
    """openpyxl's streamed sheet, fed with whole rows."""

    def start(self) -> None:
        """Write what precedes the rows; openpyxl forgets the comments told before."""
        self._get_writer()
        self._rows = self._write_rows()
        next(self._rows)

    def append_element(self, element: Any) -> None:
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


class RowWriter:
    """Builds `<row>` elements of one sheet and remembers where it is."""

    def __init__(self, sheet: RowSheet, data: SheetData, notes: list[Item]) -> None:
        self.sheet, self.data, self.notes = sheet, data, notes
        self.number = 0
        self.letters = [column_letter(at) for at in range(1, len(data.headers) + 1)]
        formats = [data.formats.get(header) for header in data.headers]
        self.decimals = self._styles([code or DECIMAL_FORMAT for code in formats])
        self.integers = self._styles([code or "" for code in formats])
        self.dates = self._styles([code or DATE_FORMAT for code in formats])
        self.instants = self._styles([code or INSTANT_FORMAT for code in formats])
        self.texts = self._styles([""] * len(formats))
        self.marker = Marker(sheet, data, self.texts)

    def _styles(self, number_formats: list[str]) -> list[str]:
        return [self._style(header, code) for header, code in zip(self.data.headers, number_formats, strict=True)]

    def _style(self, header: str, number_format: str) -> str:
        cell = WriteOnlyCell(self.sheet)
        if number_format:
            cell.number_format = number_format
        form.dress(cell, self.data, header)
        return f' s="{cell.style_id}"' if cell.has_style else ""

    def header(self) -> Any:
        self.heading = self._heading_style()
        self.number += 1
        return self._element(
            [
                self._text(header, f"{letter}1", self.heading)
                for letter, header in zip(self.letters, self.data.headers, strict=True)
            ]
        )

    def _heading_style(self) -> str:
        cell = WriteOnlyCell(self.sheet)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color=HEADER_FILL)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        return f' s="{cell.style_id}"'

    def row(self, values: Sequence[Cell]) -> Any:
        self.number += 1
        if self.number > form.LAST_ROW:
            raise ValueError(f"la hoja «{self.sheet.title}» pasa de {form.LAST_ROW} filas")
        if len(values) > len(self.letters):
            raise ValueError(f"la fila {self.number} tiene más valores que encabezados")
        number, letters, parts = self.number, self.letters, []
        value: Any
        for at, value in enumerate(values):
            kind: Any = value.__class__  # isinstance would let booleans in, and costs more
            if kind is str:
                if value:
                    parts.append(self._text(value, f"{letters[at]}{number}", self.texts[at]))
            elif kind is int:
                parts.append(f'<c r="{letters[at]}{number}"{self.integers[at]}><v>{value}</v></c>')
            elif kind is Decimal and value.is_finite():
                parts.append(f'<c r="{letters[at]}{number}"{self.decimals[at]}><v>{value}</v></c>')
            elif value is not None:
                parts.append(self._other(value, at))
        return self._element(parts)

    def rest(self) -> Iterator[Any]:
        """The marked rows below the last one; what is beyond the rows we read is not marked."""
        for number in sorted(self.marker.waiting):
            if self.number < number <= limits.MAX_ROWS + 1:
                self.number = number
                yield self._element([])

    def _element(self, parts: list[str]) -> Any:
        row = fromstring(f'<row r="{self.number}">{"".join(parts)}</row>')
        return self.marker.apply(self.number, row) if self.number in self.marker.waiting else row

    def _text(self, value: str, cell: str, style: str = "") -> str:
        space = ""
        if len(value) > LONGEST_TEXT or CARE.search(value):
            value, space = self._careful(value, cell), ' xml:space="preserve"'
        return f'<c r="{cell}"{style} t="inlineStr"><is><t{space}>{value}</t></is></c>'

    def _careful(self, value: str, cell: str) -> str:
        cleaned, count = form.ILLEGAL.subn("", value)
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
            return f'<c r="{cell}"{self.texts[at]} t="b"><v>{int(value)}</v></c>'
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
        if isinstance(value, Formula):
            return self._formula(value, at, cell)
        text = str(value)  # enumerations and other named values
        return self._text(text, cell, self.heading if isinstance(value, Heading) else self.texts[at]) if text else ""

    def _formula(self, formula: Formula, at: int, cell: str) -> str:
        """A formula with its value: as Excel writes it, a blank one is an empty text."""
        value, style, kind = formula.value, self.decimals[at], ""
        if isinstance(value, bool):
            value, kind = int(value), ' t="b"'
        elif value is None or isinstance(value, str):
            value, style, kind = self._careful(value or "", cell), self.texts[at], ' t="str"'
        elif isinstance(value, dt.date):
            value, style = (value - EPOCH).days, self.dates[at]
        elif not Decimal(value).is_finite():
            raise ValueError(f"la fórmula de {cell} no tiene un valor finito")
        elif isinstance(value, int):
            style = self.integers[at] or self.texts[at]
        return f'<c r="{cell}"{style}{kind}><f>{escape(formula.at(self.number))}</f><v>{value}</v></c>'

    def _tell(self, cell: str, code: str, found: str, message: str) -> None:
        if len(self.notes) < MAX_NOTES:
            self.notes.append(note(self.sheet.title, cell, code, found, message))


def note(sheet: str, cell: str, code: str, found: str, message: str) -> Item:
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
