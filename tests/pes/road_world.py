"""A sector with its PES, its road and the facts that gates ask for, made with the real verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from pes import registry
from pes.edits import fingerprint
from pes.models import Road, RoadActivity, RoadPhase, SectorPlan
from pes.roads.opening import open_plan
from pes.roads.schedule import Programme, programme_phase, schedule_facts, schedule_of
from pes.rules.gates import GateFact
from tests.people import Cast, cast

FIRST = 2024
NOW = datetime(2025, 3, 12, 15, tzinfo=UTC)
HUNDRED = Decimal(100)


@dataclass
class World:
    """The cast, a PES 2024–2028 and its road."""

    cast: Cast
    plan: SectorPlan
    road: Road

    def phase(self, code: str) -> RoadPhase:
        """A phase by its code."""
        return RoadPhase.objects.get(road=self.road, code=code)

    def activity(self, code: str) -> RoadActivity:
        """An activity by its code."""
        return RoadActivity.objects.get(phase__road=self.road, code=code)

    @property
    def address(self) -> str:
        """Where the pages of the PES begin."""
        return f"/sectores/{self.plan.sector.code}/pes/{FIRST}/"


def world() -> World:
    """The PES of the sector, opened by its analyst."""
    people = cast()
    plan = open_plan(people.sector, name="PES 2024–2028", first_vigencia=FIRST, by=people.ana, now=NOW)
    return World(people, plan, plan.road)


def program(here: World, code: str, *, begins: date = date(2025, 1, 10), days: int = 30, **who: object) -> int:
    """Give every activity of a phase the same days and, if given, the same person and entity."""
    phase = here.phase(code)
    rows = list(schedule_of(phase))
    row = Programme(begins, begins + timedelta(days=days), who.get("person"), who.get("entity"))  # type: ignore[arg-type]
    read = fingerprint(schedule_facts(rows))
    return programme_phase(phase, {one.pk: row for one in rows}, read=read, by=here.cast.ana)


def met(monkeypatch, **facts: bool) -> None:
    """Let only these facts of the gates be known, and what is missing of those that are not met."""

    def known(plan: SectorPlan) -> list[GateFact]:
        return [GateFact(code, is_met, "" if is_met else f"Falta {code}.", "/ir/") for code, is_met in facts.items()]

    monkeypatch.setitem(registry._PROVIDERS, "gate_facts", [known])


def everything_met(monkeypatch, here: World) -> None:
    """Let every condition of every gate be met."""
    codes = [one["code"] for phase in here.road.phases.all() for one in phase.conditions]
    met(monkeypatch, **dict.fromkeys(codes, True))
