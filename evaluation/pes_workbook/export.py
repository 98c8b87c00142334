"""A PES → the sheets of its workbook, so that importing them again changes nothing (IM14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from evaluation.models import IndicatorWeight, ObjectiveWeight
from evaluation.pes_workbook import shape
from pes.demo_mark import demo_mark
from pes.models import Indicator, IndicatorTarget, Objective, OrganizationUnit, SectorPlan
from pes.rules.programmes import total_of
from pes.workbooks.writer import Cell, SheetData
from tracking.models import Measurement

Line = list[Cell]
WIDE, MIDDLE = 60, 24


def sheets_of(plan: SectorPlan) -> list[SheetData]:
    """Every sheet of the plan's workbook; the optional one only when there is something to say."""
    sheets = [
        SheetData(shape.PLAN, ["clave", "valor"], list(_plan(plan)), {"valor": WIDE}),
        SheetData(shape.ENTITIES, ["codigo", "nombre", "sigla", "cabeza"], list(_entities(plan)), {"nombre": WIDE}),
        SheetData(shape.OBJECTIVES, ["numero", "texto"], list(_objectives(plan)), {"texto": WIDE}),
        _indicator_sheet(plan),
        SheetData(shape.WEIGHTS, ["indicador", "vigencia", "ponderacion"], _weights(plan)),
        SheetData(
            shape.MEASUREMENTS, ["indicador", "corte", "ejecutado", "analisis"], _measurements(plan), {"analisis": WIDE}
        ),
    ]
    between = list(_objective_weights(plan))
    if between:
        sheets.append(SheetData(shape.OBJECTIVE_WEIGHTS, ["objetivo", "vigencia", "ponderacion"], between))
    return [replace(sheet, mark=demo_mark()) for sheet in sheets]


def _plan(plan: SectorPlan) -> Iterator[Line]:
    head = OrganizationUnit.objects.entities_of(plan.sector).filter(is_head=True).first()
    yield ["sector", plan.sector.code]
    yield ["nombre_sector", plan.sector.name]
    yield ["nombre", plan.name]
    yield ["cabeza", head.code if head else None]
    yield ["inicio", plan.first_vigencia]
    yield ["fin", plan.last_vigencia]


def _entities(plan: SectorPlan) -> Iterator[Line]:
    for unit in OrganizationUnit.objects.entities_of(plan.sector):
        yield [unit.code, unit.name, unit.acronym, "sí" if unit.is_head else "no"]


def _objectives(plan: SectorPlan) -> Iterator[Line]:
    for objective in Objective.objects.filter(plan=plan).order_by("number"):
        yield [objective.number, objective.text]


def _indicator_sheet(plan: SectorPlan) -> SheetData:
    years = list(plan.vigencias)
    headers = [
        "clave", "objetivo", "clase_meta", "codigo_meta", "meta", "codigo_indicador", "indicador", "entidad",
        "tipo_programacion", "linea_base", "unidad", *(f"p_{year}" for year in years), "p_total", *shape.OPTIONAL_COLUMNS,
    ]  # fmt: skip
    widths = {"meta": WIDE, "indicador": WIDE, "formula": MIDDLE, "fuente": MIDDLE, "nombre_proyecto": MIDDLE}
    return SheetData(shape.INDICATORS, headers, _indicators(plan, years), widths)


def _indicators(plan: SectorPlan, years: list[int]) -> Iterator[Line]:
    programmes: dict[int, dict[int, Decimal | None]] = {}
    for pk, year, amount in IndicatorTarget.objects.filter(indicator__plan=plan).values_list(
        "indicator_id", "vigencia_id", "programmed"
    ):
        programmes.setdefault(pk, {})[year] = amount
    found = Indicator.objects.filter(plan=plan).select_related("goal__objective", "goal__project", "entity")
    for one in found.order_by("goal__objective__number", "key"):
        programme = programmes.get(one.pk, {})
        project = one.goal.project
        yield [
            one.key, one.goal.objective.number, one.goal.kind, one.goal.code, one.goal.text, one.code or "N/A", one.name,
            one.entity.code, one.programming_type, one.baseline, one.unit,
            *(programme.get(year) for year in years), total_of(one.programming_type, programme),
            one.formula, one.indicator_type, one.source, "sí" if one.type_was_inferred else "no",
            project.code if project else None, project.name if project else None,
        ]  # fmt: skip


def _weights(plan: SectorPlan) -> Iterator[Line]:
    rows = IndicatorWeight.objects.filter(indicator__plan=plan).order_by(
        "vigencia", "indicator__goal__objective__number", "indicator__key"
    )
    for key, year, weight in rows.values_list("indicator__key", "vigencia_id", "weight").iterator(2000):
        yield [key, year, weight]


def _measurements(plan: SectorPlan) -> Iterator[Line]:
    rows = Measurement.objects.filter(indicator__plan=plan).order_by(
        "on", "indicator__goal__objective__number", "indicator__key"
    )
    for line in rows.values_list("indicator__key", "on", "achieved", "analysis__text").iterator(2000):
        yield list(line)


def _objective_weights(plan: SectorPlan) -> Iterator[Line]:
    rows = ObjectiveWeight.objects.filter(objective__plan=plan).order_by("vigencia", "objective__number")
    for number, year, weight in rows.values_list("objective__number", "vigencia_id", "weight"):
        yield [number, year, weight]
