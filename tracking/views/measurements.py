"""Registering, reading and correcting measurements."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from pes.access import can, requires
from pes.dates import long_date
from pes.models import Indicator
from pes.permissions import Permission
from pes.rules.numbers import format_magnitude
from pes.rules.problems import Refused
from pes.rules.programming import ProgrammingType
from tracking.cards import measurement_cards, with_words
from tracking.forms import CorrectionForm, EvidenceForm, MeasurementForm
from tracking.models import Measurement
from tracking.models.measurement import measuring_permission
from tracking.recording import record, same_again


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PROJECT_MEASURE)
def measurement_new(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The measurement form of an indicator."""
    indicator = _measurable(request, slug, key)
    form = MeasurementForm(request.POST or None, request.FILES or None, meaning=_meaning(indicator))
    if request.method == "POST" and form.is_valid():
        answer = _record(request, indicator, form)
        if answer is not None:
            return answer
    status = 422 if form.errors else 200
    context = {"indicator": indicator, "form": form, "programme": _programme(indicator), "slug": slug}
    return render(request, "tracking/measurement_form.html", context, status=status)


@require_safe
@requires(Permission.PES_READ)
def measurement(request: HttpRequest, pk: int) -> HttpResponse:
    """A measurement with its analysis, its evidence and what may be done to it."""
    return measurement_page(request, pk, EvidenceForm())


def measurement_page(request: HttpRequest, pk: int, form: EvidenceForm) -> HttpResponse:
    """The page, with the evidence form as it stands."""
    found = _visible(request, pk)
    card = measurement_cards([found], found.indicator.unit)[0]
    may_measure = can(request.user, measuring_permission(found.indicator), found)
    context = {
        "found": found,
        "card": card,
        "form": form,
        "indicator": found.indicator,
        "may_attach": may_measure,
        "correct_reason": _why_not(request.user, found, may_measure),
    }
    return render(request, "tracking/measurement.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PROJECT_MEASURE)
def measurement_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a figure with its reason; a stale edit shows the difference and overwrites nothing (WF3)."""
    found = _visible(request, pk)
    may_measure = can(request.user, measuring_permission(found.indicator), found)
    if _why_not(request.user, found, may_measure):
        raise PermissionDenied(_why_not(request.user, found, may_measure))
    card = measurement_cards([found], found.indicator.unit)[0]
    now = {"achieved": card.achieved, "analysis": card.analysis, "version": found.version}
    form = CorrectionForm(request.POST or None, initial=now, sealed=_is_sealed(found))
    context: dict[str, Any] = {"found": found, "card": card, "form": form, "sealed": _is_sealed(found)}
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["version"] != found.version:
            return _conflict(request, form, context)
        if _correct(request, found, form):
            return redirect(found)
    return render(request, "tracking/measurement_correct.html", context, status=422 if form.errors else 200)


def _measurable(request: HttpRequest, slug: str, key: str) -> Indicator:
    rows = Indicator.objects.visible_to(request.user).filter(plan__sector__code=slug, key=key)
    rows = rows.select_related("goal__objective", "entity", "plan__sector").order_by("-plan__first_vigencia")
    indicator = rows.first() or get_object_or_404(rows)
    if not can(request.user, measuring_permission(indicator), indicator):
        raise PermissionDenied("Registra mediciones de este indicador quien enlaza la planeación de su entidad.")
    return indicator


def _visible(request: HttpRequest, pk: int) -> Measurement:
    rows = Measurement.objects.visible_to(request.user).filter(pk__in=with_words().filter(pk=pk).values("pk"))
    related = ("recorded_by", "analysis", "indicator__plan__sector", "indicator__goal__objective", "indicator__entity")
    return get_object_or_404(rows.select_related(*related))


def _record(request: HttpRequest, indicator: Indicator, form: MeasurementForm) -> HttpResponse | None:
    values = form.cleaned_data
    try:
        made = record(indicator, **values, by=request.user)
    except Refused as refused:
        made = same_again(indicator, refused, on=values["on"], achieved=values["achieved"], by=request.user)
        if made is None:
            form.refuse(refused)
            return None
        messages.success(request, f"La medición del {long_date(made.on)} ya estaba registrada; no se duplicó.")
        return redirect(made)
    messages.success(request, f"Medición del {long_date(made.on)} registrada. El corte se está calculando.")
    return redirect(made)


def _correct(request: HttpRequest, found: Measurement, form: CorrectionForm) -> bool:
    values = form.cleaned_data
    try:
        found.correct(
            achieved=values["achieved"],
            analysis=values["analysis"],
            expected_version=values["version"],
            reason=values["reason"],
            by=request.user,
        )
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, "Medición corregida; el valor anterior queda en la historia.")
    return True


def _conflict(request: HttpRequest, form: CorrectionForm, context: dict[str, Any]) -> HttpResponse:
    """409 with both values side by side; saving again is then a decision, made against the current version."""
    found: Measurement = context["found"]
    typed = form.cleaned_data
    current = context["card"]
    rows = [
        ("Ejecutado", format_magnitude(typed["achieved"]), format_magnitude(current.achieved)),
        ("Análisis", typed["analysis"] or "Sin análisis", current.analysis or "Sin análisis"),
    ]
    data = form.data.copy()
    data["version"] = str(found.version)
    again = CorrectionForm(data, sealed=context["sealed"])
    differences = [row for row in rows if row[1] != row[2]]
    context |= {"form": again, "differences": differences, "conflict": True}
    return render(request, "tracking/measurement_correct.html", context, status=409)


def _is_sealed(found: Measurement) -> bool:
    through = found.indicator.plan.consolidated_through
    return through is not None and found.on <= through


def _why_not(user: Any, found: Measurement, may_measure: bool) -> str:
    """Why a person may not correct a measurement; empty when they may."""
    if _is_sealed(found):
        if can(user, Permission.CUTOFF_CONSOLIDATE, found):
            return ""
        return "El corte ya está consolidado: solo quien consolida puede corregirlo, con motivo."
    return "" if may_measure else "Corrige quien enlaza la planeación de la entidad responsable."


def _meaning(indicator: Indicator) -> str:
    unit = f", en {indicator.unit}" if indicator.unit else ""
    if indicator.programming_type == ProgrammingType.SUMA:
        return f"Lo ejecutado dentro de la vigencia, acumulado hasta la fecha{unit}. Con coma decimal: 27,5."
    return f"El nivel alcanzado a la fecha{unit}. Con coma decimal: 27,5."


def _programme(indicator: Indicator) -> list[tuple[str, str]]:
    rows = indicator.targets.order_by("vigencia_id").values_list("vigencia_id", "programmed")
    return [(str(year), format_magnitude(programmed)) for year, programmed in rows]
