"""Adding, correcting and taking out a record of a profile, whatever its kind."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from pes.access import demand, requires
from pes.asked import whole_number
from pes.edits import fingerprint
from pes.forms.profile import RecordForm, RemovalForm
from pes.models import SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.profile.kinds import ACTIVITY, KINDS, Kind
from pes.profile.records import add_record, change_record, facts_of, remove_record
from pes.rules.problems import Refused
from pes.views.profile import NO_ENTITY, writer_of

EDIT = Permission.PROFILE_EDIT
TAB = {"action-plan": "resources"}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def record_new(request: HttpRequest, slug: str, first: int, kind: str) -> HttpResponse:
    """Add a record; the address may fill the form (`?entity=3`)."""
    plan, known = find_plan(request.user, slug, first), _kind(kind)
    if known.is_of_the_sector:
        demand(request.user, EDIT, plan.sector)
    elif not writer_of(request.user, plan).units:
        raise PermissionDenied(NO_ENTITY)
    asked = {name: whole_number(value) for name, value in request.GET.items() if name in known.fields}
    form = RecordForm(request.POST or None, kind=known, plan=plan, user=request.user, initial=_next(known, plan, asked))
    if request.method == "POST" and form.is_valid():
        try:
            add_record(_blank(known, plan), form.said(), by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{known.label}: registro agregado.")
            return redirect(_back(known, plan))
    return _form(request, plan, known, form, f"Agregar: {known.label.lower()}")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def record_edit(request: HttpRequest, slug: str, first: int, kind: str, pk: int) -> HttpResponse:
    """Correct a record."""
    plan, known = find_plan(request.user, slug, first), _kind(kind)
    found = get_object_or_404(known.rows(plan), pk=pk)
    demand(request.user, EDIT, known.owner(found))
    initial = {name: getattr(found, name) for name in known.fields if name not in known.links}
    initial |= {name: [one.pk for one in getattr(found, name).all()] for name in known.links}
    initial |= {"read": fingerprint(facts_of(found))}
    form = RecordForm(request.POST or None, kind=known, plan=plan, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_record(found, form.said(), read=form.cleaned_data["read"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Registro corregido." if changed else "No había cambios que guardar.")
            return redirect(_back(known, plan))
    return _form(request, plan, known, form, f"Corregir: {known.label.lower()}", about=str(found))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def record_remove(request: HttpRequest, slug: str, first: int, kind: str, pk: int) -> HttpResponse:
    """Take out a record that was a mistake, with why."""
    plan, known = find_plan(request.user, slug, first), _kind(kind)
    found = get_object_or_404(known.rows(plan), pk=pk)
    demand(request.user, EDIT, known.owner(found))
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            remove_record(found, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Registro retirado; lo que decía queda en la bitácora.")
            return redirect(_back(known, plan))
    note = "Retire solo lo que se registró por error. Lo que dejó de regir se conserva con su último día de vigencia."
    more = {"note": note, "submit": "Retirar", "tone": "risk", "about": str(found)}
    return _form(request, plan, known, form, f"Retirar: {known.label.lower()}", **more)


def _kind(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _blank(kind: Kind, plan: SectorPlan) -> Any:
    columns = {column.name for column in kind.model._meta.get_fields()}
    return kind.model(plan=plan) if "plan" in columns else kind.model()


def _next(kind: Kind, plan: SectorPlan, asked: dict[str, Any]) -> dict[str, Any]:
    """What the form begins with: what the address asks for, and the number that follows the last one."""
    found = {name: value for name, value in asked.items() if value is not None}
    if "number" not in kind.fields:
        return found
    same = {name: found[name] for name in kind.key if name in found}
    last = kind.rows(plan).filter(**same).order_by("-number").values_list("number", flat=True).first()
    return {"number": (last or 0) + 1} | found


def _back(kind: Kind, plan: SectorPlan) -> str:
    return plan_url(plan, f"pes:{kind.page}")


def _form(
    request: HttpRequest, plan: SectorPlan, kind: Kind, form: RecordForm | RemovalForm, title: str, **more: Any
) -> HttpResponse:
    back = _back(kind, plan)
    label = "Plan de acción" if kind is ACTIVITY else "Marco"
    context = {
        "form": form,
        "title": title,
        "back_url": back,
        "note": kind.note,
        "submit": "Guardar",
        "tone": "primary",
    }
    context |= frame(request.user, plan, TAB.get(kind.page, "profile"), (label, back), (title, ""))
    status = getattr(form, "status", 422 if form.errors else 200)
    return render(request, "pes/profile/form.html", context | more, status=status)
