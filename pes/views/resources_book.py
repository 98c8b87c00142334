"""The resources in Excel, both ways: take the workbook of a vigencia, send one, see what it changes, apply it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import requires
from pes.dates import long_date, long_instant
from pes.downloads import workbook_response
from pes.forms.workbook import UploadForm
from pes.models import ResourceUpload, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, plan_url
from pes.profile.resource_book import book_sheets
from pes.profile.resource_import import BookRow, apply_upload, keep_upload, preview
from pes.profile.resources import resources_of
from pes.rules.problems import Refused
from pes.rules.resources import Money, pesos
from pes.views.profile import EDIT, NO_ENTITY, writer_of
from pes.views.resources import known_vigencia, money
from pes.workbooks.places import Found
from pes.workbooks.told import groups, in_order
from pes.workbooks.writer import write_workbook

FIELDS = (("Programado", "programmed"), ("Comprometido", "committed"), ("Pagado", "paid"))


@require_safe
@requires(Permission.PES_READ)
def export(request: HttpRequest, slug: str, first: int, vigencia: int) -> HttpResponse:
    """The resources of a vigencia as their workbook."""
    plan = find_plan(request.user, slug, first)
    vigencia = known_vigencia(plan, vigencia)
    sheets = book_sheets(plan, resources_of(plan, vigencia), vigencia)
    created = timezone.localtime()
    return workbook_response(
        f"recursos-{slug}-{vigencia}",
        lambda target: write_workbook(target, sheets, created=created, title=f"Recursos {vigencia}"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PES_READ)
def book(request: HttpRequest, slug: str, first: int, vigencia: int) -> HttpResponse:
    """Take the workbook, or send one to see what it would change."""
    plan = find_plan(request.user, slug, first)
    vigencia = known_vigencia(plan, vigencia)
    may = bool(writer_of(request.user, plan).units)
    if request.method == "POST" and not may:
        raise PermissionDenied(NO_ENTITY)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep_upload(plan, form.cleaned_data["file"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(plan_url(plan, "pes:resources-preview", vigencia, kept.pk))
    context = _frame(request, plan, vigencia, "Excel") | {
        "form": form,
        "reason": "" if may else NO_ENTITY,
        "export_url": plan_url(plan, "pes:resources-export", vigencia),
    }
    return render(request, "pes/profile/book.html", context, status=422 if form.errors else 200)


@require_safe
@requires(EDIT)
def book_preview(request: HttpRequest, slug: str, first: int, vigencia: int, pk: UUID) -> HttpResponse:
    """What a kept workbook changes and what is wrong in it; once applied, its receipt."""
    found = _own(request, slug, first, pk)
    rows, told = ([], Found()) if found.applied_at else preview(found, by=request.user)
    return _show(request, found, vigencia, rows, told)


@require_POST
@requires(EDIT)
def apply(request: HttpRequest, slug: str, first: int, vigencia: int, pk: UUID) -> HttpResponse:
    """Write it, if it is still what was previewed; a second click shows the same receipt."""
    found = _own(request, slug, first, pk)
    rows, told = apply_upload(found, by=request.user)
    if not told.errors:
        messages.success(request, "Libro aplicado.")
        return redirect(plan_url(found.plan, "pes:resources-preview", vigencia, pk))
    stale = any(item.code == "resources_changed" for item in told.errors)
    return _show(request, found, vigencia, rows, told, status=409 if stale else 422)


def _own(request: HttpRequest, slug: str, first: int, pk: UUID) -> ResourceUpload:
    """A workbook that the person sent; anybody else's is not there."""
    plan = find_plan(request.user, slug, first)
    if not writer_of(request.user, plan).units:
        raise PermissionDenied(NO_ENTITY)
    found: ResourceUpload = get_object_or_404(ResourceUpload, pk=pk, plan=plan, by=request.user)
    found.plan = plan
    return found


def _frame(request: HttpRequest, plan: SectorPlan, vigencia: int, title: str) -> dict[str, Any]:
    back = plan_url(plan, "pes:resources") + f"?vigencia={vigencia}"
    return money(request.user, plan, "pes:resources", vigencia, ("Recursos", back), (title, "")) | {"back_url": back}


def _show(
    request: HttpRequest, found: ResourceUpload, vigencia: int, rows: list[BookRow], told: Found, status: int = 200
) -> HttpResponse:
    plan = found.plan
    changed = [row for row in rows if row.is_changed]
    errors, warnings = in_order(told.errors), in_order(told.warnings)
    context = _frame(request, plan, vigencia, found.name) | {
        "upload": found,
        "sent": long_instant(found.at),
        "done_at": long_instant(found.applied_at) if found.applied_at else "",
        "page": {"told": groups(errors, warnings)},
        "changed": [_change(row) for row in changed],
        "counts": (("Filas que cambian", len(changed)), ("Sin cambio", len(rows) - len(changed))),
        "errors": len(errors),
        "reason": "Corrija los errores y cargue el libro otra vez." if errors else "" if changed else "Nada cambia.",
        "apply_url": plan_url(plan, "pes:resources-apply", vigencia, found.pk),
        "another_url": plan_url(plan, "pes:resources-book", vigencia),
    }
    return render(request, "pes/profile/book_preview.html", context, status=status)


def _change(row: BookRow) -> dict[str, Any]:
    """A project whose resources change, field by field."""
    fields = [(label, pesos(getattr(row.before, name)), pesos(getattr(row.after, name))) for label, name in FIELDS]
    fields += [("Corte", _day(row.before), _day(row.after)), ("Fuente", row.before.source, row.after.source)]
    differences = [(label, old or "–", new or "–") for label, old, new in fields if old != new]
    return {"title": f"{row.project.code} · {row.project.name}", "vigencia": row.vigencia, "differences": differences}


def _day(said: Money) -> str:
    return long_date(said.cutoff_on) if said.cutoff_on else ""
