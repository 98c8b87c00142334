"""When a measurement may be recorded or corrected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pes.rules.numbers import round_half_up
from pes.rules.problems import Problem

DECIMALS = 4
LARGEST = Decimal(10) ** 14  # numeric(18, 4), PT-18


def achieved_problems(achieved: Decimal, noun: str = "El ejecutado") -> list[Problem]:
    """Problems of a figure, in the indicator's unit: negative, not a number (PT-19), or not storable whole (PT-18)."""
    if not achieved.is_finite() or not 0 <= achieved < LARGEST:
        message = f"{noun} debe ser un número mayor o igual que cero, de hasta 14 cifras enteras."
        return [Problem("achieved_not_valid", "PT-19", message, fix="Corrija la cifra.")]
    if achieved != round_half_up(achieved, DECIMALS):
        message = f"{noun} tiene más de {DECIMALS} decimales y no se guardaría completo."
        return [Problem("achieved_not_valid", "PT-18", message, fix=f"Escríbalo con hasta {DECIMALS} decimales.")]
    return []


def measurement_problems(
    *,
    on: date,
    achieved: Decimal,
    vigencias: range,
    today: date,
    consolidated_through: date | None,
    repeated: bool,
) -> list[Problem]:
    """Problems of a new measurement: its date against the plan, today and what is consolidated (PES-03, WF5).

    `achieved` is in the indicator's unit.
    """
    problems = achieved_problems(achieved)
    if on.year not in vigencias:
        problems.append(
            Problem(
                "date_outside_plan",
                "PES-06",
                f"La fecha {on:%Y-%m-%d} está fuera del periodo del plan ({vigencias.start}–{vigencias.stop - 1}).",
                fix="Use una fecha dentro de las vigencias del plan.",
            )
        )
    if on > today:
        problems.append(
            Problem(
                "date_in_future",
                "PT-19",
                "No se puede medir una fecha que no ha llegado.",
                fix=f"Use una fecha hasta el {today:%Y-%m-%d}.",
            )
        )
    if consolidated_through is not None and on <= consolidated_through:
        problems.append(
            Problem(
                "cutoff_consolidated",
                "PG-09e",
                f"El corte del {consolidated_through:%Y-%m-%d} ya está consolidado; no admite mediciones nuevas hasta esa fecha.",
                fix="Mida una fecha posterior o pida a quien consolida una corrección con motivo.",
            )
        )
    if repeated:
        problems.append(
            Problem(
                "measured_already",
                "PT-19",
                f"Ya hay una medición del {on:%Y-%m-%d}.",
                fix="Corrija la existente en lugar de crear otra.",
            )
        )
    return problems


def stale_edit_problem(current: int, expected: int, *, reason: str, sealed: bool) -> list[Problem]:
    """Problems of a correction: somebody else changed the row meanwhile (WF3), or the reason is missing."""
    problems = []
    if current != expected:
        problems.append(
            Problem(
                "stale_edit",
                "WF3",
                "Otra persona cambió esta medición mientras usted la editaba; nada se ha sobrescrito.",
                fix="Compare su valor con el vigente y vuelva a guardar.",
            )
        )
    if sealed and not reason.strip():
        problems.append(
            Problem(
                "reason_missing",
                "PG-R5",
                "Corregir un corte consolidado exige un motivo.",
                fix="Escriba el motivo de la corrección.",
            )
        )
    return problems
