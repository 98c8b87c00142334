"""A workbook handed back on a fresh copy of our form, with its errors on their cells (IM8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.utils import timezone

from pes.workbooks.annotated import annotate, readdressed
from pes.workbooks.items import Item
from pes.workbooks.pairs import PAIR
from pes.workbooks.reader import Workbook
from pes.workbooks.sheets import Cell
from pes.workbooks.tables import Sheet
from tracking.report_workbook import shape
from tracking.report_workbook.export import form_of
from tracking.report_workbook.targets import Target


def write_annotated(target: IO[bytes], place: Target, workbook: Workbook, items: Sequence[Item]) -> None:
    """Write the person's values into the form, each item as a comment on its cell."""
    about, entries = workbook.sheets.get(shape.ABOUT), workbook.sheets.get(shape.REPORT)
    pairs: Any = place.about
    if about:
        pairs = [tuple(map(row.written, PAIR)) for row in about]
        items = readdressed(items, about, PAIR)
    if entries:
        items = readdressed(items, entries, place.headers)
    sheets = form_of(pairs, _rows(entries, place.headers), place.headers, place.title)
    annotate(target, sheets, items, created=timezone.localtime(), title=place.title)


def _rows(sheet: Sheet | None, headers: Sequence[str]) -> Iterator[list[Cell]]:
    for row in sheet or ():
        yield [row.written(header) for header in headers]
