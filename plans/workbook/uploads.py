"""A workbook sent in the browser: kept while its owner looks at what it would change, then applied or forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from pes.access import demand
from pes.models import AuditEvent, User
from pes.permissions import Permission
from pes.rules.problems import Problem
from pes.workbooks.places import Found, Place
from pes.workbooks.reader import Workbook
from pes.workbooks.uploads import forget_old, keep_the_last, received
from plans.models import PlanGestion, PlanUpload
from plans.workbook.apply import PlanAnswer, apply_to
from plans.workbook.reading import Reading, read_against, read_plan_workbook, told


class _Undo(Exception):
    """Leave the transaction without a trace."""


def keep_upload(plan: PlanGestion, file: UploadedFile, *, by: User) -> PlanUpload:
    """Keep a workbook to be previewed, with the revision of the plan it is compared with; old ones go, and all but the
    person's last ones in the plan, so that nobody fills the database.

    Raises PermissionDenied, or Refused: empty, or heavier than `MAX_BYTES`.
    """
    demand(by, Permission.PLAN_EDIT, plan)
    content = received(file)
    forget_old_uploads()
    made = PlanUpload.objects.create(plan=plan, **content, base_revision=plan.revision, by=by, at=timezone.now())
    keep_the_last(PlanUpload.objects.filter(plan=plan, by=by))
    return made


def forget_old_uploads() -> int:
    """Delete the workbooks that were kept long enough."""
    return forget_old(PlanUpload.objects.all())


def tidy_uploads(_today: date) -> Iterator[str]:
    """The planner's part: forget old workbooks even if nobody sends another; it asks for no job."""
    forget_old_uploads()
    yield from ()


def preview(upload: PlanUpload) -> tuple[Workbook, Reading, Found]:
    """What an upload would change in its plan as it is now, and what is wrong or odd in it."""
    workbook = read_plan_workbook(BytesIO(bytes(upload.content)))
    found = Found(told(workbook))
    return workbook, read_against(upload.plan, workbook, found), found


def apply_upload(upload: PlanUpload, *, by: User) -> PlanAnswer:
    """Write a previewed workbook into its plan, once: a second click is answered with the same receipt (WF1).

    Nothing is written with any error; when the plan changed since the preview, the upload is compared with it
    anew, so that its owner decides on what is there now (IM11).
    """
    workbook = read_plan_workbook(BytesIO(bytes(upload.content)))
    found, reading = Found(told(workbook)), None
    now = timezone.now()
    try:
        with transaction.atomic():
            demand(by, Permission.PLAN_EDIT, upload.plan)
            held = PlanGestion.hold(upload.plan_id)
            if not PlanUpload.objects.filter(pk=upload.pk, applied_at=None).update(applied_at=now):
                raise _Undo
            if held.revision != upload.base_revision:
                found.add(Place("", {}), "", _changed_meanwhile())
            reading = apply_to(held, workbook, found, by=by, file_name=upload.name, upload=str(upload.pk))
            if found.errors:
                raise _Undo
    except _Undo:
        if reading is None:
            return receipt(upload)
        PlanUpload.objects.filter(pk=upload.pk).update(base_revision=held.revision)
        return PlanAnswer(0, 0, 0, tuple(found.errors), tuple(found.warnings))
    return PlanAnswer(**reading.counts, errors=(), warnings=tuple(found.warnings), plan=held)  # type: ignore[union-attr]


def receipt(upload: PlanUpload) -> PlanAnswer:
    """What the upload did when it was applied, from the audit trail."""
    events = AuditEvent.objects.filter(
        verb="plan_imported", object_id=str(upload.plan_id), after__upload=str(upload.pk)
    )
    after = events.values_list("after", flat=True).get()
    counts = (int(after[name]) for name in ("created", "updated", "unchanged"))
    return PlanAnswer(*counts, errors=(), warnings=(), plan=upload.plan)


def _changed_meanwhile() -> Problem:
    message = "El plan cambió después de la vista previa; nada se ha escrito."
    return Problem(
        "plan_changed", "IM11", message, fix="Revise las diferencias con lo que el plan dice ahora y aplique."
    )
