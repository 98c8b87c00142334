"""What the approval offers to the rest: its tabs, what it awaits, what it knows of gates, and its jobs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pes import registry
from pes.approval.gate_facts import gate_facts
from pes.approval.inbox import inbox
from pes.approval.tasks import DRAFT_JOB, VERSION_JOB
from pes.models import Job, PesVersion, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import plan_url

KINDS = (DRAFT_JOB, VERSION_JOB)


def plan_tabs(user: Any, plan: SectorPlan) -> Iterator[dict[str, Any]]:
    """«Versiones» and «Aprobación»."""
    yield {"key": "versions", "label": "Versiones", "url": plan_url(plan, "pes:versions"), "order": 55}
    yield {"key": "approval", "label": "Aprobación", "url": plan_url(plan, "pes:approval"), "order": 60}


def job_scope(job: Job) -> Iterator[tuple[Permission, SectorPlan]]:
    """Who reads the PES may see how its files go."""
    if job.kind in KINDS:
        yield Permission.PES_READ, _plan(job)


def job_title(job: Job) -> Iterator[str]:
    """«Documento del PES · Versión 2»."""
    if job.kind in KINDS:
        yield f"Documento del PES · {_edition(job)}"


def job_links(job: Job) -> Iterator[dict[str, Any]]:
    """Where the files are."""
    if job.kind == DRAFT_JOB:
        yield _link(job, plan_url(_plan(job), "pes:versions"))
    elif job.kind == VERSION_JOB:
        yield _link(job, plan_url(_plan(job), "pes:version", _version(job).number))


def _plan(job: Job) -> SectorPlan:
    if job.kind == DRAFT_JOB:
        return SectorPlan.objects.select_related("sector").get(pk=job.payload["plan"])
    return _version(job).plan


def _version(job: Job) -> PesVersion:
    rows = PesVersion.objects.defer("content").select_related("plan__sector")
    return rows.get(pk=job.payload["pes_version"])


def _edition(job: Job) -> str:
    return "Borrador" if job.kind == DRAFT_JOB else str(_version(job))


def _link(job: Job, url: str) -> dict[str, Any]:
    return {"url": url, "label": "Abrir los archivos", "format": "", "detail": f"{job.result['pages']} páginas"}


registry.provide("plan_tabs", plan_tabs)
registry.provide("inbox", inbox)
registry.provide("gate_facts", gate_facts)
registry.provide("job_scope", job_scope)
registry.provide("job_title", job_title)
registry.provide("job_links", job_links)
