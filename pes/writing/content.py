"""What the document of a PES says at one moment, whole: read once, kept as JSON in a version, shown from either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from pes.documents.blocks import Block, Facts, Figure, Grid, Note, Rich, Text, Title
from pes.documents.serial import block_from_json, block_to_json
from pes.models import DocumentSection, SectorPlan
from pes.rules.rich_text import LIVE, Node, parse, words_of, write
from pes.writing.live import LiveTable, live_tables
from pes.writing.outline import ChapterPart, Part, outline_of

FORMAT = 1


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


def content_of(plan: SectorPlan, outline: Sequence[ChapterPart] | None = None) -> Content:
    """What the document of a PES says now, its live tables included; a constant number of queries.

    A document that nobody opened has no chapters. Who has read the outline already gives it.
    """
    tables = live_tables(plan)
    built = cache(lambda key: tables[key].build())  # the same table in two sections asks once
    chapters = tuple(
        ChapterContent(
            part.number, part.title, tuple(_section(one, tables, built) for one in part.sections), part.key
        )
        for part in (outline_of(plan) if outline is None else outline)
    )  # fmt: skip
    return Content(plan.name, f"Sector {plan.sector.name}", plan.period, chapters)


def section_of(plan: SectorPlan, part: Part) -> SectionContent:
    """What one section says now; of the live tables, only its own are asked for."""
    tables = live_tables(plan)
    return _section(part, tables, lambda key: tables[key].build())


def to_json(content: Content) -> dict[str, Any]:
    """The content as plain JSON values; `from_json` gives back exactly the same content."""
    return {
        "format": FORMAT,
        "title": content.title,
        "sector": content.sector,
        "period": content.period,
        "chapters": [
            {
                "key": chapter.key,
                "number": chapter.number,
                "title": chapter.title,
                "sections": [_section_to_json(section) for section in chapter.sections],
            }
            for chapter in content.chapters
        ],
    }


def from_json(stored: dict[str, Any]) -> Content:
    """The content that was kept; raises ValueError when it is of another format."""
    if stored.get("format") != FORMAT:
        raise ValueError(f"El contenido es del formato {stored.get('format')!r} y se lee el {FORMAT}.")
    chapters = (
        ChapterContent(
            row["number"], row["title"], tuple(_section_from_json(one) for one in row["sections"]), row["key"]
        )
        for row in stored["chapters"]
    )
    return Content(stored["title"], stored["sector"], stored["period"], tuple(chapters))


def words_in(section: SectionContent) -> int:
    """How many words people read in a section, tables included."""
    return sum(len(words) for words in map(_words, section.blocks))


def word_count(content: Content) -> int:
    """How many words the document has."""
    return sum(words_in(section) for section in content.sections)


def has_content(section: SectionContent) -> bool:
    """Whether a section says anything besides that its data are missing."""
    return any(not isinstance(block, Note) for block in section.blocks)


def blocks_of(html: str, below: int, placed: Mapping[str, tuple[Block, ...]]) -> Iterator[Block]:
    """A clean text in blocks: runs of words, each table alone so that it takes its number, live tables in place."""
    nodes = (node for node in parse(html) if isinstance(node, Node))
    for kind, run in groupby(nodes, key=lambda node: node.tag if node.tag in (LIVE, "table") else ""):
        if kind == LIVE:
            yield from (block for node in run for block in placed.get(node.value, ()))
        elif kind:
            yield from (Rich(write([node]), below) for node in run)
        else:
            yield Rich(write(run), below)


def _section(part: Part, tables: Mapping[str, LiveTable], built: Any) -> SectionContent:
    """A section with the tables that its text places, and at its end those that are its own."""
    row: DocumentSection = part.section
    keys = [node.value for node in parse(row.html) if isinstance(node, Node) and node.tag == LIVE]
    own = [key for key, table in tables.items() if table.section == row.key and key not in keys]
    blocks = {
        key: built(key) or (Note(tables[key].title, tables[key].missing),) for key in (*keys, *own) if key in tables
    }
    below = row.level + 1 if row.title else 2
    said = (*blocks_of(row.html, below, blocks), *(block for key in own for block in blocks[key]))
    return SectionContent(part.number, row.title, row.level, said, row.key)


def _words(block: Block) -> list[str]:
    match block:
        case Rich(html=html):
            return [""] * words_of(html)
        case Title(text=text) | Text(text=text):
            return text.split()
        case Facts(pairs=pairs):
            return " ".join(word for pair in pairs for word in pair).split()
        case Grid(caption=caption, headers=headers, rows=rows):
            return " ".join((caption, *headers, *(cell for row in rows for cell in row))).split()
        case Figure(caption=caption):
            return caption.split()
    return []


def _section_to_json(section: SectionContent) -> dict[str, Any]:
    blocks = [block_to_json(block) for block in section.blocks]
    return {
        "key": section.key,
        "number": section.number,
        "title": section.title,
        "level": section.level,
        "blocks": blocks,
    }


def _section_from_json(stored: dict[str, Any]) -> SectionContent:
    blocks = tuple(block_from_json(block) for block in stored["blocks"])
    return SectionContent(stored["number"], stored["title"], stored["level"], blocks, stored["key"])
