"""Keyword functions that make things the way the product does; no factory library."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from evaluation.models import Cutoff, WeightSet
from pes import jobs
from pes.models import (
    GoalKind,
    Indicator,
    IndicatorTarget,
    Job,
    JobState,
    Metodologia,
    Objective,
    OrganizationUnit,
    SectorGoal,
    SectorPlan,
    User,
    Vigencia,
)
from tracking.models import Measurement


def vigencia(year: int = 2022) -> Vigencia:
    """A vigencia."""
    return Vigencia.objects.get_or_create(year=year)[0]


def methodology(*, by: User, year: int = 2022, **rules: object) -> Metodologia:
    """The next methodology of a vigencia, published."""
    vigencia(year)
    draft = Metodologia.next_draft(year)
    for name, value in rules.items():
        setattr(draft, name, value)
    draft.publish(by=by)
    return draft


def plan(*, sector: OrganizationUnit, first: int = 2020, last: int = 2024, name: str = "PES de prueba") -> SectorPlan:
    """A sector plan with its vigencias."""
    for year in range(first, last + 1):
        vigencia(year)
    return SectorPlan.objects.create(sector=sector, name=name, first_vigencia=first, last_vigencia=last)


def objective(*, plan: SectorPlan, number: int = 1, text: str = "Objetivo de prueba") -> Objective:
    """A strategic objective."""
    return Objective.objects.create(plan=plan, number=number, text=text)


def goal(
    *, objective: Objective, code: str = "301", kind: GoalKind = GoalKind.SECTORIAL, **fields: object
) -> SectorGoal:
    """A goal of an objective."""
    return SectorGoal.objects.create(objective=objective, kind=kind, code=code, text=f"Meta {code}", **fields)


def indicator(
    *,
    goal: SectorGoal,
    entity: OrganizationUnit,
    key: str = "321",
    type: str = "SUMA",
    targets: Mapping[int, Decimal | int] | None = None,
    **fields: object,
) -> Indicator:
    """An indicator, programmed 100 in 2022 unless targets are given."""
    made = Indicator.objects.create(
        plan=goal.objective.plan,
        goal=goal,
        key=key,
        code=key,
        name=f"Indicador {key}",
        entity=entity,
        programming_type=type,
        **fields,
    )
    for year, programmed in ({2022: 100} if targets is None else targets).items():
        vigencia(year)
        IndicatorTarget.objects.create(indicator=made, vigencia_id=year, programmed=programmed)
    return made


def weights(*, objective: Objective, by: User, year: int = 2022, **by_key: str) -> WeightSet:
    """Weights of an objective in force, e.g. `k321="100.00"` (keys get a `k` in front to be names)."""
    made = WeightSet.of(objective, year)
    made.change({key.removeprefix("k"): Decimal(weight) for key, weight in by_key.items()}, by=by)
    return made


def measurement(
    *, indicator: Indicator, by: User, achieved: Decimal | int | str, on: date = date(2022, 3, 31), analysis: str = ""
) -> Measurement:
    """A registered measurement."""
    return Measurement.register(indicator=indicator, on=on, achieved=Decimal(achieved), analysis=analysis, by=by)


def run_jobs() -> list[Job]:
    """Do everything that waits, and return the jobs as they ended."""
    waiting = list(Job.objects.filter(state=JobState.QUEUED).order_by("pk"))
    return [jobs.run_now(job) for job in waiting]


def cutoff(*, plan: SectorPlan, on: date = date(2022, 3, 31)) -> Cutoff:
    """The computed cut-off of a date at which something was measured."""
    run_jobs()
    return Cutoff.objects.get(plan=plan, on=on)
