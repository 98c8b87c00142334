"""What the documents for the control offices offer to the rest: their jobs, a menu entry, what awaits a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from evaluation import auditor_tasks
from evaluation.auditor_acts import ISSUE_JOB, RENDER_JOB, issue_problems
from evaluation.models import AuditorDraft, AuditorKind, AuditorReport
from evaluation.models.auditor_report import AuditorDocument
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
        yield {"label": "Formatos", "url": reverse("evaluation:auditor-reports"), "order": 68}


def inbox(user: Any) -> Iterator[dict[str, Any]]:
    """Drafts of a year that is whole, to be issued; the last informe de gestión that waits to be published (act. 15)."""
    for draft in AuditorDraft.objects.visible_to(user, Permission.REPORT_ISSUE).select_related("entity"):
        if not issue_problems(draft.entity, draft.vigencia, draft.kind, ""):
            yield _item(f"Emitir: {draft}", draft, draft.made_at, "report_issue")
    waiting = AuditorReport.objects.visible_to(user, Permission.REPORT_PUBLISH).filter(kind=AuditorKind.GESTION)
    last: dict[tuple[int, int], AuditorReport] = {}
    for report in waiting.select_related("entity", "publication").order_by("edition"):
        last[report.entity_id, report.vigencia] = report
    for report in last.values():
        if not hasattr(report, "publication"):
            yield _item(f"Publicar: {report}", report, report.issued_at, "report_publish")


def _item(title: str, document: AuditorDocument, since: datetime, kind: str) -> dict[str, Any]:
    return {
        "title": title,
        "detail": document.entity.name,
        "url": document.get_absolute_url(),
        "due_on": None,
        "since": timezone.localtime(since).date(),
        "kind": kind,
    }


registry.provide("menu", menu)
registry.provide("inbox", inbox)
registry.provide("job_scope", job_scope)
registry.provide("job_title", job_title)
registry.provide("job_links", job_links)
