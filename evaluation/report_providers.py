"""What reports offer to the rest: their jobs' titles and links, who may look at them, and the work that is due."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from evaluation import report_tasks
from evaluation.models.report import ISSUE_JOB, RENDER_JOB, ReportKind
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


registry.provide("job_scope", job_scope)
registry.provide("job_title", job_title)
registry.provide("job_links", job_links)
registry.provide("planner", report_tasks.plan_reports)
