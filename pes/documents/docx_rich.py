"""What people wrote as DOCX: paragraphs, lists that count from one, quotations, links, tables with their heads."""

from __future__ import annotations

from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor

from pes.documents.blocks import Grid, Rich
from pes.documents.docx_parts import clean, write_table
from pes.rules.rich_text import LISTS, Node, parse, said

_STYLES = {"ul": "List Bullet", "ol": "List Number"}
_LINK = RGBColor(0x09, 0x43, 0xB5)
_DEEPEST = 3  # levels of lists that Word's template has a style for


def write_rich(made: Any, rich: Rich) -> None:
    """Add a text to the document, its headings under the one that it stands below."""
    for node in parse(rich.html):
        if not isinstance(node, Node):
            continue
        match node.tag:
            case "h3" | "h4":
                made.add_heading(clean(said(node.children)), min(int(node.tag[1]) + rich.below - 3, 9))
            case "ul" | "ol":
                _list(made, node, 1)
            case "blockquote":
                for one in node.children:
                    _inline(made.add_paragraph(style="Intense Quote"), getattr(one, "children", []))
            case "table":
                _table(made, node, rich.label)
            case _:
                _inline(made.add_paragraph(), node.children)


def _list(made: Any, node: Node, level: int) -> None:
    style = _STYLES[node.tag] + ("" if level == 1 else f" {min(level, _DEEPEST)}")
    number = _restarted(made, style) if node.tag == "ol" else None
    for item in node.children:
        if not isinstance(item, Node):
            continue
        inner = [one for one in item.children if isinstance(one, Node) and one.tag in LISTS]
        paragraph = made.add_paragraph(style=style)
        if number is not None:
            _numbered(paragraph, number)
        _inline(paragraph, [one for one in item.children if one not in inner])
        for one in inner:
            _list(made, one, level + 1)


def _restarted(made: Any, style: str) -> int | None:
    """A numbering of its own that begins at one; Word would go on from the list before."""
    held = made.styles[style].element.pPr
    if held is None or held.numPr is None:
        return None
    numbering = made.part.numbering_part.element
    abstract = numbering.num_having_numId(held.numPr.numId.val).abstractNumId.val
    number = numbering.add_num(abstract)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(number.numId)


def _numbered(paragraph: Any, number: int) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number


def _inline(paragraph: Any, nodes: list[Node | str], *, strong: bool = False, em: bool = False) -> None:
    for node in nodes:
        if isinstance(node, str):
            _run(paragraph, node, strong=strong, em=em)
        elif node.tag == "br":
            paragraph.add_run().add_break()
        elif node.tag == "a":
            _link(paragraph, node, strong=strong, em=em)
        else:
            _inline(paragraph, node.children, strong=strong or node.tag == "strong", em=em or node.tag == "em")


def _run(paragraph: Any, text: str, *, strong: bool, em: bool) -> Any:
    run = paragraph.add_run(clean(text))
    run.bold, run.italic = strong or None, em or None
    return run


def _link(paragraph: Any, node: Node, *, strong: bool, em: bool) -> None:
    """An address that opens; the sanitiser let only https through."""
    target = paragraph.part.relate_to(clean(node.value), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), target)
    run = _run(paragraph, said(node.children), strong=strong, em=em)
    run.font.color.rgb, run.underline = _LINK, True
    link.append(run._r)
    paragraph._p.append(link)


def _table(made: Any, node: Node, label: str) -> None:
    """As the other tables of a document; its cells in plain words."""
    caption, head, body = (one for one in node.children if isinstance(one, Node))
    headers, *rows = (
        tuple(said(cell.children) for cell in row.children if isinstance(cell, Node))
        for group in (head, body)
        for row in group.children
        if isinstance(row, Node)
    )
    write_table(made, Grid(f"{label}{said(caption.children)}".strip(), headers, tuple(rows)))
