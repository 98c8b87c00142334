"""Investment projects of a sector: list, enter, correct."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pes.access import can, demand, requires
from pes.forms.projects import NewProjectForm, ProjectForm
from pes.models import InvestmentProject, OrganizationUnit, SectorPlan
from pes.permissions import Permission
from pes.projects import change_project, create_project
from pes.rules.problems import Refused
from pes.views.plan import plan_of

NO_EDIT = "Registra proyectos la oficina asesora de planeación."


@require_safe
@requires(Permission.PES_READ)
def projects(request: HttpRequest, slug: str) -> HttpResponse:
    """The projects of the sector's entities, with how many goals of the PES they carry."""
    plan = plan_of(request, slug)
    found = InvestmentProject.objects.filter(entity__parent=plan.sector).select_related("entity")
    rows = [
        {
            "code": project.code,
            "name": project.name,
            "entity": project.entity.short_name,
            "goals": str(project.goal_count),
            "url": reverse("evaluation:project", args=[slug, project.pk]),
            "edit_url": reverse("pes:project-edit", args=[slug, project.pk]),
        }
        for project in found.annotate(goal_count=Count("goals"))
    ]
    may = can(request.user, Permission.PES_EDIT, plan)
    context = {"plan": plan, "rows": rows, "crumbs": _crumbs(plan), "may_edit": may, "reason": "" if may else NO_EDIT}
    return render(request, "pes/projects.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PES_EDIT)
def project_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter a project."""
    plan = plan_of(request, slug)
    demand(request.user, Permission.PES_EDIT, plan)
    entities = OrganizationUnit.objects.entities_of(plan.sector)
    form = NewProjectForm(request.POST or None, entities=entities)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_project(**form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Proyecto {made.code} registrado. Agréguele ahora sus metas.")
            return redirect("evaluation:project", slug, made.pk)
    return _form(request, plan, form, "Registrar proyecto")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PES_EDIT)
def project_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Correct the code or name of a project."""
    plan = plan_of(request, slug)
    rows = InvestmentProject.objects.filter(entity__parent=plan.sector).select_related("entity")
    project = get_object_or_404(rows, pk=pk)
    demand(request.user, Permission.PES_EDIT, project)
    form = ProjectForm(request.POST or None, initial={"code": project.code, "name": project.name})
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_project(project, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Proyecto corregido." if changed else "No había cambios que guardar.")
            return redirect("pes:projects", slug)
    return _form(request, plan, form, "Corregir proyecto")


def _form(request: HttpRequest, plan: SectorPlan, form: ProjectForm, title: str) -> HttpResponse:
    context = {"plan": plan, "form": form, "title": title, "crumbs": _crumbs(plan, title)}
    return render(request, "pes/project_form.html", context, status=422 if form.errors else 200)


def _crumbs(plan: SectorPlan, *more: str) -> list[dict[str, Any]]:
    path = [
        {"label": f"PES {plan.sector.name}", "url": plan.get_absolute_url()},
        {"label": "Proyectos de inversión", "url": reverse("pes:projects", args=[plan.sector.code])},
    ]
    return path + [{"label": label, "url": ""} for label in more]
