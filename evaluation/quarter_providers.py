"""What the closes of quarters offer to the rest: their jobs, who may look at them, menu entries, what awaits a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from evaluation import quarter_close_job, quarter_progress
from evaluation.quarter_closes import CLOSE_JOB
from pes import registry
from pes.models import Job, OrganizationUnit
from pes.permissions import Permission
from plans.models.plan import PlanLevel

__all__ = ["quarter_close_job", "quarter_progress"]


def job_scope(job: Job) -> Iterator[tuple[Permission, OrganizationUnit]]:
    """Who may consolidate the quarter may see how its job goes."""
    if job.kind == CLOSE_JOB:
        yield Permission.QUARTER_CONSOLIDATE, OrganizationUnit.objects.get(pk=job.payload["entity"])


def job_title(job: Job) -> Iterator[str]:
    """«Cierre de T1 2022 · Nivel central»."""
    if job.kind == CLOSE_JOB:
        said = job.payload
        level = PlanLevel(said["level"]).label.partition(" (")[0].lower()
        yield f"Cierre de T{said['quarter']} {said['vigencia']}, {level} · corrida {said['run']}"


def job_links(job: Job) -> Iterator[dict[str, Any]]:
    """Where the run is."""
    if job.kind == CLOSE_JOB:
        said = job.payload
        entity = OrganizationUnit.objects.get(pk=said["entity"])
        url = reverse("evaluation:close", args=[entity.code, said["vigencia"], said["quarter"], said["level"]])
        detail = f"{job.result['units']} planes, {job.result['goals']} metas"
        yield {"url": url, "label": "Ver los resultados", "format": "", "detail": detail}


registry.provide("job_scope", job_scope)
registry.provide("job_title", job_title)
registry.provide("job_links", job_links)
