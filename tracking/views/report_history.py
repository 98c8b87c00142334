"""The history of a report."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pes.access import requires
from pes.permissions import Permission
from tracking.pages.reading import whole_report_or_404
from tracking.pages.report_events import KINDS
from tracking.pages.report_history import ReportHistory
from tracking.pages.report_tabs import crumbs_of


@require_safe
@requires(Permission.PLAN_READ)
def report_history(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """Every turn, version, correction, extension and evidence; `?version=` opens one, `?antes=&despues=` compares two."""
    report = whole_report_or_404(request, unit, vigencia, quarter)
    context = {
        "report": report,
        "plan": report.plan,
        "page": ReportHistory(report, request.GET),
        "kinds": KINDS,
        "crumbs": crumbs_of(report, ("Historia", "")),
    }
    return render(request, "tracking/report_history.html", context)
