"""The gates of a road: what each still needs, and the verb that closes a phase (LC-01, LC-02)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pes import audit, registry
from pes.access import demand
from pes.models import AdministrativeAct, Adoption, Road, RoadActivity, RoadPhase, SectorPlan, User
from pes.permissions import Permission
from pes.plan_frame import plan_url
from pes.roads.reporting import state_of
from pes.rules.gates import ConditionState, GateFact, condition_states, gate_problems
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.road_states import OPEN, PhaseState
from pes.rules.roads import ActivityKind, waiting_problems

CLOSE = Permission.PHASE_CLOSE
TO_ADOPTION = ("G1", "G2", "G3")


def facts_of(plan: SectorPlan | None, of: str = "gate_facts") -> list[GateFact]:
    """What every app knows today of the conditions of a PES; a road without PES has none.

    An act that adopted the PES before this tool was there answers for the gates that led to it (LC-06, LC-08).
    A page that tells of a few conditions asks only who knows of them, under a name of its own (`of`).
    """
    if plan is None:
        return []
    known = list(registry.collect(of, plan))
    if earlier_act(plan) is None:
        return known
    phases = RoadPhase.objects.filter(road__plan=plan, gate__in=TO_ADOPTION)
    answered = {condition.code for phase in phases for condition in phase.gate_conditions}
    url = plan_url(plan, "pes:approval")
    return [fact for fact in known if fact.code not in answered] + [GateFact(code, True, "", url) for code in answered]


def earlier_act(plan: SectorPlan) -> AdministrativeAct | None:
    """The act by which a PES was adopted before this tool, if it was."""
    found = Adoption.objects.filter(plan=plan, is_earlier=True).select_related("act").order_by("pk").first()
    return found.act if found is not None else None


def gate_of(phase: RoadPhase, facts: Iterable[GateFact]) -> list[ConditionState]:
    """The conditions of a phase's gate, each with whether it is met and what is missing."""
    return condition_states(phase.gate_conditions, facts)


def closing_problems(phase: RoadPhase, state: PhaseState, gate: Iterable[ConditionState]) -> Iterator[Problem]:
    """What keeps a phase from being closed now by who may close it."""
    yield from waiting_problems(phase.code, state, phase.after)
    yield from gate_problems(phase.gate, gate)


@transaction.atomic
def close_phase(phase: RoadPhase, *, by: User, now: datetime | None = None) -> None:
    """Close a phase whose gate has everything; those that waited for it open (LC-01, LC-02).

    There is no way round a missing condition. What its gate knew is kept in the trail. Again it changes nothing (WF1).
    Raises PermissionDenied, or Refused with one problem for each condition that is missing.
    """
    demand(by, CLOSE, phase)
    road = Road.objects.select_for_update(no_key=True, of=("self",)).select_related("plan").get(pk=phase.road_id)
    held = RoadPhase.objects.select_for_update(no_key=True).get(pk=phase.pk)
    if held.closed_at is not None:
        return
    gate = gate_of(held, facts_of(road.plan))
    refuse_if_any(closing_problems(held, state_of(held), gate))
    held.closed_by, held.closed_at = by, now or timezone.now()
    held.save(update_fields=["closed_by", "closed_at"])
    after = {"gate": held.gate, "conditions": [one.text for one in gate], "unfinished": unfinished(held)}
    audit.record("phase_closed", held, by=by, after={"name": held.name, **after})
    phase.refresh_from_db()


def unfinished(phase: RoadPhase) -> list[str]:
    """Codes of the activities of a phase that nobody finished or set aside; a gate does not ask for them, but tells."""
    rows = RoadActivity.objects.filter(phase=phase, state__in=OPEN).exclude(kind=ActivityKind.PRODUCT)
    return list(rows.order_by("number").values_list("code", flat=True))
