"""Texts as they are stored, whoever typed them and with whatever program."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pes.rules.problems import Problem

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


def missing_problems(text: str, *, code: str, what: str, limit: int, rule: str) -> Iterator[Problem]:
    """What is wrong with a text that must be there, and fit in `limit` characters."""
    if not text:
        yield Problem(f"{code}_missing", rule, f"Falta {what}.", fix="Escríbalo y vuelva a enviar.")
    yield from length_problems(text, code=code, limit=limit, rule=rule)


def length_problems(text: str, *, code: str, limit: int, rule: str) -> Iterator[Problem]:
    """What is wrong with a text that may be blank, and must fit in `limit` characters."""
    if len(text) > limit:
        message = f"Escribió {len(text)} caracteres y caben {limit}."
        yield Problem(f"{code}_too_long", rule, message, fix="Acorte el texto.")
