"""Monitoreo 360 as a document and as a workbook, from the same levels as the page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from io import BytesIO

from django.conf import settings

from evaluation.territory.monitoring import Figure, Level
from pes.dates import long_date
from pes.demo_mark import demo_mark
from pes.documents.blocks import Block, Document, Grid, Section, Text
from pes.documents.store import sha256
from pes.rules.numbers import NO_INFORMATION
from pes.workbooks.sheets import Cell, SheetData
from pes.workbooks.writer import write_workbook
from tracking.assistance.months import words

HEADERS = ("Nivel", "Eslabón", "Cifra", "Valor", "De", "Unidad", "Nota")
BROKEN = ("Desagregación", "Nombre", "Avance (%)", "Entidades")


def document_of(levels: Sequence[Level], place: str, month: date, at: datetime) -> Document:
    """The page as a document of blocks."""
    said = json.dumps([asdict(one) for one in levels], default=str, ensure_ascii=False, sort_keys=True).encode()
    return Document(
        title="Monitoreo 360",
        institution=settings.PES_INSTITUTION,
        entity=place,
        period=words(month),
        cutoff="",
        edition="",
        dated=long_date(at),
        dated_at=at,
        digest=sha256(said),
        marks=tuple(filter(None, (demo_mark(),))),
        correction="",
        sections=tuple(Section(f"nivel-{one.number}", one.name, tuple(_blocks(one))) for one in levels),
        topic="asistencia territorial",
    )


def workbook_of(levels: Sequence[Level], at: datetime) -> bytes:
    """The figures and their breakdowns, a sheet each: numbers as numbers, the same that the page shows (EX1)."""
    figures = [
        [one.number, one.name, row.label, *_cells(row), row.note or None] for one in levels for row in one.figures
    ]
    broken = [
        [part.title, name, NO_INFORMATION if progress is None else progress.number, entities.number]
        for one in levels
        for part in one.breakdowns
        for name, progress, entities in part.parts
    ]
    widths = {"Cifra": 42, "Valor": 18, "Nota": 44, "Eslabón": 16, "Nombre": 46, "Desagregación": 26, "Avance (%)": 14}
    sheets = [
        SheetData("Monitoreo 360", HEADERS, figures, widths=widths, mark=demo_mark(), freeze="A2"),
        SheetData(
            "Procesos", BROKEN, broken, widths=widths, formats={"Avance (%)": "0.00"}, mark=demo_mark(), freeze="A2"
        ),
    ]
    target = BytesIO()
    write_workbook(target, sheets, created=at, title="Monitoreo 360")
    return target.getvalue()


def _cells(figure: Figure) -> tuple[Cell, Cell, Cell]:
    """A figure as cells: its number, out of how many, its unit; what is not known stays in words."""
    found = figure.quantity
    return (found.number, found.whole, found.unit or None) if found is not None else (figure.value, None, None)


def _blocks(one: Level) -> Iterator[Block]:
    yield Text(f"{one.instrument}.")
    rows = tuple((row.label, row.value, row.note or "–") for row in one.figures)
    yield Grid(one.name, ("Cifra", "Valor", "Nota"), rows, frozenset({1}), hide_caption=True)
    for part in one.breakdowns:
        if part.rows:
            yield Grid(part.title, ("Nombre", "Avance", "Entidades"), part.rows, frozenset({1, 2}))
