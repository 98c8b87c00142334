"""Two texts side by side with the words that differ marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pes.rules.text_marks import Piece, mark
from plans.rules.differences import Difference


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
