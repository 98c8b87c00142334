"""The acts of the review: take, observe, answer, correct, return, validate, reopen. Each has its own address."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from pes.access import can, requires
from pes.asked import whole_number
from pes.forms.base import ActionForm, ReasonForm
from pes.permissions import Permission
from pes.rules.problems import Refused
from plans.review_forms import TurnForm
from plans.views.plan import done
from tracking import corrections, lifecycle, report_observations, report_returns
from tracking.models import GoalReport, QuarterReport, ReportObservation
from tracking.pages.reading import report_or_404
from tracking.pages.report_tabs import crumbs_of
from tracking.pages.report_threads import place_of
from tracking.review_forms import CorrectionForm, ReportObservationForm, SendBackForm


@require_POST
@requires(Permission.QUARTER_REVIEW)
def report_take(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """Begin the review of a report."""
    report = report_or_404(request, unit, vigencia, quarter)

    def act() -> str:
        lifecycle.take(report, by=request.user)
        return "El reporte es suyo para revisarlo."

    return done(request, act, report.url("report-review"))


@require_POST
@requires(Permission.QUARTER_REVIEW)
def report_send_back(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """Return the report with its observations, and one about the whole if it was written."""
    report = report_or_404(request, unit, vigencia, quarter)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _again(request, report, form, "Devolver", "Todo el reporte")

    def act() -> str:
        report_returns.return_report(report, form.cleaned_data["text"], by=request.user)
        return "Reporte devuelto: el equipo responde las observaciones y lo envía de nuevo."

    return done(request, act, report.url("report-review"))


@require_POST
@requires(Permission.QUARTER_REVIEW)
def report_validate(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """Accept the report."""
    report = report_or_404(request, unit, vigencia, quarter)

    def act() -> str:
        version = lifecycle.validate(report, by=request.user, seen=whole_number(request.POST.get("revision", "")))
        return f"Reporte validado: versión {version.number}, huella {version.digest[:12]}…"

    return done(request, act, report.url("report-review"))


@require_POST
@requires(Permission.QUARTER_REOPEN)
def report_reopen(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """Bring an accepted report back to the review."""
    report = report_or_404(request, unit, vigencia, quarter)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _again(request, report, form, "Reabrir", "Todo el reporte")

    def act() -> str:
        lifecycle.reopen(report, reason=form.cleaned_data["reason"], by=request.user)
        return "Reporte reabierto: está otra vez en revisión. Lo consolidado queda como estaba."

    return done(request, act, report.url("report-review"))


@require_POST
@requires(Permission.QUARTER_REVIEW)
def entry_correct(request: HttpRequest, unit: str, vigencia: int, quarter: int, number: int) -> HttpResponse:
    """Correct one field of a goal."""
    report = report_or_404(request, unit, vigencia, quarter)
    entry = _entry(report, number)
    form = CorrectionForm(request.POST)
    if form.is_valid():
        field, reason = form.cleaned_data["field"], form.cleaned_data["reason"]
        try:
            corrections.correct(entry, field, form.typed, reason=reason, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Meta {number} corregida. El equipo verá lo que decía, lo que dice y el motivo.")
            return redirect(_at(report, number, f"meta-{number}"))
    return _again(request, report, form, "Corregir", f"Meta {number}")


@require_POST
@requires(Permission.QUARTER_REVIEW)
def observation_new(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """Begin a thread about the report, or about one of its goals."""
    report = report_or_404(request, unit, vigencia, quarter)
    number = whole_number(request.POST.get("goal", ""))
    entry = _entry(report, number) if number is not None else None
    form = ReportObservationForm(request.POST, on_goal=entry is not None)
    if form.is_valid():
        field, text = form.cleaned_data["field"], form.cleaned_data["text"]
        try:
            made = report_observations.raise_observation(report, entry, field, text, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Observación registrada.")
            return redirect(_at(report, number, f"hilo-{made.pk}"))
    return _again(request, report, form, "Observar", f"Meta {number}" if entry else "Todo el reporte")


@require_POST
@requires(Permission.PLAN_READ)
def observation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a turn to a thread: an answer, or an insistence."""
    rows = ReportObservation.objects.visible_to(request.user, Permission.PLAN_READ)
    found = get_object_or_404(rows.select_related("report__plan__unit__parent", "entry__goal__plan__unit"), pk=pk)
    form = TurnForm(request.POST)
    if form.is_valid():
        try:
            report_observations.answer(found, form.cleaned_data["text"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Respuesta registrada.")
            return redirect(_back(request, found, form))
    return _again(request, found.report, form, "Responder", place_of(found))


def _entry(report: QuarterReport, number: int) -> GoalReport:
    """A goal's row of this report and no other's (AZ10)."""
    return get_object_or_404(report.entries.select_related("goal__plan__unit"), goal__number=number)


def _at(report: QuarterReport, number: int | None, place: str) -> str:
    """The review at a goal, or at the report as a whole."""
    return f"{report.url('report-review')}{'' if number is None else f'?meta={number}'}#{place}"


def _back(request: HttpRequest, thread: ReportObservation, form: TurnForm) -> str:
    """Where the person was: the review, or the page of the report, at the thread."""
    report, place = thread.report, f"hilo-{thread.pk}"
    if form.cleaned_data["back"] == "review" and can(request.user, Permission.PLAN_READ, report.plan):
        return _at(report, thread.entry.goal.number if thread.entry else None, place)
    return f"{report.get_absolute_url()}#{place}"


def _again(request: HttpRequest, report: QuarterReport, form: ActionForm, title: str, about: str) -> HttpResponse:
    """The form with what was typed and why it was refused: nothing written is lost."""
    context = {
        "plan": report.plan,
        "form": form,
        "title": title,
        "about": f"{about} · T{report.quarter}",
        "crumbs": crumbs_of(report, (title, "")),
    }
    return render(request, "plans/review_turn.html", context, status=422)
