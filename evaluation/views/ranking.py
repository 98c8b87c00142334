"""Ranking de gestión: official runs, level by level (REP-05)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluation.pages.export import workbook_response
from evaluation.pages.ranking import ranking_page
from evaluation.pages.standings import EXPORT_HEADERS
from pes.access import requires
from pes.permissions import Permission


@require_safe
@requires(Permission.PLAN_READ)
def ranking(request: HttpRequest) -> HttpResponse:
    """The places of a level in a quarter, with what is not in the score beside it."""
    page = ranking_page(request.user, request.GET)
    export = request.GET.urlencode()
    return render(request, "evaluation/ranking.html", {"page": page, "export": export})


@require_safe
@requires(Permission.PLAN_READ)
def ranking_export(request: HttpRequest) -> HttpResponse:
    """What is on screen, as a workbook."""
    page = ranking_page(request.user, request.GET)
    if page.close is None:
        raise Http404
    name = f"ranking-{page.close.entity.code}-{page.close.vigencia}-T{page.close.quarter}-{page.level}"
    rows = [*(row.standing.cells() for row in page.rows), *(row.cells() for row in page.unranked)]
    return workbook_response(name, "Ranking de gestión", EXPORT_HEADERS, rows)
