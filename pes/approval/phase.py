"""Whether the phase of the road in which a PES is approved has opened: one fact for verbs, room and inbox (LC-01)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pes.models import RoadPhase, SectorPlan
from pes.plan_frame import plan_url
from pes.rules.approval import WalkedPhase, phase_problems, phases_to_close
from pes.rules.problems import Problem


@dataclass(frozen=True)
class Waiting:
    """What the approval of a PES waits for: why, and the gate that is to be passed first, with its page."""

    reason: str
    gate: str
    url: str

    @property
    def short(self) -> str:
        """The reason beside a button; the page says the rest."""
        return f"Falta pasar la puerta {self.gate}."


def problems_of(plan: int) -> list[Problem]:
    """What keeps a PES (id) from being approved and adopted yet; one query."""
    return list(phase_problems(_roads_of([plan]).get(plan, [])))


def waiting_of(plan: SectorPlan) -> Waiting | None:
    """What the approval of a PES waits for; None when it may go on. One query."""
    return waiting_of_each([plan]).get(plan.pk)


def waiting_of_each(plans: Iterable[SectorPlan]) -> dict[int, Waiting]:
    """PES (id) → what its approval waits for, of those that wait; one query."""
    asked = {plan.pk: plan for plan in plans}
    found = {}
    for pk, road in _roads_of(asked).items():
        if problems := list(phase_problems(road)):
            first = phases_to_close(road)[0]
            url = f"{plan_url(asked[pk], 'pes:road')}?fase={first.code}#fase"
            found[pk] = Waiting(" ".join(problem.message for problem in problems), first.gate, url)
    return found


def _roads_of(plans: Iterable[int]) -> dict[int, list[WalkedPhase]]:
    """PES (id) → the phases of its road in order; one without road is not there."""
    found: dict[int, list[WalkedPhase]] = {}
    rows = RoadPhase.objects.filter(road__plan__in=list(plans)).select_related("road").order_by("number")
    for row in rows:
        assert row.road.plan_id is not None  # the filter says so
        found.setdefault(row.road.plan_id, []).append(_walked(row))
    return found


def _walked(row: RoadPhase) -> WalkedPhase:
    return WalkedPhase(
        code=row.code, number=row.number, name=row.name, gate=row.gate, after=row.after,
        conditions=[one.code for one in row.gate_conditions], is_closed=row.closed_at is not None,
    )  # fmt: skip
