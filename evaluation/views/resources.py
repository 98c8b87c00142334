"""«Avance físico y financiero»: the resources of the projects beside what they achieved (chapter 4, REP-01)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluation.pages.resources import project_progress
from pes.access import requires
from pes.permissions import Permission
from pes.plan_frame import find_plan
from pes.views.resources import asked_vigencia, money


@require_safe
@requires(Permission.PES_READ)
def resources_progress(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Every project of the sector in a vigencia, with its money and its physical goals."""
    plan = find_plan(request.user, slug, first)
    vigencia = asked_vigencia(request, plan)
    context = money(request.user, plan, "evaluation:resources-progress", vigencia)
    context |= {"entities": project_progress(plan, vigencia)}
    return render(request, "evaluation/resources_progress.html", context)
