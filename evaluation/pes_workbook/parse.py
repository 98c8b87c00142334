"""Sheets → `PesData`: what a workbook says by itself, with everything that contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from evaluation.pes_workbook import shape
from evaluation.pes_workbook.data import MeasurementRow, ObjectiveRow, ObjectiveWeightRow, PesData, PlanRow, WeightRow
from evaluation.pes_workbook.parse_indicators import indicator_rows
from evaluation.pes_workbook.parse_plan import entity_rows, plan_row
from pes.rules.problems import Problem
from pes.workbooks.amounts import magnitude
from pes.workbooks.items import Item
from pes.workbooks.places import Found, Place, repeated
from pes.workbooks.reader import Workbook
from pes.workbooks.tables import Row

HIGHEST_NUMBER = 32_767  # of a small integer column


def parse(workbook: Workbook) -> tuple[PesData | None, Found]:
    """The PES of a workbook that was read, and what is odd in it; no data when there is any error."""
    found = Found([*workbook.errors, *(item for item in workbook.warnings if not _is_a_plan_date(item))])
    if workbook.errors:
        return None, found
    plan, head = plan_row(workbook[shape.PLAN], found)
    entities = entity_rows(_rows(workbook, shape.ENTITIES), head, found)
    if plan is None:
        return None, found
    data = PesData(
        plan=plan,
        entities=tuple(entities),
        objectives=tuple(_objectives(_rows(workbook, shape.OBJECTIVES), found)),
        indicators=tuple(indicator_rows(workbook[shape.INDICATORS], plan, found)),
        weights=tuple(_weights(_rows(workbook, shape.WEIGHTS), plan, found)),
        measurements=tuple(_measurements(_rows(workbook, shape.MEASUREMENTS), found)),
        objective_weights=tuple(_objective_weights(_rows(workbook, shape.OBJECTIVE_WEIGHTS), plan, found)),
    )
    _refuse_repeated(data, found)
    return (None if found.errors else data), found


def _is_a_plan_date(item: Item) -> bool:
    """`inicio` and `fin` may be dates: reading them as text there is meant."""
    return item.sheet == shape.PLAN and item.code == "date_as_text"


def _rows(workbook: Workbook, sheet: str) -> Iterator[tuple[Place, Row]]:
    rows = workbook.sheets.get(sheet, ())
    return ((Place(sheet, row.cells), row) for row in rows)


def _objectives(rows: Iterable[tuple[Place, Row]], found: Found) -> Iterator[ObjectiveRow]:
    for place, row in rows:
        number: Any = row["numero"]
        if not 1 <= number <= HIGHEST_NUMBER:
            problem = Problem(
                "number_out_of_range", "IM3", "El número del objetivo va desde 1.", fix="Escriba 1, 2, 3…"
            )
            found.add(place, "numero", problem, number)
        yield ObjectiveRow(place, number, str(row["texto"]))


def _weights(rows: Iterable[tuple[Place, Row]], plan: PlanRow, found: Found) -> Iterator[WeightRow]:
    for place, row in rows:
        vigencia: Any = row["vigencia"]
        weight: Any = row["ponderacion"]
        _check_vigencia(place, vigencia, plan, found)
        yield WeightRow(place, str(row["indicador"]), vigencia, weight)


def _measurements(rows: Iterable[tuple[Place, Row]], found: Found) -> Iterator[MeasurementRow]:
    for place, row in rows:
        on: Any = row["corte"]
        achieved: Any = row["ejecutado"]
        achieved = magnitude(place, "ejecutado", achieved, found)
        yield MeasurementRow(place, str(row["indicador"]), on, achieved, str(row["analisis"] or ""))


def _objective_weights(rows: Iterable[tuple[Place, Row]], plan: PlanRow, found: Found) -> Iterator[ObjectiveWeightRow]:
    for place, row in rows:
        number: Any = row["objetivo"]
        vigencia: Any = row["vigencia"]
        weight: Any = row["ponderacion"]
        _check_vigencia(place, vigencia, plan, found)
        yield ObjectiveWeightRow(place, number, vigencia, weight)


def _check_vigencia(place: Place, vigencia: int, plan: PlanRow, found: Found) -> None:
    if not plan.first <= vigencia <= plan.last:
        message = f"La vigencia {vigencia} está fuera del periodo del plan ({plan.first}–{plan.last})."
        problem = Problem("vigencia_outside_plan", "PES-06", message, fix="Use una vigencia del plan.")
        found.add(place, "vigencia", problem, vigencia, f"{plan.first}–{plan.last}")


def _refuse_repeated(data: PesData, found: Found) -> None:
    """Each key once per sheet: two rows about the same thing are never settled by their order."""
    repeated(data.objectives, lambda row: row.number, "numero", found)
    repeated(data.indicators, lambda row: row.key, "clave", found)
    repeated(data.weights, lambda row: (row.key, row.vigencia), "indicador", found)
    repeated(data.measurements, lambda row: (row.key, row.on), "indicador", found)
    repeated(data.objective_weights, lambda row: (row.objective, row.vigencia), "objetivo", found)
