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
from typing import IO, NoReturn
from xml.parsers import expat

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries

from pes.workbooks import limits
from pes.workbooks.items import Refusal

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
CHUNK = 256 * 1024
# `=cmd|'/c calc'!A0`: a program, a bar, a topic, an exclamation mark.
DDE = re.compile(r"^[+\-=@\s]*[\w.]+\|.*!|\bDDE\s*\(|\b(CALL|REGISTER(\.ID)?|EXEC)\s*\(", re.I)
EXTERNAL = re.compile(r"\[\d+\]|\[[^\]]+\.xl\w+\]|\b(WEBSERVICE|RTD)\s*\(", re.I)

LAST_ROW = limits.MAX_ROWS + limits.HEADER_SEARCH
# What a cell that holds something is made of, with or without a namespace prefix.
CONTENT_MARKS = (b"<v", b"<is", b"<f", b":v", b":is", b":f")
TABLE_END = b"</sheetData"
REFERENCE = re.compile(rb"""<c\s[^>]*?\br=["']([A-Z]{1,3}[0-9]{1,7})["']""")
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


@dataclass(frozen=True, slots=True)
class Tail:
    """Byte offsets: after `last_mark` the sheet's table, which closes at `end`, holds nothing.

    `last_cell` is the last cell before, to be named. All zero when there is no telling.
    """

    last_mark: int
    end: int
    last_cell: str


def find_tail(stream: IO[bytes]) -> Tail:
    """Look for the empty tail in the raw bytes, twenty times faster than a parser.

    It errs on the safe side: a mark in a text or an attribute only makes the tail shorter,
    and with comments, CDATA, instructions or UTF-16, which no office writes, there is none.
    """
    last_mark = end = position = 0
    carry, reference = b"", b""
    while chunk := stream.read(CHUNK):
        window = carry + chunk
        has_oddity = b"<!" in window or window.find(b"<?", 0 if position else 8) >= 0
        if has_oddity or window.find(b"\0", 0, 200) >= 0:
            return Tail(0, 0, "")
        origin = position - len(carry)
        stop = window.find(TABLE_END)
        last = max(window.rfind(mark, 0, stop if stop >= 0 else len(window)) for mark in CONTENT_MARKS)
        if last >= 0:
            last_mark = origin + last
            near = REFERENCE.findall(window, max(0, last - 400), last)
            reference = near[-1] if near else reference
        if stop >= 0:
            end = origin + stop
            break
        position += len(chunk)
        carry = window[-500:]
    return Tail(last_mark, end, reference.decode()) if end else Tail(0, 0, "")


def refuse_entities(stream: IO[bytes]) -> None:
    """Read a part's prologue: a DOCTYPE there is refused before any parser expands it."""
    parser = _parser()

    def stop(_name: str, _attributes: object) -> None:
        raise StopIteration

    parser.StartElementHandler = stop
    try:
        _feed(parser, stream)
        parser.Parse(b"", True)
    except StopIteration:
        return


def elements(stream: IO[bytes], on_start: Callable[[str, dict[str, str]], None]) -> None:
    """Call `on_start(local name, attributes)` for every element of a small part."""
    parser = _parser()

    def start(name: str, attributes: dict[str, str]) -> None:
        on_start(name.rpartition(" ")[2], attributes)

    parser.StartElementHandler = start
    _feed(parser, stream)
    parser.Parse(b"", True)


def count_strings(stream: IO[bytes]) -> None:
    """Refuse a shared string table that could not belong to sheets within limits."""
    count = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > limits.MAX_STRINGS * 2:  # each text is at least <si><t>
            raise Refusal("too_heavy", found="demasiados textos distintos")

    elements(stream, start)


def scan_sheet(open_part: Callable[[], IO[bytes]], sheet: str) -> SheetFacts:
    """Facts of one sheet, read twice; raises `Refusal` for what must not be read."""
    with open_part() as stream:
        tail = find_tail(stream)
    scanner, parser = _SheetScanner(sheet, tail), _parser()
    scanner.attach(parser)
    with open_part() as stream:
        _feed(parser, _Until(stream, tail.end))
        scanner.wake()
        _feed(parser, stream)
    parser.Parse(b"", True)
    return scanner.facts


class _SheetScanner:
    def __init__(self, sheet: str, tail: Tail) -> None:
        self.sheet, self.tail, self.facts = sheet, tail, SheetFacts()
        self.row = self.column = self.count = self.merged_area = 0
        self.row_is_hidden = self.is_asleep = False
        self.cell_type = "n"
        self.text: list[str] = []

    def attach(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.handlers: dict[str, Callable[[dict[str, str]], None]] = {
            MAIN + "row": self._row,
            MAIN + "c": self._cell,
            MAIN + "v": self._content,
            MAIN + "is": self._content,
            MAIN + "f": self._formula,
            MAIN + "col": self._col,
            MAIN + "mergeCell": self._merge,
            MAIN + "autoFilter": self._filter,
            MAIN + "worksheet": self._worksheet,
        }
        parser.StartElementHandler = self._root

    def wake(self) -> None:
        if self.is_asleep:
            self.is_asleep, self.parser.StartElementHandler = False, self._start

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        if name != MAIN + "worksheet":
            raise Refusal("not_plain_xlsx", found=name.rpartition(" ")[2][:40], sheet=self.sheet)
        self.parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > limits.MAX_ELEMENTS:
            raise Refusal("too_heavy", found="demasiadas filas o celdas vacías", sheet=self.sheet)
        handler = self.handlers.get(name)
        if handler is not None:
            handler(attributes)

    def _worksheet(self, attributes: dict[str, str]) -> None:
        raise Refusal("damaged", found="hoja dentro de otra", sheet=self.sheet)

    def _row(self, attributes: dict[str, str]) -> None:
        number = int(attributes["r"]) if "r" in attributes else self.row + 1
        if number <= self.row:
            raise Refusal("damaged", found=f"fila {number} fuera de orden", sheet=self.sheet)
        if self.tail.last_mark < self.parser.CurrentByteIndex < self.tail.end:
            # The rest of the table is still parsed, so still well formed, but at C speed.
            self.is_asleep, self.parser.StartElementHandler = True, None
        elif number > LAST_ROW and self.tail.last_cell:
            self._too_far("too_many_rows", self.tail.last_cell)
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
            if row > LAST_ROW:
                self._too_far("too_many_rows")
            facts.last_row = row
            if self.row_is_hidden:
                facts.hidden_rows.append(row)
        if column > facts.last_column:
            if column > limits.MAX_COLUMNS:
                self._too_far("too_many_columns")
            facts.last_column = column

    def _too_far(self, code: str, cell: str = "") -> None:
        cell = cell or f"{get_column_letter(min(self.column, 18_278))}{self.row}"
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

    def refuse(*_arguments: object) -> NoReturn:
        raise Refusal("forbidden_xml", found="DOCTYPE")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    return parser


def _feed(parser: expat.XMLParserType, stream: IO[bytes] | _Until) -> None:
    while chunk := stream.read(CHUNK):
        parser.Parse(chunk, False)


class _Until:
    """The next `length` bytes of a stream."""

    def __init__(self, stream: IO[bytes], length: int) -> None:
        self.stream, self.left = stream, length

    def read(self, size: int) -> bytes:
        chunk = self.stream.read(min(size, self.left))
        self.left -= len(chunk)
        return chunk
