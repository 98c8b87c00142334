"""What the road offers to the rest: its tabs, what it knows of the gates, and what awaits a person on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from pes import registry
from pes.access import holds, units_for
from pes.models import Road, RoadActivity, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import plan_url
from pes.roads.gate_facts import gate_facts
from pes.roads.phases import CLOSE, facts_of
from pes.roads.picture import stations_of
from pes.rules.road_states import OPEN, ActivityState, PhaseState
from pes.rules.roads import ActivityKind

SOON = timedelta(days=14)


def plan_tabs(user: Any, plan: SectorPlan) -> Iterator[dict[str, Any]]:
    """Camino, Objetivos e indicadores, Cronograma: for everybody who reads the PES."""
    yield {"key": "road", "label": "Camino", "url": plan_url(plan, "pes:road"), "order": 10}
    yield {"key": "objectives", "label": "Objetivos", "url": plan_url(plan, "pes:plan-of"), "order": 15}
    yield {"key": "timeline", "label": "Cronograma", "url": plan_url(plan, "pes:road-timeline"), "order": 20}


def inbox(user: Any) -> Iterator[dict[str, Any]]:
    """Activities that a person answers for and gates that the Jefe may close."""
    yield from _my_activities(user)
    yield from _ready_gates(user)


def _my_activities(user: Any) -> Iterator[dict[str, Any]]:
    """Those of phases under way that are due within two weeks, late, or begun without a last day.

    Mine, or without a person and of an entity for which I report; the OAP, who programs them, gets only its own.
    """
    mine = Q(person=user)
    if holds(user, Permission.ROAD_REPORT) and not holds(user, Permission.ROAD_MANAGE):
        mine |= Q(person__isnull=True, entity__in=units_for(user, Permission.ROAD_REPORT))
    soon = Q(planned_until__lte=timezone.localdate() + SOON) | Q(planned_until=None, state=ActivityState.UNDER_WAY)
    rows = RoadActivity.objects.filter(mine & soon, state__in=OPEN, phase__closed_at__isnull=True)
    rows = rows.filter(phase__road__plan__isnull=False).exclude(kind=ActivityKind.PRODUCT)
    found = list(rows.select_related("phase__road__plan__sector").order_by("planned_until", "pk"))
    opened = _open_phases({one.phase.road_id for one in found})
    for one in found:
        if one.phase_id in opened:
            yield {
                "title": f"Reportar la actividad {one.code} del PES",
                "detail": f"Sector {one.phase.road.plan.sector.name}: {one.title}",
                "url": one.get_absolute_url(),
                "due_on": one.planned_until,
                "since": None,
                "kind": "road",
            }


def _open_phases(roads: set[int]) -> set[int]:
    """Ids of the phases of some roads that are walked now (LC-01); two queries."""
    found: set[int] = set()
    if not roads:
        return found
    for road in Road.objects.filter(pk__in=roads).prefetch_related("phases"):
        phases = list(road.phases.all())
        closed = {phase.code for phase in phases if phase.closed_at}
        found |= {phase.pk for phase in phases if phase.closed_at is None and closed.issuperset(phase.after)}
    return found


def _ready_gates(user: Any) -> Iterator[dict[str, Any]]:
    """Phases whose gate has everything, for who may close them."""
    if not holds(user, CLOSE):
        return
    roads = Road.objects.visible_to(user, CLOSE).filter(plan__isnull=False, phases__closed_at__isnull=True).distinct()
    for road in roads.select_related("plan__sector"):
        assert road.plan is not None  # the filter says so
        for one in stations_of(road, facts_of(road.plan), timezone.localdate()):
            if one.state is PhaseState.OPEN and one.is_ready:
                yield {
                    "title": f"Cerrar la fase {one.phase.number} del PES: la puerta {one.phase.gate} está lista",
                    "detail": f"Sector {road.plan.sector.name}: {one.phase.name}",
                    "url": f"{plan_url(road.plan, 'pes:road')}?fase={one.phase.code}#fase",
                    "due_on": None,
                    "since": None,
                    "kind": "road",
                }


registry.provide("plan_tabs", plan_tabs)
registry.provide("gate_facts", gate_facts)
registry.provide("inbox", inbox)
