"""Reports → the sheets of their workbook, so that importing them again changes nothing (IM14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone

from pes.dates import long_date
from pes.demo_mark import demo_mark
from pes.models import OrganizationUnit
from pes.workbooks.instructions import instructions
from pes.workbooks.pairs import KEY, PAIR, VALUE
from pes.workbooks.sheets import Cell, SheetData
from tracking.content import Reading
from tracking.models import QuarterReport
from tracking.report_workbook import guide, shape
from tracking.report_workbook.lines import Line, cells, lines_of, proof_names

WIDTHS = {
    shape.UNIT: 11, shape.UNIT_NAME: 30, shape.NUMBER: 9, shape.TEXT: 52, shape.MEASURE: 17, shape.PROGRAMMED: 15,
    "numerador_q": 14, "denominador_q": 15, "ejecutado_q": 14, shape.RESULT: 14, "analisis_q": 48,
    "causas_retraso_q": 40, "explicacion_q": 40, shape.PROOFS: 32, shape.ACCUMULATED: 19, shape.PROGRESS: 19,
    "analisis_acum_q": 48, shape.SUPPLIER: 28,
}  # fmt: skip
_AMOUNTS = dict.fromkeys((*shape.AMOUNT_HEADERS, shape.PROGRAMMED, shape.ACCUMULATED), "General")
_FORMATS = _AMOUNTS | {shape.RESULT: "0.00", shape.PROGRESS: "0.00"}
_KEY_WIDTH, _VALUE_WIDTH = 22, 70


def report_sheets(reading: Reading) -> list[SheetData]:
    """The workbook of a report: what it is of, its goals, how it is filled in."""
    report = reading.report
    return form_of(about_report(report), rows_of([reading], shape.HEADERS), shape.HEADERS, title_of(report))


def table_sheets(area: OrganizationUnit, readings: Sequence[Reading], vigencia: int, quarter: int) -> list[SheetData]:
    """The workbook of a central area: its goals in every plan, a row each (PG-08)."""
    rows = rows_of(readings, shape.CENTRAL_HEADERS)
    about = about_area(area, vigencia, quarter)
    return form_of(about, rows, shape.CENTRAL_HEADERS, table_title(area, vigencia, quarter))


def rows_of(readings: Iterable[Reading], headers: Sequence[str]) -> list[list[Cell]]:
    """A row for each goal; the names of the evidence cost one query."""
    lines: list[Line] = list(lines_of(readings))
    proofs = proof_names(lines)
    return [cells(line, headers, proofs) for line in lines]


def form_of(
    pairs: Mapping[str, Cell] | Iterable[Sequence[Cell]],
    rows: Iterable[Sequence[Cell]],
    headers: Sequence[str],
    title: str,
) -> list[SheetData]:
    """The form of a quarter with some values in it: those of the reports, or of a file that is handed back."""
    mark = demo_mark()
    entries = SheetData(
        shape.REPORT,
        headers,
        rows,
        widths=WIDTHS,
        formats=_FORMATS,
        mark=mark,
        help=guide.column_help(headers),
        locked=shape.LOCKED,
        wrap=frozenset(headers),
        spare_rows=0,
        freeze="D2" if shape.UNIT in headers else "B2",
    )
    return [_about(pairs, mark), entries, instructions(title, guide.STEPS, guide.column_help(headers), mark=mark)]


def _about(pairs: Mapping[str, Cell] | Iterable[Sequence[Cell]], mark: str) -> SheetData:
    return SheetData(
        shape.ABOUT,
        PAIR,
        pairs.items() if isinstance(pairs, Mapping) else pairs,
        widths={KEY: _KEY_WIDTH, VALUE: _VALUE_WIDTH},
        mark=mark,
        locked=frozenset(PAIR),
        wrap=frozenset({VALUE}),
        has_filter=False,
    )


def about_report(report: QuarterReport) -> dict[str, Cell]:
    """Which report a workbook is of."""
    unit = report.plan.unit
    return {
        "vigencia": report.plan.vigencia_id,
        "trimestre": report.quarter,
        "unidad": unit.code,
        "proceso_o_alcaldia": unit.name,
        "estado": report.get_status_display(),
        "vence": long_date(report.due_on),
        "generado": long_date(timezone.localdate()),
    }


def about_area(area: OrganizationUnit, vigencia: int, quarter: int) -> dict[str, Cell]:
    """Which table a workbook is of."""
    generated = long_date(timezone.localdate())
    return {"vigencia": vigencia, "trimestre": quarter, "area": area.code, "generado": generated}


def title_of(report: QuarterReport) -> str:
    """A report's workbook by its name."""
    return f"Reporte T{report.quarter} de {report.plan.unit.name}, vigencia {report.plan.vigencia_id}"


def table_title(area: OrganizationUnit, vigencia: int, quarter: int) -> str:
    """A central table's workbook by its name."""
    return f"Metas a cargo de {area.name}, T{quarter} de {vigencia}"
