"""The coherence of a plan: what to mend, and mending it with one click."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pes.access import demand, requires
from pes.permissions import Permission
from pes.rules.problems import Refused
from plans.models import PlanGestion
from plans.pages.cells import errors_of, saved, write
from plans.pages.coherence import MOST_BESIDE_THE_GRID, panel_of, remedied
from plans.pages.grid import crumbs_of
from plans.pages.reading import plan_or_404
from plans.pages.states import tabs_of

GONE = "Eso ya no está así en el plan: no hizo falta cambiar nada."


@require_safe
@requires(Permission.PLAN_READ)
def coherence(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Everything that does not cohere in a plan; for htmx, the panel beside the grid."""
    plan = plan_or_404(request, unit, vigencia)
    beside = bool(request.htmx)
    panel = panel_of(plan, request.user, most=MOST_BESIDE_THE_GRID if beside else None)
    template = "plans/coherence_panel.html" if beside else "plans/coherence.html"
    context = {"plan": plan, "panel": panel, "crumbs": crumbs_of(plan, ("Coherencia", ""))}
    context["tabs"] = tabs_of(plan, "coherence")
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    return response


@require_POST
@requires(Permission.PLAN_EDIT)
def fix(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Apply a remedy, if what it mends is still there."""
    plan = plan_or_404(request, unit, vigencia)
    demand(request.user, Permission.PLAN_EDIT, plan)
    block = remedied(plan, request.POST)
    if block is None:
        return _refused(request, plan, [{"goal": None, "field": None, "message": GONE, "fix": ""}], 409)
    try:
        write(plan, block, by=request.user)
    except Refused as refused:
        return _refused(request, plan, errors_of(refused, block.cells), 422)
    if _wants_json(request):
        return JsonResponse(saved(plan, request.user, block, []))
    messages.success(request, "Arreglado.")
    return redirect(_back(request, plan))


def _refused(request: HttpRequest, plan: PlanGestion, errors: list[dict[str, Any]], status: int) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"errors": errors}, status=status)
    for error in errors:
        messages.error(request, f"{error['message']} {error['fix']}".strip())
    return redirect(_back(request, plan))


def _back(request: HttpRequest, plan: PlanGestion) -> str:
    """The sheet of the goal where the button was, else the page of the panel."""
    number = request.POST.get("back", "")
    if number.isascii() and number.isdigit() and len(number) < 10:
        return plan.url("goal", int(number))
    return plan.url("coherence")


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"
