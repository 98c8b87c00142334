"""Verbs of the schedules: in which month each hito of a road is expected; delays follow from it (GP-02)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.models import ExpectedMonth, HitoSchedule, OrganizationUnit, UnitKind, User
from pes.permissions import Permission
from pes.roads.templates import GOVERNMENT_TO_PLAN, template
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.roads import ActivityTemplate, RoadTemplate
from pes.rules.territory import schedule_problems

MANAGE = Permission.TERRITORY_MANAGE
SCHEDULED_UNITS = (UnitKind.REGION, UnitKind.ENTITY)


@once("Ya hay un cronograma de esa hoja de ruta para ese período.")
def create_schedule(unit: OrganizationUnit, *, template_code: str, first_year: int, by: User) -> HitoSchedule:
    """Begin the schedule of a road for a government period; the same again is the one there is (WF1).

    Raises PermissionDenied, or Refused: the weights of the road do not add up (GP-01), or the year is none.
    """
    demand(by, MANAGE, unit)
    OrganizationUnit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    refuse_if_any(
        [*_unit_problems(unit, template_code), *schedule_problems(first_year=first_year, months={}, codes=())]
    )
    template(template_code)
    made, created = HitoSchedule.objects.get_or_create(unit=unit, template=template_code, first_year=first_year)
    if created:
        after = {"unit": unit.code, "template": template_code, "first_vigencia": first_year}
        audit.record("territory_schedule_created", made, by=by, after=after)
    return made


@transaction.atomic
def write_months(schedule: HitoSchedule, months: Mapping[str, date | None], *, read: str, by: User) -> bool:
    """Write the expected month of each hito (code); None takes it away. False when nothing changed.

    `read` is the fingerprint of `month_facts` that the person was editing. Raises PermissionDenied, StaleEdit, or
    Refused: a hito of another road, or a month outside the period.
    """
    demand(by, MANAGE, schedule)
    held = HitoSchedule.objects.select_for_update(no_key=True).get(pk=schedule.pk)
    before = month_facts(held)
    refuse_if_stale(before, read)
    codes = [one.code for _, one in hitos_of(held)]
    refuse_if_any(schedule_problems(first_year=held.first_year, months=months, codes=codes))
    after = before | {code: month.isoformat() if month else None for code, month in months.items()}
    if after == before:
        return False
    held.months.all().delete()
    ExpectedMonth.objects.bulk_create(
        ExpectedMonth(schedule=held, code=code, month=date.fromisoformat(said).replace(day=1))
        for code, said in after.items()
        if said
    )
    old, new = audit.differences(before, after)
    audit.record("territory_schedule_changed", held, by=by, before=old, after=new)
    return True


def month_facts(schedule: HitoSchedule) -> dict[str, Any]:
    """Hito (code) → its month in ISO, None without one."""
    known = {one.code: one.month.isoformat() for one in schedule.months.all()}
    return {one.code: known.get(one.code) for _, one in hitos_of(schedule)}


def hitos_of(schedule: HitoSchedule) -> list[tuple[str, ActivityTemplate]]:
    """The hitos of the road of a schedule with the name of their phase, in order."""
    return [(phase.name, one) for phase in road_of(schedule).phases for one in phase.everything]


def road_of(schedule: HitoSchedule) -> RoadTemplate:
    """The road that a schedule dates."""
    return template(schedule.template)


def stage_of(schedule: HitoSchedule) -> int:
    """1 or 2: the phase of the strategy whose road it dates."""
    return GOVERNMENT_TO_PLAN.index(schedule.template) + 1


def _unit_problems(unit: OrganizationUnit, code: str) -> Iterator[Problem]:
    if unit.kind not in SCHEDULED_UNITS:
        yield Problem("not_a_region", "GP-05", f"{unit} no es una región ni las coordina.", fix="Elija una región.")
    if code not in GOVERNMENT_TO_PLAN:
        yield Problem("road_unknown", "GP-02", f"«{code}» no es una hoja de ruta territorial.", fix="Elija una.")
