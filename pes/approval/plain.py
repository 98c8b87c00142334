"""Versions as plain sections, to be compared: names, paragraphs and tables, with formats and links said in signs."""

from __future__ import annotations

from collections.abc import Iterator

from pes.documents.blocks import Block, Facts, Figure, Grid, Note, Rich, Text, Title
from pes.rules.document_differences import Item, PlainSection, PlainTable
from pes.rules.rich_lines import lines_of
from pes.rules.rich_text import Node, parse, walk
from pes.writing.content import ChapterContent, Content

TITLE = 3  # the level of a title; below it are subtitles


def plain_sections(content: Content) -> list[PlainSection]:
    """How a version and its chapters are called, and every section, in order, with the name of its chapter."""
    names = (content.title, content.sector, content.period, *map(_name, content.chapters))
    return [
        PlainSection("", "Nombre del documento y de sus capítulos", "Documento", names),
        *(
            PlainSection(
                key=section.key or section.number or chapter.title,
                label=f"{section.number} {section.title}".strip() or chapter.title,
                chapter=_name(chapter),
                items=tuple(item for block in section.blocks for item in _items(block)),
            )
            for chapter in content.chapters
            for section in chapter.sections
        ),
    ]


def _name(chapter: ChapterContent) -> str:
    return f"{chapter.number} {chapter.title}".strip()


def _items(block: Block) -> Iterator[Item]:
    match block:
        case Title(level=level, text=text):
            yield f"{'Título' if level <= TITLE else 'Subtítulo'}: {text}"
        case Text(text=text):
            yield text
        case Note(title=title, text=text):
            yield f"{title}. {text}"
        case Facts(pairs=pairs):
            yield from (f"{name}. {text}" for name, text in pairs)
        case Grid(caption=caption, headers=headers, rows=rows):
            yield PlainTable(caption, headers, rows)
        case Figure():
            yield PlainTable(block.caption, block.data.headers, block.data.rows)
        case Rich(html=html):
            yield from _rich(parse(html))


def _rich(nodes: list[Node | str]) -> Iterator[Item]:
    for node in nodes:
        if isinstance(node, Node) and node.tag == "table":
            yield _table(node)
        else:
            yield from lines_of([node], {})


def _table(node: Node) -> PlainTable:
    caption = next((_words(one) for one in walk(node.children) if one.tag == "caption"), "")
    rows = [
        tuple(_words(cell) for cell in row.children if isinstance(cell, Node))
        for row in walk(node.children)
        if row.tag == "tr"
    ]
    return PlainTable(caption, rows[0] if rows else (), tuple(rows[1:]))


def _words(cell: Node) -> str:
    """What a cell or a caption says; a cell that is the head of its row is read in bold."""
    inline = [Node("strong", children=cell.children)] if cell.value == "row" else cell.children
    return "".join(lines_of([Node("p", children=inline)], {}))
