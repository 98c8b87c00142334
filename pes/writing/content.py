"""What the document of a PES says at one moment, whole: read once, kept as JSON in a version, shown from either."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pes.documents.blocks import Block
from pes.models import SectorPlan


@dataclass(frozen=True, slots=True)
class SectionContent:
    """A section: its number («2.5.1»), title, level (2 for «2.5», 3 for «2.5.1») and what it says.

    Of a part without number (glosario, bibliografía, anexos) the number and the title are blank: the part has them.
    """

    number: str
    title: str
    level: int
    blocks: tuple[Block, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class ChapterContent:
    """A chapter «1» to «6», or a part at the end, without number."""

    number: str
    title: str
    sections: tuple[SectionContent, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """The document of a PES: its name, its sector as said («Sector Gobierno»), its period and its chapters."""

    title: str
    sector: str
    period: str
    chapters: tuple[ChapterContent, ...]

    @property
    def sections(self) -> Iterator[SectionContent]:
        """All, in order."""
        return (section for chapter in self.chapters for section in chapter.sections)


def content_of(plan: SectorPlan) -> Content:
    """What the document of a PES says now, its live tables included; a constant number of queries.

    A document that nobody opened has no chapters.
    """
    raise NotImplementedError(plan)


def to_json(content: Content) -> dict[str, Any]:
    """The content as plain JSON values; `from_json` gives back exactly the same content."""
    raise NotImplementedError(content)


def from_json(stored: dict[str, Any]) -> Content:
    """The content that was kept; raises ValueError when it is of another format."""
    raise NotImplementedError(stored)


def words_in(section: SectionContent) -> int:
    """How many words people read in a section, tables included."""
    raise NotImplementedError(section)


def word_count(content: Content) -> int:
    """How many words the document has."""
    return sum(words_in(section) for section in content.sections)
