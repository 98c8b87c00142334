"""The goals of an investment project, entered, corrected and linked from its page (PES-02, REP-01)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from evaluation.goal_forms import GoalEditForm, LinkForm, NewGoalForm, initial_of
from evaluation.pages.objective import crumbs
from evaluation.pages.selection import Selection, select
from evaluation.project_goals import add_goal, change_goal, linkable
from pes.access import demand, requires
from pes.forms.base import ActionForm
from pes.models import Indicator, InvestmentProject
from pes.permissions import Permission
from pes.project_goals import link_goal
from pes.rules.numbers import format_magnitude
from pes.rules.problems import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PES_EDIT)
def goal_new(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Enter a goal of the project with its indicator and programme."""
    selection, project = _editable(request, slug, pk)
    plan = selection.plan
    form = NewGoalForm(request.POST or None, years=plan.vigencias, objectives=plan.objectives.order_by("number"))
    if request.method == "POST" and form.is_valid():
        try:
            indicator = add_goal(project, form.goal(), by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Meta {form.cleaned_data['code']} agregada con el indicador {indicator.key}.")
            return redirect(selection.url("project", pk))
    return _form(request, "evaluation/goal_form.html", selection, project, form, title="Agregar meta")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PES_EDIT)
def goal_edit(request: HttpRequest, slug: str, pk: int, key: str) -> HttpResponse:
    """Correct the words of a goal and the programme of vigencias without a consolidated cut-off."""
    selection, project = _editable(request, slug, pk)
    plan = selection.plan
    rows = Indicator.objects.filter(plan=plan, goal__project=project).select_related("goal__objective")
    indicator = get_object_or_404(rows.prefetch_related("targets"), key=key)
    boxes: dict[str, Any] = {"years": plan.vigencias, "sealed": plan.consolidated_through}
    form = GoalEditForm(request.POST or None, initial=initial_of(indicator), **boxes)
    if request.method == "POST" and form.is_valid():
        try:
            read = form.cleaned_data["read"]
            changed = change_goal(indicator, form.words(), form.programme(), read=read, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Meta corregida." if changed else "No había cambios que guardar.")
            return redirect(selection.url("project", pk))
    title = f"Corregir la meta {indicator.goal.code}"
    baseline = None if indicator.baseline is None else format_magnitude(indicator.baseline)
    more = {"indicator": indicator, "baseline": baseline}
    return _form(request, "evaluation/goal_form.html", selection, project, form, title=title, **more)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PES_EDIT)
def goal_link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say that a goal which came without a project is of this one."""
    selection, project = _editable(request, slug, pk)
    goals = linkable(selection.plan, project)
    form = LinkForm(request.POST or None, goals=goals)
    if request.method == "POST" and form.is_valid():
        goal = form.cleaned_data["goal"]
        try:
            link_goal(goal, project, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Meta {goal.code} vinculada al proyecto.")
            return redirect(selection.url("project", pk))
    has_goals = goals.exists()
    title = "Vincular meta existente"
    return _form(request, "evaluation/goal_link.html", selection, project, form, title=title, has_goals=has_goals)


def _editable(request: HttpRequest, slug: str, pk: int) -> tuple[Selection, InvestmentProject]:
    """The plan and project of an address; PermissionDenied for who may only read them."""
    selection = select(request.user, slug, request.GET)
    rows = InvestmentProject.objects.filter(entity__parent=selection.plan.sector).select_related("entity")
    project = get_object_or_404(rows, pk=pk)
    demand(request.user, Permission.PES_EDIT, selection.plan)
    return selection, project


def _form(
    request: HttpRequest,
    template: str,
    selection: Selection,
    project: InvestmentProject,
    form: ActionForm,
    *,
    title: str,
    **more: Any,
) -> HttpResponse:
    back = selection.url("project", project.pk)
    path = crumbs(selection, (f"Proyecto {project.code}", back), (title, ""))
    context = {"selection": selection, "project": project, "form": form, "title": title, "back_url": back}
    return render(request, template, context | more | {"crumbs": path}, status=422 if form.errors else 200)
