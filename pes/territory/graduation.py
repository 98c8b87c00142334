"""Verb of the graduation: an entity passes from phase I to phase II (GP-02, GP-03)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.models import EntityRoad, Graduation, HitoSchedule, User
from pes.permissions import Permission
from pes.roads.figures import figures_of
from pes.rules.numbers import HUNDRED, ZERO
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.territory import graduation_problems
from pes.territory.opening import make_roads
from pes.territory.schedules import road_of, stage_of


@once("La entidad ya pasó a la fase II.")
def graduate(
    start: EntityRoad, schedule: HitoSchedule, *, reason: str = "", by: User, now: datetime | None = None
) -> Graduation:
    """Open phase II of an entity whose phase I is complete, or that its coordinator excepts with a reason.

    Sent twice it is the first one (WF1). An exception takes ADVISOR_RATE, which only the coordinator and the Jefe(a)
    hold. Raises PermissionDenied, or Refused.
    """
    demand(by, Permission.TERRITORY_MANAGE, start)
    held = EntityRoad.objects.select_for_update(no_key=True, of=("self",)).select_related("entity__region", "road")
    start = held.get(pk=start.pk)
    known = Graduation.objects.filter(start=start).first()
    if known is not None:
        return known
    whole = figures_of([start.road_id])[start.road_id].whole or ZERO
    refuse_if_any([*_road_problems(start, schedule), *graduation_problems(whole=whole, reason=reason)])
    if whole < HUNDRED:
        demand(by, Permission.ADVISOR_RATE, start)
    else:
        reason = ""
    (road,) = make_roads([start.entity], schedule, road_of(schedule), by=by, now=now)
    made = Graduation.objects.create(
        start=start, road=road, whole=_stored(whole), reason=reason.strip(), by=by, at=now or timezone.now()
    )
    after = {"entity": start.entity.dane_code, "progress": f"{made.whole:.2f}", "period": road.period}
    audit.record("territory_graduated", start.entity, by=by, after=after, reason=made.reason)
    return made


def schedules_for(start: EntityRoad) -> list[HitoSchedule]:
    """The schedules of phase II by which an entity may go on: of its region, or of who coordinates it."""
    region = start.entity.region
    found = HitoSchedule.objects.filter(unit__in=[region.pk, region.parent_id], first_year=start.first_year)
    return [one for one in found if stage_of(one) == start.stage + 1]


def _road_problems(start: EntityRoad, schedule: HitoSchedule) -> Iterable[Problem]:
    if start.stage != 1:
        message = "Solo se pasa de la fase I a la fase II."
        yield Problem("not_phase_one", "GP-02", message, fix="Abra la hoja de ruta de la fase I.")
    elif schedule not in schedules_for(start):
        message = "Ese cronograma no es de la fase II de esta región y período."
        yield Problem("foreign_schedule", "GP-03", message, fix="Cree antes el cronograma de la fase II.")


def _stored(whole: Decimal) -> Decimal:
    """Two decimals, cut: 99,996 is never written as a complete phase."""
    return whole.quantize(Decimal("0.01"), rounding=ROUND_DOWN)
