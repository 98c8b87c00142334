"""¿De dónde sale?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluation.pages.explanation import explanation_page
from evaluation.pages.objective import crumbs
from evaluation.pages.selection import select
from pes.access import requires
from pes.permissions import Permission


@require_safe
@requires(Permission.PES_READ)
def explanation(request: HttpRequest, slug: str) -> HttpResponse:
    """The origin of the index, of an objective (`?objetivo=`) or of an indicator (`?indicador=`) at a cut-off."""
    selection = select(request.user, slug, request.GET)
    page = explanation_page(selection, request.GET.get("objetivo", ""), request.GET.get("indicador", ""))
    path = crumbs(selection, *page.up, ("¿De dónde sale?", ""))
    return render(request, "evaluation/explanation.html", {"selection": selection, "page": page, "crumbs": path})
