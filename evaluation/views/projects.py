"""An investment project month by month, and the PES as a workbook."""

from __future__ import annotations

from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from evaluation.pages.export import XLSX
from evaluation.pages.objective import crumbs
from evaluation.pages.project import project_figures
from evaluation.pages.selection import select
from evaluation.pes_workbook.export import sheets_of
from pes.access import can, requires
from pes.models import InvestmentProject
from pes.permissions import Permission
from pes.workbooks.writer import write_workbook

NO_EDIT = "Registra metas la oficina asesora de planeación."


@require_safe
@requires(Permission.PES_READ)
def project(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The goals of a project and what each month executed: the difference of two measurements (REP-01)."""
    selection = select(request.user, slug, request.GET)
    rows = InvestmentProject.objects.filter(entity__parent=selection.plan.sector).select_related("entity")
    found = get_object_or_404(rows, pk=pk)
    may = can(request.user, Permission.PES_EDIT, selection.plan)
    context = {
        "selection": selection,
        "project": found,
        "may_edit": may,
        "reason": "" if may else NO_EDIT,
        "new_url": selection.url("project-goal-new", pk),
        "link_url": selection.url("project-goal-link", pk),
        "figures": project_figures(selection, found),
        "crumbs": crumbs(selection, (f"Proyecto {found.code}", "")),
    }
    return render(request, "evaluation/project.html", context)


@require_safe
@requires(Permission.PES_READ)
def plan_export(request: HttpRequest, slug: str) -> HttpResponse:
    """The PES of a sector as the workbook that `import_pes` reads."""
    plan = select(request.user, slug, request.GET).plan
    buffer = BytesIO()
    write_workbook(buffer, sheets_of(plan), created=timezone.localtime(), title=plan.name)
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"pes-{slug}.xlsx") or "attachment"
    return response
