"""A document as sections of plain blocks: what the PDF, the page and the DOCX are all written from, in one order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Title:
    """A heading inside a section: level 3 or 4."""

    template: ClassVar[str] = "documents/blocks/title.html"
    level: int
    text: str


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


Block = Title | Text | Note | Facts | Grid


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

    @property
    def full_title(self) -> str:
        """What its properties call it."""
        return " · ".join((self.title, self.entity, self.period, *self.marks))
