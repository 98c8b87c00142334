"""What reports offer to the rest: their jobs' titles and links, who may look at them, and the work that is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from evaluation import report_tasks
from evaluation.models.report import (
    ISSUE_JOB,
    RENDER_JOB,
    IssuedReport,
    ReportDraft,
    ReportKind,
    SectorReport,
    issuing_problems,
)
from evaluation.pages.selection import menu_sector
from evaluation.rules.periods import parse_period
from pes import registry
from pes.models import Job, SectorPlan
from pes.permissions import Permission

KINDS = {RENDER_JOB: Permission.REPORT_REQUEST, ISSUE_JOB: Permission.REPORT_ISSUE}


def job_scope(job: Job) -> Iterator[tuple[Permission, SectorPlan]]:
    """Who may ask for a report may see how its job goes."""
    if job.kind in KINDS:
        yield KINDS[job.kind], SectorPlan.objects.get(pk=job.payload["plan"])


def job_title(job: Job) -> Iterator[str]:
    """«Informe mensual · marzo de 2022»."""
    if job.kind in KINDS:
        period = parse_period(job.payload["kind"], job.payload["period"])
        yield f"Informe {ReportKind(job.payload['kind']).label.lower()} · {period.label}"


def job_links(job: Job) -> Iterator[dict[str, Any]]:
    """Where the report is."""
    if job.kind in KINDS:
        plan = SectorPlan.objects.select_related("sector").get(pk=job.payload["plan"])
        url = reverse("evaluation:report", args=[plan.sector.code, job.payload["kind"], job.payload["period"]])
        yield {"url": url, "label": "Abrir el informe", "format": "", "detail": f"{job.result['pages']} páginas"}


def menu(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """«Informes» of the sector one is on, else of the first that the person may see."""
    slug = menu_sector(request)
    if slug:
        yield {"label": "Informes", "url": reverse("evaluation:reports", args=[slug]), "order": 50}


def inbox(user: Any) -> Iterator[dict[str, Any]]:
    """Drafts that may be issued, and editions that wait to be published."""
    today = timezone.localdate()
    for draft in ReportDraft.objects.visible_to(user, Permission.REPORT_ISSUE).select_related("plan__sector"):
        period = draft.slot
        if IssuedReport.of(draft.plan, period).exists() or issuing_problems(draft.plan, period, 0, "", today):
            continue
        yield _item(f"Emitir el informe {named(draft)}", draft, draft.made_at, "report_issue")
    waiting = IssuedReport.objects.visible_to(user, Permission.REPORT_PUBLISH).filter(publication__isnull=True)
    for report in waiting.select_related("plan__sector"):
        if not IssuedReport.of(report.plan, report.slot).filter(edition__gt=report.edition).exists():
            yield _item(f"Publicar el informe {named(report)}", report, report.issued_at, "report_publish")


def named(report: SectorReport) -> str:
    """«mensual de marzo de 2022»."""
    return f"{report.get_kind_display().lower()}: {report.slot.label}"


def _item(title: str, report: SectorReport, since: datetime, kind: str) -> dict[str, Any]:
    return {
        "title": title,
        "detail": f"Sector {report.plan.sector.name}",
        "url": report.get_absolute_url(),
        "due_on": None,
        "since": timezone.localtime(since).date(),
        "kind": kind,
    }


registry.provide("menu", menu)
registry.provide("inbox", inbox)
registry.provide("job_scope", job_scope)
registry.provide("job_title", job_title)
registry.provide("job_links", job_links)
registry.provide("planner", report_tasks.plan_reports)
