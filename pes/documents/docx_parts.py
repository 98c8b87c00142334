"""The pieces that every DOCX of ours is made of: tables that screen readers understand, fields, clean texts."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from pes.documents.blocks import Grid
from pes.workbooks.form import ILLEGAL

TABLE_SIZE = Pt(8.5)


def write_table(made: Any, grid: Grid) -> None:
    """Add a table with its caption; its head comes again on each page."""
    if not grid.hide_caption:
        made.add_paragraph(clean(grid.caption), style="Caption").paragraph_format.keep_with_next = True
    table = made.add_table(rows=0, cols=len(grid.headers), style="Table Grid")
    _name(table, grid.caption)
    _row(table, grid.headers, grid.numeric, is_header=True)
    for texts in grid.rows:
        _row(table, texts, grid.numeric)
    made.add_paragraph()


def _row(table: Any, texts: tuple[str, ...], numeric: frozenset[int], *, is_header: bool = False) -> None:
    row = table.add_row()
    marks = ("w:cantSplit", "w:tblHeader") if is_header else ("w:cantSplit",)
    for mark in marks:
        row._tr.get_or_add_trPr().append(OxmlElement(mark))
    for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(clean(text))
        run.font.size, run.bold = TABLE_SIZE, is_header or None
        if at in numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _name(table: Any, caption: str) -> None:
    """Title and description for who does not see the table; the last children of its properties."""
    for tag in ("w:tblCaption", "w:tblDescription"):
        element = OxmlElement(tag)
        element.set(qn("w:val"), clean(caption))
        table._tbl.tblPr.append(element)


def field(paragraph: Any, code: str) -> None:
    """Something that Word fills in, such as the number of the page."""
    made = OxmlElement("w:fldSimple")
    made.set(qn("w:instr"), code)
    paragraph._p.append(made)


def field_part(paragraph: Any, kind: str, code: str = "") -> None:
    """A piece of a field of several paragraphs: `begin`, its code (kind blank), `separate`, `end`."""
    run = paragraph.add_run()
    if kind:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
    else:
        mark = OxmlElement("w:instrText")
        mark.set(qn("xml:space"), "preserve")
        mark.text = code
    run._r.append(mark)


def clean(text: str) -> str:
    """Without the characters that no XML may hold."""
    return str(ILLEGAL.sub("", text))
