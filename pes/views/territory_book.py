"""The entities in Excel, both ways: take the workbook, send one, see what it changes, apply it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import requires
from pes.audit_sentences import changes
from pes.dates import long_instant
from pes.downloads import workbook_response
from pes.forms.workbook import UploadForm
from pes.models import TerritoryUpload
from pes.permissions import Permission
from pes.rules.problems import Refused
from pes.territory.book import book_sheets
from pes.territory.book_import import BookRow, apply_upload, keep_upload, preview
from pes.territory.entities import managed_regions
from pes.territory.frame import frame
from pes.territory.listing import visible_entities
from pes.workbooks.places import Found
from pes.workbooks.told import groups, in_order
from pes.workbooks.writer import write_workbook

MANAGE = Permission.TERRITORY_MANAGE
SHOWN = 100  # entities whose differences are spelled out


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def book(request: HttpRequest) -> HttpResponse:
    """Take the workbook, or send one to see what it would change."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep_upload(form.cleaned_data["file"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("pes:territory-preview", kept.pk)
    regions = list(managed_regions(request.user))
    context = frame(request.user, "entities", ("Excel", "")) | {"form": form, "regions": regions}
    context["reason"] = "" if regions else "Usted no administra ninguna región; pídala a quien administra las unidades."
    return render(request, "pes/territory/book.html", context, status=422 if form.errors else 200)


@require_safe
@requires(MANAGE)
def form(request: HttpRequest) -> HttpResponse:
    """The entities of the regions that the person manages as their workbook; without any it is the template."""
    rows = visible_entities(request.user, MANAGE).select_related("region").prefetch_related("ecosystems")
    sheets = book_sheets(rows, [one.code for one in managed_regions(request.user)])
    created = timezone.localtime()
    return workbook_response(
        "entidades-territoriales", lambda target: write_workbook(target, sheets, created=created, title="Entidades")
    )


@require_safe
@requires(MANAGE)
def book_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a kept workbook changes and what is wrong in it; once applied, its receipt."""
    found = get_object_or_404(TerritoryUpload, pk=pk, by=request.user)
    rows, told = ([], Found()) if found.applied_at else preview(found, by=request.user)
    return _show(request, found, rows, told)


@require_POST
@requires(MANAGE)
def apply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write it, if it is still what was previewed; a second click shows the same receipt."""
    found = get_object_or_404(TerritoryUpload, pk=pk, by=request.user)
    rows, told = apply_upload(found, by=request.user)
    if not told.errors:
        messages.success(request, "Libro aplicado.")
        return redirect("pes:territory-preview", pk)
    stale = any(item.code == "entities_changed" for item in told.errors)
    return _show(request, found, rows, told, status=409 if stale else 422)


def _show(
    request: HttpRequest, found: TerritoryUpload, rows: list[BookRow], told: Found, status: int = 200
) -> HttpResponse:
    changed = [row for row in rows if row.is_changed]
    new = sum(row.entity is None for row in changed)
    errors, warnings = in_order(told.errors), in_order(told.warnings)
    context = frame(request.user, "entities", ("Excel", reverse("pes:territory-book")), (found.name, "")) | {
        "upload": found,
        "sent": long_instant(found.at),
        "done_at": long_instant(found.applied_at) if found.applied_at else "",
        "page": {"told": groups(errors, warnings)},
        "changed": [_change(row) for row in changed[:SHOWN]],
        "more": max(0, len(changed) - SHOWN),
        "counts": (("Nuevas", new), ("Cambian", len(changed) - new), ("Sin cambio", len(rows) - len(changed))),
        "errors": len(errors),
        "reason": "Corrija los errores y cargue el libro otra vez." if errors else "" if changed else "Nada cambia.",
    }
    return render(request, "pes/territory/book_preview.html", context, status=status)


def _change(row: BookRow) -> dict[str, Any]:
    """An entity that the workbook creates or changes, field by field."""
    before = row.before.said() if row.before else {}
    title = f"{row.after.code} · {row.after.name}"
    return {"title": title, "is_new": row.entity is None, "differences": changes(before, row.after.said())}
