"""A plan whose goals are of every sort a report meets, its open report, and the people around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pes.models import OrganizationUnit, UnitKind, User
from pes.permissions import Role
from pes.rules.programming import ProgrammingType
from plans.models import PlanGestion
from plans.rules.goals import GoalKind
from tests import people, plan_makers, report_makers
from tracking.filling import shown
from tracking.models import GoalReport, QuarterReport
from tracking.rules.goal_reports import ENTRY_BY_NAME

AMOUNT, TERMS, LEVEL, CENTRAL, IDLE = 1, 2, 3, 4, 5  # numbers of the goals


@dataclass(frozen=True)
class ReportWorld:
    """Goals: a SUMA, a percentage with both terms, a level, one of a central area, one that the quarter does not programme."""

    them: people.Cast
    area: OrganizationUnit
    raul: User  # of the central area
    plan: PlanGestion
    report: QuarterReport


def report_world(quarter: int = 1, *, status: str = "open", **entries: Any) -> ReportWorld:
    """The world with its report of 2022 in a state; goal 4 awaits the central area unless the state needs it."""
    them = people.cast()
    area = people.unit("GCO-GCI", UnitKind.PROCESS, them.head, "Gestión del Conocimiento")
    raul = people.person("Raúl Área", Role.AREA_CENTRAL, area)
    plan = plan_makers.management_plan(unit=them.process, by=them.luis, goals=_GOALS)
    report = report_makers.report(plan, quarter, status=status, entries={**_ENTRIES, **entries})
    return ReportWorld(them, area, raul, plan, report)


def typed(report: QuarterReport, number: int, **changes: str) -> dict[str, str]:
    """What the form of a goal sends: every box as the page showed it, but for some that were typed."""
    row = GoalReport.objects.select_related("narrative").get(report=report, goal__number=number)
    held = {
        name: shown(getattr(row if field.is_amount else row.narrative, name)) for name, field in ENTRY_BY_NAME.items()
    }
    return {"goal": str(number), **{f"was_{name}": text for name, text in held.items()}, **held, **changes}


def row_of(report: QuarterReport, number: int) -> GoalReport:
    """What the database holds of a goal."""
    return GoalReport.objects.select_related("narrative", "goal").get(report=report, goal__number=number)


def _quarters(*amounts: int | None) -> dict[str, Decimal | None]:
    return {f"t{place}": None if amount is None else Decimal(amount) for place, amount in enumerate(amounts, 1)}


_GOALS: list[Mapping[str, Any]] = [
    {},
    {
        "numerator": "Peticiones respondidas en término",
        "denominator": "Peticiones recibidas",
        "unit": "Porcentaje",
        "programming_type": ProgrammingType.CONSTANTE,
        **_quarters(90, 90, 90, 90),
        "magnitude": Decimal(90),
    },
    {
        "unit": "Puntos",
        "programming_type": ProgrammingType.CRECIENTE,
        "baseline": Decimal(60),
        **_quarters(65, 70, 75, 85),
        "magnitude": Decimal(85),
    },
    {"kind": GoalKind.TRANSVERSAL, "central_area": "GCO-GCI"},
    {**_quarters(None, 50, None, 50)},
]
_ENTRIES: Mapping[int, Mapping[str, Any]] = {
    TERMS: {"achieved": None, "numerator": Decimal(90), "denominator": Decimal(100)},
    LEVEL: {"achieved": Decimal(66)},
    IDLE: {"achieved": None, "analysis": "", "accumulated_analysis": ""},
}
