"""The report as a workbook: every figure as a number, codes first (EX1–EX4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

from evaluation.documents.context import ReportContext
from pes.demo_mark import DEMO_MARK
from pes.workbooks.writer import Cell, SheetData, write_workbook

PERCENT = "0.00"
TEXT, NAME = 40, 60


def workbook(context: ReportContext) -> bytes:
    """The bytes of the workbook; the same context gives the same bytes."""
    target = BytesIO()
    mark = " · ".join(context.marks)
    sheets = (replace(sheet, mark=mark) for sheet in _sheets(context))
    write_workbook(target, sheets, created=context.dated_at, title=context.full_title)
    return target.getvalue()


def _sheets(context: ReportContext) -> Iterator[SheetData]:
    yield SheetData("Informe", ("dato", "valor"), _about(context), {"dato": 30, "valor": 90})
    yield SheetData(
        "Objetivos", OBJECTIVE_HEADERS, _objectives(context), {"objetivo": NAME}, {"cumplimiento_pct": PERCENT}
    )
    yield SheetData("Indicadores", INDICATOR_HEADERS, _indicators(context), INDICATOR_WIDTHS, INDICATOR_FORMATS)
    yield SheetData(
        "Cortes", SERIES_HEADERS, _series(context), {"estado": 20}, {"avance_pct": PERCENT, "califica_pct": PERCENT}
    )
    if context.kind == "annual":
        yield SheetData("Horizonte", _horizon_headers(context), _horizon(context), {"indicador": NAME})
    if context.obstacles:
        yield SheetData("Cuellos de botella", OBSTACLE_HEADERS, _obstacles(context), OBSTACLE_WIDTHS)
    yield SheetData("Metodología", ("número", "regla"), enumerate(context.rules, 1), {"regla": 110})


def _about(context: ReportContext) -> Iterator[tuple[Cell, Cell]]:
    proof = context.verification
    yield "informe", context.title
    yield "sector", context.sector_code
    yield "nombre del sector", context.sector
    yield "plan", context.plan
    yield "periodo", context.period
    yield "corte", context.cutoff
    yield "edición", context.edition_text
    if context.demo:
        yield "advertencia", DEMO_MARK
    if context.correction:
        yield "corrige la edición anterior", context.correction
    yield "índice calculado por la herramienta (%)", context.index.value
    yield "índice, razón exacta", context.index.exact
    yield "medición", context.measured_text
    yield "metodología", context.methodology
    yield "estado del corte", proof.status
    yield "corte consolidado", proof.snapshot
    yield "corrida", proof.run
    yield "huella SHA-256 del corte", proof.digest
    yield "huella SHA-256 de los datos", context.digest
    yield "entidad que publica", context.institution


OBJECTIVE_HEADERS = (
    "objetivo_numero", "objetivo", "peso", "cumplimiento_pct", "razon_exacta", "estado", "medicion",
)  # fmt: skip


def _objectives(context: ReportContext) -> Iterator[tuple[Cell, ...]]:
    for one in context.objectives:
        yield (
            one.number, one.text, one.weight.value, one.compliance.value, one.compliance.exact, one.light, one.coverage,
        )  # fmt: skip


INDICATOR_HEADERS = (
    "objetivo_numero", "entidad_codigo", "proyecto_codigo", "meta_codigo", "clave", "codigo_indicador", "indicador",
    "entidad", "proyecto", "clase_meta", "meta", "tipo_programacion", "unidad", "peso", "programado",
    "ejecutado_periodo", "acumulado", "medido", "avance_pct", "califica_pct", "aporta_pct", "avance_razon_exacta",
    "estado", "pendiente", "analisis",
)  # fmt: skip
INDICATOR_WIDTHS = {
    "indicador": NAME,
    "entidad": TEXT,
    "proyecto": TEXT,
    "meta": NAME,
    "pendiente": TEXT,
    "analisis": NAME,
}
INDICATOR_FORMATS = {"avance_pct": PERCENT, "califica_pct": PERCENT, "aporta_pct": PERCENT}


def _indicators(context: ReportContext) -> Iterator[tuple[Cell, ...]]:
    for line in context.indicators:
        yield (
            line.objective, line.entity_code, line.project_code, line.goal_code, line.key, line.code, line.name,
            line.entity, line.project, line.goal_kind, line.goal, line.type, line.unit, line.weight.value,
            line.programmed.value, line.executed.value, line.accumulated.value, line.measured_on,
            line.progress.value, line.rating.value, line.contribution.value, line.progress.exact,
            line.state_label, line.delay, line.analysis,
        )  # fmt: skip


SERIES_HEADERS = ("corte", "clave", "programado", "acumulado", "medido", "estado", "avance_pct", "califica_pct")


def _series(context: ReportContext) -> Iterator[tuple[Cell, ...]]:
    for cutoff in context.trend:
        for row in cutoff.rows:
            yield (cutoff.on, *row)


def _horizon_headers(context: ReportContext) -> tuple[str, ...]:
    return ("clave", "indicador", *(f"ejecutado_{year}" for year in context.horizon), "avance_total_pct")


def _horizon(context: ReportContext) -> Iterator[tuple[Cell, ...]]:
    for line in context.indicators:
        yield (line.key, line.name, *(shown.value for shown in line.horizon), line.horizon_progress.value)


OBSTACLE_HEADERS = (
    "cuello_de_botella", "frena", "a_cargo_de", "gravedad", "desde", "estado", "causa", "accion", "clase_accion",
    "vence", "estado_accion", "avance_informado", "efecto_medido",
)  # fmt: skip
OBSTACLE_WIDTHS = {"cuello_de_botella": TEXT, "causa": NAME, "accion": NAME, "efecto_medido": TEXT}


def _obstacles(context: ReportContext) -> Iterator[tuple[Cell, ...]]:
    """One row an action; a bottleneck without any has a row of its own."""
    for one in context.obstacles:
        about = (one.title, one.holds, one.unit, one.severity, one.since, one.status, one.cause)
        for action in one.actions:
            yield (*about, action.text, action.kind, action.due, action.status, action.progress, action.effect)
        if not one.actions:
            yield (*about, *([""] * 6))
