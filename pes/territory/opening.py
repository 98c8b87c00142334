"""Verbs that open roads for territorial entities, for a whole segment at once (GP-01 to GP-03)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.jobs import enqueue
from pes.models import EntityRoad, HitoSchedule, Job, Road, TerritorialEntity, TerritorySegment, User
from pes.permissions import Permission
from pes.roads.opening import instantiate
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.roads import RoadTemplate, template_problems
from pes.territory.entities import refuse_unless_managed
from pes.territory.schedules import road_of, stage_of

OPEN_JOB = "territory_open"


@dataclass(frozen=True, slots=True)
class Opened:
    """What an opening did: roads made, those that were there already, and those that wait for their graduation."""

    made: int
    there: int
    waiting: int


def ask_to_open(segment: TerritorySegment, schedule: HitoSchedule, *, by: User) -> Job:
    """Ask for the roads of every entity of a segment; a request that still waits is the same one.

    Raises PermissionDenied, or Refused: the schedule is of another region, or nobody is in the segment.
    """
    demand(by, Permission.TERRITORY_MANAGE, segment)
    refuse_if_any(_segment_problems(segment, schedule))
    key = f"{OPEN_JOB}:{segment.pk}:{schedule.pk}"
    with transaction.atomic():
        job = enqueue(OPEN_JOB, key, {"segment": segment.pk, "schedule": schedule.pk}, by=by)
        after = {"segment": segment.name, "template": schedule.template, "period": schedule.period}
        audit.record("territory_opening_requested", segment, by=by, after=after)
    return job


@transaction.atomic
def open_roads(
    entities: Iterable[TerritorialEntity],
    schedule: HitoSchedule,
    *,
    by: User,
    now: datetime | None = None,
    template: RoadTemplate | None = None,
) -> Opened:
    """Open the road of a schedule for some entities; those that have it keep it, so that twice is once (WF1).

    An entity with a road of phase I passes to phase II by its graduation, not here. Raises PermissionDenied, or
    Refused: the weights of the road do not sum 100 in each phase and in the whole (GP-01).
    """
    entities = list(entities)
    refuse_unless_managed([one.region for one in entities], by=by)
    found = template or road_of(schedule)
    refuse_if_any(template_problems(found))
    HitoSchedule.objects.select_for_update(no_key=True).get(pk=schedule.pk)
    stage, year = stage_of(schedule), schedule.first_year
    known = EntityRoad.objects.filter(first_year=year)
    there = set(known.filter(stage=stage).values_list("entity_id", flat=True))
    first = set(known.filter(stage=1).values_list("entity_id", flat=True)) - there if stage == 2 else set()
    new = [one for one in entities if one.pk not in there | first]
    make_roads(new, schedule, found, by=by, now=now)
    return Opened(len(new), sum(one.pk in there for one in entities), sum(one.pk in first for one in entities))


def make_roads(
    entities: Iterable[TerritorialEntity],
    schedule: HitoSchedule,
    found: RoadTemplate,
    *,
    by: User,
    now: datetime | None = None,
) -> list[EntityRoad]:
    """INSERT the roads of entities that have none, and their trace; the caller has judged."""
    entities, at, stage = list(entities), now or timezone.now(), stage_of(schedule)
    roads = Road.objects.bulk_create(
        Road(
            unit=one.region, name=f"{one} · {found.name}"[:250], template=found.code, source=found.source,
            is_weighted=found.is_weighted, opened_by=by, opened_at=at,
        )
        for one in entities
    )  # fmt: skip
    instantiate(roads, found)
    made = EntityRoad.objects.bulk_create(
        EntityRoad(entity=one, road=road, schedule=schedule, stage=stage, first_year=schedule.first_year)
        for one, road in zip(entities, roads, strict=True)
    )
    for one in made:
        after = {"entity": one.entity.dane_code, "template": found.code, "period": one.period}
        audit.record("territory_road_opened", one, by=by, after=after)
    return made


def _segment_problems(segment: TerritorySegment, schedule: HitoSchedule) -> Iterable[Problem]:
    if schedule.unit_id not in (segment.unit_id, segment.unit.parent_id):
        message = "El cronograma es de otra región."
        yield Problem("foreign_schedule", "GP-02", message, fix="Elija uno de esta región.")
    yield from template_problems(road_of(schedule))
    if not segment.entities().exists():
        message = f"Ninguna entidad está hoy en «{segment}»."
        fix = "Cargue las entidades, o las tres variables de su universo."
        yield Problem("segment_empty", "GP-07", message, fix=fix)
