"""The pieces that every DOCX of ours is made of: tables that screen readers understand, fields, clean texts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from pes.documents.blocks import Figure, Grid
from pes.workbooks.form import ILLEGAL

TABLE_SIZE = Pt(8.5)
NUMBERED = re.compile(r"(?P<noun>Tabla|Figura) (?P<number>\d+)(?P<rest>\..*)", re.DOTALL)
UNDRAWN = "El dibujo de esta figura está en el PDF de este documento; esta tabla tiene sus datos."
# What a file's settings may hold after `updateFields`, in the order of the format (ISO/IEC 29500-1, CT_Settings).
_AFTER_FIELDS = ("w:hdrShapeDefaults", "w:footnotePr", "w:endnotePr", "w:compat", "w:docVars", "w:rsids", "m:mathPr")


def write_table(made: Any, grid: Grid) -> None:
    """Add a table with its caption; its head comes again on each page."""
    if not grid.hide_caption:
        _caption(made, grid.caption)
    table = made.add_table(rows=0, cols=len(grid.headers), style="Table Grid")
    _name(table, grid.caption)
    _row(table, grid.headers, grid.numeric, is_header=True)
    for texts in grid.rows:
        _row(table, texts, grid.numeric)
    made.add_paragraph()


def write_figure(made: Any, figure: Figure) -> None:
    """Add the data of a figure as a table that says so: a DOCX takes no SVG that every reader draws."""
    _caption(made, f"{figure.caption} (datos en tabla)")
    made.add_paragraph(UNDRAWN).paragraph_format.keep_with_next = True
    write_table(made, replace(figure.data, hide_caption=True))


def _caption(made: Any, text: str) -> None:
    """A caption; one that was numbered counts with a field, for the list of its kind to find it."""
    paragraph = made.add_paragraph(style="Caption")
    paragraph.paragraph_format.keep_with_next = True
    said = clean(text)
    if found := NUMBERED.fullmatch(said):
        paragraph.add_run(f"{found['noun']} ")
        field_part(paragraph, "begin")
        field_part(paragraph, "", f"SEQ {found['noun']} \\* ARABIC")
        field_part(paragraph, "separate")
        paragraph.add_run(found["number"])
        field_part(paragraph, "end")
        said = found["rest"]
    paragraph.add_run(said)


def renew_fields(made: Any) -> None:
    """Have the word processor fill the fields in when it opens the file: only it knows the pages."""
    mark = OxmlElement("w:updateFields")
    mark.set(qn("w:val"), "true")
    made.settings.element.insert_element_before(mark, *_AFTER_FIELDS)


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
