"""The ageing board of the OAP, and its rows as a workbook."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluation.pages.ageing import EXPORT_HEADERS, ageing_page, export_rows
from evaluation.pages.export import workbook_response
from pes.access import requires
from pes.permissions import Permission


@require_safe
@requires(Permission.QUARTER_REVIEW)
def ageing(request: HttpRequest) -> HttpResponse:
    """What is stuck, with whom and since when."""
    page = ageing_page(request.user, request.GET, timezone.localdate())
    return render(request, "evaluation/ageing.html", {"board": page})


@require_safe
@requires(Permission.QUARTER_REVIEW)
def ageing_export(request: HttpRequest) -> HttpResponse:
    """The rows of the filter in the same order, as XLSX."""
    rows = export_rows(request.user, request.GET, timezone.localdate())
    return workbook_response("Tablero de espera", "Tablero de espera", EXPORT_HEADERS, rows)
