"""What the process that touches an untrusted workbook does (`pes.sandbox` starts it, limits it and ends it)."""

from __future__ import annotations

from typing import Any, BinaryIO

from pes.workbooks.extract import extract
from pes.workbooks.items import Refusal


def answer(stream: BinaryIO, wanted: list[str]) -> dict[str, Any]:
    """The sheets whose folded title is in `wanted`, or why the book as a whole is refused."""
    try:
        return extract(stream, wanted)
    except Refusal as refusal:
        return {"refused": [refusal.code, refusal.found, refusal.sheet, refusal.cell]}
