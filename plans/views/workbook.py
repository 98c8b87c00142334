"""Excel both ways: take the plan's workbook, send one, see what it changes, apply it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pes.access import requires
from pes.dates import long_instant
from pes.downloads import workbook_response
from pes.forms.workbook import UploadForm
from pes.permissions import Permission
from pes.rules.problems import Refused
from pes.workbooks.writer import write_workbook
from plans.models import PlanGestion, PlanUpload
from plans.pages.grid import crumbs_of, reason_not_to_edit
from plans.pages.reading import plan_or_404
from plans.pages.states import tabs_of
from plans.pages.workbook import Preview, last_uploads, receipt_words
from plans.workbook.annotated import write_annotated
from plans.workbook.export import sheets_of
from plans.workbook.uploads import apply_upload, keep_upload, preview, receipt

COLUMNS = ({"label": "En el plan"}, {"label": "En el libro"})


@require_safe
@requires(Permission.PLAN_READ)
def workbook(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Take the workbook, or send one."""
    return _page(request, plan_or_404(request, unit, vigencia), UploadForm())


@require_safe
@requires(Permission.PLAN_READ)
def export(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """The plan as its workbook; an empty plan is the template."""
    plan = plan_or_404(request, unit, vigencia)
    created = timezone.localtime()
    return workbook_response(
        f"plan-de-gestion-{plan.unit.code}-{vigencia}",
        lambda target: write_workbook(target, sheets_of(plan), created=created, title=str(plan)),
    )


@require_POST
@requires(Permission.PLAN_EDIT)
def upload(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Keep a workbook and show what it would change."""
    plan = plan_or_404(request, unit, vigencia)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            kept = keep_upload(plan, form.cleaned_data["file"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(plan.url("workbook-preview", kept.pk))
    return _page(request, plan, form, status=422)


@require_safe
@requires(Permission.PLAN_EDIT)
def workbook_preview(request: HttpRequest, unit: str, vigencia: int, pk: UUID) -> HttpResponse:
    """What a kept workbook changes, goal by goal, and what is wrong in it; once applied, its receipt."""
    found = _own(request, unit, vigencia, pk)
    if found.applied_at:
        return _show(request, found, {"done": receipt_words(receipt(found)), "done_at": long_instant(found.applied_at)})
    _book, reading, told = preview(found)
    return _show(request, found, {"page": Preview.of(found, reading, told.errors, told.warnings)})


@require_POST
@requires(Permission.PLAN_EDIT)
def apply(request: HttpRequest, unit: str, vigencia: int, pk: UUID) -> HttpResponse:
    """Write it, if it is still what was previewed; a second click shows the same receipt."""
    found = _own(request, unit, vigencia, pk)
    answer = apply_upload(found, by=request.user)
    if answer.plan is not None:
        messages.success(request, f"Libro aplicado: {receipt_words(answer)}")
        return redirect(found.plan.url("workbook-preview", found.pk))
    stale = any(item.code == "plan_changed" for item in answer.errors)
    _book, reading, told = preview(found)
    page = Preview.of(found, reading, told.errors, told.warnings)
    return _show(request, found, {"page": page, "stale": stale}, status=409 if stale else 422)


@require_safe
@requires(Permission.PLAN_EDIT)
def annotated(request: HttpRequest, unit: str, vigencia: int, pk: UUID) -> HttpResponse:
    """The person's values on a fresh copy of the form, with each problem as a comment on its cell."""
    found = _own(request, unit, vigencia, pk)
    book, _reading, told = preview(found)
    items = [*told.errors, *told.warnings]
    name = f"{found.name.removesuffix('.xlsx')}-con-errores"
    return workbook_response(name, lambda target: write_annotated(target, found.plan, book, items))


def _own(request: HttpRequest, unit: str, vigencia: int, pk: UUID) -> PlanUpload:
    """An upload of the person in a plan that the person writes; anybody else's is not there."""
    plan = plan_or_404(request, unit, vigencia, Permission.PLAN_EDIT)
    found: PlanUpload = get_object_or_404(PlanUpload, pk=pk, plan=plan, by=request.user)
    found.plan = plan
    return found


def _page(request: HttpRequest, plan: PlanGestion, form: UploadForm, status: int = 200) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "reason": reason_not_to_edit(plan, request.user),
        "uploads": last_uploads(plan, request.user),
        "tabs": tabs_of(plan, "workbook"),
        "crumbs": crumbs_of(plan, ("Excel", "")),
        "count": plan.goals.in_force().count(),
    }
    return render(request, "plans/workbook.html", context, status=status)


def _show(request: HttpRequest, found: PlanUpload, context: dict[str, Any], status: int = 200) -> HttpResponse:
    plan = found.plan
    context |= {
        "plan": plan,
        "upload": found,
        "sent": long_instant(found.at),
        "columns": COLUMNS,
        "urls": {
            "apply": plan.url("workbook-apply", found.pk),
            "annotated": plan.url("workbook-annotated", found.pk),
            "another": plan.url("workbook"),
            "goals": plan.url("goals"),
        },
        "crumbs": crumbs_of(plan, ("Excel", plan.url("workbook")), (found.name, "")),
    }
    return render(request, "plans/workbook_preview.html", context, status=status)
