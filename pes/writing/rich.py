"""The door through which rich text comes in: sanitised, put in one spelling, within limits (PD1, PD3, DA10)."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import nh3

from pes.rules.problems import Problem, refuse_if_any
from pes.rules.rich_text import Node, TooDeep, blocks, in_order, parse, walk, write
from pes.rules.writing import MOST_CHARACTERS, MOST_DEPTH, MOST_GIVEN, MOST_ROWS, MOST_TABLES

# What browsers write for the formats that we keep; `pes.rules.rich_text` reduces them to one spelling of each.
_TAGS = {
    "a", "b", "blockquote", "br", "caption", "div", "em", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "i", "li",
    "ol", "p", "strong", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "figure": {"data-live"}}
_SILENT = {"iframe", "math", "noscript", "object", "script", "style", "svg", "template", "textarea", "title", "xmp"}
_UNCLOSED = {"br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "p", "tbody", "td", "th", "tr"}
_MOST_OPEN = 100  # boxes of foreign mark-up; more cost the sanitiser seconds, and no word processor writes them


def clean(html: str) -> str:
    """HTML as it is stored and shown: our few formats, links to https, places of live tables, and no more.

    Cleaning what was cleaned changes nothing. Raises Refused: too long, too deep, too many tables or rows.
    """
    refuse_if_any(_size_problems(html))
    safe = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"https"}, clean_content_tags=_SILENT, link_rel=None
    )
    try:
        made = in_order(blocks(parse(safe, _MOST_OPEN)))
    except TooDeep:
        refuse_if_any([_too_deep()])
    refuse_if_any(_shape_problems(made))
    kept = write(made)
    refuse_if_any([_too_long(len(kept), MOST_CHARACTERS)] if len(kept) > MOST_CHARACTERS else ())
    return kept


def _size_problems(html: str) -> Iterator[Problem]:
    if len(html) > MOST_GIVEN:
        yield _too_long(len(html), MOST_GIVEN)
    elif _is_too_open(html):
        yield _too_deep()


def _shape_problems(made: list[Node]) -> Iterator[Problem]:
    tables = [node for node in made if node.tag == "table"]
    if len(tables) > MOST_TABLES:
        message = f"El texto tiene {len(tables)} tablas y caben {MOST_TABLES} en una sección."
        yield Problem(
            "too_many_tables", "PD3", message, fix="Repártalas entre varias secciones o llévelas a los anexos."
        )
    longest = max((sum(one.tag == "tr" for one in walk([table])) for table in tables), default=0)
    if longest > MOST_ROWS:
        message = f"Una tabla tiene {longest} filas y caben {MOST_ROWS}."
        yield Problem("table_too_long", "PD3", message, fix="Divídala o publíquela como archivo anexo.")
    if _depth(made) > MOST_DEPTH:
        yield _too_deep()


def _too_long(length: int, most: int) -> Problem:
    message = f"El texto tiene {length} caracteres con su formato y caben {most}."
    return Problem("text_too_long", "PD3", message, fix="Repártalo entre varias secciones o llévelo a los anexos.")


def _too_deep() -> Problem:
    message = f"Hay más de {MOST_DEPTH} listas o formatos uno dentro de otro."
    return Problem("text_too_deep", "PD3", message, fix="Saque un nivel: una lista con otra dentro suele bastar.")


def _depth(nodes: list[Node]) -> int:
    return max((1 + _depth([one for one in node.children if isinstance(one, Node)]) for node in nodes), default=0)


def _is_too_open(html: str) -> bool:
    counter = _Counter()
    counter.feed(html)
    return counter.deepest > _MOST_OPEN


class _Counter(HTMLParser):
    """How many boxes stand open at once, those that need no end left out; linear, before anything costly."""

    def __init__(self) -> None:
        super().__init__()
        self.open = self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open += tag not in _UNCLOSED
        self.deepest = max(self.deepest, self.open)

    def handle_endtag(self, tag: str) -> None:
        self.open -= tag not in _UNCLOSED and self.open > 0
