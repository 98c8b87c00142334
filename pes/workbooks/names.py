"""Names and texts as people type them, brought to one form (IM1, IM13)."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
ODD_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
DOUBLE_QUOTES = re.compile("[\u201c-\u201f\u2033]")
SINGLE_QUOTES = re.compile("[\u2018-\u201b\u2032]")
PATTERNS = (INVISIBLE, ODD_SPACES, CONTROLS, DOUBLE_QUOTES, SINGLE_QUOTES)
SUSPECT = re.compile("|".join(pattern.pattern for pattern in PATTERNS))


def clean_text(text: str, *, keep_quotes: bool = False) -> tuple[str, list[str]]:
    """`text` without what cannot be seen, and what was changed, in Spanish.

    Outer blanks and Windows line ends go without mention. `keep_quotes` respects the
    typography of a narrative.
    """
    changes: list[str] = []

    def apply(pattern: re.Pattern[str], replacement: str, name: str) -> None:
        nonlocal text
        text, count = pattern.subn(replacement, text)
        if count:
            changes.append(name)

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.isprintable():
        return text.strip(), changes
    if not SUSPECT.search(text) and unicodedata.is_normalized("NFC", text):
        return text.strip(), changes
    apply(INVISIBLE, "", "caracteres invisibles")
    apply(ODD_SPACES, " ", "espacios duros")
    apply(CONTROLS, "", "caracteres de control")
    if not keep_quotes:
        apply(DOUBLE_QUOTES, '"', "comillas tipográficas")
        apply(SINGLE_QUOTES, "'", "comillas tipográficas")
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        changes.append("tildes descompuestas")
    return composed.strip(), list(dict.fromkeys(changes))


def fold(name: str) -> str:
    """A name without case, accents or separators: `Tipo programación` → `tipo_programacion`."""
    bare = unicodedata.normalize("NFKD", INVISIBLE.sub("", name))
    bare = "".join(character for character in bare if not unicodedata.combining(character))
    return "_".join(re.sub(r"[\W_]+", " ", bare).casefold().split())


def column_letter(column: int) -> str:
    """`1` → `A`, `28` → `AB`."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(cell: str) -> int:
    """`A` → `1`, `AB7` → `28`."""
    column = 0
    for letter in cell.rstrip("0123456789"):
        column = column * 26 + ord(letter) - 64
    return column
