"""Verbs that begin: open a PES with its vigencias, and instantiate a road from a template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.models import (
    OrganizationUnit,
    Road,
    RoadActivity,
    RoadPhase,
    RoadStep,
    SectorPlan,
    UnitKind,
    User,
    Vigencia,
)
from pes.permissions import Permission
from pes.roads.templates import SIX_PHASES, template
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.roads import ActivityTemplate, PhaseTemplate, RoadTemplate, template_problems

YEARS_OF_GOVERNMENT = 4  # which touch five vigencias (PES-06)
FIRST_POSSIBLE, LAST_POSSIBLE = 1990, 2096
_TWICE = "El sector ya tiene un PES que empieza en esa vigencia."


@once(_TWICE)
def open_plan(
    sector: OrganizationUnit,
    *,
    name: str,
    first_vigencia: int,
    template_code: str = SIX_PHASES,
    by: User,
    now: datetime | None = None,
) -> SectorPlan:
    """Open the PES of a sector for four years of government, with its road of six phases (PES-06, LC-01, LC-09).

    Sent twice with the same name it is the first one. Raises PermissionDenied, or Refused: another PES of the sector
    has that period.
    """
    demand(by, Permission.ROAD_MANAGE, sector)
    OrganizationUnit.objects.select_for_update(no_key=True).get(pk=sector.pk)
    same = SectorPlan.objects.filter(sector=sector, first_vigencia=first_vigencia, name=name.strip()).first()
    if same is not None and Road.objects.filter(plan=same, opened_by=by).exists():
        return same
    last = first_vigencia + YEARS_OF_GOVERNMENT
    refuse_if_any(_period_problems(sector, name, first_vigencia, last))
    for year in range(first_vigencia, last + 1):
        Vigencia.objects.get_or_create(year=year)
    plan = SectorPlan.objects.create(
        sector=sector, name=name.strip(), first_vigencia=first_vigencia, last_vigencia=last
    )
    after = {"sector": sector.code, "name": plan.name, "first_vigencia": first_vigencia, "last_vigencia": last}
    audit.record("sector_plan_opened", plan, by=by, after=after)
    open_road(template_code, unit=sector, plan=plan, name=f"Camino de {plan.name}", by=by, now=now)
    return plan


@transaction.atomic
def open_road(
    template_code: str | RoadTemplate,
    *,
    unit: OrganizationUnit,
    plan: SectorPlan | None = None,
    name: str,
    by: User,
    now: datetime | None = None,
) -> Road:
    """Make a road from a template, for a PES or, without plan, for whoever points at it (territorial entities).

    A PES has one road: asked again it is the one it has. In a region it takes TERRITORY_MANAGE, elsewhere ROAD_MANAGE.
    Raises PermissionDenied, LookupError for an unknown template, or Refused: the weights of a weighted template do not
    sum 100,00 in each phase and in the whole (GP-01).
    """
    demand(by, Permission.TERRITORY_MANAGE if unit.kind == UnitKind.REGION else Permission.ROAD_MANAGE, unit)
    found = template(template_code) if isinstance(template_code, str) else template_code
    refuse_if_any(template_problems(found))
    if plan is not None:
        SectorPlan.hold(plan.pk)
        held = Road.objects.filter(plan=plan).first()
        if held is not None:
            return held
        if plan.sector_id != unit.pk:
            message = "El camino de un PES es de su sector."
            raise Refused([Problem("foreign_plan", "LC-01", message, fix="Ábralo en el sector del plan.")])
    road = Road.objects.create(
        unit=unit, plan=plan, name=name[:250], template=found.code, source=found.source,
        is_weighted=found.is_weighted, opened_by=by, opened_at=now or timezone.now(),
    )  # fmt: skip
    instantiate([road], found)
    after = {"unit": unit.code, "name": road.name, "template": found.code, "plan": plan.pk if plan else None}
    audit.record("road_opened", road, by=by, after=after)
    return road


def instantiate(roads: Sequence[Road], found: RoadTemplate) -> None:
    """Phases, steps and lines of new roads as the template has them: three INSERTs whatever its size."""
    phases = RoadPhase.objects.bulk_create([_phase(road, one) for road in roads for one in found.phases])
    by_code = {(phase.road_id, phase.code): phase for phase in phases}
    steps = RoadStep.objects.bulk_create(
        RoadStep(phase=by_code[road.pk, one.code], code=step.code, number=place, name=step.name, note=step.note)
        for road in roads
        for one in found.phases
        for place, step in enumerate(one.steps, 1)
    )
    step_of = {(step.phase.road_id, step.code): step for step in steps}
    RoadActivity.objects.bulk_create(
        _line(by_code[road.pk, one.code], step_of.get((road.pk, step)), line, place)
        for road in roads
        for one in found.phases
        for place, (step, line) in enumerate(_lines(one), 1)
    )


def _lines(phase: PhaseTemplate) -> Iterator[tuple[str, ActivityTemplate]]:
    """Every line of a phase with the code of its step, empty for those of none."""
    for step in phase.steps:
        for line in step.activities:
            yield step.code, line
    for line in phase.lines:
        yield "", line


def _phase(road: Road, one: PhaseTemplate) -> RoadPhase:
    return RoadPhase(
        road=road, code=one.code, number=one.number, name=one.name, purpose=one.purpose, doubt=one.doubt,
        after=list(one.after), weight=one.weight, gate=one.gate,
        conditions=[{"code": each.code, "text": each.text} for each in one.conditions],
        participants=list(one.participants),
    )  # fmt: skip


def _line(phase: RoadPhase, step: RoadStep | None, one: ActivityTemplate, place: int) -> RoadActivity:
    return RoadActivity(
        phase=phase, step=step, code=one.code, number=place, kind=one.kind.value, text=one.text, doubt=one.doubt,
        weight=one.weight,
    )  # fmt: skip


def _period_problems(sector: OrganizationUnit, name: str, first: int, last: int) -> Iterator[Problem]:
    if sector.kind != UnitKind.SECTOR:
        yield Problem("not_a_sector", "LC-01", f"{sector} no es un sector.", fix="Elija el sector.")
    if not name.strip():
        yield Problem("name_missing", "LC-01", "Falta el nombre del PES.", fix="Escriba el nombre con que se conocerá.")
    if not FIRST_POSSIBLE <= first <= LAST_POSSIBLE:
        message = f"{first} no puede ser la primera vigencia de un PES."
        yield Problem("year_not_valid", "PES-06", message, fix=f"Escriba un año de {FIRST_POSSIBLE} a {LAST_POSSIBLE}.")
    crossing = SectorPlan.objects.filter(sector=sector, first_vigencia__lt=last, last_vigencia__gt=first).first()
    if crossing is not None:
        message = f"«{crossing}» ya cubre vigencias de {first}–{last} en este sector."
        fix = f"Un PES termina en la vigencia en que empieza el siguiente: aquel va de {crossing.period}."
        yield Problem("period_taken", "PES-06", message, fix=fix)
