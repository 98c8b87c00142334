"""A document as sections of plain blocks: what the PDF, the page and the DOCX are all written from, in one order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import ClassVar

from django.utils.safestring import SafeString, mark_safe

from pes.charts import VigenciaBar
from pes.rules.numbers import format_magnitude

_HEADING = re.compile(r"<(/?)h([34])>")
_TABLE = re.compile(r"<table>|</table>")


@dataclass(frozen=True, slots=True)
class Title:
    """A heading inside a section: level 3 or 4; with an anchor, a table of contents may lead to it."""

    template: ClassVar[str] = "documents/blocks/title.html"
    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    template: ClassVar[str] = "documents/blocks/text.html"
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A warning that a reader must not miss."""

    template: ClassVar[str] = "documents/blocks/note.html"
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what is said of each, one below the other."""

    template: ClassVar[str] = "documents/blocks/facts.html"
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose first column names the row; `numeric` are the columns read from the right."""

    template: ClassVar[str] = "documents/blocks/grid.html"
    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    hide_caption: bool = False  # where a heading says it already
    anchor: str = ""

    @property
    def columns(self) -> tuple[tuple[str, bool], ...]:
        """Header and whether it is of numbers, in order."""
        return tuple((header, at in self.numeric) for at, header in enumerate(self.headers))

    @property
    def lines(self) -> tuple[tuple[str, tuple[tuple[str, str, bool], ...]], ...]:
        """Each row as its name and its other cells: header, text, whether it is a number."""
        rest = tuple((header, is_number) for header, is_number in self.columns[1:])
        return tuple(
            (row[0], tuple((header, text, is_number) for (header, is_number), text in zip(rest, row[1:], strict=True)))
            for row in self.rows
        )


@dataclass(frozen=True, slots=True)
class Rich:
    """What people wrote, as `pes.writing.rich.clean` leaves it: nothing else may be put here.

    `below` is the level of the heading that it stands under: its own headings, written h3 and h4, follow that one.
    """

    template: ClassVar[str] = "documents/blocks/rich.html"
    html: str
    below: int = 2
    anchor: str = ""  # of its table, where it is one that was numbered
    label: str = ""  # «Tabla 3. » before the caption of its table

    @property
    def shown(self) -> SafeString:
        """Its HTML in its place: headings in order, each table in a box that scrolls on a narrow screen."""
        moved = _HEADING.sub(lambda found: f"<{found[1]}h{min(int(found[2]) + self.below - 2, 6)}>", self.html)
        return mark_safe(_TABLE.sub(self._boxed, self.captioned(moved)))  # noqa: S308 - cleaned where it was written

    def captioned(self, html: str) -> str:
        """The HTML with the number of its table before the caption."""
        return html.replace("<caption>", f"<caption>{escape(self.label)}", 1) if self.label else html

    def _boxed(self, found: re.Match[str]) -> str:
        if found[0] == "</table>":
            return "</table></div>"
        name = f' id="{escape(self.anchor)}"' if self.anchor else ""
        said = escape(f"Tabla del texto {self.label}".strip(" ."))
        return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{said}"><table{name}>'


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart of a vigencia beside the others, drawn when shown; where nothing can be drawn, its data as a table."""

    template: ClassVar[str] = "documents/blocks/figure.html"
    caption: str
    unit: str
    bars: tuple[tuple[str, str, str], ...]  # vigencia, programmed, achieved: plain decimals; blank is no value
    anchor: str = ""

    @property
    def drawn(self) -> tuple[VigenciaBar, ...]:
        """Its columns."""
        return tuple(VigenciaBar(label, _amount(first), _amount(second)) for label, first, second in self.bars)

    @property
    def data(self) -> Grid:
        """The same as a table."""
        headers = ("Vigencia", f"Programado ({self.unit})", f"Ejecutado ({self.unit})")
        rows = tuple((label, _said(first), _said(second)) for label, first, second in self.bars)
        return Grid(self.caption, headers, rows, frozenset({1, 2}))


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _said(text: str) -> str:
    return format_magnitude(_amount(text))


Block = Title | Text | Note | Facts | Grid | Rich | Figure


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a table of contents or of a list of tables."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document with its heading; `layout` is a class of print.css."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    layout: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that a document says, and how it presents itself."""

    title: str
    institution: str
    entity: str
    period: str
    cutoff: str
    edition: str
    dated: str
    dated_at: datetime
    digest: str
    marks: tuple[str, ...]
    correction: str
    sections: tuple[Section, ...]
    is_numbered: bool = True  # its sections by their order; a document that brings its own numbers says no
    contents: tuple[Entry, ...] = ()  # by default one for each section
    lists: tuple[tuple[str, tuple[Entry, ...]], ...] = ()  # of tables, of figures: its heading and its lines
    topic: str = "planes de gestión"  # what its properties file it under

    @property
    def full_title(self) -> str:
        """What its properties call it."""
        return " · ".join((self.title, self.entity, self.period, *self.marks))
