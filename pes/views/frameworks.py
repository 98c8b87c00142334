"""The marco estratégico of an entity: read, registered, corrected, with its objectives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods, require_safe

from pes.access import can, demand, holds, requires
from pes.dates import long_date
from pes.edits import fingerprint
from pes.forms.base import ActionForm
from pes.forms.frameworks import FrameworkEditForm, FrameworkForm, ObjectiveEditForm, ObjectiveForm
from pes.frameworks import (
    EDIT,
    add_objective,
    change_framework,
    change_objective,
    entities_read_by,
    framework_facts,
    objective_facts,
    register_framework,
)
from pes.models import Objective, OrganizationUnit, StrategicFramework, StrategicObjective
from pes.permissions import Permission
from pes.rules.problems import Refused

NO_EDIT = "Registra el marco estratégico la oficina asesora de planeación."
NO_CHANGE = "No había cambios que guardar."
SERVES_WORDS = 14  # of a sector objective in a row; its page has the rest


@require_safe
@requires(Permission.PES_READ)
def framework(request: HttpRequest, code: str) -> HttpResponse:
    """The frameworks of an entity, the last one first, with their objectives and the sector objectives they feed."""
    entity = _entity(request, code)
    found = list(StrategicFramework.objects.filter(unit=entity).order_by("-valid_from"))
    may = can(request.user, EDIT, entity)
    workshops = reverse("pes:workshops") if holds(request.user, Permission.PLAN_READ) else ""
    context = {
        "entity": entity,
        "frameworks": _rows(entity, found),
        "may_edit": may,
        "reason": "" if may else NO_EDIT,
        "workshops_url": f"{workshops}?entidad={entity.code}" if workshops else "",
        "crumbs": [*_crumbs(), {"label": entity.name, "url": ""}],
    }
    return render(request, "pes/framework.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def framework_new(request: HttpRequest, code: str) -> HttpResponse:
    """Register a framework; the one in force until then ends the day before."""
    entity = _editable(request, code)
    form = FrameworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = register_framework(entity, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Marco registrado.{_ended(made)} Agréguele ahora sus objetivos.")
            return redirect("pes:framework", code)
    current = entity.frameworks.order_by("-valid_from").first()
    if current is not None and _state(current)[0] == "Terminado":
        current = None
    return _form(request, entity, form, "Registrar marco estratégico", current=current)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def framework_edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Correct the act or the days of a framework."""
    entity = _editable(request, code)
    found = get_object_or_404(entity.frameworks.select_related("unit"), pk=pk)
    stored = {name: getattr(found, name) for name in ("act", "valid_from", "valid_until")}
    form = FrameworkEditForm(request.POST or None, initial=stored | {"read": fingerprint(framework_facts(found))})
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_framework(found, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Marco corregido." if changed else NO_CHANGE)
            return redirect("pes:framework", code)
    return _form(request, entity, form, "Corregir marco estratégico", about=found.act)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def objective_new(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Add an objective to a framework."""
    entity = _editable(request, code)
    found = get_object_or_404(entity.frameworks.select_related("unit"), pk=pk)
    last = found.objectives.order_by("-number").first()
    first_free = {"number": last.number + 1 if last else 1}
    form = ObjectiveForm(request.POST or None, objectives=_objectives_of(entity), initial=first_free)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_objective(found, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Objetivo {made.number} agregado.")
            return redirect("pes:framework", code)
    return _form(request, entity, form, "Agregar objetivo estratégico", about=found.act)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def objective_edit(request: HttpRequest, code: str, pk: int, number: int) -> HttpResponse:
    """Correct an objective; the goals that serve it follow."""
    entity = _editable(request, code)
    rows = StrategicObjective.objects.filter(framework__unit=entity, framework=pk)
    found = get_object_or_404(rows.select_related("framework", "sector_objective__plan"), number=number)
    stored = {name: getattr(found, name) for name in ("number", "text", "sector_objective")}
    initial = stored | {"read": fingerprint(objective_facts(found))}
    form = ObjectiveEditForm(request.POST or None, objectives=_objectives_of(entity), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_objective(found, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Objetivo corregido." if changed else NO_CHANGE)
            return redirect("pes:framework", code)
    note = "Las metas que ya sirven a este objetivo mostrarán el texto corregido; el cambio queda en la bitácora."
    return _form(request, entity, form, "Corregir objetivo estratégico", about=found.framework.act, note=note)


def framework_links(user: Any, entities: Iterable[OrganizationUnit]) -> list[dict[str, str]]:
    """Entities whose framework the person reads, with the act in force today: two queries whatever their number."""
    wanted = [entity.pk for entity in entities]
    found = list(entities_read_by(user).filter(pk__in=wanted).order_by("-is_head", "sort_key", "code"))
    rows = StrategicFramework.objects.filter(unit__in=found).order_by("valid_from")
    acts = {row.unit_id: row.act for row in rows if _state(row)[0] == "Vigente"}
    return [
        {"name": entity.name, "url": reverse("pes:framework", args=[entity.code]), "act": acts.get(entity.pk, "")}
        for entity in found
    ]


def _entity(request: HttpRequest, code: str) -> OrganizationUnit:
    return get_object_or_404(entities_read_by(request.user).select_related("parent"), code=code)


def _editable(request: HttpRequest, code: str) -> OrganizationUnit:
    """The entity of an address; PermissionDenied for who may only read its framework."""
    entity = _entity(request, code)
    demand(request.user, EDIT, entity)
    return entity


def _objectives_of(entity: OrganizationUnit) -> Any:
    """The objectives of the plans of the entity's sector, the newest plan first."""
    found = Objective.objects.filter(plan__sector=entity.parent_id).select_related("plan")
    return found.order_by("-plan__first_vigencia", "number")


def _rows(entity: OrganizationUnit, found: list[StrategicFramework]) -> list[dict[str, Any]]:
    """Frameworks with their objectives: one query for all the objectives."""
    by_framework: dict[int, list[dict[str, str]]] = {}
    linked = StrategicObjective.objects.select_related("sector_objective__plan__sector")
    for one in linked.filter(framework__in=found).order_by("number"):
        by_framework.setdefault(one.framework_id, []).append(_objective_row(entity, one))
    return [
        {
            "act": row.act,
            "term": _term(row),
            "state": _state(row),
            "caption": f"Objetivos de {row.act}",
            "objectives": by_framework.get(row.pk, []),
            "edit_url": reverse("pes:framework-edit", args=[entity.code, row.pk]),
            "add_url": reverse("pes:framework-objective-new", args=[entity.code, row.pk]),
        }
        for row in found
    ]


def _objective_row(entity: OrganizationUnit, one: StrategicObjective) -> dict[str, str]:
    linked = one.sector_objective
    return {
        "number": str(one.number),
        "text": one.text,
        "serves": Truncator(f"{linked}: {linked.text}").words(SERVES_WORDS) if linked else "",
        "serves_url": linked.get_absolute_url() if linked else "",
        "edit_url": reverse("pes:framework-objective-edit", args=[entity.code, one.framework_id, one.number]),
    }


def _term(row: StrategicFramework) -> str:
    until = f"hasta el {long_date(row.valid_until)}" if row.valid_until else "sin fecha final"
    return f"Vigente desde el {long_date(row.valid_from)}, {until}"


def _state(row: StrategicFramework) -> tuple[str, str]:
    """Word and tone of a framework as of today in Bogotá."""
    today = timezone.localdate()
    if row.valid_from > today:
        return "Por empezar", "info"
    return ("Terminado", "neutral") if row.valid_until and row.valid_until < today else ("Vigente", "ok")


def _ended(made: StrategicFramework) -> str:
    """Which framework ends the day before, in a sentence; nothing when there is none."""
    last = made.valid_from - timedelta(days=1)
    before = StrategicFramework.objects.filter(unit=made.unit_id, valid_until=last).first()
    return f" «{before.act}» termina el {long_date(last)}." if before else ""


def _form(request: HttpRequest, entity: OrganizationUnit, form: ActionForm, title: str, **more: Any) -> HttpResponse:
    back = reverse("pes:framework", args=[entity.code])
    path = [*_crumbs(), {"label": entity.name, "url": back}, {"label": title, "url": ""}]
    status = getattr(form, "status", 422 if form.errors else 200)
    context = {"entity": entity, "form": form, "title": title, "back_url": back, "crumbs": path}
    return render(request, "pes/framework_form.html", context | more, status=status)


def _crumbs() -> list[dict[str, str]]:
    return [{"label": "Sectores", "url": reverse("pes:sectors")}]
