"""The timeline of a PES, and the table in which a whole phase is programmed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pes.access import can, demand, requires
from pes.forms.roads import ScheduleForm
from pes.models import Road, RoadActivity, RoadPhase, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.roads.gantt import Axis, axis_drawn, axis_of, bar_drawn
from pes.roads.picture import Station, stations_of
from pes.roads.rows import bars_of, span
from pes.roads.schedule import entities_of, people_of, programme_phase, schedule_of
from pes.rules.problems import Refused
from pes.rules.road_states import PhaseState


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ROAD_MANAGE)
def schedule(request: HttpRequest, slug: str, first: int, code: str) -> HttpResponse:
    """Days, responsible people and entities of every activity of a phase, saved together."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, Permission.ROAD_MANAGE, plan)
    phase = get_object_or_404(RoadPhase.objects.select_related("road__unit"), road__plan=plan, code=code)
    unit = phase.road.unit
    form = ScheduleForm(
        request.POST or None, activities=list(schedule_of(phase)), people=people_of(unit), entities=entities_of(unit)
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = programme_phase(phase, form.programme(), read=form.cleaned_data["read"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _told(changed))
            return redirect(f"{plan_url(plan, 'pes:road')}?fase={code}#fase")
    back = f"{plan_url(plan, 'pes:road')}?fase={code}#fase"
    context = frame(request.user, plan, "road", ("Camino", back), (f"Programar {phase.code}", ""))
    return render(
        request,
        "pes/road/schedule.html",
        context | {"form": form, "phase": phase, "back_url": back},
        status=form.status,
    )


@require_safe
@requires(Permission.PES_READ)
def timeline(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Planned and real days of everything, phase by phase; each prints on its own page."""
    plan = find_plan(request.user, slug, first)
    found = Road.objects.filter(plan=plan).first()
    context = frame(request.user, plan, "timeline", ("Cronograma", ""))
    context["may_manage"] = can(request.user, Permission.ROAD_MANAGE, plan)
    if found is None:
        return render(request, "pes/road/untraced.html", context)
    today = timezone.localdate()
    stations = stations_of(found, (), today)
    whole = axis_of((one for station in stations for one in station.activities), today)
    context |= {
        "is_programmed": whole is not None,
        "road_url": plan_url(plan, "pes:road"),
        "overview": _overview(stations, whole) if whole else [],
        "overview_axis": axis_drawn(whole) if whole else "",
        "phases": [_phase(plan, station) for station in stations],
    }
    return render(request, "pes/road/timeline.html", context)


def _told(changed: int) -> str:
    if not changed:
        return "No había cambios que guardar."
    return "1 actividad programada." if changed == 1 else f"{changed} actividades programadas."


def _overview(stations: list[Station], axis: Axis) -> list[dict[str, Any]]:
    """One bar a phase: from the first to the last day of its activities."""
    found = []
    for one in stations:
        begins = [line.planned_from for line in one.activities if line.planned_from]
        ends = [line.planned_until for line in one.activities if line.planned_until]
        started = [line.started_on for line in one.activities if line.started_on]
        done = [line.done_on for line in one.activities if line.done_on]
        planned = (min(begins), max(ends)) if begins else (None, None)
        finished = max(done) if done and one.state is PhaseState.CLOSED else None
        real = (min(started), finished) if started else (None, None)
        found.append({
            "name": f"{one.phase.code} {one.phase.name}",
            "url": f"#{one.phase.code}",
            "planned": span(*planned) or "Sin fechas",
            "state": one.words["state"],
            "tone": one.words["tone"],
            "bar": bar_drawn(axis, planned, real),
        })  # fmt: skip
    return found


def _phase(plan: SectorPlan, station: Station) -> dict[str, Any]:
    def url(one: RoadActivity) -> str:
        return plan_url(plan, "pes:road-activity", one.pk)

    today = timezone.localdate()
    axis = axis_of(station.activities, today)
    rows = [] if axis is None else bars_of(station, axis, today, url)
    return {
        "code": station.phase.code,
        "name": f"Fase {station.phase.number}. {station.phase.name}",
        "words": station.words,
        "axis": axis_drawn(axis) if axis else "",
        "rows": rows,
        "schedule_url": plan_url(plan, "pes:road-schedule", station.phase.code),
        "is_closed": station.state is PhaseState.CLOSED,
    }
