"""How the territory stands: one frozen board an entity, the only place where its progress is put together (GP-01).

Every question takes the same seven queries whatever the number of entities. Delays are computed from the schedule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pes.models import (
    AdvisorAssignment,
    EntityRoad,
    ExpectedMonth,
    Graduation,
    OrganizationUnit,
    RoadActivity,
    RoadPhase,
    TerritorialEntity,
)
from pes.rules.numbers import HUNDRED, ZERO
from pes.rules.road_states import ActivityState
from pes.rules.roads import TO_COMPLETE, ActivityKind, Line, phase_progress, shares_of_whole, whole_progress
from pes.rules.territory import mean, months_late


@dataclass(frozen=True, slots=True)
class Hito:
    """A hito of a road: how far it is (0–100), its expected month, and by how many months it is late.

    `weight` is in percentage points of its phase; `weight_in_whole` of the whole road, rounded to be shown (GP-01).
    """

    pk: int
    code: str
    title: str
    doubt: str
    weight: Decimal | None
    weight_in_whole: Decimal | None
    progress: Decimal
    state: str
    done_on: date | None
    expected: date | None
    late: int

    @property
    def is_done(self) -> bool:
        """Whether nothing is left of it."""
        return self.progress == HUNDRED

    @property
    def is_overdue(self) -> bool:
        """Whether its month has passed and it is not complete."""
        return self.late > 0 and not self.is_done


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase (in phase II, an interruptor) with its weight in the whole and how far it is, unrounded."""

    pk: int
    code: str
    number: int
    name: str
    purpose: str
    doubt: str
    weight: Decimal | None
    progress: Decimal | None
    hitos: tuple[Hito, ...]


@dataclass(frozen=True, slots=True)
class EntityBoard:
    """An entity, who advises it, and its last road; `whole` is 0–100 unrounded, None without a road."""

    entity: TerritorialEntity
    assignment: AdvisorAssignment | None
    road: EntityRoad | None
    phases: tuple[Phase, ...]
    whole: Decimal | None
    graduation: Graduation | None

    @property
    def when(self) -> tuple[int, int]:
        """Of which period and stage its road is; the greatest is the last one."""
        return (self.road.first_year, self.road.stage) if self.road else (0, 0)

    @property
    def distance(self) -> tuple[int, Decimal]:
        """How far it is, to be compared: the stage first, then the progress in it; nothing without a road."""
        return (self.road.stage, self.whole or ZERO) if self.road else (0, ZERO)

    @property
    def hitos(self) -> list[Hito]:
        """Every hito in the order of the road."""
        return [one for phase in self.phases for one in phase.hitos]

    @property
    def overdue(self) -> list[Hito]:
        """The hitos whose month has passed, the most delayed first."""
        return sorted((one for one in self.hitos if one.is_overdue), key=lambda one: -one.late)

    @property
    def months_late(self) -> int:
        """Months of delay of everything that is overdue, added up: what orders the most delayed ones."""
        return sum(one.late for one in self.overdue)


def boards_of(
    entities: Iterable[TerritorialEntity], today: date, *, road: EntityRoad | None = None, stage: int | None = None
) -> list[EntityBoard]:
    """One board an entity, in their order, with its last road; `stage` asks for the last of that one, `road` for that.

    The entities come with their region (`select_related("region")`).
    """
    entities = list(entities)
    pks = [one.pk for one in entities]
    assignments = AdvisorAssignment.objects.open().filter(entity__in=pks).select_related("advisor", "coordinator")
    advised = {one.entity_id: one for one in assignments}
    last = {road.entity_id: road} if road else _last_roads(pks, stage)
    phases = _phases(last.values(), today)
    graduations = {one.start_id: one for one in Graduation.objects.filter(start__in=[one.pk for one in last.values()])}
    return [_board(one, advised.get(one.pk), last.get(one.pk), phases, graduations) for one in entities]


def mean_progress(boards: Iterable[EntityBoard]) -> Decimal | None:
    """Progress of several entities in one stage, each counting the same; those without a road do not count.

    Phases I and II are never averaged together: who passes to phase II would seem to fall back to zero.
    """
    return mean(one.whole for one in boards)


def regions_of(boards: Iterable[EntityBoard]) -> dict[OrganizationUnit, list[EntityBoard]]:
    """The boards by region, in the order of the regions."""
    found: dict[OrganizationUnit, list[EntityBoard]] = {}
    for one in sorted(boards, key=lambda board: (board.entity.region.sort_key, board.entity.region.code)):
        found.setdefault(one.entity.region, []).append(one)
    return found


def by_hito(boards: Iterable[EntityBoard]) -> dict[str, list[Hito]]:
    """Code → that hito in each entity, in the order of the road; the boards are of one stage."""
    found: dict[str, list[Hito]] = {}
    for board in boards:
        for one in board.hitos:
            found.setdefault(one.code, []).append(one)
    return found


def _last_roads(entities: list[int], stage: int | None) -> dict[int, EntityRoad]:
    """Entity (id) → its road of the last period and stage, or of the last period of a stage."""
    rows = EntityRoad.objects.filter(entity__in=entities).select_related("schedule")
    rows = rows.filter(stage=stage) if stage else rows
    return {one.entity_id: one for one in rows.order_by("first_year", "stage")}


def _board(
    entity: TerritorialEntity,
    assignment: AdvisorAssignment | None,
    road: EntityRoad | None,
    phases: Mapping[int, tuple[Phase, ...]],
    graduations: Mapping[int, Graduation],
) -> EntityBoard:
    own = phases.get(road.road_id, ()) if road else ()
    whole = whole_progress([(one.progress, one.weight) for one in own])
    return EntityBoard(entity, assignment, road, own, whole, graduations.get(road.pk) if road else None)


def _phases(roads: Iterable[EntityRoad], today: date) -> dict[int, tuple[Phase, ...]]:
    """Road (id) → its phases with their hitos; three queries."""
    roads = list(roads)
    schedule_of = {one.road_id: one.schedule_id for one in roads}
    months: dict[tuple[int, str], date] = {}
    for schedule, code, month in ExpectedMonth.objects.filter(schedule__in=set(schedule_of.values())).values_list(
        "schedule_id", "code", "month"
    ):
        months[schedule, code] = month
    rows = list(RoadPhase.objects.filter(road__in=list(schedule_of)).order_by("road", "number"))
    raws: dict[int, list[dict[str, Any]]] = {one.pk: [] for one in rows}
    for raw in RoadActivity.objects.filter(phase__in=list(raws)).order_by("phase", "number").values(*_READ):
        raws[raw["phase_id"]].append(raw)
    found: dict[int, list[Phase]] = {}
    for one in rows:
        schedule = schedule_of[one.road_id]
        shares = shares_of_whole({raw["code"]: raw["weight"] for raw in raws[one.pk]}, one.weight)
        own = [_hito(raw, shares.get(raw["code"]), months.get((schedule, raw["code"])), today) for raw in raws[one.pk]]
        found.setdefault(one.road_id, []).append(
            Phase(
                one.pk, one.code, one.number, one.name, one.purpose, one.doubt, one.weight,
                phase_progress(line for _, line in own), tuple(hito for hito, _ in own),
            )
        )  # fmt: skip
    return {road: tuple(phases) for road, phases in found.items()}


_READ = ("pk", "phase_id", "code", "kind", "text", "doubt", "weight", "progress", "state", "done_on")


def _hito(raw: Mapping[str, Any], in_whole: Decimal | None, expected: date | None, today: date) -> tuple[Hito, Line]:
    late = months_late(expected, progress=raw["progress"], done_on=raw["done_on"], today=today)
    title = raw["text"] or f"Hito {raw['code']} ({TO_COMPLETE})"
    hito = Hito(
        raw["pk"], raw["code"], title, raw["doubt"], raw["weight"], in_whole, raw["progress"], raw["state"],
        raw["done_on"], expected, late,
    )  # fmt: skip
    return hito, Line(ActivityKind(raw["kind"]), ActivityState(raw["state"]), raw["progress"], raw["weight"])
