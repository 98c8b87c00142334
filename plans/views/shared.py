"""Shared goals: the list, the common fields, and the plans that have each one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import requires
from pes.models import OrganizationUnit
from pes.permissions import Permission
from pes.rules.problems import Refused
from plans import shared_goals
from plans.models import GoalTemplate
from plans.pages.reading import ready_years
from plans.pages.shared import (
    areas_for,
    assignable,
    owners_for,
    plan_lines,
    template_rows,
    templates_page,
)
from plans.shared_forms import AssignForm, NewSharedGoalForm, SharedGoalForm, WithdrawForm

EDIT = Permission.GOAL_TEMPLATE_EDIT


@require_safe
@requires(EDIT)
def shared_goals_list(request: HttpRequest) -> HttpResponse:
    """The shared goals that the person writes."""
    year = request.GET.get("vigencia", "")
    page = templates_page(request.user, year, request.GET.get("pagina"))
    years = [("", "Todas"), *((str(one), str(one)) for one in ready_years())]
    context = {"page": page, "rows": template_rows(page), "year": year, "years": years, "crumbs": _crumbs()}
    return render(request, "plans/shared_goals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def shared_goal_new(request: HttpRequest) -> HttpResponse:
    """Write a goal to be shared."""
    owners = owners_for(request.user)
    form = NewSharedGoalForm(
        request.POST if request.method == "POST" else None, owners=owners, years=ready_years(), areas=areas_for(owners)
    )
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        try:
            made = shared_goals.write(asked["owner"], int(asked["vigencia"]), by=request.user, values=form.values)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Meta escrita. Ahora asígnela a los planes que la tendrán.")
            return redirect("plans:shared-goal", made.pk)
    context = {"form": form, "crumbs": _crumbs("Nueva meta compartida")}
    return render(request, "plans/shared_goal_form.html", context, status=422 if form.is_bound else 200)


@require_safe
@requires(EDIT)
def shared_goal(request: HttpRequest, pk: int) -> HttpResponse:
    """One shared goal: its common fields, and every plan that has it."""
    return _show(request, _template_or_404(request, pk))


@require_POST
@requires(EDIT)
def shared_goal_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the common fields, here and in every plan that is not official."""
    template = _template_or_404(request, pk)
    form = SharedGoalForm(request.POST, areas=_areas(template), template=template)
    if form.is_valid():
        read = form.cleaned_data["revision"]
        try:
            reached = shared_goals.change(template, by=request.user, values=form.values, read_revision=read)
        except Refused as refused:
            form.refuse(refused)
            stale = any(problem.code == "stale_edit" for problem in refused.problems)
            return _show(request, template, form=form, status=409 if stale else 422)
        messages.success(request, f"Meta guardada; cambió en {reached} planes que aún no son oficiales.")
        return redirect("plans:shared-goal", pk)
    return _show(request, template, form=form, status=422)


@require_POST
@requires(EDIT)
def shared_goal_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the goal into some plans."""
    template = _template_or_404(request, pk)
    form = AssignForm(request.POST, units=assignable(template))
    if form.is_valid():
        try:
            count = shared_goals.assign(template, form.cleaned_data["units"], by=request.user, values=form.given)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Meta asignada a {count} planes. Cada uno completa lo suyo.")
            return redirect("plans:shared-goal", pk)
    return _show(request, template, assign=form, status=422)


@require_POST
@requires(EDIT)
def shared_goal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the goal out of a plan that is not validated yet."""
    template = _template_or_404(request, pk)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        units = list(OrganizationUnit.objects.filter(code=form.cleaned_data["unit"]))
        count = shared_goals.withdraw(template, units, by=request.user, reason=form.cleaned_data["reason"])
        if count:
            messages.success(request, "Meta retirada de ese plan.")
            return redirect("plans:shared-goal", pk)
        messages.error(request, "Ese plan ya está validado o no tiene la meta: nada cambió.")
    else:
        messages.error(request, "Escriba el motivo por el que la meta se retira.")
    return _show(request, template, status=422)


def _template_or_404(request: HttpRequest, pk: int) -> GoalTemplate:
    found = GoalTemplate.objects.visible_to(request.user, EDIT).select_related("owner__parent", "central_area")
    return get_object_or_404(found, pk=pk)


def _areas(template: GoalTemplate) -> list[tuple[str, str]]:
    return areas_for([template.owner])


def _show(
    request: HttpRequest,
    template: GoalTemplate,
    *,
    form: SharedGoalForm | None = None,
    assign: AssignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    units = assignable(template)
    context: dict[str, Any] = {
        "template": template,
        "form": form or SharedGoalForm(areas=_areas(template), template=template),
        "lines": plan_lines(template),
        "assign": (assign or AssignForm(units=units)) if units.exists() else None,
        "withdraw": WithdrawForm(),
        "crumbs": _crumbs(f"Meta compartida {template.pk}"),
    }
    return render(request, "plans/shared_goal.html", context, status=status)


def _crumbs(here: str = "") -> list[dict[str, str]]:
    path = [("Planes de gestión", reverse("plans:list")), ("Metas compartidas", reverse("plans:shared-goals"))]
    return [{"label": label, "url": url} for label, url in [*path, *([(here, "")] if here else [])]]
