"""Small real files that prove what the demonstration reports: a page, a table or a chart, each saying that it is invented.

The same facts give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import NamedTuple

import pikepdf
from PIL import Image, ImageDraw

from pes.workbooks.sheets import SheetData
from pes.workbooks.writer import write_workbook

NOTICE = "Documento inventado de la demostración; no es un soporte oficial."
_PAGE = (612, 792)  # points
_LINE = 96  # characters that fit in a line of the page
_LONGEST_BAR = Decimal("1.1")
_HEADINGS = ("Meta", "Programado", "Ejecutado")


class Fact(NamedTuple):
    """A line of a support: a goal and its two amounts, as people write them."""

    goal: str
    programmed: str
    achieved: str


def pdf(title: str, facts: Sequence[Fact]) -> bytes:
    """A page that lists what was programmed and done."""
    lines = [title, NOTICE, ""]
    for fact in facts:
        lines += [_cut(fact.goal), f"    Programado: {fact.programmed}    Ejecutado: {fact.achieved}"]
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=_PAGE)
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )  # fmt: skip
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = document.make_stream(_drawn(lines))
        return _saved(document)


def xlsx(title: str, facts: Sequence[Fact], made: datetime) -> bytes:
    """The same as a table."""
    target = BytesIO()
    sheet = SheetData("Soporte", _HEADINGS, facts, widths={_HEADINGS[0]: 90}, mark=f"{title}. {NOTICE}")
    write_workbook(target, [sheet], created=made, title=title)
    return target.getvalue()


def png(parts: Sequence[Decimal]) -> bytes:
    """A bar for each goal: how much of what was programmed was done, 1 being all of it."""
    image = Image.new("RGB", (480, 40 + 28 * len(parts)), "white")
    pen = ImageDraw.Draw(image)
    for place, part in enumerate(parts):
        top = 20 + 28 * place
        pen.rectangle((20, top, 420, top + 18), outline="#9aa4b2")
        pen.rectangle((20, top, 20 + int(400 * min(part, _LONGEST_BAR)), top + 18), fill="#2f6f9f")
    target = BytesIO()
    image.save(target, "PNG", optimize=True)
    return target.getvalue()


def _cut(text: str) -> str:
    return text if len(text) <= _LINE else f"{text[: _LINE - 1]}…"


def _drawn(lines: Sequence[str]) -> bytes:
    """The lines as operators of a page, from its top; a parenthesis or a backslash is told apart."""
    shown = []
    for line in lines:
        safe = line.replace("\u00a0", " ").replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        shown.append(b"(" + safe.encode("cp1252", "replace") + b") Tj T*")
    return b"BT /F1 10 Tf 14 TL 40 740 Td\n" + b"\n".join(shown) + b"\nET"


def _saved(document: pikepdf.Pdf) -> bytes:
    target = BytesIO()
    document.save(target, deterministic_id=True)
    return target.getvalue()
