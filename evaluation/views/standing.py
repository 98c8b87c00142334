"""The plans of a sector by unit and quarter, and where each score comes from."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluation.pages.explanation import ExplanationPage
from evaluation.pages.export import workbook_response
from evaluation.pages.score import Quarter, goal_page, quarter_of, score_page
from evaluation.pages.selection import Selection, select
from evaluation.pages.standing import EXPORT_HEADERS, export_rows, standing_block
from evaluation.pages.standings import LEVEL_NAMES
from evaluation.plan_standing import UnitStanding, standing_of
from pes.access import requires
from pes.asked import whole_number
from pes.permissions import Permission
from plans.pages.reading import plan_or_404

PER_PAGE = 50


@require_safe
@requires(Permission.PES_READ)
def standing(request: HttpRequest, slug: str) -> HttpResponse:
    """Every unit of the sector that the person may read, with its four quarters."""
    selection, level, units = _asked(request, slug)
    page = Paginator(units, PER_PAGE).get_page(request.GET.get("pagina"))
    block = standing_block(units, list(page), selection.vigencia, slug)
    context = {
        "selection": selection,
        "standing": block,
        "page": page,
        "level": level,
        "levels": [("", "Todos"), *LEVEL_NAMES.items()],
        "crumbs": [
            {"label": "Tablero", "url": selection.url("dashboard")},
            {"label": "Planes de gestión por trimestre", "url": ""},
        ],
        "export_url": f"{reverse('evaluation:standing-export', args=[slug])}?vigencia={selection.vigencia}&nivel={level}",
    }
    return render(request, "evaluation/standing.html", context)


@require_safe
@requires(Permission.PES_READ)
def standing_export(request: HttpRequest, slug: str) -> HttpResponse:
    """The same units in the same order, as XLSX."""
    selection, _, units = _asked(request, slug)
    title = f"Planes de gestión {selection.vigencia}"
    return workbook_response(title, title, EXPORT_HEADERS, export_rows(units))


@require_safe
@requires(Permission.PLAN_READ)
def score(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """The score of a unit's quarter: its goals, their weights and ratings, as of a run (`?corrida=`)."""
    found = _quarter(request, unit, vigencia, quarter)
    return _explained(request, found, score_page(found))


@require_safe
@requires(Permission.PLAN_READ)
def score_goal(request: HttpRequest, unit: str, vigencia: int, quarter: int, number: int) -> HttpResponse:
    """A goal of it: its formula, its report and its evidence."""
    found = _quarter(request, unit, vigencia, quarter)
    return _explained(request, found, goal_page(found, number))


def _asked(request: HttpRequest, slug: str) -> tuple[Selection, str, list[UnitStanding]]:
    selection = select(request.user, slug, request.GET)
    level = request.GET.get("nivel", "")
    units = standing_of(request.user, selection.plan.sector_id, selection.vigencia, timezone.localdate())
    if level in LEVEL_NAMES:
        return selection, level, [unit for unit in units if unit.level == level]
    return selection, "", units


def _quarter(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> Quarter:
    """The quarter of a plan that the person may read whole; 404 for any other (AZ2)."""
    plan = plan_or_404(request, unit, vigencia)
    run = request.GET.get("corrida", "")
    asked = whole_number(run)
    if quarter not in (1, 2, 3, 4) or (run and asked is None):
        raise Http404
    return quarter_of(plan, quarter, asked)


def _explained(request: HttpRequest, found: Quarter, page: ExplanationPage) -> HttpResponse:
    crumbs: list[dict[str, Any]] = [{"label": label, "url": url} for label, url in page.up]
    context = {"selection": found, "page": page, "crumbs": [*crumbs, {"label": "¿De dónde sale?", "url": ""}]}
    return render(request, "evaluation/explanation.html", context)
