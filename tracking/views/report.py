"""The quarterly report: its page, saving a goal, commenting it, sending it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import demand, requires
from pes.asked import whole_number
from pes.permissions import Permission
from pes.rules.problems import Refused
from plans.lifecycle import AlreadyDone
from plans.pages.plan import words
from plans.pages.reading import plan_or_404
from tracking import lifecycle
from tracking.comments import comment
from tracking.models import QuarterReport
from tracking.pages.reading import report_or_404
from tracking.pages.report import ReportPage
from tracking.pages.report_saving import answer_of, entry_form, save_entry, status_of
from tracking.pages.report_sending import SendingPage, began_at, receipt_words
from tracking.pages.reports import ReportsPage
from tracking.report_forms import CommentForm, EntryForm


@require_safe
@requires(Permission.PLAN_READ)
def reports(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """The four quarters of a plan."""
    page = ReportsPage(plan_or_404(request, unit, vigencia), request.user)
    return render(request, "tracking/reports.html", {"plan": page.plan, "page": page})


@require_safe
@requires(Permission.PLAN_READ)
def report(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """The report of a quarter, to be filled in by its team or read by others."""
    return _show(request, report_or_404(request, unit, vigencia, quarter))


@require_POST
@requires(Permission.QUARTER_FILL)
def save(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """Save one goal, for the page that saves by itself or for a button; nobody's work is overwritten (WF3)."""
    found = report_or_404(request, unit, vigencia, quarter)
    form = entry_form(found, request.POST)
    reading = save_entry(found, form, by=request.user)
    status = status_of(form)
    if request.headers.get("Accept", "") == "application/json":
        page = ReportPage(reading.report, request.user, reading=reading)
        return JsonResponse(answer_of(page, form), status=status)
    if status != 200:
        return _show(request, reading.report, form=form, status=status)
    messages.success(request, f"Meta {form.number} guardada." if form.values else "No había cambios que guardar.")
    return redirect(f"{found.get_absolute_url()}#meta-{form.number}")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.QUARTER_SUBMIT)
def submit(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """Look at what is sent, then send it to the OAP; the instant at which the whole request is here decides (WF16)."""
    found = report_or_404(request, unit, vigencia, quarter)
    if request.method != "POST":
        demand(request.user, Permission.QUARTER_SUBMIT, found)
        page = SendingPage(found, request.user)
        return render(request, "tracking/report_send.html", {"report": found, "page": page})
    began, received = began_at(request.POST.get("began", "")), timezone.now()
    try:
        seen = whole_number(request.POST.get("revision", ""))
        version = lifecycle.submit(found, by=request.user, seen=seen, now=received)
    except AlreadyDone as again:
        messages.info(request, words(again.problems)[0])
    except Refused as refused:
        for text in words(refused.problems):
            messages.error(request, text)
    else:
        messages.success(request, receipt_words(version, began))
    return redirect(found)


@require_POST
@requires(Permission.QUARTER_FILL)
def comment_add(request: HttpRequest, unit: str, vigencia: int, quarter: int, number: int) -> HttpResponse:
    """Tell the team something about a goal."""
    found = report_or_404(request, unit, vigencia, quarter)
    entry = get_object_or_404(found.entries.select_related("report__plan__unit", "goal"), goal__number=number)
    form = CommentForm(request.POST)
    if form.is_valid():
        comment(entry, form.cleaned_data["text"], by=request.user)
        messages.success(request, "Comentario agregado para su equipo.")
    else:
        messages.error(request, f"El comentario no se agregó: {' '.join(form.errors['text'])}")
    return redirect(f"{found.get_absolute_url()}#meta-{number}")


def _show(
    request: HttpRequest, found: QuarterReport, *, form: EntryForm | None = None, status: int = 200
) -> HttpResponse:
    page = ReportPage(found, request.user, form=form)
    return render(request, "tracking/report.html", {"report": found, "page": page}, status=status)
