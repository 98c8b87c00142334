"""Texts as they are stored, whoever typed them and with whatever program."""

from __future__ import annotations

import re
import unicodedata

# What nobody sees goes, as the reading of a workbook does (IM13), and what no database or workbook can keep.
UNSEEN = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)
_ODD_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


def tidy(text: str) -> str:
    """A text of several lines as it is stored: without what nobody sees and no database keeps, spaces around it gone."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _ODD_SPACES.sub(" ", UNSEEN.sub("", lines))).strip()


def one_line(text: str) -> str:
    """A name, or any text of one line, as it is stored."""
    return " ".join(tidy(text).split())
