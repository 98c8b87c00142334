"""Mesas de trabajo: the list, one of them, registering and correcting (PLE-PIN-P005 v8, act. 2)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pes.access import can, demand, holds, requires
from pes.asked import whole_number
from pes.dates import long_date, long_instant
from pes.edits import fingerprint
from pes.forms.workshops import WorkshopCorrectionForm, WorkshopForm, initial_of
from pes.models import AuditEvent, OrganizationUnit, UnitKind, Workshop
from pes.permissions import Permission
from pes.rules.problems import Refused
from pes.views.audit import rows as event_rows
from pes.workshops import REGISTER, correct_workshop, register_workshop, units_of, workshop_facts

READ = Permission.PLAN_READ
PER_PAGE = 50
HISTORY_SHOWN = 50
NO_REGISTER = "Registra las mesas de trabajo la oficina asesora de planeación."


@require_safe
@requires(READ)
def workshops(request: HttpRequest) -> HttpResponse:
    """The mesas that the person may see, by vigencia, entity and unit, fifty a page."""
    found = Workshop.objects.visible_to(request.user, READ)
    chosen = {name: request.GET.get(name, "").strip() for name in ("vigencia", "entidad", "unidad")}
    rows = _filtered(found, chosen).order_by("-held_on", "-pk").select_related("entity").prefetch_related("units")
    page = Paginator(rows.annotate(people=Count("attendees")), PER_PAGE).get_page(request.GET.get("pagina"))
    may = holds(request.user, REGISTER)
    context = {
        "page": page,
        "rows": [_row(workshop) for workshop in page],
        "chosen": chosen,
        **_choices(found),
        "is_filtered": any(chosen.values()),
        "reason": "" if may else NO_REGISTER,
        "new_url": _new_url(**chosen),
    }
    return render(request, "pes/workshops.html", context)


@require_safe
@requires(READ)
def workshop(request: HttpRequest, pk: int) -> HttpResponse:
    """What was written down of a mesa, who registered it, and how it was corrected since."""
    found = _workshop(request, pk)
    history = AuditEvent.objects.filter(object_type="pes.workshop", object_id=str(pk), verb="workshop_corrected")
    context = {
        "workshop": found,
        "held_on": long_date(found.held_on),
        "registered": f"{long_instant(found.registered_at)} · {found.registered_by}",
        "units": [f"{unit.code} · {unit.name}" for unit in found.units.all()],
        "attendees": found.attendees.all(),
        "history": event_rows(history.select_related("actor").order_by("-pk")[:HISTORY_SHOWN]),
        "reason": "" if can(request.user, REGISTER, found) else NO_REGISTER,
        "crumbs": _crumbs(long_date(found.held_on)),
    }
    return render(request, "pes/workshop.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REGISTER)
def workshop_new(request: HttpRequest) -> HttpResponse:
    """Register a mesa: first its entity, if the person serves several, then the rest."""
    entities = _entities(request.user)
    entity = _asked_entity(request, entities)
    if entity is None:
        options = [("", "Elija una entidad"), *((one.code, f"{one.code} · {one.name}") for one in entities)]
        context = {"options": options, "has_entities": len(options) > 1, "crumbs": _crumbs("Registrar")}
        return render(request, "pes/workshop_entity.html", context)
    units = units_of(entity).filter(is_active=True)
    form = WorkshopForm(request.POST or None, units=units, initial=_asked(request, units))
    if request.method == "POST" and form.is_valid():
        try:
            made = register_workshop(entity, form.meeting(), by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Mesa de trabajo registrada.")
            return redirect(made)
    more = {"may_change_entity": entities.count() > 1, "back_url": reverse("pes:workshops")}
    return _form(request, entity, form, "Registrar mesa de trabajo", "Registrar", **more)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REGISTER)
def workshop_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what was written down of a mesa, with why."""
    found = _workshop(request, pk)
    demand(request.user, REGISTER, found)
    units = units_of(found.entity)
    units = units.filter(is_active=True) | units.filter(pk__in=found.units.values("pk"))
    initial = initial_of(found) | {"read": fingerprint(workshop_facts(found))}
    form = WorkshopCorrectionForm(request.POST or None, units=units, initial=initial)
    if request.method == "POST" and form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("reason", "read")}
        try:
            changed = correct_workshop(found, form.meeting(), **asked, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Mesa corregida." if changed else "No había cambios que guardar.")
            return redirect(found)
    back = {"back_url": found.get_absolute_url()}
    return _form(request, found.entity, form, "Corregir mesa de trabajo", "Corregir", **back)


def _filtered(found: Any, chosen: dict[str, str]) -> Any:
    year = whole_number(chosen["vigencia"])
    if year is not None:
        found = found.filter(vigencia=year)
    if chosen["entidad"]:
        found = found.filter(entity__code=chosen["entidad"])
    if chosen["unidad"]:
        found = found.filter(pk__in=Workshop.objects.filter(units__code=chosen["unidad"]).values("pk"))
    return found


def _choices(found: Any) -> dict[str, list[tuple[Any, str]]]:
    """The filters' options: what the mesas within reach are about, three queries."""
    ids = found.order_by().values("pk")
    years = found.order_by("-vigencia_id").values_list("vigencia_id", flat=True).distinct()
    entities = OrganizationUnit.objects.filter(workshops__in=ids).distinct().order_by("sort_key", "code")
    units = OrganizationUnit.objects.filter(attended_workshops__in=ids).distinct().order_by("sort_key", "code")
    return {
        "vigencias": [("", "Todas"), *((year, str(year)) for year in years)],
        "entities": [("", "Todas"), *((one.code, one.short_name) for one in entities)],
        "units": [("", "Todas"), *((one.code, f"{one.code} · {one.name}") for one in units)],
    }


def _row(found: Any) -> dict[str, str]:
    return {
        "date": long_date(found.held_on),
        "topic": found.topic,
        "url": found.get_absolute_url(),
        "entity": found.entity.short_name,
        "vigencia": str(found.vigencia_id),
        "units": ", ".join(unit.name for unit in found.units.all()),
        "people": str(found.people),
    }


def _workshop(request: HttpRequest, pk: int) -> Workshop:
    rows = Workshop.objects.visible_to(request.user, READ).select_related("entity", "vigencia", "registered_by")
    return get_object_or_404(rows.prefetch_related("units", "attendees"), pk=pk)


def _entities(user: Any) -> Any:
    """Entities whose mesas a person may register."""
    held = OrganizationUnit.objects.visible_to(user, REGISTER)
    return held.filter(kind=UnitKind.ENTITY, is_active=True).order_by("parent__sort_key", "sort_key", "code")


def _asked_entity(request: HttpRequest, entities: Any) -> OrganizationUnit | None:
    """The entity of the address, or the only one; Http404 for one where the person registers nothing."""
    code = request.GET.get("entidad", "").strip()
    if code:
        return get_object_or_404(entities, code=code)
    some = list(entities[:2])
    return some[0] if len(some) == 1 else None


def _asked(request: HttpRequest, units: Any) -> dict[str, Any]:
    """The vigencia and unit that the page linking here was about."""
    unit = request.GET.get("unidad", "").strip()
    ticked = [one.pk for one in units.filter(code=unit)] if unit else []
    return {"vigencia": whole_number(request.GET.get("vigencia", "")), "units": ticked}


def _new_url(*, entidad: str, unidad: str, vigencia: str) -> str:
    query = urlencode({k: v for k, v in (("entidad", entidad), ("unidad", unidad), ("vigencia", vigencia)) if v})
    return reverse("pes:workshop-new") + (f"?{query}" if query else "")


def _form(
    request: HttpRequest, entity: OrganizationUnit, form: WorkshopForm, title: str, step: str, **more: Any
) -> HttpResponse:
    status = getattr(form, "status", 422 if form.errors else 200)
    context = {"entity": entity, "form": form, "title": title, "crumbs": _crumbs(step)}
    return render(request, "pes/workshop_form.html", context | more, status=status)


def _crumbs(*more: str) -> list[dict[str, str]]:
    path = [{"label": "Mesas de trabajo", "url": reverse("pes:workshops")}]
    return path + [{"label": label, "url": ""} for label in more]
