"""What a coordinator decides of an entity: what is known of it, who advises it, when it passes to phase II."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import can, demand, requires
from pes.dates import long_date
from pes.forms.territory import AssignForm, EntityForm, GraduateForm
from pes.models import EntityRoad, TerritorialEntity
from pes.permissions import Permission
from pes.rules.problems import Refused
from pes.territory.assignments import assign as assign_advisor
from pes.territory.entities import change_entity, managed_regions, register_entity
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
    demand(request.user, MANAGE, entity)
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


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """Write an entity that is not there yet."""
    form = EntityForm(request.POST or None, regions=managed_regions(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            made = register_entity(form.entity_facts(), by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{made} quedó registrada.")
            return redirect(made)
    context = frame(request.user, "entities", ("Nueva entidad", "")) | {"form": form, "title": "Nueva entidad"}
    return render(request, "pes/territory/entity_form.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def edit(request: HttpRequest, dane: str) -> HttpResponse:
    """Correct what is known of an entity."""
    entity = find_entity(request.user, dane)
    demand(request.user, MANAGE, entity)
    form = EntityForm(request.POST or None, regions=managed_regions(request.user), entity=entity)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_entity(entity, form.entity_facts(), read=form.cleaned_data["read"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Cambios guardados." if changed else "No había cambios que guardar.")
            return redirect(entity)
    context = frame(request.user, "entities", (str(entity), entity.get_absolute_url()), ("Editar", ""))
    context |= {"form": form, "title": f"Editar {entity}", "back_url": entity.get_absolute_url()}
    return render(request, "pes/territory/entity_form.html", context, status=form.status)


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
