"""The sheet `Indicadores`: goals, indicators and their programme by vigencia."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from evaluation.pes_workbook import shape
from evaluation.pes_workbook.data import IndicatorRow, PlanRow
from evaluation.pes_workbook.programme import read_programme
from pes.rules.keys import key_problem
from pes.rules.problems import Problem
from pes.workbooks.amounts import magnitude
from pes.workbooks.names import fold
from pes.workbooks.places import Found, Place, check_length
from pes.workbooks.tables import Row, Sheet

GOAL_KINDS = ("sectorial", "trazadora", "proyecto")
INDICATOR_TYPES = ("", "eficacia", "eficiencia", "efectividad")
NO_CODE = {"n_a", "na", ""}
LENGTHS = {
    "clave": 40, "codigo_meta": 30, "codigo_indicador": 30, "unidad": 80, "fuente": 400, "proyecto": 30,
    "nombre_proyecto": 400,
}  # fmt: skip


def indicator_rows(sheet: Sheet, plan: PlanRow, found: Found) -> Iterator[IndicatorRow]:
    """The indicators whose programme makes sense; the others are in `found`."""
    years = [int(header[2:]) for header in sheet.headers if re.fullmatch(shape.PROGRAMME_PATTERN, header)]
    goals: dict[tuple[int, str, str], IndicatorRow] = {}
    for row in sheet:
        place = Place(shape.INDICATORS, row.cells)
        indicator = _indicator(place, row, years, plan, found)
        if indicator is not None:
            _check_goal(indicator, goals, found)
            yield indicator


def _indicator(place: Place, row: Row, years: list[int], plan: PlanRow, found: Found) -> IndicatorRow | None:
    for header, longest in LENGTHS.items():
        check_length(place, header, str(row.values.get(header) or ""), longest, found)
    unsafe = key_problem(_text(row, "clave"))
    if unsafe is not None:
        found.add(place, "clave", unsafe, _text(row, "clave"))
    baseline = _amount(place, row, "linea_base", found)
    total = _amount(place, row, "p_total", found)
    programmed = {year: _amount(place, row, f"p_{year}", found) for year in years}
    _check_years(programmed, place, plan, found)
    programme = read_programme(_text(row, "tipo_programacion"), programmed, total, baseline)
    for header, problem in programme.problems:
        found.add(place, header, problem, _shown(row.values.get(header)))
    kind = _one_of(place, row, "clase_meta", GOAL_KINDS, found)
    objective: Any = row["objetivo"]
    if programme.type is None or kind is None:
        return None
    return IndicatorRow(
        place=place,
        key=_text(row, "clave"),
        objective=objective,
        goal_kind=kind,
        goal_code=_text(row, "codigo_meta"),
        goal_text=_text(row, "meta"),
        code=sectorial_code(_text(row, "codigo_indicador")),
        name=_text(row, "indicador"),
        entity=_text(row, "entidad"),
        type=programme.type,
        type_was_inferred=True if programme.was_inferred else _flag(row),
        baseline=baseline,
        unit=_text(row, "unidad"),
        programme={year: amount for year, amount in programme.years.items() if plan.first <= year <= plan.last},
        formula=_given(row, "formula"),
        indicator_type=_one_of(place, row, "tipo_indicador", INDICATOR_TYPES, found)
        if "tipo_indicador" in row.values
        else None,
        source=_given(row, "fuente"),
        project_code=_given(row, "proyecto"),
        project_name=_given(row, "nombre_proyecto"),
    )


def _check_years(programmed: dict[int, Decimal | None], place: Place, plan: PlanRow, found: Found) -> None:
    """An amount outside the plan's vigencias is refused; a blank column outside them is nothing."""
    for year, amount in programmed.items():
        if amount and not plan.first <= year <= plan.last:
            message = f"La vigencia {year} está fuera del periodo del plan ({plan.first}–{plan.last})."
            fix = "Cambie el periodo en la hoja PES o borre el valor."
            found.add(place, f"p_{year}", Problem("vigencia_outside_plan", "PES-06", message, fix=fix), amount)


def _check_goal(row: IndicatorRow, goals: dict[tuple[int, str, str], IndicatorRow], found: Found) -> None:
    """One goal has one text and one project, however many indicators repeat it."""
    first = goals.setdefault((row.objective, row.goal_kind, row.goal_code), row)
    if first.goal_text != row.goal_text:
        message = f"La meta {row.goal_code} tiene aquí otro texto que en {first.place.cells['meta']}."
        found.add(
            row.place,
            "meta",
            Problem("goal_text_differs", "IM1", message, fix="Escriba el mismo texto."),
            row.goal_text,
        )
    if (first.project_code or "") != (row.project_code or ""):
        message = f"La meta {row.goal_code} tiene aquí otro proyecto que en {first.place.cells['proyecto']}."
        found.add(
            row.place, "proyecto", Problem("goal_project_differs", "IM1", message, fix="Escriba el mismo proyecto.")
        )
    if row.project_code and row.goal_kind != "proyecto":
        message = "Solo una meta de clase proyecto puede tener proyecto de inversión."
        found.add(
            row.place,
            "proyecto",
            Problem("project_of_other_goal", "PES-02", message, fix="Borre el proyecto o cambie la clase."),
        )


def _amount(place: Place, row: Row, header: str, found: Found) -> Decimal | None:
    value: Any = row.values.get(header)
    return None if value is None else magnitude(place, header, value, found)


def _one_of(place: Place, row: Row, header: str, choices: tuple[str, ...], found: Found) -> str | None:
    """The choice a person typed, alone or inside an official name («META SECTORIAL»)."""
    words = fold(_text(row, header)).split("_")
    match = next((choice for choice in choices if choice in words), None)
    if match is None:
        known = ", ".join(filter(None, choices))
        message = f"«{_text(row, header)}» no es una opción de «{header}»."
        found.add(
            place,
            header,
            Problem("option_unknown", "IM1", message, fix=f"Escriba una de estas: {known}."),
            row[header],
            known,
        )
    return match


def _text(row: Row, header: str) -> str:
    value = row.values.get(header)
    return "" if value is None else str(value)


def _given(row: Row, header: str) -> str | None:
    """The text of an optional column; `None` when the file does not have the column."""
    return _text(row, header) if header in row.values else None


def sectorial_code(text: str) -> str:
    """The sectorial code; N/A is none (PES-01)."""
    return "" if fold(text) in NO_CODE else text


def _flag(row: Row) -> bool | None:
    return bool(row["tipo_deducido"]) if "tipo_deducido" in row.values else None


def _shown(value: object) -> str:
    return "vacía" if value is None else str(value)
