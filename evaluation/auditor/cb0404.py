"""CB-0404, indicators of management: a row a goal, with the columns that the office defined (REP-08; act. 14)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from evaluation.auditor.columns import Column, Columns
from evaluation.auditor.context import UnitYear, YearContext
from evaluation.auditor.parts import document_of, groups, notes
from evaluation.auditor.wording import DASH, cutoff_text
from pes.documents.blocks import Block, Document, Facts, Section, Text, Title
from pes.rules.numbers import format_magnitude, format_percent
from pes.workbooks.sheets import Plain, SheetData

WIDE = {"objetivo": 50, "objetivo_proceso": 50, "indicador": 50, "meta_texto": 60, "formula": 50, "analisis": 80}


def document(context: YearContext, chosen: Columns) -> Document:
    """The indicators of each unit, one below the other: as many columns as this do not fit a page."""
    told = (
        f"Indicadores de los planes de gestión de {context.entity}, vigencia {context.vigencia}, con corte al "
        f"{cutoff_text(context)}. El formato para cargar es el libro de Excel; este documento dice lo mismo."
    )
    parts = (
        Section(f"grupo-{key}", title, tuple(_blocks(context, units, chosen.columns)), "new-page")
        for key, title, units in groups(context.units)
    )
    return document_of(context, (Section("alcance", "Alcance", (*notes(context), Text(told))), *parts))


def _blocks(context: YearContext, units: tuple[UnitYear, ...], columns: tuple[Column, ...]) -> Iterator[Block]:
    for unit in units:
        yield Title(3, unit.name)
        for goal in unit.goals:
            yield Title(4, f"Meta {goal.number}")
            yield Facts(tuple((one.title, shown(one.read(context, unit, goal), one)) for one in columns))


def shown(value: Plain, column: Column) -> str:
    """A cell as it is read; nothing is a dash."""
    if isinstance(value, Decimal):
        return format_percent(value) if column.is_percent else format_magnitude(value)
    return DASH if value is None or value == "" else str(value)


def sheet(context: YearContext, chosen: Columns) -> SheetData:
    """The form: numbers as numbers, what is not known empty."""
    columns = chosen.columns
    return SheetData(
        "CB-0404",
        tuple(one.title for one in columns),
        (tuple(one.read(context, unit, goal) for one in columns) for unit in context.units for goal in unit.goals),
        {one.title: WIDE.get(one.source, 24) for one in columns},
        {one.title: "0.00" for one in columns if one.is_percent},
        wrap=frozenset(one.title for one in columns if one.source in WIDE),
    )
