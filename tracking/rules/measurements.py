"""When a measurement may be recorded or corrected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pes.rules.problems import Problem


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

    `achieved` is in the indicator's unit; a negative amount is refused (PT-19).
    """
    problems = []
    if not achieved.is_finite() or achieved < 0:
        problems.append(
            Problem(
                "achieved_not_valid",
                "PT-19",
                "El ejecutado debe ser un número mayor o igual que cero.",
                fix="Corrija la cifra.",
            )
        )
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
