"""The jobs that make reports: a draft that replaces the earlier one, or an edition that never changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from evaluation.documents import files
from evaluation.documents.context import ReportContext
from evaluation.documents.sector_report import build
from evaluation.facts import measured_dates
from evaluation.models.report import (
    ISSUE_JOB,
    RENDER_JOB,
    IssuedReport,
    ReportDraft,
    ReportKind,
    issuing_problems,
)
from evaluation.rules.periods import Period, cutoff_of, draft_problems, due_periods, parse_period
from pes import audit
from pes.access import demand
from pes.documents import store
from pes.documents.pdf import Blocked
from pes.jobs import Hopeless, Progress, register
from pes.models import Job, SectorPlan
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any


@dataclass(frozen=True, slots=True)
class Stored:
    """What `make` left on disk."""

    folder: str
    digests: dict[str, str]
    pages: int


def _slot(job: Job) -> tuple[SectorPlan, Period]:
    plan = SectorPlan.objects.select_related("sector").get(pk=job.payload["plan"])
    return plan, parse_period(job.payload["kind"], job.payload["period"])


def _demand(job: Job, permission: Permission, plan: SectorPlan) -> None:
    """Ask again for the permission of who asked, when the job starts and when it delivers (AZ15)."""
    if job.requested_by is not None:
        demand(job.requested_by, permission, plan)


def _cutoff(plan: SectorPlan, period: Period) -> date:
    dates = measured_dates(plan)
    refuse_if_any(draft_problems(period, dates, plan.vigencias))
    on = cutoff_of(period, dates)
    assert on is not None  # else it was refused
    return on


def _read_draft(job: Job) -> ReportContext:
    plan, period = _slot(job)
    _demand(job, Permission.REPORT_REQUEST, plan)
    return build(plan, period, _cutoff(plan, period))


def _read_issue(job: Job) -> ReportContext:
    plan, period = _slot(job)
    _check_issue(job, plan, period)
    edition, reason = job.payload["edition"], job.payload["reason"]
    return build(
        plan, period, _cutoff(plan, period), edition=edition, correction=reason if edition > 1 else "",
        issued_at=timezone.now(),
    )  # fmt: skip


def _check_issue(job: Job, plan: SectorPlan, period: Period) -> None:
    _demand(job, Permission.REPORT_ISSUE, plan)
    editions = IssuedReport.of(plan, period).count()
    if editions + 1 != job.payload["edition"]:
        message = f"La edición {job.payload['edition']} ya se emitió."
        raise Refused([Problem("edition_issued_already", "PD4", message, fix="Vuelva a cargar la página.")])
    refuse_if_any(issuing_problems(plan, period, editions, job.payload["reason"], timezone.localdate()))


def _make(context: ReportContext, progress: Progress) -> Stored:
    """Render and store the files; what cannot be laid out fails at once and says why (PD3)."""
    try:
        made = files.make(context, progress)
    except RecursionError as error:
        message = "El documento está anidado más de lo que se puede componer. Revise los textos de análisis."
        raise Hopeless(message) from error
    except Blocked as error:
        raise Hopeless(str(error)) from error
    progress(97)  # whoever took too long is told here, and leaves no files
    folder = store.store(made.contents)
    return Stored(folder, {suffix: store.sha256(content) for suffix, content in made.contents.items()}, made.pages)


def _values(context: ReportContext, stored: Stored) -> dict[str, Any]:
    return {
        "folder": stored.folder,
        "pdf_sha256": stored.digests["pdf"],
        "xlsx_sha256": stored.digests["xlsx"],
        "html_sha256": stored.digests["html"],
        "zip_sha256": stored.digests.get("zip", ""),
        "context_sha256": context.digest,
        "pages": stored.pages,
    }


def _write_draft(job: Job, context: ReportContext, stored: Stored) -> dict[str, Any]:
    """Replace the draft of the period; the files of the one before go once this one is committed."""
    plan, period = _slot(job)
    _demand(job, Permission.REPORT_REQUEST, plan)
    place = {"plan": plan, "kind": period.kind.value, "period": period.code}
    before = ReportDraft.objects.filter(**place).values_list("folder", flat=True).first()
    values = _values(context, stored) | {"job": job, "made_at": timezone.now()}
    draft, _ = ReportDraft.objects.update_or_create(**place, defaults=values)
    if before:
        transaction.on_commit(partial(store.remove, before))
    audit.record("report_drafted", draft, by=job.requested_by, after=place | {"plan": plan.pk, "pdf": draft.pdf_sha256})
    return {"pages": stored.pages}


def _write_issue(job: Job, context: ReportContext, stored: Stored) -> dict[str, Any]:
    """Write the edition beside its files; the draft that it grew from has done its work."""
    plan, period = _slot(job)
    _check_issue(job, plan, period)
    report = IssuedReport.objects.create(
        plan=plan, kind=period.kind.value, period=period.code, edition=context.edition, reason=context.correction,
        snapshot_id=context.verification.snapshot, issued_by=job.requested_by, issued_at=context.dated_at,
        **_values(context, stored),
    )  # fmt: skip
    for draft in ReportDraft.objects.filter(plan=plan, kind=report.kind, period=report.period):
        transaction.on_commit(partial(store.remove, draft.folder))
        draft.delete()
    audit.record(
        "report_issued", report, by=job.requested_by, reason=report.reason,
        after={"edition": report.edition, "snapshot": report.snapshot_id, "pdf": report.pdf_sha256, "xlsx": report.xlsx_sha256},
    )  # fmt: skip
    return {"pages": stored.pages}


def plan_reports(today: date) -> Iterator[str]:
    """Ask for a draft of every period that is due and has neither a report nor a job under way (JB7); tidy the files."""
    store.sweep()
    for plan in SectorPlan.objects.select_related("sector"):
        dates = measured_dates(plan)
        for kind in ReportKind.values:
            due = due_periods(kind, dates, today)
            made = _made(plan, kind) if due else set()
            for period in due:
                if period.code not in made and not ReportDraft.was_tried(plan, period):
                    yield ReportDraft.ask(plan, period, by=None).key


def _made(plan: SectorPlan, kind: str) -> set[str]:
    """Codes of the periods with a draft or an edition."""
    return {
        code
        for model in (ReportDraft, IssuedReport)
        for code in model.objects.filter(plan=plan, kind=kind).values_list("period", flat=True)
    }


register(RENDER_JOB, read=_read_draft, make=_make, write=_write_draft, queue="reports")
register(ISSUE_JOB, read=_read_issue, make=_make, write=_write_issue, queue="reports")
