"""The sheet of an indicator, and its measurements as a workbook."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluation.pages.export import workbook_response
from evaluation.pages.indicator import EXPORT_HEADERS, export_rows, find_indicator, indicator_page
from evaluation.pages.objective import crumbs
from evaluation.pages.selection import select
from pes.access import requires
from pes.permissions import Permission
from tracking.cards import measurement_cards, with_words


@require_safe
@requires(Permission.PES_READ)
def indicator(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Definition, programme, weights, measurements, progress and history."""
    selection = select(request.user, slug, request.GET)
    found = find_indicator(selection, key)
    page = indicator_page(selection, found, request.user)
    path = crumbs(selection, (page.objective_label, page.objective_url), (page.title, ""))
    return render(request, "evaluation/indicator.html", {"selection": selection, "page": page, "crumbs": path})


@require_safe
@requires(Permission.PES_READ)
def measurements_export(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The measurements of the sheet, as XLSX."""
    selection = select(request.user, slug, request.GET)
    found = find_indicator(selection, key)
    rows = export_rows(measurement_cards(with_words(found.pk)), found.unit)
    return workbook_response(f"mediciones-{found.key}", str(found), EXPORT_HEADERS, rows)
