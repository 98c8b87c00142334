"""Two texts side by side with the words that differ marked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from plans.rules.differences import Difference

_WORDS = re.compile(r"\s+|[^\s]+")
_MOST_WORDS = 400  # beyond this, comparing word by word costs more than it says
Piece = tuple[str, str]  # "same" | "gone" | "new", and a text


@dataclass(frozen=True, slots=True)
class MarkedDifference:
    """A field in two versions, with the words that differ marked in each."""

    label: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class MarkedGoal:
    """A goal that is in both versions and differs."""

    title: str
    text: str
    differences: tuple[MarkedDifference, ...]


def marked(differences: Iterable[Difference]) -> tuple[MarkedDifference, ...]:
    """Differences of the rules, their words marked."""
    return tuple(MarkedDifference(one.label, *mark(one.before_text, one.after_text)) for one in differences)


def mark(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces: what only the first has is gone, what only the second has is new."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) > _MOST_WORDS or len(new) > _MOST_WORDS:
        return (("gone", before),), (("new", after),)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, i, j, k, n in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if i < j:
            left.append(("same" if kind == "equal" else "gone", "".join(old[i:j])))
        if k < n:
            right.append(("same" if kind == "equal" else "new", "".join(new[k:n])))
    return tuple(left), tuple(right)
