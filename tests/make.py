"""Keyword functions that make things the way the product does; no factory library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from evaluation.models import Cutoff, WeightSet
from pes import jobs
from pes.frameworks import add_objective, register_framework
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
    StrategicFramework,
    StrategicObjective,
    User,
    Vigencia,
    Workshop,
)
from pes.rules.workshops import read_attendance
from pes.workshops import Meeting, register_workshop
from tests.plan_makers import management_plan as management_plan
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


def framework(
    *,
    entity: OrganizationUnit,
    by: User,
    act: str = "Resolución 1 de 2020",
    since: date = date(2020, 1, 1),
    until: date | None = None,
) -> StrategicFramework:
    """A marco estratégico of an entity; the one in force until then ends the day before."""
    return register_framework(entity, act=act, valid_from=since, valid_until=until, by=by)


def strategic_objective(
    *,
    framework: StrategicFramework,
    by: User,
    number: int = 1,
    text: str = "Fortalecer la convivencia",
    sector_objective: Objective | None = None,
) -> StrategicObjective:
    """An objective of a marco estratégico, which goals may serve."""
    return add_objective(framework, number=number, text=text, sector_objective=sector_objective, by=by)


def workshop(
    *,
    units: Sequence[OrganizationUnit],
    by: User,
    year: int = 2022,
    on: date = date(2022, 1, 20),
    topic: str = "Formulación de metas",
    attendees: str = "Pilar Promotora; Promotora de mejora",
    minutes: str = "Se acordaron las metas del año.",
) -> Workshop:
    """A mesa de trabajo of the entity of some processes or alcaldías."""
    entity = units[0].parent
    assert entity is not None
    people = read_attendance(attendees)
    return register_workshop(entity, Meeting(vigencia(year), on, topic, units, people, minutes), by=by)
