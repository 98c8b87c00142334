"""The lists at the start of a DOCX: contents, tables, figures. Fields that Word renews, and until then plain lines."""

from __future__ import annotations

from typing import Any

from pes.documents.blocks import Entry
from pes.documents.docx_parts import NUMBERED, clean, field_part

HEADINGS_FIELD = 'TOC \\o "1-2" \\h'


def captions_field(entries: tuple[Entry, ...]) -> str:
    """The field of a list of captions: those that count with its noun; blank when they are not numbered."""
    found = NUMBERED.match(entries[0].text) if entries else None
    return f'TOC \\h \\z \\c "{found["noun"]}"' if found else ""


def write_entries(made: Any, entries: tuple[Entry, ...], code: str) -> None:
    """Add a list as a field with its lines as they are; without a code, the lines alone."""
    for at, entry in enumerate(entries):
        paragraph = made.add_paragraph()
        paragraph.paragraph_format.left_indent = 180000 * (entry.level - 1)  # half a centimetre a level, in EMU
        if code and at == 0:
            field_part(paragraph, "begin")
            field_part(paragraph, "", code)
            field_part(paragraph, "separate")
        paragraph.add_run(clean(entry.text))
        if code and at == len(entries) - 1:
            field_part(paragraph, "end")
