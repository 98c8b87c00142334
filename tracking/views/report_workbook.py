"""Excel both ways, for a report and for the table of a central area: take the workbook, send one, see, apply."""

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
from tracking.models import ReportUpload
from tracking.pages.reading import report_or_404, whole_report_or_404
from tracking.pages.report_workbook import Preview, last_uploads, path_of, receipt_words, tabs, urls_of
from tracking.report_workbook.annotated import write_annotated
from tracking.report_workbook.targets import ReportTarget, Target
from tracking.report_workbook.uploads import apply_upload, keep_upload, preview, receipt

COLUMNS = ({"label": "En el reporte"}, {"label": "En el libro"})
FILL = Permission.QUARTER_FILL


@require_safe
@requires(Permission.PLAN_READ)
def workbook(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """Take the workbook of a report, or send one."""
    return show_page(request, ReportTarget(whole_report_or_404(request, unit, vigencia, quarter)), UploadForm())


@require_safe
@requires(Permission.PLAN_READ)
def export(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """The report as its workbook."""
    return hand_over(ReportTarget(whole_report_or_404(request, unit, vigencia, quarter)))


@require_POST
@requires(FILL)
def upload(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> HttpResponse:
    """Keep a workbook and show what it would change."""
    return take(request, ReportTarget(report_or_404(request, unit, vigencia, quarter, FILL)))


@require_safe
@requires(FILL)
def workbook_preview(request: HttpRequest, unit: str, vigencia: int, quarter: int, pk: UUID) -> HttpResponse:
    """What a kept workbook changes, goal by goal; once applied, its receipt."""
    return show_preview(request, ReportTarget(report_or_404(request, unit, vigencia, quarter, FILL)), pk)


@require_POST
@requires(FILL)
def apply(request: HttpRequest, unit: str, vigencia: int, quarter: int, pk: UUID) -> HttpResponse:
    """Write it, if it is still what was previewed; a second click shows the same receipt."""
    return do_apply(request, ReportTarget(report_or_404(request, unit, vigencia, quarter, FILL)), pk)


@require_safe
@requires(FILL)
def annotated(request: HttpRequest, unit: str, vigencia: int, quarter: int, pk: UUID) -> HttpResponse:
    """The person's values on a fresh copy of the form, with each problem as a comment on its cell."""
    return hand_back(request, ReportTarget(report_or_404(request, unit, vigencia, quarter, FILL)), pk)


def hand_over(target: Target) -> HttpResponse:
    """The workbook as it is now."""
    created = timezone.localtime()
    return workbook_response(
        target.file_name,
        lambda file: write_workbook(file, target.sheets(), created=created, title=target.title),
    )


def take(request: HttpRequest, target: Target) -> HttpResponse:
    """Keep what was sent, and go and see it."""
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            kept = keep_upload(target, form.cleaned_data["file"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(target.url("workbook-preview", kept.pk))
    return show_page(request, target, form, status=422)


def show_preview(request: HttpRequest, target: Target, pk: UUID) -> HttpResponse:
    """What it would change, or what it did."""
    found = _own(request, target, pk)
    if found.applied_at:
        done = {"done": receipt_words(receipt(found)), "done_at": long_instant(found.applied_at)}
        return _show(request, target, found, done)
    _book, compared, told = preview(found, by=request.user)
    return _show(request, target, found, {"page": Preview.of(compared, told.errors, told.warnings)})


def do_apply(request: HttpRequest, target: Target, pk: UUID) -> HttpResponse:
    """Apply it, or say why not with what it would change now."""
    found = _own(request, target, pk)
    answer = apply_upload(found, by=request.user)
    if answer.done:
        messages.success(request, f"Libro aplicado: {receipt_words(answer)}")
        return redirect(target.url("workbook-preview", found.pk))
    stale = any(item.code == "report_changed" for item in answer.errors)
    _book, compared, told = preview(found, by=request.user)
    page = Preview.of(compared, told.errors, told.warnings)
    return _show(request, target, found, {"page": page, "stale": stale}, status=409 if stale else 422)


def hand_back(request: HttpRequest, target: Target, pk: UUID) -> HttpResponse:
    """The annotated copy (IM8)."""
    found = _own(request, target, pk)
    book, _compared, told = preview(found, by=request.user)
    items = [*told.errors, *told.warnings]
    name = f"{found.name.removesuffix('.xlsx')}-con-errores"
    return workbook_response(name, lambda file: write_annotated(file, target, book, items))


def show_page(request: HttpRequest, target: Target, form: UploadForm, status: int = 200) -> HttpResponse:
    """The page with both ways."""
    context = {
        "target": target,
        "form": form,
        "reason": target.reason(request.user),
        "uploads": last_uploads(target, request.user),
        "urls": urls_of(target),
        "tabs": tabs(target),
        "crumbs": path_of(target, ("Excel", "")),
    }
    return render(request, "tracking/workbook.html", context, status=status)


def _own(request: HttpRequest, target: Target, pk: UUID) -> ReportUpload:
    """An upload of the person in what the person writes; anybody else's is not there."""
    rows = ReportUpload.objects.select_related("report__plan__unit__parent", "area")
    found: ReportUpload = get_object_or_404(rows, pk=pk, by=request.user, **target.place)
    return found


def _show(
    request: HttpRequest, target: Target, found: ReportUpload, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    context |= {
        "target": target,
        "upload": found,
        "sent": long_instant(found.at),
        "columns": COLUMNS,
        "urls": urls_of(target, found),
        "crumbs": path_of(target, ("Excel", target.url("workbook")), (found.name, "")),
    }
    return render(request, "tracking/workbook_preview.html", context, status=status)
