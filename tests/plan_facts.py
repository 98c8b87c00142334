"""Plans and goals as plain values, complete and coherent unless a test says otherwise."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from pes.rules.programming import ProgrammingType
from plans.rules.goals import GoalFacts, IndicatorKind, Instrument, PlanFacts, Quarters

OBJECTIVES = {1: "Fortalecer la gestión local", 2: "Mejorar la convivencia"}


def amount(value: Any) -> Decimal | None:
    """A `Decimal` of what a test writes; `None` stays."""
    return None if value is None else Decimal(str(value))


def quarters(*values: Any) -> Quarters:
    """Four amounts, `None` where nothing is programmed."""
    t1, t2, t3, t4 = (amount(value) for value in values)
    return t1, t2, t3, t4


def goal(number: int = 1, **values: Any) -> GoalFacts:
    """A SUMA of 100, 25 a quarter, that weighs 100; `quarters` and amounts may come as plain figures."""
    for name in ("weight", "magnitude", "baseline"):
        if name in values:
            values[name] = amount(values[name])
    if "quarters" in values:
        values["quarters"] = quarters(*values["quarters"])
    return replace(_GOAL, number=number, **values)


def plan(*goals: GoalFacts, **values: Any) -> PlanFacts:
    """A plan whose identification is complete."""
    return replace(_PLAN, goals=goals, **values)


_GOAL = GoalFacts(
    number=1,
    objective=1,
    text="Atender 100 solicitudes en la vigencia",
    weight=Decimal("100.00"),
    indicator="Solicitudes atendidas",
    numerator="Número de solicitudes atendidas",
    unit="Solicitudes",
    indicator_type=IndicatorKind.EFICACIA,
    programming_type=ProgrammingType.SUMA,
    quarters=quarters(25, 25, 25, 25),
    magnitude=Decimal(100),
    deliverable="Informe trimestral",
    source="Sistema de gestión documental",
    verification="Reporte del sistema",
    responsible="Dirección de la entidad",
)
_PLAN = PlanFacts(
    process_objective="Atender a la ciudadanía",
    scope="De la solicitud a la respuesta",
    leader="Líder del proceso",
    instruments=(Instrument.PES,),
)
