"""The documents as DOCX, to be finished by hand where an office asks for it.

Real headings, repeated table headers, the language of the text, table titles for screen readers, properties. No clock
is read: the same document gives the same bytes (PD4).
"""

from __future__ import annotations

import zipfile
from datetime import UTC
from io import BytesIO
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from pes.documents.blocks import Block, Document, Facts, Grid, Note, Text, Title
from pes.workbooks.form import ILLEGAL
from pes.workbooks.package import TimelessZip

LANGUAGE = "es-CO"
PAGE, MARGIN = (Mm(210), Mm(297)), Mm(18)
TABLE_SIZE = Pt(8.5)


def docx_of(document: Document) -> bytes:
    """The bytes of the DOCX."""
    made = docx.Document()
    _prepare(made, document)
    _cover(made, document)
    for number, section in enumerate(document.sections, 1):
        _heading(made, f"{number}. {section.title}", 1)
        for block in section.blocks:
            _write(made, block)
    target = BytesIO()
    made.save(target)
    return _timeless(target)


def _prepare(made: Any, document: Document) -> None:
    page = made.sections[0]
    page.page_width, page.page_height = PAGE
    page.left_margin = page.right_margin = MARGIN
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    about, instant = made.core_properties, document.dated_at.astimezone(UTC).replace(tzinfo=None)
    about.title, about.author, about.language = clean(document.full_title), clean(document.institution), LANGUAGE
    about.subject, about.keywords = clean(document.entity), f"datos sha256 {document.digest}"
    about.comments, about.last_modified_by, about.revision = clean(" · ".join(document.marks)), "PES", 1
    about.created = about.modified = instant
    head = page.header.paragraphs[0]
    head.text = clean(" · ".join((document.entity, document.period, *document.marks)))
    foot = page.footer.paragraphs[0]
    foot.text = clean(f"{document.institution} · Página ")
    _field(foot, "PAGE")


def _cover(made: Any, document: Document) -> None:
    made.add_paragraph(clean(document.title), style="Title")
    for line in (document.entity, document.period, f"Corte al {document.cutoff}"):
        made.add_paragraph(clean(line), style="Subtitle")
    made.add_paragraph(clean(f"{document.institution}. {document.edition}, {document.dated}."))
    for mark in document.marks:
        made.add_paragraph().add_run(clean(mark)).bold = True


def _heading(made: Any, text: str, level: int) -> None:
    made.add_heading(clean(text), level)


def _write(made: Any, block: Block) -> None:
    match block:
        case Title(level=level, text=text):
            _heading(made, text, level - 1)  # the title of the whole has a style of its own
        case Text(text=text):
            made.add_paragraph(clean(text))
        case Note(title=title, text=text):
            _labelled(made, title, text)
        case Facts(pairs=pairs):
            for name, text in pairs:
                _labelled(made, name, text)
        case Grid():
            _table(made, block)


def _labelled(made: Any, name: str, text: str) -> None:
    paragraph = made.add_paragraph()
    paragraph.add_run(clean(f"{name}. ")).bold = True
    paragraph.add_run(clean(text))


def _table(made: Any, grid: Grid) -> None:
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


def _field(paragraph: Any, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)


def _timeless(source: BytesIO) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(source) as given, TimelessZip(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in given.namelist():
            archive.writestr(name, given.read(name))
    return target.getvalue()


def clean(text: str) -> str:
    """Without the characters that no XML may hold."""
    return str(ILLEGAL.sub("", text))
