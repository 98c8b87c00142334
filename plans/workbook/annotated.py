"""A workbook handed back on a fresh copy of our template, with its errors on their cells (IM8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

from django.utils import timezone

from pes.workbooks.annotated import annotate, readdressed
from pes.workbooks.items import Item
from pes.workbooks.pairs import PAIR
from pes.workbooks.reader import Workbook
from pes.workbooks.sheets import Cell, Formula
from pes.workbooks.tables import Row, Sheet
from plans.content import context_of, facts_of
from plans.models import PlanGestion
from plans.rules.fields import QUARTER_NAMES
from plans.workbook import guide, shape
from plans.workbook.export import central_units, form_of, identification_cells

_QUARTERS = tuple(shape.COLUMN_OF[name].header for name in QUARTER_NAMES)


def write_annotated(target: IO[bytes], plan: PlanGestion, workbook: Workbook, items: Sequence[Item]) -> None:
    """Write the person's values into the form of the plan, each item as a comment on its cell."""
    about, goals = workbook.sheets.get(shape.PLAN), workbook.sheets.get(shape.GOALS)
    if about:
        pairs: Any = [tuple(map(row.written, PAIR)) for row in about]
        items = readdressed(items, about, PAIR)
    else:
        pairs = identification_cells(plan, facts_of(plan)).items()
    if goals:
        items = readdressed(items, goals, (*shape.HEADERS, shape.SUM))
    sheets = form_of(plan, pairs, _rows(goals), context_of(plan)["objectives"], central_units(plan))
    annotate(target, sheets, items, created=timezone.localtime(), title=str(plan))


def _rows(sheet: Sheet | None) -> Iterator[list[Cell]]:
    for row in sheet or ():
        yield [*(row.written(header) for header in shape.HEADERS), _sum(row)]


def _sum(row: Row) -> Formula:
    amounts = [value for header in _QUARTERS if isinstance(value := row.values.get(header), Decimal)]
    first, last = guide.letter(_QUARTERS[0]), guide.letter(_QUARTERS[-1])
    return Formula(f"SUM({first}{{row}}:{last}{{row}})", sum(amounts, Decimal(0)))
