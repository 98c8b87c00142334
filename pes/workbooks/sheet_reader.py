"""One sheet's cells and what must be told about it, in one expat pass. Runs in the child.

It finds the last cell that holds something (so that a million empty rows are never built
as Python objects), the formulas, the merged ranges and what is hidden, and it refuses a
sheet whose rows or cells are out of order, because readers silently drop those.
Cases IM2, IM5–IM7.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import IO, Any
from xml.parsers import expat

from pes.workbooks import limits
from pes.workbooks.content import Content, unescaped
from pes.workbooks.items import Refusal
from pes.workbooks.names import column_letter, column_number
from pes.workbooks.scan import MAIN, Tail, feed, find_tail, safe_parser

# `=cmd|'/c calc'!A0`: a program, a bar, a topic, an exclamation mark.
DDE = re.compile(r"^[+\-=@\s]*[\w.]+\|.*!|\bDDE\s*\(|\b(CALL|REGISTER(\.ID)?|EXEC)\s*\(", re.I)
EXTERNAL = re.compile(r"\[\d+\]|\[[^\]]+\.xl\w+\]|\b(WEBSERVICE|RTD)\s*\(", re.I)
AREA = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6}))?")
LETTERS = re.compile(r"[A-Z]{1,3}")
LAST_ROW = limits.MAX_ROWS + limits.HEADER_SEARCH
TEXT, GUIDE, INLINE, VALUE, FORMULA = (MAIN + name for name in ("t", "rPh", "is", "v", "f"))
Answer = dict[str, Any]


def read_sheet(open_part: Callable[[], IO[bytes]], sheet: str, content: Content, budget: list[int]) -> Answer:
    """Rows `[number, [[column, kind, text, flags], …]]` and the facts of one sheet.

    `budget` holds the characters that may still be handed over. Raises `Refusal` for what
    must not be read. Everything is 1-based; rows and columns hold something unless said.
    """
    with open_part() as stream:
        tail = find_tail(stream)
    reader, parser = _SheetReader(sheet, tail, content, budget), safe_parser()
    reader.attach(parser)
    with open_part() as stream:
        feed(parser, _Until(stream, tail.end))
        reader.wake()
        feed(parser, stream)
    parser.Parse(b"", True)
    return reader.answer()


class _SheetReader:
    def __init__(self, sheet: str, tail: Tail, content: Content, budget: list[int]) -> None:
        self.sheet, self.tail, self.content, self.budget = sheet, tail, content, budget
        self.row = self.column = self.count = self.merged_area = self.last_row = 0
        self.row_is_hidden = self.is_asleep = self.is_filtered = self.has_value = self.is_guide = False
        self.cell_type, self.style = "n", "0"
        self.formula: str | None = None
        self.pieces: list[str] = []
        self.cells: list[list[Any]] = []
        self.rows: list[tuple[int, list[list[Any]]]] = []
        self.merges: list[tuple[int, int, int, int]] = []  # first row, first column, last row, last column
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[tuple[int, int]] = []

    def attach(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.handlers: dict[str, Callable[[dict[str, str]], None]] = {
            MAIN + "row": self._row,
            MAIN + "c": self._cell,
            VALUE: self._collect,
            INLINE: self._inline,
            FORMULA: self._collect,
            MAIN + "col": self._col,
            MAIN + "mergeCell": self._merge,
            MAIN + "autoFilter": self._filter,
            MAIN + "worksheet": self._worksheet,
        }
        parser.StartElementHandler = self._root

    def wake(self) -> None:
        if self.is_asleep:
            self.is_asleep, self.parser.StartElementHandler = False, self._start

    def answer(self) -> Answer:
        self._end_row()
        return {
            "rows": self.rows,
            "merges": self.merges,
            "hidden_rows": self.hidden_rows,
            "hidden_columns": self.hidden_columns,
            "is_filtered": self.is_filtered,
        }

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
        self._end_row()
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

    def _end_row(self) -> None:
        self._end_cell()
        if self.cells:
            self.rows.append((self.row, self.cells))
            self.cells = []

    def _cell(self, attributes: dict[str, str]) -> None:
        if self.formula is not None:
            self._end_cell()
        column = self.column + 1
        if reference := attributes.get("r"):
            row = str(self.row)
            column = _column(reference[: -len(row)]) if reference.endswith(row) else 0
            if column <= self.column:
                raise Refusal("damaged", found="celda fuera de orden", sheet=self.sheet, cell=reference[:12])
        self.column, self.has_value = column, False
        self.cell_type, self.style = attributes.get("t", "n"), attributes.get("s", "0")

    def _end_cell(self) -> None:
        """A formula that came without value: an empty text is one, anything else is told (IM2)."""
        if self.formula is not None and not self.has_value and self.cell_type != "str":
            self.cells.append([self.column, "x", f"={self.formula}", "f"])
        self.formula = None

    def _touch(self) -> None:
        """The cell holds something."""
        row = self.row
        if row != self.last_row:
            if row > LAST_ROW:
                self._too_far("too_many_rows")
            self.last_row = row
            if self.row_is_hidden:
                self.hidden_rows.append(row)
        if self.column > limits.MAX_COLUMNS:
            self._too_far("too_many_columns")

    def _too_far(self, code: str, cell: str = "") -> None:
        cell = cell or f"{column_letter(min(self.column, 18_278))}{self.row}"
        raise Refusal(code, sheet=self.sheet, cell=cell, found=f"datos en {cell}")

    def _collect(self, _attributes: dict[str, str]) -> None:
        self._touch()
        self.pieces = []
        self.parser.CharacterDataHandler = self.pieces.append
        self.parser.EndElementHandler = self._collected

    def _collected(self, name: str) -> None:
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
        text = "".join(self.pieces)
        if name == FORMULA:
            self._formula(text)
        elif text and self.cell_type != "inlineStr":
            kind, text = self.content.read(self.cell_type, text, int(self.style))
            self._value(kind, text)

    def _inline(self, _attributes: dict[str, str]) -> None:
        self._touch()
        self.pieces, self.is_guide = [], False
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._inside, self._inside_end

    def _inside(self, name: str, _attributes: dict[str, str]) -> None:
        self.count += 1
        if name == TEXT and not self.is_guide:
            self.parser.CharacterDataHandler = self.pieces.append
        elif name == GUIDE:
            self.is_guide = True

    def _inside_end(self, name: str) -> None:
        if name == TEXT:
            self.parser.CharacterDataHandler = None
        elif name == GUIDE:
            self.is_guide = False
        elif name == INLINE:
            self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, None
            if self.cell_type == "inlineStr":
                self._value("s", unescaped("".join(self.pieces)))

    def _value(self, kind: str, text: str) -> None:
        """Only the first value of a cell counts, as in every reader."""
        if self.has_value:
            return
        self.has_value = True
        flags = "" if self.formula is None else "f"
        if self.style != "0" and int(self.style) in self.content.formats.percents:
            flags += "p"
        self.budget[0] -= len(text)
        if self.budget[0] < 0:
            raise Refusal("too_heavy", found="demasiado texto", sheet=self.sheet)
        self.cells.append([self.column, kind, text, flags])

    def _formula(self, formula: str) -> None:
        cell = f"{column_letter(self.column)}{self.row}"
        if DDE.search(formula):
            raise Refusal("dde", found=f"={formula[:60]}", sheet=self.sheet, cell=cell)
        if EXTERNAL.search(formula):
            raise Refusal("external_link", found=f"={formula[:60]}", sheet=self.sheet, cell=cell)
        self.formula = formula[:200]
        if self.has_value and "f" not in self.cells[-1][3]:
            self.cells[-1][3] = "f" + self.cells[-1][3]

    def _col(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true") and len(self.hidden_columns) < 1_000:
            self.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))

    def _merge(self, attributes: dict[str, str]) -> None:
        if len(self.merges) >= limits.MAX_MERGES:
            raise Refusal("too_heavy", found="demasiadas celdas combinadas", sheet=self.sheet)
        found = AREA.fullmatch(attributes["ref"].replace("$", ""))
        if found is None:
            raise Refusal("damaged", found=f"celdas combinadas {attributes['ref'][:30]}", sheet=self.sheet)
        left, top, right, bottom = found.groups()
        first_row, last_row = int(top), int(bottom or top)
        self.merges.append((first_row, column_number(left), last_row, column_number(right or left)))
        self.merged_area += max(0, min(last_row, self.last_row) - first_row + 1)
        if self.merged_area > limits.MAX_MERGED_AREA:
            raise Refusal("too_heavy", found="demasiadas celdas combinadas", sheet=self.sheet)

    def _filter(self, _attributes: dict[str, str]) -> None:
        self.is_filtered = True


@lru_cache(maxsize=1_024)
def _column(letters: str) -> int:
    """The number of a column, 0 for what is none."""
    return column_number(letters) if LETTERS.fullmatch(letters) else 0


class _Until:
    """The next `length` bytes of a stream."""

    def __init__(self, stream: IO[bytes], length: int) -> None:
        self.stream, self.left = stream, length

    def read(self, size: int, /) -> bytes:
        chunk = self.stream.read(min(size, self.left))
        self.left -= len(chunk)
        return chunk
