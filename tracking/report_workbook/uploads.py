"""A quarter's workbook sent in the browser: previewed, then applied once or forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from pes.models import AuditEvent, User
from pes.rules.problems import Problem
from pes.workbooks.places import Found
from pes.workbooks.reader import Workbook
from pes.workbooks.uploads import forget_old, keep_the_last, received
from tracking.models import ReportUpload
from tracking.report_workbook.apply import NOWHERE, ReportAnswer, Undo, answer_of, apply_to, compare
from tracking.report_workbook.lines import lines_of
from tracking.report_workbook.reading import Compared, base_of, read_quarter_workbook, told
from tracking.report_workbook.targets import Target, target_of


def keep_upload(target: Target, file: UploadedFile, *, by: User) -> ReportUpload:
    """Keep a workbook to be previewed, with the digest of what it is compared with (IM11).

    Raises PermissionDenied, or Refused: empty, or too heavy.
    """
    if not target.powers(by):
        raise PermissionDenied("Usted no puede escribir ninguna de estas metas.")
    content = received(file)
    forget_old(ReportUpload.objects.all())
    base = base_of(lines_of(target.readings()))
    made = ReportUpload.objects.create(**target.place, **content, base=base, by=by, at=timezone.now())
    keep_the_last(ReportUpload.objects.filter(**target.place, by=by))
    return made


def tidy_uploads(_today: date) -> Iterator[str]:
    """The planner's part: forget old workbooks even if nobody sends another; it asks for no job."""
    forget_old(ReportUpload.objects.all())
    yield from ()


def preview(upload: ReportUpload, *, by: User) -> tuple[Workbook, Compared | None, Found]:
    """What an upload would change now, and what is wrong or odd in it."""
    workbook = _workbook(upload)
    found = Found(told(workbook))
    return workbook, compare(target_of(upload), workbook, found, by=by), found


def apply_upload(upload: ReportUpload, *, by: User) -> ReportAnswer:
    """Write a previewed workbook, once: a second click is answered with the same receipt (WF1).

    Nothing is written with any error; when what it was compared with changed since the preview, it is compared anew,
    so that its owner decides on what is there now (IM11).
    """
    workbook, target = _workbook(upload), target_of(upload)
    found, compared, now = Found(told(workbook)), None, timezone.now()
    try:
        with transaction.atomic():
            target.hold()
            if not ReportUpload.objects.filter(pk=upload.pk, applied_at=None).update(applied_at=now):
                raise Undo
            base = base_of(lines_of(target.readings()))
            if base != upload.base:
                found.add(NOWHERE, "", _changed_meanwhile())
            compared = apply_to(target, workbook, found, by=by, file=upload.name, upload=str(upload.pk))
            if found.errors:
                raise Undo
    except Undo:
        if compared is None and not found.errors:
            return receipt(upload)
        ReportUpload.objects.filter(pk=upload.pk).update(base=base)
        return answer_of(compared, found, done=False)
    return answer_of(compared, found, done=True)


def receipt(upload: ReportUpload) -> ReportAnswer:
    """What the upload did when it was applied, from the audit trail."""
    obj = target_of(upload).obj
    of_it = AuditEvent.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))
    events = of_it.filter(after__upload=str(upload.pk))
    after = events.values_list("after", flat=True).get()
    counts = (int(after[name]) for name in ("created", "updated", "unchanged"))
    return ReportAnswer(*counts, errors=(), warnings=(), done=True)


def _workbook(upload: ReportUpload) -> Workbook:
    content = BytesIO(bytes(upload.content))
    return read_quarter_workbook(content, upload.quarter, central=upload.area_id is not None)


def _changed_meanwhile() -> Problem:
    message = "El reporte cambió después de la vista previa; nada se ha escrito."
    fix = "Revise las diferencias con lo que dice ahora y aplique."
    return Problem("report_changed", "IM11", message, fix=fix)
