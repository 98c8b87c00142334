"""What differs between two versions of a document, chapter by chapter: sections, words, cells of tables (LC-08)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from fractions import Fraction

from pes.rules.text_marks import Piece, mark


@dataclass(frozen=True, slots=True)
class PlainTable:
    """A table as it is read; the first cell of a row names it."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Item = str | PlainTable
SHARED_LEAST = Fraction(2, 5)  # of the words of the longer text; below it they are two texts, not one that changed


@dataclass(frozen=True, slots=True)
class PlainSection:
    """A section of a version: what identifies it, how it is called, and its paragraphs and tables in order."""

    key: str
    label: str
    chapter: str
    items: tuple[Item, ...] = ()


class ChangeKind(StrEnum):
    """What happened to a section, a paragraph, a table or a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class TextDifference:
    """A paragraph, its words marked: `same`, `gone` or `new`, in the order of reading."""

    kind: ChangeKind
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row, its cells marked."""

    kind: ChangeKind
    cells: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class TableDifference:
    """A table that is new, gone, or differs in its name, its heads or its rows; rows that are the same are only counted.

    `heads` are the marked heads of the columns where they changed.
    """

    kind: ChangeKind
    caption: str
    headers: tuple[str, ...]
    rows: tuple[RowDifference, ...]
    same: int = 0
    renamed_from: str | None = None
    heads: tuple[tuple[Piece, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class SectionDifference:
    """A section of one version or of both that differs."""

    kind: ChangeKind
    key: str
    label: str
    chapter: str
    renamed_from: str = ""
    parts: tuple[TextDifference | TableDifference, ...] = field(default=())


def document_differences(before: Sequence[PlainSection], after: Sequence[PlainSection]) -> list[SectionDifference]:
    """The sections that differ, in the order of the later version; those that are gone, where they were.

    Sections are matched by their key, which a change of number or of title keeps.
    """
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    return [difference for key in _merged_order(before, after) if (difference := _section(old.get(key), new.get(key)))]


def merged(before: str, after: str) -> tuple[Piece, ...]:
    """Two texts as one, to be read in a line: what is gone stands before what took its place.

    Texts that share few words are told whole, one after the other: a word here and there would help nobody.
    """
    left, right = (list(side) for side in mark(before, after))
    shared = sum(len(text.split()) for state, text in left if state == "same")
    if before and after and shared < SHARED_LEAST * max(len(before.split()), len(after.split())):
        return (("gone", before), ("new", after))
    made: list[Piece] = []
    while left or right:
        if left and left[0][0] == "gone":
            made.append(left.pop(0))
        elif right and right[0][0] == "new":
            made.append(right.pop(0))
        else:
            made.append(left.pop(0))
            right.pop(0)
    return tuple(made)


def _merged_order(before: Sequence[PlainSection], after: Sequence[PlainSection]) -> list[str]:
    keys = [one.key for one in after]
    place = -1
    for one in before:
        if one.key in keys:
            place = keys.index(one.key)
        else:
            place += 1
            keys.insert(place, one.key)
    return keys


def _section(old: PlainSection | None, new: PlainSection | None) -> SectionDifference | None:
    if new is None:
        assert old is not None  # a key is of one of both
        parts = tuple(_whole(item, ChangeKind.REMOVED) for item in old.items)
        return SectionDifference(ChangeKind.REMOVED, old.key, old.label, old.chapter, parts=parts)
    if old is None:
        parts = tuple(_whole(item, ChangeKind.ADDED) for item in new.items)
        return SectionDifference(ChangeKind.ADDED, new.key, new.label, new.chapter, parts=parts)
    renamed = old.label if old.label != new.label else ""
    parts = tuple(_items(old.items, new.items))
    if not parts and not renamed:
        return None
    return SectionDifference(ChangeKind.CHANGED, new.key, new.label, new.chapter, renamed, parts)


def _items(old: Sequence[Item], new: Sequence[Item]) -> Iterator[TextDifference | TableDifference]:
    for kind, i, j, k, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from _replaced(list(old[i:j]), list(new[k:n]))


def _replaced(old: list[Item], new: list[Item]) -> Iterator[TextDifference | TableDifference]:
    """A run of items that took the place of another: each beside the first one left of its kind."""
    for item in new:
        partner = _partner(item, old)
        if partner is None:
            yield _whole(item, ChangeKind.ADDED)
            continue
        while old[0] is not partner:
            yield _whole(old.pop(0), ChangeKind.REMOVED)
        old.pop(0)
        yield _pair(partner, item)
    for item in old:
        yield _whole(item, ChangeKind.REMOVED)


def _partner(item: Item, old: Sequence[Item]) -> Item | None:
    if isinstance(item, PlainTable):
        tables = [one for one in old if isinstance(one, PlainTable)]
        return next((one for one in tables if one.caption == item.caption), tables[0] if tables else None)
    return next((one for one in old if isinstance(one, str)), None)


def _pair(old: Item, new: Item) -> TextDifference | TableDifference:
    if isinstance(old, PlainTable) and isinstance(new, PlainTable):
        return _tables(old, new)
    assert isinstance(old, str)
    assert isinstance(new, str)
    return TextDifference(ChangeKind.CHANGED, merged(old, new))


def _whole(item: Item, kind: ChangeKind) -> TextDifference | TableDifference:
    state = "new" if kind is ChangeKind.ADDED else "gone"
    if isinstance(item, str):
        return TextDifference(kind, ((state, item),))
    rows = tuple(RowDifference(kind, tuple(((state, cell),) for cell in row)) for row in item.rows)
    return TableDifference(kind, item.caption, item.headers, rows)


def _tables(old: PlainTable, new: PlainTable) -> TableDifference:
    renamed = old.caption if old.caption != new.caption else None
    if len(old.headers) != len(new.headers):  # another table in its place: rows cannot be read side by side
        gone = tuple(RowDifference(ChangeKind.REMOVED, tuple((("gone", cell),) for cell in row)) for row in old.rows)
        made = tuple(RowDifference(ChangeKind.ADDED, tuple((("new", cell),) for cell in row)) for row in new.rows)
        return TableDifference(ChangeKind.CHANGED, new.caption, new.headers, (*gone, *made), 0, renamed)
    before = {_row_name(row, at, old.rows): row for at, row in enumerate(old.rows)}
    rows, same = [], 0
    for at, row in enumerate(new.rows):
        was = before.pop(_row_name(row, at, new.rows), None)
        if was == row:
            same += 1
        elif was is None:
            rows.append(RowDifference(ChangeKind.ADDED, tuple((("new", cell),) for cell in row)))
        else:
            cells = tuple(merged(first, then) for first, then in zip(was, row, strict=True))
            rows.append(RowDifference(ChangeKind.CHANGED, cells))
    rows += [RowDifference(ChangeKind.REMOVED, tuple((("gone", cell),) for cell in row)) for row in before.values()]
    heads = tuple(map(merged, old.headers, new.headers)) if old.headers != new.headers else ()
    return TableDifference(ChangeKind.CHANGED, new.caption, new.headers, tuple(rows), same, renamed, heads)


def _row_name(row: Sequence[str], at: int, rows: Sequence[Sequence[str]]) -> tuple[str, int]:
    """A row by its first cell; where several share it, also by which of them it is."""
    name = row[0] if row else ""
    return name, sum(1 for other in rows[:at] if other and other[0] == name)
