"""A strategic objective, and its table as a workbook."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluation.pages.export import workbook_response
from evaluation.pages.objective import crumbs, objective_page, title_of
from evaluation.pages.selection import select
from evaluation.pages.serving_goals import serving_plans
from evaluation.pages.tables import EXPORT_HEADERS
from pes.access import requires
from pes.permissions import Permission


@require_safe
@requires(Permission.PES_READ)
def objective(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The indicators of an objective and how they add up to it."""
    selection = select(request.user, slug, request.GET)
    page = objective_page(selection, number, request.GET.get("orden", ""))
    path = crumbs(selection, (f"Objetivo {number}", ""))
    serving = serving_plans(request.user, selection, number)
    context = {"selection": selection, "page": page, "crumbs": path, "serving": serving}
    return render(request, "evaluation/objective.html", context)


@require_safe
@requires(Permission.PES_READ)
def objective_export(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The same rows in the same order, as XLSX."""
    selection = select(request.user, slug, request.GET)
    page = objective_page(selection, number, request.GET.get("orden", ""))
    rows = [row.cells() for row in page.rows]
    return workbook_response(title_of(selection, page), f"Objetivo {number}", EXPORT_HEADERS, rows)
