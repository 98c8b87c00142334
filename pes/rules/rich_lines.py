"""Rich text as lines that two people compare: its words, with formats, addresses and live tables said in signs (WF3).

Unlike `text_of`, whatever a save could lose is in some line: a live table by its title, a heading, an item and a row by
what they are, **strong**, _emphasis_, the address of a link in ⟨angles⟩ and a break of line as ↵.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pes.rules.rich_text import LISTS, LIVE, Node, walk

_TITLES = {"h3": "Título", "h4": "Subtítulo"}
_ITEMS = {"ul": "Viñeta", "ol": "Numerado"}
_SIGNS = {"strong": "**", "em": "_"}
_EDGES = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)
_LEGEND = (
    (re.compile(r"\*\*"), "**…** es negrita"),
    (re.compile(r"(?<!\w)_\S|\S_(?!\w)"), "_…_ es cursiva"),
    (re.compile(r"⟨"), "⟨…⟩ es la dirección de un enlace"),
    (re.compile(r"↵"), "↵ es un salto de línea"),
)


def lines_of(nodes: Iterable[Node | str], titles: Mapping[str, str]) -> list[str]:
    """A well-formed text line by line; `titles` are those of the live tables by key, which stands for one without."""
    return [line for node in nodes if isinstance(node, Node) for line in _block(node, titles) if line]


def legend_of(texts: Iterable[str]) -> str:
    """What the signs mean that appear in lines, as a sentence; blank without any."""
    said = "\n".join(texts)
    found = [words for sign, words in _LEGEND if sign.search(said)]
    return f"{'; '.join(found)}." if found else ""


def _block(node: Node, titles: Mapping[str, str]) -> Iterator[str]:
    match node.tag:
        case "h3" | "h4":
            yield f"{_TITLES[node.tag]}: {_words(node.children)}"
        case "ul" | "ol":
            yield from _items(node, 1)
        case "blockquote":
            yield from (f"Cita: {_words(one.children)}" for one in node.children if isinstance(one, Node))
        case "table":
            yield from _rows(node)
        case tag if tag == LIVE:
            yield f"Tabla de datos: {titles.get(node.value, node.value)}"
        case _:
            yield _words(node.children)


def _items(node: Node, level: int) -> Iterator[str]:
    """Items are not counted: one more at the start would change every line after it."""
    name = _ITEMS[node.tag] if level == 1 else f"{_ITEMS[node.tag]} de nivel {level}"
    for item in (one for one in node.children if isinstance(one, Node)):
        inner = [one for one in item.children if isinstance(one, Node) and one.tag in LISTS]
        if own := _words(one for one in item.children if one not in inner):
            yield f"{name}: {own}"
        for one in inner:
            yield from _items(one, level + 1)


def _rows(table: Node) -> Iterator[str]:
    caption = next((_words(one.children) for one in walk(table.children) if one.tag == "caption"), "")
    yield f"Tabla: {caption or 'sin nombre'}"
    for row in (one for one in walk(table.children) if one.tag == "tr"):
        cells = [one for one in row.children if isinstance(one, Node)]
        name = "Encabezados" if all(one.value == "col" for one in cells) else "Fila"
        yield f"{name}: {' | '.join(map(_cell, cells))}"


def _cell(cell: Node) -> str:
    """A cell; one that is the head of its row is read in bold."""
    return _signed(_words(cell.children), "**" if cell.value == "row" else "")


def _words(nodes: Iterable[Node | str]) -> str:
    return "".join(map(_inline, nodes)).strip()


def _inline(node: Node | str) -> str:
    if isinstance(node, str):
        return node
    if node.tag == "br":
        return " ↵ "
    words = "".join(map(_inline, node.children))
    if node.tag == "a":
        return f"{words} ⟨{node.value}⟩"
    return _signed(words, _SIGNS.get(node.tag, ""))


def _signed(text: str, sign: str) -> str:
    """The words between two signs, and the blanks around them outside, so that no other word takes a sign."""
    found = _EDGES.match(text)
    assert found is not None  # it matches any text
    before, words, after = found.groups()
    return f"{before}{sign}{words}{sign}{after}" if words else text
