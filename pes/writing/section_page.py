"""The page of one section: its text to be written or read, its state, its comments, its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pes.dates import long_instant
from pes.models import DocumentSection, SectionComment, SectionText
from pes.plan_frame import plan_url
from pes.rules.document_differences import ChangeKind, PlainSection, TextDifference, document_differences
from pes.rules.rich_lines import legend_of, lines_of
from pes.rules.rich_markup import to_markup
from pes.rules.rich_text import blocks, parse
from pes.writing.comments import says
from pes.writing.live import live_tables
from pes.writing.powers import Powers
from pes.writing.texts import live_keys

ACTS = ("save", "clean", "finish", "resume", "history", "comment")


@dataclass(frozen=True, slots=True)
class TurnRow:
    """Something said in a thread."""

    who: str
    when: str
    text: str


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A thread beside the text."""

    pk: int
    quote: str
    is_gone: bool
    passage_url: str
    turns: tuple[TurnRow, ...]
    resolved: str
    may_answer: bool
    may_close: bool
    urls: dict[str, str]


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text of the history."""

    number: int
    who: str
    when: str
    words: str
    note: str
    is_current: bool
    url: str
    restore_url: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two texts, paragraph by paragraph; `legend` explains the signs, or says that nothing does."""

    parts: tuple[TextDifference, ...]
    legend: str


@dataclass(frozen=True, slots=True)
class LiveChoice:
    """A live table that a writer may place."""

    key: str
    title: str
    is_placed: bool


def urls_of(section: DocumentSection) -> dict[str, str]:
    """The acts of a section."""
    return {name: plan_url(section.plan, f"pes:section-{name}", section.pk) for name in ACTS}


def markup_of(html: str) -> str:
    """A stored text for the plain box."""
    return to_markup(blocks(parse(html)))


def live_choices(section: DocumentSection) -> list[LiveChoice]:
    """The live tables by title; those of other sections' own can be placed too."""
    placed = set(live_keys(section.html))
    found = sorted(live_tables(section.plan).values(), key=lambda one: (one.section != section.key, one.title))
    return [LiveChoice(one.key, one.title, one.key in placed) for one in found]


def comment_rows(section: DocumentSection, powers: Powers) -> list[CommentRow]:
    """Its threads, the open ones first; two queries."""
    rows = section.comments.select_related("raised_by", "resolved_by").prefetch_related("turns__by")
    found = sorted(rows, key=lambda one: (one.resolved_at is not None, one.pk))
    return [_comment(one, section, powers) for one in found]


def text_rows(section: DocumentSection) -> list[TextRow]:
    """Its history, the last text first; one query."""
    rows = list(section.texts.select_related("by").order_by("-number"))
    return [_text(row, section, is_current=at == 0) for at, row in enumerate(rows)]


def live_titles(section: DocumentSection) -> dict[str, str]:
    """The live tables by key, as they are called where two texts are compared."""
    return {key: one.title for key, one in live_tables(section.plan).items()}


def differences_between(before: str, after: str, titles: Mapping[str, str]) -> Comparison:
    """What differs between two texts: words, formats, links, and live tables by their titles (WF3)."""
    sides = (PlainSection("texto", "", "", tuple(lines_of(parse(html), titles))) for html in (before, after))
    found = document_differences(*([side] for side in sides))
    if not found:
        same = "Los dos textos son iguales."
        return Comparison((), same if before == after else "Los dos textos dicen lo mismo con los mismos formatos.")
    parts = tuple(one for part in found[0].parts if isinstance(part, TextDifference) for one in _apart(part))
    return Comparison(parts, legend_of(text for part in parts for _, text in part.pieces))


def _apart(part: TextDifference) -> Iterator[TextDifference]:
    """A line that another took the place of, sharing no word with it, is one that is gone and one that is new."""
    if [state for state, _ in part.pieces] != ["gone", "new"]:
        yield part
        return
    for kind, piece in zip((ChangeKind.REMOVED, ChangeKind.ADDED), part.pieces, strict=True):
        yield TextDifference(kind, (piece,))


def _comment(one: SectionComment, section: DocumentSection, powers: Powers) -> CommentRow:
    place = plan_url(section.plan, "pes:section", section.pk)
    open_ = one.resolved_at is None
    turns = tuple(TurnRow(str(turn.by), long_instant(turn.at), turn.text) for turn in _in_order(one.turns.all()))
    is_gone = bool(one.quote) and not says(section, one.quote)
    names = ("answer", "resolve", "reopen")
    return CommentRow(
        pk=one.pk,
        quote=one.quote,
        is_gone=is_gone,
        passage_url=f"{place}#:~:text={quote(one.quote, safe='')}" if one.quote and not is_gone else "",
        turns=turns,
        resolved="" if open_ else f"Resuelto por {one.resolved_by} el {long_instant(one.resolved_at)}",
        may_answer=open_ and powers.comments,
        may_close=powers.writes(section) or (powers.comments and one.raised_by_id == powers.user),
        urls={name: plan_url(section.plan, f"pes:comment-{name}", section.pk, one.pk) for name in names},
    )


def _in_order(turns: Iterable[Any]) -> list[Any]:
    return sorted(turns, key=lambda turn: turn.pk)


def _text(row: SectionText, section: DocumentSection, *, is_current: bool) -> TextRow:
    history = plan_url(section.plan, "pes:section-history", section.pk)
    return TextRow(
        number=row.number,
        who=str(row.by),
        when=long_instant(row.at),
        words="1 palabra" if row.words == 1 else f"{row.words} palabras",
        note=f"Restaura el texto {row.restored}" if row.restored else "",
        is_current=is_current,
        url=f"{history}?texto={row.number}",
        restore_url=plan_url(section.plan, "pes:section-restore", section.pk, row.number),
    )
