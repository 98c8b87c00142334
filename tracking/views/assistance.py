"""The assistance log: the list with its quick question, a new assistance, one and its corrections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import demand, holds, requires
from pes.dates import long_date, long_instant
from pes.downloads import workbook_response
from pes.permissions import Permission
from pes.rules.problems import Refused
from pes.territory.frame import READ, find_entity, frame
from pes.workbooks.writer import write_workbook
from tracking.assistance.forms import QUESTION, AssistanceForm, CorrectionForm, QuickForm, entity_choices, initial_of
from tracking.assistance.listing import duration, log_of, options_of, row_of, sheet_of, theme_of
from tracking.assistance.log import LOG, Said, correct_assistance, log_assistance, may_correct, said_of, void_assistance
from tracking.models import Assistance
from tracking.rules.assistance import Kind

PER_PAGE = 50
LIST = "tracking:assistances"


@require_safe
@requires(READ)
def assistances(request: HttpRequest) -> HttpResponse:
    """The log that the person may read, filtered, with the quick question for who logs."""
    return _list(request, QuickForm(user=request.user) if holds(request.user, LOG) else None)


@require_POST
@requires(LOG)
def quick(request: HttpRequest) -> HttpResponse:
    """Log a quick question of today."""
    form = QuickForm(request.POST, user=request.user)
    if form.is_valid():
        entity = find_entity(request.user, form.cleaned_data["entity"], LOG)
        typed = form.cleaned_data
        said = Said(timezone.localdate(), QUESTION, theme=typed["theme"], summary=typed["summary"])
        try:
            log_assistance(entity, said, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Duda rápida de {entity.name} registrada.")
            return redirect(LIST)
    return _list(request, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(LOG)
def new(request: HttpRequest) -> HttpResponse:
    """An assistance with everything; first of which entity."""
    dane = request.GET.get("entidad", "")
    trail = (("Asistencia", reverse(LIST)), ("Registrar", ""))
    if not dane:
        context = frame(request.user, "assistance", *trail) | {"groups": entity_choices(request.user)}
        return render(request, "tracking/territory/assistance_pick.html", context)
    entity = find_entity(request.user, dane, LOG)
    initial = {"held_on": timezone.localdate(), "kind": Kind.IN_PERSON.value}
    form = AssistanceForm(request.POST or None, request.FILES or None, entity=entity, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = log_assistance(entity, form.said(), upload=form.cleaned_data["upload"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Asistencia registrada.")
            return redirect(made)
    context = frame(request.user, "assistance", *trail) | {
        "form": form,
        "entity": entity,
        "title": "Registrar asistencia",
    }
    return render(request, "tracking/territory/assistance_form.html", context, status=422 if form.is_bound else 200)


@require_safe
@requires(READ)
def export(request: HttpRequest) -> HttpResponse:
    """What is on screen, whole, as a workbook."""
    sheet = sheet_of(log_of(_visible(request), request.GET).rows)
    created = timezone.localtime()
    return workbook_response(
        "asistencias", lambda target: write_workbook(target, [sheet], created=created, title="Asistencias")
    )


@require_safe
@requires(READ)
def assistance(request: HttpRequest, pk: int) -> HttpResponse:
    """One assistance, what it corrects and what corrected it."""
    return _page(request, _find(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(LOG)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an assistance by another row, with why."""
    found = _find(request, pk)
    demand(request.user, LOG, found)
    initial = initial_of(said_of(found))
    form = CorrectionForm(request.POST or None, request.FILES or None, entity=found.entity, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = correct_assistance(
                found, form.said(), reason=typed["reason"], upload=typed["upload"], by=request.user
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Corrección registrada; la anterior queda en la historia.")
            return redirect(made)
    trail = (("Asistencia", reverse(LIST)), (str(found), found.get_absolute_url()), ("Corregir", ""))
    context = frame(request.user, "assistance", *trail)
    context |= {"form": form, "entity": found.entity, "title": "Corregir asistencia"}
    return render(request, "tracking/territory/assistance_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires(LOG)
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an assistance back, with why."""
    found = _find(request, pk)
    try:
        void_assistance(found, reason=request.POST.get("reason", "")[:500], by=request.user)
    except Refused as refused:
        return _page(request, found, problems=list(refused.problems), status=422)
    messages.success(request, "Asistencia anulada; queda en la historia y deja de contar.")
    return redirect(found)


def _visible(request: HttpRequest) -> Any:
    return Assistance.objects.visible_to(request.user, READ)


def _find(request: HttpRequest, pk: int) -> Assistance:
    return get_object_or_404(
        _visible(request).select_related("entity__region", "advisor", "recorded_by", "file"), pk=pk
    )


def _list(request: HttpRequest, form: QuickForm | None, status: int = 200) -> HttpResponse:
    visible = _visible(request)
    log = log_of(visible, request.GET)
    page = Paginator(log.rows, PER_PAGE).get_page(request.GET.get("pagina"))
    query = request.GET.copy()
    query.pop("pagina", None)
    context = frame(request.user, "assistance", ("Asistencia", "")) | {
        "form": form,
        "page": page,
        "rows": [row_of(one) for one in page],
        "log": log,
        "totals": log.totals(),
        "options": options_of(visible, timezone.localdate()),
        "export_url": f"{reverse('tracking:assistances-export')}?{query.urlencode()}",
    }
    return render(request, "tracking/territory/assistances.html", context, status=status)


def _page(request: HttpRequest, found: Assistance, status: int = 200, **more: Any) -> HttpResponse:
    later = Assistance.objects.filter(corrects=found).first()
    context = frame(request.user, "assistance", ("Asistencia", reverse(LIST)), (str(found), "")) | {
        "found": found,
        "row": row_of(found),
        "facts": list(_facts(found)),
        "earlier": found.corrects,
        "later": later,
        "may_correct": may_correct(found, request.user),
        "may_log": holds(request.user, Permission.ASSISTANCE_LOG),
        **more,
    }
    return render(request, "tracking/territory/assistance.html", context, status=status)


def _facts(found: Assistance) -> Iterator[tuple[str, str]]:
    yield "Entidad", f"{found.entity} · {found.entity.region.name}"
    yield "Clase", Kind(found.kind).label
    yield "Fecha", long_date(found.held_on)
    yield "De qué se trató", theme_of(found)
    yield "Duración", duration(found.minutes) if found.minutes else "No se pide"
    yield "Participantes", str(found.participants) if found.participants else "No se pide"
    yield "Asesor(a)", str(found.advisor)
    yield "Registró", f"{found.recorded_by}, {long_instant(found.recorded_at)}"
