"""What openpyxl's reader does not tell about a sheet, found with one expat pass.

Runs in the child. It refuses entity declarations, finds the last cell that holds
something (so that a million empty rows are never built as Python objects), the
formulas, the merged ranges and what is hidden, and it refuses a sheet whose rows
or cells are out of order, because readers silently drop those. Cases IM2, IM5–IM7.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries

from pes.workbooks import limits
from pes.workbooks.items import Refusal

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
CHUNK = 256 * 1024
# `=cmd|'/c calc'!A0`: a program, a bar, a topic, an exclamation mark.
DDE = re.compile(r"^[+\-=@\s]*[\w.]+\|.*!|\bDDE\s*\(|\b(CALL|REGISTER(\.ID)?|EXEC)\s*\(", re.I)
EXTERNAL = re.compile(r"\[\d+\]|\[[^\]]+\.xl\w+\]|\b(WEBSERVICE|RTD)\s*\(", re.I)

Area = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass(slots=True)
class SheetFacts:
    """Everything is 1-based; rows and columns hold something unless said."""

    last_row: int = 0
    last_column: int = 0
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    empty_texts: set[tuple[int, int]] = field(default_factory=set)
    merges: list[Area] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    is_filtered: bool = False


def refuse_entities(stream: IO[bytes]) -> None:
    """Read a part's prologue: a DOCTYPE there is refused before any parser expands it."""
    parser = _parser()

    def stop(_name: str, _attributes: object) -> None:
        raise StopIteration

    parser.StartElementHandler = stop
    try:
        _feed(parser, stream)
    except StopIteration:
        return


def elements(stream: IO[bytes], on_start: Callable[[str, dict[str, str]], None]) -> None:
    """Call `on_start(local name, attributes)` for every element of a small part."""
    parser = _parser()

    def start(name: str, attributes: dict[str, str]) -> None:
        on_start(name.rpartition(" ")[2], attributes)

    parser.StartElementHandler = start
    _feed(parser, stream)


def count_strings(stream: IO[bytes]) -> None:
    """Refuse a shared string table that could not belong to sheets within limits."""
    count = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > limits.MAX_STRINGS * 2:  # each text is at least <si><t>
            raise Refusal("too_heavy", found="demasiados textos distintos")

    elements(stream, start)


def scan_sheet(stream: IO[bytes], sheet: str) -> SheetFacts:
    """Facts of one sheet; raises `Refusal` for what must not be read."""
    scanner = _SheetScanner(sheet)
    parser = _parser()
    scanner.attach(parser)
    _feed(parser, stream)
    return scanner.facts


class _SheetScanner:
    def __init__(self, sheet: str) -> None:
        self.sheet, self.facts = sheet, SheetFacts()
        self.row = self.column = self.count = self.merged_area = 0
        self.row_is_hidden = False
        self.cell_type = "n"
        self.text: list[str] = []

    def attach(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.handlers = {
            MAIN + "row": self._row, MAIN + "c": self._cell, MAIN + "v": self._content,
            MAIN + "is": self._content, MAIN + "f": self._formula, MAIN + "col": self._col,
            MAIN + "mergeCell": self._merge, MAIN + "autoFilter": self._filter,
            MAIN + "worksheet": self._worksheet,
        }
        parser.StartElementHandler = self._root

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        if name != MAIN + "worksheet":
            raise Refusal("not_plain_xlsx", found=name.rpartition(" ")[2][:40], sheet=self.sheet)
        self.parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        handler = self.handlers.get(name)
        if handler is not None:
            handler(attributes)

    def _worksheet(self, attributes: dict[str, str]) -> None:
        raise Refusal("damaged", found="hoja dentro de otra", sheet=self.sheet)

    def _row(self, attributes: dict[str, str]) -> None:
        if self.count > limits.MAX_ELEMENTS:
            raise Refusal("too_heavy", found="millones de filas o celdas vacías", sheet=self.sheet)
        number = int(attributes["r"]) if "r" in attributes else self.row + 1
        if number <= self.row:
            raise Refusal("damaged", found=f"fila {number} fuera de orden", sheet=self.sheet)
        self.row, self.column = number, 0
        self.row_is_hidden = attributes.get("hidden") in ("1", "true")

    def _cell(self, attributes: dict[str, str]) -> None:
        column = self.column + 1
        if reference := attributes.get("r"):
            row, column = coordinate_to_tuple(reference)
            if row != self.row or column <= self.column:
                raise Refusal("damaged", found="celda fuera de orden", sheet=self.sheet, cell=reference[:12])
        self.column = column
        self.cell_type = attributes.get("t", "n")

    def _content(self, _attributes: dict[str, str] | None = None) -> None:
        facts, row, column = self.facts, self.row, self.column
        if row != facts.last_row:
            if row > limits.MAX_ROWS + limits.HEADER_SEARCH:
                self._too_far("too_many_rows")
            facts.last_row = row
            if self.row_is_hidden:
                facts.hidden_rows.append(row)
        if column > facts.last_column:
            if column > limits.MAX_COLUMNS:
                self._too_far("too_many_columns")
            facts.last_column = column

    def _too_far(self, code: str) -> None:
        cell = f"{get_column_letter(min(self.column, 18_278))}{self.row}"
        raise Refusal(code, sheet=self.sheet, cell=cell, found=f"datos en {cell}")

    def _formula(self, _attributes: dict[str, str]) -> None:
        self._content()
        self.text = []
        self.parser.CharacterDataHandler = self.text.append
        self.parser.EndElementHandler = self._formula_end

    def _formula_end(self, _name: str) -> None:
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
        formula, at = "".join(self.text), (self.row, self.column)
        cell = f"{get_column_letter(self.column)}{self.row}"
        if DDE.search(formula):
            raise Refusal("dde", found=f"={formula[:60]}", sheet=self.sheet, cell=cell)
        if EXTERNAL.search(formula):
            raise Refusal("external_link", found=f"={formula[:60]}", sheet=self.sheet, cell=cell)
        self.facts.formulas[at] = formula[:200]
        if self.cell_type == "str":
            self.facts.empty_texts.add(at)

    def _col(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true") and len(self.facts.hidden_columns) < 1_000:
            span = (int(attributes["min"]), int(attributes["max"]))
            self.facts.hidden_columns.append(span)

    def _merge(self, attributes: dict[str, str]) -> None:
        if len(self.facts.merges) >= limits.MAX_MERGES:
            raise Refusal("too_heavy", found="demasiadas celdas combinadas", sheet=self.sheet)
        first_column, first_row, last_column, last_row = range_boundaries(attributes["ref"])
        self.facts.merges.append((first_row, first_column, last_row, last_column))
        self.merged_area += max(0, min(last_row, self.facts.last_row) - first_row + 1)
        if self.merged_area > limits.MAX_MERGED_AREA:
            raise Refusal("too_heavy", found="demasiadas celdas combinadas", sheet=self.sheet)

    def _filter(self, _attributes: dict[str, str]) -> None:
        self.facts.is_filtered = True


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_arguments: object) -> None:
        raise Refusal("forbidden_xml", found="DOCTYPE")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    return parser


def _feed(parser: expat.XMLParserType, stream: IO[bytes]) -> None:
    while chunk := stream.read(CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
