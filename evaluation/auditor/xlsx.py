"""The documents as workbooks: codes first, every figure as a number, and the proof of where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

from evaluation.auditor.cb0404 import sheet as cb0404_sheet
from evaluation.auditor.columns import Columns
from evaluation.auditor.context import YearContext
from evaluation.auditor.wording import class_of
from evaluation.models import AuditorKind
from pes.documents.blocks import Document
from pes.rules.numbers import ratio_to_percent
from pes.rules.states import FigureState
from pes.workbooks.writer import Cell, SheetData, write_workbook

PERCENT, NAME, LONG = "0.00", 40, 70


def workbook(context: YearContext, document: Document, columns: Columns) -> bytes:
    """The bytes of the workbook; the same context gives the same bytes."""
    target, mark = BytesIO(), " · ".join(context.marks)
    sheets = (replace(sheet, mark=mark) for sheet in _sheets(context, document, columns))
    write_workbook(target, sheets, created=context.dated_at, title=document.full_title)
    return target.getvalue()


def _sheets(context: YearContext, document: Document, columns: Columns) -> Iterator[SheetData]:
    if context.kind == AuditorKind.CB0404:
        yield cb0404_sheet(context, columns)
    else:
        yield _goals(context)
        yield _units(context)
    yield _quarters(context)
    yield SheetData("Cierres", CLOSE_HEADERS, _closes(context), {"huella_sha256": LONG, "consolidado": 22})
    yield SheetData("Documento", ("dato", "valor"), _about(context, document, columns), {"dato": 34, "valor": 90})


GOAL_HEADERS = (
    "unidad_codigo", "meta_numero", "unidad", "clase_proceso", "objetivo", "meta", "indicador", "tipo_indicador",
    "tipo_programacion", "unidad_medida", "ponderacion", "magnitud", "ejecutado", "avance_pct", "variable_1",
    "variable_1_valor", "variable_2", "variable_2_valor", "eliminada", "analisis", "causas_retraso",
)  # fmt: skip


def _goals(context: YearContext) -> SheetData:
    rows = (
        (
            unit.code, goal.number, unit.name, class_of(unit), goal.objective, goal.text, goal.indicator,
            goal.indicator_type, goal.programming_type, goal.unit, goal.weight, goal.magnitude, goal.accumulated,
            ratio_to_percent(goal.progress), goal.numerator_name, goal.numerator, goal.denominator_name,
            goal.denominator, "sí" if goal.is_eliminated else "no", goal.analysis, goal.delay_causes,
        )
        for unit in context.units
        for goal in unit.goals
    )  # fmt: skip
    widths = dict.fromkeys(("unidad", "objetivo", "indicador"), NAME) | dict.fromkeys(("meta", "analisis"), LONG)
    return SheetData("Metas", GOAL_HEADERS, rows, widths, {"avance_pct": PERCENT})


UNIT_HEADERS = (
    "unidad_codigo", "trimestre", "unidad", "clase_proceso", "puesto", "puntaje_pct", "a_la_fecha_pct",
    "puntualidad_pct", "metas_programadas", "metas_calificadas", "metas_con_evidencia", "reporte_validado",
)  # fmt: skip


def _units(context: YearContext) -> SheetData:
    rows = (
        (
            unit.code, one.quarter, unit.name, class_of(unit), one.rank, ratio_to_percent(one.score), ratio_to_percent(one.to_date),
            ratio_to_percent(one.on_time), one.goals_programmed, one.goals_rated, one.goals_with_evidence,
            "sí" if one.is_reported else "no",
        )
        for unit in context.units
        for one in unit.quarters
    )  # fmt: skip
    formats = dict.fromkeys(("puntaje_pct", "a_la_fecha_pct", "puntualidad_pct"), PERCENT)
    return SheetData("Unidades", UNIT_HEADERS, rows, {"unidad": NAME}, formats)


QUARTER_HEADERS = (
    "unidad_codigo", "meta_numero", "trimestre", "estado", "programado", "ejecutado", "numerador",
    "denominador", "resultado_pct", "soportes", "analisis", "causas_retraso",
)  # fmt: skip


def _quarters(context: YearContext) -> SheetData:
    rows = (
        (
            unit.code, goal.number, one.quarter, FigureState(one.state).label, one.programmed, one.achieved,
            one.numerator, one.denominator, ratio_to_percent(one.result), one.files, one.analysis, one.delay_causes,
        )
        for unit in context.units
        for goal in unit.goals
        for one in goal.quarters
    )  # fmt: skip
    widths = {"analisis": LONG, "causas_retraso": NAME, "estado": 18}
    return SheetData("Metas por trimestre", QUARTER_HEADERS, rows, widths, {"resultado_pct": PERCENT})


CLOSE_HEADERS = ("trimestre", "nivel", "corrida", "consolidado", "metodologia", "huella_sha256")


def _closes(context: YearContext) -> Iterator[tuple[Cell, ...]]:
    for proof in context.closes:
        yield (proof.quarter, proof.level, proof.run, proof.closed_at, proof.methodology, proof.digest)


def _about(context: YearContext, document: Document, columns: Columns) -> Iterator[tuple[Cell, Cell]]:
    yield "documento", document.title
    yield "entidad", context.entity_code
    yield "nombre de la entidad", context.entity
    yield "vigencia", context.vigencia
    yield "corte", document.cutoff
    yield "edición", document.edition
    for mark in context.marks:
        yield "advertencia", mark
    if context.correction:
        yield "corrige la edición anterior", context.correction
    if context.kind == AuditorKind.CB0404:
        yield "versión de las columnas", columns.version
    yield "huella SHA-256 de los datos", context.digest
    yield "entidad que publica", context.institution
