"""The road of a PES as a picture, the phase one looks at, and the act that closes it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pes.access import can, requires
from pes.models import Road, RoadActivity, RoadPhase, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.roads.phases import CLOSE, TO_ADOPTION, close_phase, earlier_act, facts_of
from pes.roads.picture import Station, current_of, legs_of, stations_of, summary_of
from pes.roads.rows import groups_of, proofs_of
from pes.rules.problems import Refused
from pes.rules.road_states import PhaseState

NO_CLOSE = "Cierra las fases la jefatura de la oficina asesora de planeación."
NO_PROGRAMME = "Programa las fases la oficina asesora de planeación."


@require_safe
@requires(Permission.PES_READ)
def road(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Where the PES is, what its gate lacks and whose turn it is; below, the phase of `?fase=`."""
    plan = find_plan(request.user, slug, first)
    found = Road.objects.filter(plan=plan).select_related("unit").first()
    if found is None:
        return render(request, "pes/road/untraced.html", _frame(request, plan) | {"plan_pk": plan.pk})
    here = plan_url(plan, "pes:road")
    stations = stations_of(
        found, facts_of(plan), timezone.localdate(), chosen=request.GET.get("fase", ""),
        url=lambda code: f"{here}?fase={code}#fase",
    )  # fmt: skip
    chosen = _chosen(stations)
    context = _frame(request, plan) | {
        "road": found,
        "legs": legs_of(stations),
        "summary": summary_of(stations),
        "phase": _phase(request, plan, chosen),
    }
    return render(request, "pes/road/road.html", context)


@require_POST
@requires(CLOSE)
def close(request: HttpRequest, slug: str, first: int, code: str) -> HttpResponse:
    """Close a phase; what its gate lacks is said condition by condition."""
    plan = find_plan(request.user, slug, first)
    phase = get_object_or_404(RoadPhase, road__plan=plan, code=code)
    try:
        close_phase(phase, by=request.user)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, f"{problem.message} {problem.fix}".strip())
        return redirect(f"{plan_url(plan, 'pes:road')}?fase={code}#fase")
    messages.success(request, f"Fase {phase.code} cerrada.")
    return redirect("pes:road", slug, first)


def road_line(plan: SectorPlan) -> dict[str, Any]:
    """The road in one line, for the page of objectives: its stations and where it is; four queries and the facts."""
    found = Road.objects.filter(plan=plan).select_related("unit").first()
    url = plan_url(plan, "pes:road")
    if found is None:
        return {"url": url, "is_traced": False}
    stations = stations_of(found, (), timezone.localdate(), url=lambda code: f"{url}?fase={code}#fase")
    return {"url": url, "is_traced": True, "summary": summary_of(stations), "stations": stations}


def _frame(request: HttpRequest, plan: SectorPlan) -> dict[str, Any]:
    may = can(request.user, Permission.ROAD_MANAGE, plan)
    return frame(request.user, plan, "road", ("Camino", "")) | {"may_manage": may}


def _chosen(stations: list[Station]) -> Station:
    """The phase asked for; else the one that is walked, or the last."""
    asked = next((one for one in stations if one.is_chosen), None)
    found = asked or next(iter(current_of(stations)), stations[-1])
    found.is_chosen = True
    return found


def _phase(request: HttpRequest, plan: SectorPlan, station: Station) -> dict[str, Any]:
    def url(one: RoadActivity) -> str:
        return plan_url(plan, "pes:road-activity", one.pk)

    may_close = can(request.user, CLOSE, plan)
    is_open = station.state is PhaseState.OPEN
    code = station.phase.code
    manage = can(request.user, Permission.ROAD_MANAGE, plan)
    sealed = "La fase está cerrada: su programación ya no cambia." if station.state is PhaseState.CLOSED else ""
    return {
        "station": station,
        "groups": groups_of(station, timezone.localdate(), url, proofs_of(station.activities)),
        "may_close": is_open and may_close,
        "close_url": plan_url(plan, "pes:road-phase-close", code),
        "close_reason": "" if station.is_ready else "Le faltan condiciones a la puerta: están en la lista.",
        "unfinished": station.unfinished,
        "schedule_url": plan_url(plan, "pes:road-schedule", code),
        "schedule_reason": sealed or ("" if manage else NO_PROGRAMME),
        "close_note": "" if may_close else NO_CLOSE,
        "earlier_act": earlier_act(plan) if station.phase.gate in TO_ADOPTION else None,
    }
