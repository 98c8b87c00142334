"""What people type into an address, read so that nothing they write makes a page fail."""

from __future__ import annotations

_DIGITS = 9  # what every database's integer holds; Python itself refuses to read 5,000 digits
_CHARACTERS, _WORDS = 200, 8  # SQLite refuses a condition of a thousand parts


def whole_number(text: str) -> int | None:
    """A number of at most nine digits; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def words(text: str) -> list[str]:
    """The first words of a search."""
    return text[:_CHARACTERS].split()[:_WORDS]
