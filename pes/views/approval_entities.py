"""An entity before a version: it reads, observes, insists, approves or says why not (LC-08)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pes.access import can, demand, requires
from pes.approval.deciding import APPROVE, approve, decline
from pes.approval.entity_page import EntityPage, entity_page
from pes.approval.observing import OBSERVE, acknowledge, insist, observe
from pes.approval.versions import entities_of, latest_version, section_labels
from pes.forms.approval import ObservationForm, WordsForm
from pes.models import EntityObservation, OrganizationUnit, PesVersion, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.problems import Refused
from pes.views.approval_pieces import ROOM, TAB, act_and_return, room_url, tell, version_of

DECLINE_HELP = "La cabeza de sector responde este motivo como una observación."
INSIST_HELP = "Qué falta todavía. La observación vuelve a esperar respuesta."


@require_safe
@requires(Permission.PES_READ)
def entity(request: HttpRequest, slug: str, first: int, code: str) -> HttpResponse:
    """The last version to be read, with what this entity has said of it and what it may do now."""
    plan = find_plan(request.user, slug, first)
    return _page(request, plan, _entity(plan, code))


@require_POST
@requires(OBSERVE)
def read_it(request: HttpRequest, slug: str, first: int, number: int, code: str) -> HttpResponse:
    """Say that the entity has read the version."""
    version, unit = _found(request, slug, first, number, code)
    done = f"Queda registrado que {unit.short_name} leyó la versión {number}."
    return act_and_return(request, lambda: acknowledge(version, unit, by=request.user), done, _back(version, unit))


@require_POST
@requires(OBSERVE)
def observe_it(request: HttpRequest, slug: str, first: int, number: int, code: str) -> HttpResponse:
    """Observe a section of the version; a refused form comes back as it was typed."""
    version, unit = _found(request, slug, first, number, code)
    form = ObservationForm(request.POST, labels=section_labels(version))
    if form.is_valid():
        try:
            observe(version, unit, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Observación registrada. La cabeza de sector la responderá.")
            return redirect(_back(version, unit))
    else:
        demand(request.user, OBSERVE, unit)
    return _page(request, version.plan, unit, observation_form=form)


@require_POST
@requires(OBSERVE)
def insist_on(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Add to an observation of one's entity."""
    plan = find_plan(request.user, slug, first)
    rows = EntityObservation.objects.filter(version__plan=plan).select_related("entity", "version__plan__sector")
    found = get_object_or_404(rows, pk=pk)
    form, back = WordsForm(request.POST), plan_url(plan, "pes:approval-entity", found.entity.code)
    if not form.is_valid():
        demand(request.user, OBSERVE, found.entity)
        messages.error(request, "Falta el texto. Escriba en qué insiste su entidad.")
        return redirect(back)
    text, done = form.cleaned_data["text"], "Insistencia registrada."
    return act_and_return(request, lambda: insist(found, text=text, by=request.user), done, f"{back}#hilo-{pk}")


@require_POST
@requires(APPROVE)
def approve_it(request: HttpRequest, slug: str, first: int, number: int, code: str) -> HttpResponse:
    """Approve this very version for the entity."""
    version, unit = _found(request, slug, first, number, code)
    done = f"{unit.short_name} aprobó la versión {number}."
    return act_and_return(request, lambda: approve(version, unit, by=request.user), done, _back(version, unit))


@require_POST
@requires(APPROVE)
def decline_it(request: HttpRequest, slug: str, first: int, number: int, code: str) -> HttpResponse:
    """Say that the entity does not approve, and why; a refused form comes back as it was typed."""
    version, unit = _found(request, slug, first, number, code)
    form = WordsForm(request.POST, label="Por qué no aprueba", help_text=DECLINE_HELP)
    if form.is_valid():
        try:
            decline(version, unit, reason=form.cleaned_data["text"], by=request.user)
        except Refused as refused:
            tell(request, refused)
        else:
            messages.success(request, "Quedó registrado que su entidad no aprueba esta versión, y por qué.")
        return redirect(_back(version, unit))
    demand(request.user, APPROVE, unit)
    return _page(request, version.plan, unit, decline_form=form)


def _found(request: HttpRequest, slug: str, first: int, number: int, code: str) -> tuple[PesVersion, OrganizationUnit]:
    version = version_of(request, slug, first, number)
    return version, _entity(version.plan, code)


def _entity(plan: SectorPlan, code: str) -> OrganizationUnit:
    return get_object_or_404(entities_of(plan), code=code)


def _back(version: PesVersion, entity: OrganizationUnit) -> str:
    return plan_url(version.plan, "pes:approval-entity", entity.code)


def _page(request: HttpRequest, plan: SectorPlan, entity: OrganizationUnit, **forms: Any) -> HttpResponse:
    """The page of an entity, perhaps with a form that came back."""
    last = latest_version(plan)
    if last is None:
        return redirect(room_url(plan))
    full = PesVersion.objects.select_related("round", "plan__sector", "presented_by").get(pk=last.pk)
    powers = {OBSERVE: can(request.user, OBSERVE, entity), APPROVE: can(request.user, APPROVE, entity)}
    page: EntityPage = entity_page(full, entity, request.user, powers, timezone.localdate())
    asked = request.GET.get("seccion", "")
    observation = ObservationForm(labels=page.labels, initial={"section": asked if asked in page.labels else ""})
    context = frame(request.user, plan, TAB, (ROOM, room_url(plan)), (entity.short_name, "")) | {
        "entity": entity,
        "page": page,
        "observation_form": forms.get("observation_form") or observation,
        "decline_form": forms.get("decline_form") or WordsForm(label="Por qué no aprueba", help_text=DECLINE_HELP),
        "open_decline": "decline_form" in forms,
        "open_observe": bool(asked) or "observation_form" in forms,
        "insist_form": WordsForm(label="En qué insiste", help_text=INSIST_HELP, auto_id=False),
    }
    return render(request, "pes/approval/entity.html", context, status=422 if forms else 200)
