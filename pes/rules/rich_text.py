"""Rich text as a tree: what of cleaned HTML is kept, in one spelling, and what it says in plain words (LC-07; PD3).

Comes after the sanitiser, which decides what is safe; here is decided what is well formed for a document: paragraphs,
headings of two levels, lists, quotations, tables with their heads, places of live tables. Writing it again gives the
same characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

INLINE = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "a": "a", "br": "br"}
HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
LISTS = ("ul", "ol")
LIVE = "figure"
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_VALUES = {"a": "href", "figure": "data-live", "th": "scope"}  # the one attribute of each that is kept
_HTTPS = re.compile(r"https://[^\s/?#\\@]+[^\s\\]*", re.IGNORECASE)
_BLANK = re.compile(r"[ \t\r\n\f\xa0]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class TooDeep(ValueError):
    """Elements inside one another beyond what any document needs."""


@dataclass
class Node:
    """An element; its children are elements and texts. `value` is a link's address, a live table's key, a head's scope."""

    tag: str
    value: str = ""
    children: list[Node | str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, deepest: int) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self.open = [self.root]
        self.deepest = deepest

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        made = Node(tag, named.get(_VALUES.get(tag, "")) or "")
        self.open[-1].children.append(made)
        if tag != "br":
            self.open.append(made)
        if len(self.open) > self.deepest + 1:
            raise TooDeep

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at].tag == tag:
                del self.open[at:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(_CONTROL.sub("", data))


def parse(html: str, deepest: int = 1000) -> list[Node | str]:
    """The tree of balanced HTML. Raises TooDeep."""
    reader = _Reader(deepest)
    reader.feed(html)
    reader.close()
    return reader.root.children


def blocks(nodes: Iterable[Node | str]) -> list[Node]:
    """The same as the blocks of a document: loose words become paragraphs, foreign boxes are opened."""
    made: list[Node] = []
    loose: list[Node | str] = []
    for node in nodes:
        if isinstance(node, str) or node.tag in INLINE:
            loose.append(node)
            continue
        made += _paragraph(loose)
        loose = []
        made += _block(node)
    return made + _paragraph(loose)


def in_order(made: list[Node]) -> list[Node]:
    """The blocks with no subtitle before the first title: a screen reader follows headings one level at a time."""
    begun = False
    for node in made:
        begun = begun or node.tag == "h3"
        if node.tag == "h4" and not begun:
            node.tag = "h3"
    return made


def write(nodes: Iterable[Node | str]) -> str:
    """The one spelling of a tree."""
    return "".join(_written(node) for node in nodes)


def text_of(nodes: Iterable[Node | str]) -> str:
    """What it says, one line a paragraph, list item or row of a table."""
    return "\n".join(line for line in _lines(nodes) if line)


def said(nodes: Iterable[Node | str]) -> str:
    """The words of inline elements, marks left out."""
    texts = (node if isinstance(node, str) else "\n" if node.tag == "br" else said(node.children) for node in nodes)
    return "".join(texts)


def words_of(html: str) -> int:
    """How many words well-formed HTML says."""
    return len(text_of(parse(html)).split())


def walk(nodes: Iterable[Node | str]) -> Iterator[Node]:
    """Every element, parents first."""
    for node in nodes:
        if isinstance(node, Node):
            yield node
            yield from walk(node.children)


def _block(node: Node) -> list[Node]:
    match node.tag:
        case "p":
            return _paragraph(node.children)
        case "figure":
            return [Node(LIVE, node.value)] if KEY.fullmatch(node.value) else []
        case "ul" | "ol":
            items = _items(node)
            return [Node(node.tag, children=[*items])] if items else []
        case "blockquote":
            words = [one for one in blocks(node.children) if one.tag == "p"]
            return [Node("blockquote", children=[*words])] if words else []
        case "table":
            return _table(node)
        case tag if tag in HEADINGS:
            return [Node(HEADINGS[tag], children=title)] if (title := _trim(_inline(node.children))) else []
    return blocks(node.children)


def _paragraph(children: Iterable[Node | str]) -> list[Node]:
    words = _trim(_inline(children))
    return [Node("p", children=words)] if words else []


def _items(node: Node) -> list[Node]:
    items: list[Node] = []
    for child in node.children:
        if isinstance(child, Node) and child.tag in LISTS:  # a list put beside its item instead of inside
            inner = _block(child)
            if items:
                items[-1].children += inner
            else:
                items += [one for made in inner for one in made.children if isinstance(one, Node)]
        elif isinstance(child, Node) and child.tag == "li":
            items += _item(child)
        elif isinstance(child, Node) or child.strip():
            items += _item(Node("li", children=[child]))
    return items


def _item(node: Node) -> list[Node]:
    words: list[Node | str] = []
    inner: list[Node] = []
    for child in node.children:
        if isinstance(child, Node) and child.tag in LISTS:
            inner += _block(child)
        else:
            words.append(child)
    own = _trim(_inline(words))
    return [Node("li", children=[*own, *inner])] if own or inner else []


def _inline(nodes: Iterable[Node | str]) -> list[Node | str]:
    made: list[Node | str] = []
    for node in nodes:
        if isinstance(node, str):
            made.append(_BLANK.sub(" ", node))
        elif node.tag == "br":
            made.append(Node("br"))
        elif node.tag == "a" and _HTTPS.fullmatch(node.value):
            made.append(Node("a", node.value, _without(_inline(node.children), "a")))
        elif node.tag in INLINE and node.tag != "a":
            tag = INLINE[node.tag]
            made.append(Node(tag, children=_without(_inline(node.children), tag)))
        else:
            made += [*_inline(node.children), " "] if node.tag not in INLINE else _inline(node.children)
    return [one for one in _joined(made) if isinstance(one, str) or one.tag == "br" or said([one]).strip()]


def _without(nodes: list[Node | str], tag: str) -> list[Node | str]:
    """Strong inside strong, or a link inside a link, says nothing more, however far in."""
    made: list[Node | str] = []
    for node in nodes:
        if isinstance(node, str):
            made.append(node)
        elif node.tag == tag:
            made += _without(node.children, tag)
        else:
            made.append(Node(node.tag, node.value, _without(node.children, tag)))
    return _joined(made)


def _joined(nodes: Iterable[Node | str]) -> list[Node | str]:
    made: list[Node | str] = []
    for node in nodes:
        if isinstance(node, str) and made and isinstance(made[-1], str):
            made[-1] = _BLANK.sub(" ", made[-1] + node)
        elif node != "":
            made.append(node)
    return made


def _trim(nodes: list[Node | str]) -> list[Node | str]:
    while nodes and _is_blank(nodes[0]):
        nodes = nodes[1:]
    while nodes and _is_blank(nodes[-1]):
        nodes = nodes[:-1]
    if nodes and isinstance(nodes[0], str):
        nodes = [nodes[0].lstrip(), *nodes[1:]]
    if nodes and isinstance(nodes[-1], str):
        nodes = [*nodes[:-1], nodes[-1].rstrip()]
    return nodes


def _is_blank(node: Node | str) -> bool:
    return not node.strip() if isinstance(node, str) else node.tag == "br"


def _table(node: Node) -> list[Node]:
    """A caption, a row of heads and rows as wide as it; without heads the first row is them. Tables have no tables."""
    rows = [_cells(row) for row in walk(node.children) if row.tag == "tr"]
    rows = [row for row in rows if any(cell.children for cell in row)]
    if not rows:
        return []
    caption = next((one for one in walk(node.children) if one.tag == "caption"), Node("caption"))
    named = Node("caption", children=_trim(_inline(caption.children)))
    wide = max(len(row) for row in rows)
    for row in rows:
        row += [Node("td") for _ in range(wide - len(row))]
    head = Node("thead", children=[Node("tr", children=[Node("th", "col", cell.children) for cell in rows[0]])])
    body = [Node("tr", children=[*row]) for row in rows[1:]]
    return [Node("table", children=[named, head, Node("tbody", children=[*body])])]


def _cells(row: Node) -> list[Node]:
    cells = [one for one in row.children if isinstance(one, Node) and one.tag in ("th", "td")]
    return [
        Node(cell.tag, "row" if cell.tag == "th" else "", _trim(_inline(cell.children))) if at == 0
        else Node("td", children=_trim(_inline(cell.children)))
        for at, cell in enumerate(cells)
    ]  # fmt: skip


def _written(node: Node | str) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    match node.tag:
        case "br":
            return "<br>"
        case "a":
            start = f'<a href="{escape(node.value)}">'
        case "figure":
            start = f'<figure data-live="{escape(node.value)}">'
        case "th":
            start = f'<th scope="{node.value}">'
        case _:
            start = f"<{node.tag}>"
    return f"{start}{write(node.children)}</{node.tag}>"


def _lines(nodes: Iterable[Node | str]) -> Iterator[str]:
    loose: list[Node | str] = []
    for node in nodes:
        if isinstance(node, str) or node.tag in INLINE:
            loose.append(node)
            continue
        yield said(loose).strip()
        loose = []
        if node.tag == "tr":
            yield " | ".join(said(cell.children) for cell in node.children if isinstance(cell, Node))
        else:
            yield from _lines(node.children)
    yield said(loose).strip()
