"""Comments and colours on single cells of a streamed sheet (IM8)."""

from __future__ import annotations

import re
from copy import copy
from typing import Any

from lxml.etree import Element
from openpyxl.cell.text import Text
from openpyxl.comments.comment_sheet import CommentRecord
from openpyxl.styles import PatternFill

from pes.workbooks import form
from pes.workbooks.items import Severity
from pes.workbooks.names import column_number
from pes.workbooks.sheets import Mark, SheetData

AUTHOR = "PES"
LONGEST_COMMENT = 4_000
LINE_WIDTH, LINE_HEIGHT = 45, 17  # characters that fit in, and pixels of, a comment's line
COMMENT_WIDTH, LOWEST, HIGHEST = 320, 60, 400
FILLS = {Severity.ERROR: "F8C9C4", Severity.WARNING: "FFE8A3"}
CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


class Marker:
    """The marks of one sheet, put on its rows as they pass."""

    def __init__(self, sheet: Any, data: SheetData, column_styles: list[str]) -> None:
        self.sheet = sheet
        self.column_styles = [int(style[4:-1]) if style else 0 for style in column_styles]
        self.filled: dict[tuple[int, Severity], str] = {}
        self.waiting: dict[int, list[tuple[int, str, Mark]]] = {}
        for cell, mark in data.marks.items():
            if found := CELL.fullmatch(cell):
                place = (column_number(found.group(1)), cell, mark)
                self.waiting.setdefault(int(found.group(2)), []).append(place)

    def apply(self, number: int, row: Any) -> Any:
        """The row with its marked cells coloured and commented; a cell that is not there is added."""
        for at, cell, mark in sorted(self.waiting.pop(number, ()), key=lambda place: place[0]):
            element = next((c for c in row if c.get("r") == cell), None)
            if element is None:
                element = Element("c", r=cell)
                row.insert(sum(1 for c in row if column_number(c.get("r")) < at), element)
                plain = self.column_styles[at - 1] if at <= len(self.column_styles) else 0
                element.set("s", str(plain))
            element.set("s", self._fill(int(element.get("s", "0")), mark.severity))
            self.sheet._comments.append(_comment(cell, mark.comment))
        return row

    def _fill(self, style: int, severity: Severity) -> str:
        """The same style with the colour of the severity."""
        if (style, severity) not in self.filled:
            book = self.sheet.parent
            array = copy(book._cell_styles[style])
            array.fillId = book._fills.add(PatternFill("solid", start_color=FILLS[severity]))
            self.filled[style, severity] = str(book._cell_styles.add(array))
        return self.filled[style, severity]


def _comment(cell: str, text: str) -> CommentRecord:
    text = form.cut(text, LONGEST_COMMENT)
    lines = sum(1 + len(line) // LINE_WIDTH for line in text.splitlines())
    height = min(max(LOWEST, (lines + 1) * LINE_HEIGHT), HIGHEST)
    return CommentRecord(cell, text=Text(t=text), author=AUTHOR, height=height, width=COMMENT_WIDTH)
