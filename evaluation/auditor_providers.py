"""What the documents for the control offices offer to the rest: their jobs, a menu entry, what awaits a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from evaluation import auditor_tasks
from evaluation.auditor_acts import ISSUE_JOB, RENDER_JOB
from evaluation.models import AuditorKind, AuditorReport
from pes import registry
from pes.access import holds
from pes.models import Job, OrganizationUnit
from pes.permissions import Permission

__all__ = ["auditor_tasks"]
KINDS = {RENDER_JOB: Permission.REPORT_REQUEST, ISSUE_JOB: Permission.REPORT_ISSUE}


def job_scope(job: Job) -> Iterator[tuple[Permission, OrganizationUnit]]:
    """Who may ask for a document may see how its job goes."""
    if job.kind in KINDS:
        yield KINDS[job.kind], OrganizationUnit.objects.get(pk=job.payload["entity"])


def job_title(job: Job) -> Iterator[str]:
    """«CB-0404 Indicadores de gestión · 2022»."""
    if job.kind in KINDS:
        yield f"{AuditorKind(job.payload['kind']).label} · {job.payload['vigencia']}"


def job_links(job: Job) -> Iterator[dict[str, Any]]:
    """Where the document is."""
    if job.kind in KINDS:
        entity = OrganizationUnit.objects.get(pk=job.payload["entity"])
        url = reverse("evaluation:auditor-report", args=[entity.code, job.payload["vigencia"], job.payload["kind"]])
        yield {"url": url, "label": "Abrir el documento", "format": "", "detail": f"{job.result['pages']} páginas"}


def menu(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """«Formatos de control» for who prepares them."""
    if holds(request.user, Permission.REPORT_REQUEST):
        yield {"label": "Formatos de control", "url": reverse("evaluation:auditor-reports"), "order": 68}


def inbox(user: Any) -> Iterator[dict[str, Any]]:
    """The last edition of an informe de gestión that waits to be published (act. 15)."""
    waiting = AuditorReport.objects.visible_to(user, Permission.REPORT_PUBLISH).filter(
        kind=AuditorKind.GESTION, publication__isnull=True
    )
    last: dict[tuple[int, int], AuditorReport] = {}
    for report in waiting.select_related("entity").order_by("edition"):
        last[report.entity_id, report.vigencia] = report
    for report in last.values():
        yield {
            "title": f"Publicar el informe de gestión {report.vigencia}",
            "detail": report.entity.name,
            "url": report.get_absolute_url(),
            "due_on": None,
            "since": timezone.localtime(report.issued_at).date(),
            "kind": "report_publish",
        }


registry.provide("menu", menu)
registry.provide("inbox", inbox)
registry.provide("job_scope", job_scope)
registry.provide("job_title", job_title)
registry.provide("job_links", job_links)
