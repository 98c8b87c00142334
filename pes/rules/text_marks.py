"""Two texts side by side with the words that differ marked."""

from __future__ import annotations

import difflib
import re

_WORDS = re.compile(r"\s+|[^\s]+")
_MOST_WORDS = 400  # beyond this, comparing word by word costs more than it says
Piece = tuple[str, str]  # "same" | "gone" | "new", and a text


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
