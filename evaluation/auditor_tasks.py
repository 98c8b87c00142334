"""The jobs that make the documents for the control offices: a draft that replaces the earlier one, or an edition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from evaluation.auditor.columns import Columns, in_force
from evaluation.auditor.context import YearContext, year_of
from evaluation.auditor.files import make
from evaluation.auditor_acts import ISSUE_JOB, RENDER_JOB, draft_problems, editions_of, issue_problems
from evaluation.models import AuditorDraft, AuditorReport
from pes import audit
from pes.access import demand
from pes.documents import store
from pes.documents.pdf import Blocked
from pes.jobs import Hopeless, Progress, register
from pes.models import Job, OrganizationUnit
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any


@dataclass(frozen=True)
class Reading:
    """Everything that a document is made from, at one moment."""

    context: YearContext
    columns: Columns


@dataclass(frozen=True, slots=True)
class Stored:
    """What `_make` left on disk."""

    folder: str
    digests: dict[str, str]
    pages: int


def _place(job: Job) -> tuple[OrganizationUnit, int, str]:
    entity = OrganizationUnit.objects.get(pk=job.payload["entity"])
    return entity, job.payload["vigencia"], job.payload["kind"]


def _check_draft(job: Job) -> None:
    """Ask again for the permission of who asked, when the job starts and when it delivers (AZ15)."""
    entity, vigencia, _ = _place(job)
    demand(job.requested_by, Permission.REPORT_REQUEST, entity)
    refuse_if_any(draft_problems(entity, vigencia))


def _check_issue(job: Job) -> None:
    entity, vigencia, kind = _place(job)
    demand(job.requested_by, Permission.REPORT_ISSUE, entity)
    if editions_of(entity, vigencia, kind).count() + 1 != job.payload["edition"]:
        message = f"La edición {job.payload['edition']} ya se emitió."
        raise Refused([Problem("edition_issued_already", "PD4", message, fix="Vuelva a cargar la página.")])
    refuse_if_any(issue_problems(entity, vigencia, kind, job.payload["reason"]))


def _read(job: Job, edition: int = 0, correction: str = "") -> Reading:
    entity, vigencia, kind = _place(job)
    context = year_of(entity, vigencia, kind, edition=edition, correction=correction)
    assert context is not None  # else it was refused
    return Reading(context, in_force())


def _read_draft(job: Job) -> Reading:
    _check_draft(job)
    return _read(job)


def _read_issue(job: Job) -> Reading:
    _check_issue(job)
    edition = job.payload["edition"]
    return _read(job, edition, job.payload["reason"] if edition > 1 else "")


def _make(reading: Reading, progress: Progress) -> Stored:
    """Render and store the files; what cannot be laid out fails at once and says why (PD3)."""
    try:
        made = make(reading.context, reading.columns, progress)
    except Blocked as error:
        raise Hopeless(str(error)) from error
    progress(97)  # whoever took too long is told here, and leaves no files
    folder = store.store(made.contents)
    return Stored(folder, {suffix: store.sha256(content) for suffix, content in made.contents.items()}, made.pages)


def _values(reading: Reading, stored: Stored) -> dict[str, Any]:
    return {
        "folder": stored.folder,
        "digests": stored.digests,
        "context_sha256": reading.context.digest,
        "pages": stored.pages,
    }


def _write_draft(job: Job, reading: Reading, stored: Stored) -> dict[str, Any]:
    """Replace the draft; the files of the one before go once this one is committed."""
    _check_draft(job)
    entity, vigencia, kind = _place(job)
    place = {"entity": entity, "vigencia": vigencia, "kind": kind}
    before = AuditorDraft.objects.filter(**place).values_list("folder", flat=True).first()
    values = _values(reading, stored) | {"job": job, "made_at": timezone.now()}
    draft, _ = AuditorDraft.objects.update_or_create(**place, defaults=values)
    if before:
        transaction.on_commit(partial(store.remove, before))
    said = {"report": str(draft), "pdf": stored.digests["pdf"]}
    audit.record("auditor_report_drafted", draft, by=job.requested_by, after=said)
    return {"pages": stored.pages}


def _write_issue(job: Job, reading: Reading, stored: Stored) -> dict[str, Any]:
    """Write the edition beside its files; the draft that it grew from has done its work."""
    _check_issue(job)
    entity, vigencia, kind = _place(job)
    context = reading.context
    report = AuditorReport.objects.create(
        entity=entity, vigencia=vigencia, kind=kind, edition=context.edition, reason=context.correction,
        closes=list(context.close_ids), issued_by=job.requested_by, issued_at=context.dated_at,
        **_values(reading, stored),
    )  # fmt: skip
    for draft in AuditorDraft.objects.filter(entity=entity, vigencia=vigencia, kind=kind):
        transaction.on_commit(partial(store.remove, draft.folder))
        draft.delete()
    said = {"report": str(report), "edition": report.edition, "digests": stored.digests}
    audit.record("auditor_report_issued", report, by=job.requested_by, reason=report.reason, after=said)
    return {"pages": stored.pages}


register(RENDER_JOB, read=_read_draft, make=_make, write=_write_draft, queue="reports")
register(ISSUE_JOB, read=_read_issue, make=_make, write=_write_issue, queue="reports")
