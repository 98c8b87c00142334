"""The monthly reports of who advises: the list, one with its figures, and what is done with it (GP-06)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pes.access import can, requires
from pes.permissions import Permission
from pes.rules.problems import Refused
from pes.territory.frame import READ, frame
from tracking.assistance.figures import figures_of
from tracking.assistance.forms import PlacedForm
from tracking.assistance.months import last_months, month_options, read_month
from tracking.assistance.report_page import page_of, readable, row_of
from tracking.assistance.reports import receive_report, return_report, send_report
from tracking.models import AdvisorReport
from tracking.rules.advisor_report import DIFFICULTIES_LIMIT, NARRATIVE_LIMIT

PER_PAGE = 50
LIST = "tracking:advisor-reports"


class NarrativeForm(PlacedForm):
    """What the figures do not say."""

    places = {"narrative_missing": "narrative", "narrative_too_long": "narrative"}
    narrative = forms.CharField(
        label="Qué se hizo y qué sigue", max_length=NARRATIVE_LIMIT, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Lo que las cifras no dicen. Sin datos personales.",
    )  # fmt: skip
    difficulties = forms.CharField(
        label="Dificultades", required=False, max_length=DIFFICULTIES_LIMIT, widget=forms.Textarea(attrs={"rows": 4})
    )


@require_safe
@requires(READ)
def reports(request: HttpRequest) -> HttpResponse:
    """The own reports, or those of the region for who coordinates it."""
    month, today = read_month(request.GET.get("mes", "")), timezone.localdate()
    rows = readable(request.user)
    if month is not None:
        rows = rows.filter(month=month)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("pagina"))
    live = figures_of(page)
    context = frame(request.user, "reports", ("Informes", "")) | {
        "page": page,
        "rows": [row_of(one, live.get(one.pk), today) for one in page],
        "months": [("", "Todos"), *month_options(last_months(today))],
        "asked": request.GET.get("mes", "") if month else "",
    }
    return render(request, "tracking/territory/reports.html", context)


@require_safe
@requires(READ)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: its figures, its narrative, and what may be done."""
    return _page(request, _find(request, pk))


@require_POST
@requires(Permission.ASSISTANCE_LOG)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the own report."""
    found, form = _find(request, pk), NarrativeForm(request.POST)
    if form.is_valid():
        try:
            send_report(found, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Informe enviado: sus cifras quedan como están hoy.")
            return redirect(found)
    return _page(request, found, form, status=422)


@require_POST
@requires(Permission.ADVISOR_RATE)
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a report as good."""
    found = _find(request, pk)
    return _act(request, found, lambda: receive_report(found, by=request.user), "Informe recibido.")


@require_POST
@requires(Permission.ADVISOR_RATE)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a report to be completed, with why."""
    found, reason = _find(request, pk), request.POST.get("reason", "")[:1000]
    return _act(request, found, lambda: return_report(found, reason=reason, by=request.user), "Informe devuelto.")


def _act(request: HttpRequest, found: AdvisorReport, act: Callable[[], Any], done: str) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        return _page(request, found, problems=list(refused.problems), status=422)
    messages.success(request, done)
    return redirect(found)


def _find(request: HttpRequest, pk: int) -> AdvisorReport:
    return get_object_or_404(readable(request.user), pk=pk)


def _page(
    request: HttpRequest, found: AdvisorReport, form: NarrativeForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    live = figures_of([found]).get(found.pk)
    context = frame(request.user, "reports", ("Informes", reverse(LIST)), (str(found.advisor), ""))
    context |= page_of(found, live, request.user, timezone.localdate())
    if context["is_own"] and context["is_open"]:
        said = {"narrative": found.narrative, "difficulties": found.difficulties}
        context["form"] = form or NarrativeForm(initial=said)
    context["may_answer"] = (
        context["waits"] and not context["is_own"] and can(request.user, Permission.ADVISOR_RATE, found)
    )
    return render(request, "tracking/territory/report.html", context | more, status=status)
