"""What a coordinator decides of an entity: who advises it, and when it passes to phase II."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pes.access import can, demand, requires
from pes.dates import long_date
from pes.forms.territory import AssignForm, GraduateForm
from pes.models import EntityRoad, TerritorialEntity
from pes.permissions import Permission
from pes.rules.problems import Refused
from pes.territory.assignments import assign as assign_advisor
from pes.territory.frame import READ, find_entity, frame
from pes.territory.graduation import graduate as graduate_entity

MANAGE = Permission.TERRITORY_MANAGE


@require_safe
@requires(READ)
def advisor(request: HttpRequest, dane: str) -> HttpResponse:
    """Who has advised an entity, and the box to change it."""
    entity = find_entity(request.user, dane)
    return _page(request, entity, AssignForm(entity=entity, initial={"starts_on": timezone.localdate()}))


@require_POST
@requires(MANAGE)
def assign(request: HttpRequest, dane: str) -> HttpResponse:
    """Give an entity its advisor."""
    entity = find_entity(request.user, dane)
    demand(request.user, MANAGE, entity)
    form = AssignForm(request.POST, entity=entity)
    if form.is_valid():
        try:
            assign_advisor(entity, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Asesoría asignada.")
            return redirect("pes:territory-advisor", dane)
    return _page(request, entity, form, status=422)


@require_POST
@requires(MANAGE)
def graduate(request: HttpRequest, dane: str, pk: int) -> HttpResponse:
    """Pass an entity to phase II."""
    entity = find_entity(request.user, dane)
    start = get_object_or_404(EntityRoad.objects.select_related("entity__region"), pk=pk, entity=entity)
    form = GraduateForm(request.POST, start=start)
    if form.is_valid():
        try:
            graduate_entity(start, form.cleaned_data["schedule"], reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{entity} pasó a la fase II.")
            return redirect(entity)
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))
    return redirect(entity)


def _page(request: HttpRequest, entity: TerritorialEntity, form: AssignForm, status: int = 200) -> HttpResponse:
    rows = entity.assignments.select_related("advisor", "coordinator", "by")
    may = can(request.user, MANAGE, entity)
    context: dict[str, Any] = frame(
        request.user, "entities", (str(entity), entity.get_absolute_url()), ("Asesoría", "")
    )
    context |= {
        "entity": entity,
        "form": form,
        "may_manage": may,
        "rows": [
            {
                "advisor": str(one.advisor),
                "coordinator": str(one.coordinator) if one.coordinator else "–",
                "since": long_date(one.starts_on),
                "until": long_date(one.until) if one.until else "Hoy",
                "by": str(one.by),
            }
            for one in rows
        ],
    }
    return render(request, "pes/territory/advisor.html", context, status=status)
