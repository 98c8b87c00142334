"""Versions as plain sections, to be compared: paragraphs and tables, without their formats."""

from __future__ import annotations

from collections.abc import Iterator

from pes.documents.blocks import Block, Facts, Figure, Grid, Note, Rich, Text, Title
from pes.rules.document_differences import Item, PlainSection, PlainTable
from pes.rules.rich_text import Node, parse, said, text_of, walk
from pes.writing.content import Content


def plain_sections(content: Content) -> list[PlainSection]:
    """Every section of a version, in order, with the name of its chapter."""
    return [
        PlainSection(
            key=section.key or section.number or chapter.title,
            label=f"{section.number} {section.title}".strip() or chapter.title,
            chapter=f"{chapter.number} {chapter.title}".strip(),
            items=tuple(item for block in section.blocks for item in _items(block)),
        )
        for chapter in content.chapters
        for section in chapter.sections
    ]


def _items(block: Block) -> Iterator[Item]:
    match block:
        case Title(text=text) | Text(text=text):
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
            yield from text_of([node]).splitlines()


def _table(node: Node) -> PlainTable:
    caption = next((said(one.children) for one in walk(node.children) if one.tag == "caption"), "")
    rows = [
        tuple(said(cell.children) for cell in row.children if isinstance(cell, Node))
        for row in walk(node.children)
        if row.tag == "tr"
    ]
    return PlainTable(caption, rows[0] if rows else (), tuple(rows[1:]))
