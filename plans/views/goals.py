"""The goals of a plan: the grid, its cells and rows, and each goal's own sheet."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from pes.access import requires
from pes.permissions import Permission
from pes.rules.problems import Refused
from plans.editing import StaleCells, add_goal, remove_goal, reorder, restore_goal
from plans.goal_forms import GoalForm
from plans.models import Goal, PlanGestion
from plans.pages.cells import BadCells, Unreadable, block_of, conflicts_of, errors_of, saved, write
from plans.pages.goal import GoalSheet, goal_or_404, moved
from plans.pages.grid import Grid, goals_page, sum_of
from plans.pages.reading import plan_or_404


@require_safe
@requires(Permission.PLAN_READ)
def goals(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """The grid; for htmx, the block of rows that begins at `?desde=`, or all of them from there with `&todas`."""
    plan = plan_or_404(request, unit, vigencia)
    grid = Grid(plan, request.user)
    page = goals_page(grid, request.GET.get("desde"), rest=bool(request.htmx) and "todas" in request.GET)
    template = "plans/grid_block.html" if request.htmx else "plans/goals.html"
    response = render(request, template, {"plan": plan, "grid": grid, "page": page})
    response["Vary"] = "HX-Request"
    return response


@require_POST
@requires(Permission.PLAN_EDIT)
def cells(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Write a block of cells, all or none; the answer says what they hold now, or why not."""
    plan = plan_or_404(request, unit, vigencia)
    try:
        block = block_of(request.body)
        added = write(plan, block, by=request.user)
    except Unreadable as error:
        return JsonResponse({"errors": [{"goal": None, "field": None, "message": str(error), "fix": ""}]}, status=400)
    except BadCells as bad:
        return JsonResponse({"errors": bad.errors}, status=422)
    except StaleCells as stale:
        return JsonResponse({"conflicts": conflicts_of(stale, block)}, status=409)
    except Refused as refused:
        status = 403 if any(problem.code == "shared_field" for problem in refused.problems) else 422
        return JsonResponse({"errors": errors_of(refused, block.cells)}, status=status)
    return JsonResponse(saved(plan, request.user, block, added))


@require_POST
@requires(Permission.PLAN_EDIT)
def goal_new(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Add an empty goal and go to its sheet."""
    plan = plan_or_404(request, unit, vigencia)
    try:
        goal = add_goal(plan, by=request.user)
    except Refused as refused:
        return _refused(request, refused, plan.url("goals"))
    messages.success(request, f"Meta {goal.number} agregada: escriba sus datos.")
    return redirect(plan.url("goal", goal.number))


@require_POST
@requires(Permission.PLAN_EDIT)
def goal_remove(request: HttpRequest, unit: str, vigencia: int, number: int) -> HttpResponse:
    """Take a goal out of a plan that is being written."""
    goal = _own_goal(request, unit, vigencia, number)
    try:
        remove_goal(goal, by=request.user)
    except Refused as refused:
        return _refused(request, refused, goal.get_absolute_url())
    return _row_done(request, goal.plan, f"Meta {number} retirada del plan. Puede restaurarla al final de esta página.")


@require_POST
@requires(Permission.PLAN_EDIT)
def goal_restore(request: HttpRequest, unit: str, vigencia: int, number: int) -> HttpResponse:
    """Put back a goal that was taken out."""
    goal = _own_goal(request, unit, vigencia, number)
    try:
        restore_goal(goal, by=request.user)
    except Refused as refused:
        return _refused(request, refused, goal.plan.url("goals"))
    return _row_done(request, goal.plan, f"Meta {number} restaurada.")


@require_POST
@requires(Permission.PLAN_EDIT)
def goals_order(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Move a goal one place up or down."""
    plan = plan_or_404(request, unit, vigencia)
    number, up = request.POST.get("goal", ""), request.POST.get("direction") == "up"
    try:
        reorder(plan, moved(plan, number, up=up), by=request.user)
    except Refused as refused:
        return _refused(request, refused, plan.url("goals"))
    return _row_done(request, plan, f"Meta {number} movida.")


@require_safe
@requires(Permission.PLAN_READ)
def goal(request: HttpRequest, unit: str, vigencia: int, number: int) -> HttpResponse:
    """The sheet of a goal: all its fields, what does not cohere in it, what was observed and asked about it."""
    sheet = GoalSheet(goal_or_404(request.user, unit, vigencia, number), request.user)
    return _sheet(request, sheet, sheet.form())


@require_POST
@requires(Permission.PLAN_EDIT)
def goal_save(request: HttpRequest, unit: str, vigencia: int, number: int) -> HttpResponse:
    """Save the sheet of a goal; another's change in the same field is shown, never overwritten (WF3)."""
    sheet = GoalSheet(goal_or_404(request.user, unit, vigencia, number), request.user)
    form = sheet.form(request.POST)
    if not form.is_valid():
        return _sheet(request, sheet, form, status=422)
    try:
        changed = form.save(sheet.plan, by=request.user)
    except StaleCells as stale:
        form.renew(stale)
        return _sheet(request, sheet, form, status=409)
    except Refused as refused:
        form.refuse(refused)
        return _sheet(request, sheet, form, status=422)
    messages.success(request, f"Meta {number} guardada." if changed else "No había cambios que guardar.")
    return redirect(sheet.goal.get_absolute_url())


def _own_goal(request: HttpRequest, unit: str, vigencia: int, number: int) -> Goal:
    plan = plan_or_404(request, unit, vigencia)
    return get_object_or_404(plan.goals.select_related("plan__unit"), number=number)


def _sheet(request: HttpRequest, sheet: GoalSheet, form: GoalForm, status: int = 200) -> HttpResponse:
    return render(request, "plans/goal.html", {"plan": sheet.plan, "sheet": sheet, "form": form}, status=status)


def _row_done(request: HttpRequest, plan: PlanGestion, words: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"message": words, **sum_of(plan)})
    messages.success(request, words)
    return redirect(plan.url("goals"))


def _refused(request: HttpRequest, refused: Refused, back: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"errors": errors_of(refused, ())}, status=422)
    for problem in refused.problems:
        messages.error(request, f"{problem.message} {problem.fix}".strip())
    return redirect(back)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"
