"""Who answers for each goal and indicator of a PES."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evaluation.improvement.responsibilities import EDIT, assign
from evaluation.improvement.responsibles_page import owners_form, owners_page
from pes.access import can, demand, requires
from pes.models import SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.problems import Refused

NO_EDIT = "Asigna responsables quien edita el PES."


@require_safe
@requires(Permission.PES_READ)
def responsibles(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """The table of assignments."""
    return _show(request, find_plan(request.user, slug, first))


@require_POST
@requires(EDIT)
def responsibles_save(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Save the whole table."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, EDIT, plan)
    form = owners_form(plan, request.POST)
    if form.is_valid():
        try:
            changed = assign(plan, form.owners, read=form.cleaned_data["read"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            done = "1 responsable cambió." if changed == 1 else f"{changed} responsables cambiaron."
            messages.success(request, done if changed else "No había cambios que guardar.")
            return redirect(plan_url(plan, "evaluation:responsibles"))
    return _show(request, plan, form, status=form.status)


def _show(request: HttpRequest, plan: SectorPlan, form: Any = None, status: int = 200) -> HttpResponse:
    may = can(request.user, EDIT, plan)
    trail = (("Evaluación", plan_url(plan, "evaluation:agenda")), ("Responsables", ""))
    page = owners_page(plan, may_edit=may, form=form)
    context = frame(request.user, plan, "evaluation", *trail)
    context |= {
        "page": page,
        "form": page.form,
        "may": may,
        "reason": "" if may else NO_EDIT,
        "save_url": plan_url(plan, "evaluation:responsibles-save"),
    }
    return render(request, "evaluation/improvement/responsibles.html", context, status=status)
