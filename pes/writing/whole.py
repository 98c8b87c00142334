"""The document of a PES made from its content: chapters, contents, numbered tables and figures, ready for any face."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.conf import settings

from pes.dates import long_date
from pes.documents.blocks import Block, Document, Entry, Figure, Grid, Rich, Section, Text, Title
from pes.rules.rich_text import parse, said, walk
from pes.writing.content import ChapterContent, Content

TITLE = "Plan Estratégico Sectorial"
TOPIC = "plan estratégico sectorial"
UNWRITTEN = "Por escribir."  # what a draft says of a section that says nothing: a bare heading looks like a mistake


def document_of(
    content: Content,
    *,
    edition: str,
    dated_at: datetime,
    digest: str,
    marks: tuple[str, ...] = (),
    annexes: tuple[Section, ...] = (),
) -> Document:
    """The document as `html_of`, `render_html` and `docx_of` take it, in the order of LC-07.

    `edition` is its version as said («Versión 2», «Borrador»), `marks` what every page carries, `annexes` more
    sections at the end. Tables are numbered «Tabla n.», figures «Figura n.», in the order of reading; it has a table of
    contents of two levels and the lists of tables and of figures. Nothing is read but what comes in.
    """
    numbering = _Numbering()
    sections = tuple(
        replace(one, blocks=tuple(numbering.numbered(block) for block in one.blocks))
        for one in (*map(_chapter, content.chapters), *annexes)
    )
    lists = (("Lista de tablas", tuple(numbering.tables)), ("Lista de figuras", tuple(numbering.figures)))
    return Document(
        title=TITLE,
        institution=settings.PES_INSTITUTION,
        entity=content.sector,
        period=f"Vigencias {content.period}",
        cutoff="",
        edition=edition,
        dated=long_date(dated_at),
        dated_at=dated_at,
        digest=digest,
        marks=marks,
        correction="",
        sections=sections,
        is_numbered=False,
        contents=tuple(entry for section in sections for entry in _entries(section)),
        lists=tuple((title, lines) for title, lines in lists if lines),
        topic=TOPIC,
    )


def numbered(content: Content) -> Content:
    """The same content with its tables and figures numbered as in the document, for the page where it is read."""
    numbering = _Numbering()
    chapters = (
        replace(
            chapter,
            sections=tuple(
                replace(one, blocks=tuple(numbering.numbered(block) for block in one.blocks))
                for one in chapter.sections
            ),
        )
        for chapter in content.chapters
    )
    return replace(content, chapters=tuple(chapters))


def _chapter(chapter: ChapterContent) -> Section:
    blocks: list[Block] = []
    for section in chapter.sections:
        if section.title:
            anchor = f"seccion-{section.number.replace('.', '-')}"
            blocks.append(Title(section.level + 1, f"{section.number} {section.title}", anchor))
        blocks += section.blocks or (Text(UNWRITTEN),)
    title = f"{chapter.number}. {chapter.title}" if chapter.number else chapter.title
    return Section(f"capitulo-{chapter.key}", title, tuple(blocks), "new-page")


def _entries(section: Section) -> list[Entry]:
    """The chapter and its sections «2.5»; «2.5.1» would make the contents longer than they help."""
    inner = (block for block in section.blocks if isinstance(block, Title) and block.anchor and block.level == 3)
    return [Entry(1, section.title, section.anchor), *(Entry(2, one.text, one.anchor) for one in inner)]


class _Numbering:
    """Numbers tables and figures in the order in which it meets them, and remembers them for their lists."""

    def __init__(self) -> None:
        self.tables: list[Entry] = []
        self.figures: list[Entry] = []

    def numbered(self, block: Block) -> Block:
        """The block with its number, its anchor and its caption to be seen, if it is one that takes them."""
        match block:
            case Grid():
                caption, anchor = self._next(self.tables, "Tabla", block.caption)
                return replace(block, caption=caption, anchor=anchor, hide_caption=False)
            case Figure():
                caption, anchor = self._next(self.figures, "Figura", block.caption)
                return replace(block, caption=caption, anchor=anchor)
            case Rich() if block.html.startswith("<table>"):
                _, anchor = self._next(self.tables, "Tabla", _caption(block.html))
                return replace(block, anchor=anchor, label=f"Tabla {len(self.tables)}. ")
        return block

    @staticmethod
    def _next(known: list[Entry], noun: str, caption: str) -> tuple[str, str]:
        number = len(known) + 1
        full, anchor = f"{noun} {number}. {caption}".strip(), f"{noun.lower()}-{number}"
        known.append(Entry(1, full, anchor))
        return full, anchor


def _caption(html: str) -> str:
    return next((said(node.children) for node in walk(parse(html)) if node.tag == "caption"), "")
