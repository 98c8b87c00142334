"""«Preparación»: segments, schedules, and the opening of roads for a whole segment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from pes.access import can, holds, requires
from pes.forms.base import ActionForm
from pes.forms.territory import STAGES, MonthsForm, OpenRoadsForm, ScheduleOpenForm, SegmentForm, schedule_name
from pes.models import EntityRoad, HitoSchedule, OrganizationUnit, TerritorialEntity, TerritorySegment
from pes.permissions import Permission
from pes.rules.problems import Refused
from pes.territory.frame import READ, frame
from pes.territory.opening import ask_to_open
from pes.territory.schedules import create_schedule, road_of, write_months
from pes.territory.segments import create_segment

MANAGE = Permission.TERRITORY_MANAGE


@require_safe
@requires(MANAGE)
def setup(request: HttpRequest) -> HttpResponse:
    """What there is, and the boxes to add to it."""
    return _page(request)


@require_POST
@requires(MANAGE)
def segment(request: HttpRequest) -> HttpResponse:
    """Name a part of the territory."""
    form = SegmentForm(request.POST, units=_units(request))
    if form.is_valid():
        try:
            create_segment(**form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Segmento creado.")
            return redirect("pes:territory-setup")
    return _page(request, status=422, segment_form=form)


@require_POST
@requires(MANAGE)
def schedule_open(request: HttpRequest) -> HttpResponse:
    """Begin a schedule, and go on to its months."""
    form = ScheduleOpenForm(request.POST, units=_units(request))
    if form.is_valid():
        try:
            made = create_schedule(**form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("pes:territory-schedule", made.pk)
    return _page(request, status=422, schedule_form=form)


@require_POST
@requires(MANAGE)
def open_roads(request: HttpRequest) -> HttpResponse:
    """Ask for the roads of every entity of a segment; its job says how it goes."""
    form = OpenRoadsForm(request.POST, **_choices(request))
    if form.is_valid():
        try:
            job = ask_to_open(form.cleaned_data["segment"], form.cleaned_data["schedule"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("pes:job", job.pk)
    return _page(request, status=422, open_form=form)


@require_safe
@requires(READ)
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """The expected month of each hito."""
    found = _schedule(request, pk)
    return _schedule_page(request, found, MonthsForm(schedule=found))


@require_POST
@requires(MANAGE)
def schedule_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the months; every delay is computed anew from them."""
    found = _schedule(request, pk)
    form = MonthsForm(request.POST, schedule=found)
    if form.is_valid():
        try:
            changed = write_months(found, form.months(), read=form.cleaned_data["read"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Meses guardados." if changed else "No había cambios que guardar.")
            return redirect("pes:territory-schedule", pk)
    return _schedule_page(request, found, form)


def _units(request: HttpRequest) -> Any:
    rows = OrganizationUnit.objects.visible_to(request.user, MANAGE).filter(is_active=True)
    regions = rows.filter(kind="region")
    return (regions | rows.filter(kind="entity", children__kind="region")).distinct().order_by("sort_key", "code")


def _choices(request: HttpRequest) -> dict[str, Any]:
    schedules = HitoSchedule.objects.visible_to(request.user, READ).select_related("unit")
    return {"segments": TerritorySegment.objects.visible_to(request.user, MANAGE), "schedules": schedules}


def _schedule(request: HttpRequest, pk: int) -> HitoSchedule:
    rows: Any = HitoSchedule.objects.visible_to(request.user, READ).select_related("unit")
    return get_object_or_404(rows, pk=pk)


def _schedule_page(request: HttpRequest, found: HitoSchedule, form: MonthsForm) -> HttpResponse:
    may = can(request.user, MANAGE, found)
    above = [("Preparación", reverse("pes:territory-setup"))] if holds(request.user, MANAGE) else []
    context = frame(request.user, "setup", *above, (f"Cronograma {found.period}", "")) | {
        "schedule": found,
        "title": STAGES.get(found.template, found.template),
        "source": road_of(found).source,
        "form": form,
        "roads": EntityRoad.objects.filter(schedule=found).count(),
        "reason": "" if may else "Los meses los escribe quien coordina la región.",
    }
    return render(request, "pes/territory/schedule.html", context, status=form.status)


def _page(request: HttpRequest, *, status: int = 200, **shown: ActionForm) -> HttpResponse:
    choices, units = _choices(request), _units(request)
    segments = list(choices["segments"].select_related("unit"))
    schedules = list(choices["schedules"])
    context = frame(request.user, "setup", ("Preparación", "")) | {
        "segments": _segments(segments),
        "schedules": [
            {"name": schedule_name(one), "url": reverse("pes:territory-schedule", args=[one.pk])} for one in schedules
        ],
        "segment_form": shown.get("segment_form") or SegmentForm(units=units, auto_id="segmento_%s"),
        "schedule_form": shown.get("schedule_form") or ScheduleOpenForm(units=units, auto_id="cronograma_%s"),
        "open_form": shown.get("open_form") or OpenRoadsForm(**choices, auto_id="abrir_%s"),
        "can_open": bool(segments and schedules),
        "has_units": units.exists(),
    }
    return render(request, "pes/territory/setup.html", context, status=status)


def _segments(segments: list[TerritorySegment]) -> list[dict[str, Any]]:
    """Each segment in words, with how many are in it today: one query for all of them."""
    wanted = {f"in_{one.pk}": Count("pk", filter=one.condition) for one in segments}
    counts = TerritorialEntity.objects.aggregate(**wanted) if wanted else {}
    return [_segment(one, counts[f"in_{one.pk}"]) for one in segments]


def _segment(one: TerritorySegment, count: int) -> dict[str, Any]:
    return {
        "name": one.name,
        "unit": one.unit.name,
        "universes": ", ".join(one.universes) or "Todos",
        "kind": one.get_kind_display() or "Todas",
        "partner": one.partner or "Todas",
        "count": count,
    }
