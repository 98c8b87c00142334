"""A version to be read on a page: its chapters and sections with their blocks, each where a reader may speak of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pes.documents.blocks import Block, Document
from pes.writing.content import Content


@dataclass(frozen=True)
class ReadSection:
    """A section with its heading, its blocks, and how many observations it has."""

    key: str
    label: str
    anchor: str
    blocks: tuple[Block, ...]
    observations: str = ""


@dataclass(frozen=True)
class ReadChapter:
    """A chapter; a part at the end has one section without heading of its own."""

    title: str
    anchor: str
    sections: tuple[ReadSection, ...]


def read_chapters(content: Content, document: Document, counts: Mapping[str, int]) -> list[ReadChapter]:
    """The chapters of a content as `document` numbers their tables; `counts` are observations by section key.

    The document has a heading for each section with a title, then its blocks, in the order of the content.
    """
    made = []
    for chapter, shown in zip(content.chapters, document.sections, strict=False):  # annexes come after
        blocks, sections = list(shown.blocks), []
        for section in chapter.sections:
            heading = blocks.pop(0) if section.title else None
            said, blocks = tuple(blocks[: len(section.blocks)]), blocks[len(section.blocks) :]
            label = f"{section.number} {section.title}".strip() if section.title else ""
            anchor = getattr(heading, "anchor", "") or f"parte-{chapter.key}"
            sections.append(ReadSection(section.key, label, anchor, said, _counted(counts.get(section.key, 0))))
        made.append(ReadChapter(shown.title, shown.anchor, tuple(sections)))
    return made


def _counted(count: int) -> str:
    if not count:
        return ""
    return "1 observación" if count == 1 else f"{count} observaciones"
