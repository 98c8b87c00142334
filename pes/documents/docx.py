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
from docx.oxml.ns import qn
from docx.shared import Mm

from pes.documents.blocks import Block, Document, Facts, Figure, Grid, Note, Rich, Text, Title
from pes.documents.docx_lists import HEADINGS_FIELD, captions_field, write_entries
from pes.documents.docx_parts import clean, field, renew_fields, write_figure, write_table
from pes.documents.docx_rich import write_rich
from pes.workbooks.package import TimelessZip

LANGUAGE = "es-CO"
PAGE, MARGIN = (Mm(210), Mm(297)), Mm(18)
PROPERTY = 255  # characters that a property of the file may hold


def docx_of(document: Document) -> bytes:
    """The bytes of the DOCX."""
    made = docx.Document()
    _prepare(made, document)
    _cover(made, document)
    if document.contents:
        _lists(made, document)
    for number, section in enumerate(document.sections, 1):
        _heading(made, f"{number}. {section.title}" if document.is_numbered else section.title, 1)
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
    about.title, about.author, about.language = _said(document.full_title), _said(document.institution), LANGUAGE
    about.subject, about.keywords = _said(document.entity), f"datos sha256 {document.digest}"
    about.comments, about.last_modified_by, about.revision = _said(" · ".join(document.marks)), "PES", 1
    about.created = about.modified = instant
    head = page.header.paragraphs[0]
    head.text = clean(" · ".join((document.entity, document.period, *document.marks)))
    foot = page.footer.paragraphs[0]
    foot.text = clean(f"{document.institution} · Página ")
    field(foot, "PAGE")


def _said(text: str) -> str:
    """A text as a property of the file: the whole of it stands on the first page."""
    said = clean(text)
    return said if len(said) <= PROPERTY else f"{said[: PROPERTY - 1].rstrip()}…"


def _cover(made: Any, document: Document) -> None:
    made.add_paragraph(clean(document.title), style="Title")
    cutoff = f"Corte al {document.cutoff}" if document.cutoff else ""  # minutes have none
    for line in filter(None, (document.entity, document.period, cutoff)):
        made.add_paragraph(clean(line), style="Subtitle")
    dated = " · ".join(filter(None, (document.edition, document.dated)))
    for line in filter(None, (document.institution, dated)):  # a line each: an institution may end in a full stop
        made.add_paragraph(clean(line))
    for mark in document.marks:
        made.add_paragraph().add_run(clean(mark)).bold = True


def _lists(made: Any, document: Document) -> None:
    """The contents and the lists of tables and figures, which Word renews with their pages when it opens the file."""
    made.add_page_break()
    made.add_paragraph("Contenido", style="TOC Heading")
    write_entries(made, document.contents, HEADINGS_FIELD)
    for title, entries in document.lists:
        made.add_paragraph(clean(title), style="TOC Heading")
        write_entries(made, entries, captions_field(entries))
    made.add_page_break()
    renew_fields(made)


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
            write_table(made, block)
        case Figure():
            write_figure(made, block)
        case Rich():
            write_rich(made, block)


def _labelled(made: Any, name: str, text: str) -> None:
    paragraph = made.add_paragraph()
    paragraph.add_run(clean(f"{name}. ")).bold = True
    paragraph.add_run(clean(text))


def _timeless(source: BytesIO) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(source) as given, TimelessZip(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in given.namelist():
            archive.writestr(name, given.read(name))
    return target.getvalue()
