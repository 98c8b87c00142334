"""What the text of a cell's XML means, by its type and its number format. Runs in the child only."""

from __future__ import annotations

import datetime as dt
import re

from pes.workbooks.parts import Book

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
EPOCH, EPOCH_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)  # noqa: DTZ001 - days have no zone
MILLISECONDS = 86_400_000
OUT_OF_RANGE = ("e", "#VALUE!")


class Content:
    """Answers `(kind, text)` as `cells.RawCell` has them: s text, n number, d date, t time,
    b boolean, e Excel error."""

    def __init__(self, book: Book) -> None:
        self.strings, self.formats, self.is_1904 = book.strings, book.formats, book.is_1904

    def read(self, cell_type: str, text: str, style: int) -> tuple[str, str]:
        """Raises `ValueError` or `IndexError` for what no office writes: damaged."""
        if cell_type == "s":
            return "s", unescaped(self.strings[int(text)])
        if cell_type == "n":
            if style in self.formats.dates:
                return self._moment(float(text), style)
            is_float = "." in text or "e" in text or "E" in text
            return "n", repr(float(text)) if is_float else str(int(text))
        if cell_type == "b":
            return "b", "1" if int(text) else "0"
        if cell_type == "e":
            return "e", text
        if cell_type == "d":
            return _iso(text)
        return "s", unescaped(text)

    def _moment(self, serial: float, style: int) -> tuple[str, str]:
        try:
            span = dt.timedelta(milliseconds=round(serial * MILLISECONDS))
            if style in self.formats.spans:
                return "t", str(span)
            if 0 <= serial < 1 and not span.days:
                return "t", str((EPOCH + span).time())
            if self.is_1904:
                return "d", (EPOCH_1904 + span).isoformat()
            # Serial 60 is a 29 February 1900 that never was.
            return "d", (EPOCH + span + dt.timedelta(days=0 < serial < 60)).isoformat()
        except (OverflowError, ValueError):
            return OUT_OF_RANGE


def unescaped(text: str) -> str:
    """`_x0041_` is how a text writes a character that XML cannot hold; half of one that is cut in two is none."""
    if "_x" not in text:
        return text
    found = ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _iso(text: str) -> tuple[str, str]:
    if text.startswith(("P", "-P")):
        return "t", text
    try:
        return "t", dt.time.fromisoformat(text).isoformat()
    except ValueError:
        return "d", dt.datetime.fromisoformat(text.removesuffix("Z")).isoformat()
