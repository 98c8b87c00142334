"""Rich text as a light mark-up that a plain box can hold, both ways: for who writes without JavaScript.

A blank line parts paragraphs. `## ` and `### ` begin headings, `- ` and `1. ` items (two blanks before make them
inner), `> ` a quotation, `**strong**`, `_emphasis_`, `[words](https://…)`. A table is lines of `| a | b |`: the first
are its heads, a line `|+ title` before them its caption, and `|! a | b |` a row whose first cell is a head. `[[key]]`
alone is the place of a live table. A backslash makes the next sign plain. What one writes the other reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from pes.rules.rich_text import LISTS, Node

_SPECIAL = re.compile(r"([\\*_\[\]|])")
_OPENING = re.compile(r"^(#|>|-|\d+\.)")
_ITEM = re.compile(r"^( *)(-|\d+\.) +(.*)$")
_PLACE = re.compile(r"^\[\[([a-z0-9-]+)\]\]$")
_CELLS = re.compile(r"(?<!\\)\|")
_TOKEN = re.compile(
    r"\\(?P<plain>.)|\*\*(?P<strong>(?:\\.|[^\\])+?)\*\*|_(?P<em>(?:\\.|[^_\\])+?)_"
    r"|\[(?P<words>(?:\\.|[^\]\\])+)\]\((?P<href>[^)\s]+)\)|(?P<end>\n)",
    re.DOTALL,
)


def to_markup(nodes: Iterable[Node]) -> str:
    """Well-formed rich text as mark-up."""
    return "\n\n".join("\n".join(_block(node)) for node in nodes)


def from_markup(text: str) -> str:
    """The HTML that mark-up means; it still goes through the sanitiser."""
    parts = re.split(r"\n[ \t]*\n", "\n".join(text.splitlines()))
    return "".join(_part(part.strip("\n")) for part in parts if part.strip())


def _block(node: Node) -> Iterator[str]:
    match node.tag:
        case "h3" | "h4":
            yield f"{'##' if node.tag == 'h3' else '###'} {_line(node.children)}"
        case "ul" | "ol":
            yield from _items(node, "")
        case "blockquote":
            lines = [_words(one.children).split("\n") for one in node.children if isinstance(one, Node)]
            yield from (f"> {line}" for line in "\n\n".join("\n".join(said) for said in lines).split("\n"))
        case "table":
            yield from _rows(node)
        case "figure":
            yield f"[[{node.value}]]"
        case _:
            yield from (_OPENING.sub(r"\\\1", line) for line in _words(node.children).split("\n"))


def _items(node: Node, indent: str) -> Iterator[str]:
    for at, item in enumerate((one for one in node.children if isinstance(one, Node)), 1):
        mark = "-" if node.tag == "ul" else f"{at}."
        inner = [one for one in item.children if isinstance(one, Node) and one.tag in LISTS]
        yield f"{indent}{mark} {_line(one for one in item.children if one not in inner)}"
        for one in inner:
            yield from _items(one, indent + "  ")


def _rows(table: Node) -> Iterator[str]:
    caption, *groups = (one for one in table.children if isinstance(one, Node))
    if caption.children:
        yield f"|+ {_line(caption.children)}"
    for row in (row for group in groups for row in group.children if isinstance(row, Node)):
        cells = [one for one in row.children if isinstance(one, Node)]
        mark = "|!" if cells[0].value == "row" else "|"
        yield f"{mark} {' | '.join(_line(cell.children) for cell in cells)} |"


def _line(nodes: Iterable[Node | str]) -> str:
    return _words(nodes).replace("\n", " ")


def _words(nodes: Iterable[Node | str]) -> str:
    return "".join(_inline(node) for node in nodes)


def _inline(node: Node | str) -> str:
    if isinstance(node, str):
        return _SPECIAL.sub(r"\\\1", node)
    match node.tag:
        case "strong":
            return f"**{_words(node.children)}**"
        case "em":
            return f"_{_words(node.children)}_"
        case "a":
            return f"[{_words(node.children)}]({node.value.replace(')', '%29')})"
    return "\n"


def _part(part: str) -> str:
    lines = part.split("\n")
    first = lines[0]
    if place := _PLACE.match(part.strip()):
        return f'<figure data-live="{place[1]}"></figure>'
    if first.startswith("#"):
        tag = "h4" if first.startswith("###") else "h3"
        rest = _part("\n".join(lines[1:])) if lines[1:] else ""
        return f"<{tag}>{_html(first.lstrip('#').strip())}</{tag}>{rest}"
    if first.startswith(">"):
        said = "\n".join(line.lstrip(">").strip() for line in lines)
        return f"<blockquote>{''.join(f'<p>{_html(one)}</p>' for one in said.split(chr(10) * 2))}</blockquote>"
    if first.startswith("|"):
        return _table(lines)
    if _ITEM.match(first):
        return _list(lines)
    return f"<p>{_html(part)}</p>"


def _table(lines: list[str]) -> str:
    caption, rows = "", []
    for line in lines:
        if line.startswith("|+"):
            caption = f"<caption>{_html(line[2:].strip())}</caption>"
            continue
        cells = [cell.strip() for cell in _CELLS.split(line.lstrip("|").removeprefix("!").rstrip().removesuffix("|"))]
        first = "th" if line.startswith("|!") else "td"
        tags = [first, *["td"] * (len(cells) - 1)]
        rows.append("".join(f"<{tag}>{_html(cell)}</{tag}>" for tag, cell in zip(tags, cells, strict=True)))
    return f"<table>{caption}{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _list(lines: list[str]) -> str:
    made = ""
    open_: list[tuple[int, str]] = []  # of each list that stands open: how far in, and its tag
    for line in lines:
        found = _ITEM.match(line)
        if found is None:
            made += "<br>" + _html(line.strip())
            continue
        depth, tag = len(found[1]), "ul" if found[2] == "-" else "ol"
        while open_ and open_[-1][0] > depth:
            made += f"</li></{open_.pop()[1]}>"
        if open_ and open_[-1][0] == depth:
            made += "</li>"
        else:
            made += f"<{tag}>"
            open_.append((depth, tag))
        made += f"<li>{_html(found[3])}"
    return made + "".join(f"</li></{tag}>" for _, tag in reversed(open_))


def _html(text: str) -> str:
    made, at = "", 0
    for found in _TOKEN.finditer(text):
        made += escape(text[at : found.start()])
        at = found.end()
        if found["plain"] is not None:
            made += escape(found["plain"])
        elif found["end"]:
            made += "<br>"
        elif found["words"]:
            made += f'<a href="{escape(found["href"])}">{_html(found["words"])}</a>'
        else:
            tag = "strong" if found["strong"] else "em"
            made += f"<{tag}>{_html(found[tag])}</{tag}>"
    return made + escape(text[at:])
