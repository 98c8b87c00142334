"""The pages of the review: the queue, one report side by side, its history, and more days for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pes.access import demand, requires
from pes.asked import whole_number
from pes.permissions import Permission
from pes.rules.problems import Refused
from tracking import lifecycle
from tracking.pages.reading import report_or_404, whole_report_or_404
from tracking.pages.report_queue import ReportQueue
from tracking.pages.report_review import ONLY, ReportReview, extended_words
from tracking.pages.report_tabs import crumbs_of
from tracking.pages.report_term import term_of
from tracking.review_forms import ExtensionForm


@require_safe
@requires(Permission.PLAN_READ)
def report_review(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """A report side by side; who reviews acts, who else reads it sees the same."""
    report = whole_report_or_404(request, unit, vigencia, quarter)
    query = request.GET
    page = ReportReview(
        report,
        request.user,
        only=query.get("ver", ""),
        page=query.get("pagina"),
        goal=whole_number(query.get("meta", "")),
    )
    context = {
        "report": report,
        "plan": report.plan,
        "page": page,
        "only": ONLY,
        "columns": ({"label": "Antes"}, {"label": "Ahora"}),
        "crumbs": crumbs_of(report, ("Revisión", "")),
        "urls": {
            name.removeprefix("report-").replace("-", "_"): report.url(name)
            for name in (
                "report-take",
                "report-send-back",
                "report-validate",
                "report-reopen",
                "report-observation-new",
            )
        },
    }
    return render(request, "tracking/report_review.html", context)


@require_safe
@requires(Permission.QUARTER_REVIEW)
def report_queue(request: HttpRequest) -> HttpResponse:
    """The reports that wait for the OAP, by age and analyst."""
    path = [{"label": "Planes de gestión", "url": reverse("plans:list")}, {"label": "Revisión trimestral", "url": ""}]
    context = {"queue": ReportQueue(request.user, request.GET), "crumbs": path}
    return render(request, "tracking/report_queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.QUARTER_EXTEND)
def report_extend(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """Give a report that was not sent more days, with a reason."""
    report = report_or_404(request, unit, vigencia, quarter)
    demand(request.user, Permission.QUARTER_EXTEND, report)
    form = ExtensionForm(request.POST or None)
    if form.is_valid():
        to = form.cleaned_data["to"]
        try:
            lifecycle.extend(report, to=to, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, extended_words(report.due_on, to, timezone.localdate()))
            return redirect(report.url("report-review"))
    context = {
        "report": report,
        "plan": report.plan,
        "form": form,
        "term": term_of(report, timezone.localdate()),
        "crumbs": crumbs_of(report, ("Prórroga", "")),
    }
    return render(request, "tracking/report_extend.html", context, status=422 if form.is_bound else 200)
