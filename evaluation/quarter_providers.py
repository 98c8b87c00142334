"""What the closes of quarters offer to the rest: their jobs, who may look at them, menu entries, what awaits a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from evaluation import quarter_close_job, quarter_progress
from evaluation.models import QuarterProgress, UnitResult
from evaluation.pages.standings import LEVEL_NAMES
from evaluation.quarter_closes import CLOSE_JOB
from evaluation.quarter_progress import ask_for_quarter
from pes import registry
from pes.access import holds, holds_any
from pes.models import Job, Metodologia, OrganizationUnit, User
from pes.permissions import Permission

__all__ = ["quarter_close_job", "quarter_progress"]


def job_scope(job: Job) -> Iterator[tuple[Permission, OrganizationUnit]]:
    """Who may consolidate the quarter may see how its job goes."""
    if job.kind == CLOSE_JOB:
        yield Permission.QUARTER_CONSOLIDATE, OrganizationUnit.objects.get(pk=job.payload["entity"])


def job_title(job: Job) -> Iterator[str]:
    """«Cierre de T1 2022, procesos centrales · corrida 1»."""
    if job.kind == CLOSE_JOB:
        said = job.payload
        level = LEVEL_NAMES[said["level"]].lower()
        yield f"Cierre de T{said['quarter']} {said['vigencia']}, {level} · corrida {said['run']}"


def job_links(job: Job) -> Iterator[dict[str, Any]]:
    """Where the run is."""
    if job.kind == CLOSE_JOB:
        said = job.payload
        entity = OrganizationUnit.objects.get(pk=said["entity"])
        url = reverse("evaluation:close", args=[entity.code, said["vigencia"], said["quarter"], said["level"]])
        detail = f"{job.result['units']} planes, {job.result['goals']} metas"
        yield {"url": url, "label": "Ver los resultados", "format": "", "detail": detail}


def menu(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """«Cierres» for who consolidates or publishes, «Ranking» for who may read any plan."""
    if holds_any(request.user, (Permission.QUARTER_CONSOLIDATE, Permission.QUARTER_PUBLISH)):
        yield {"label": "Cierres", "url": reverse("evaluation:closes"), "order": 64}
    if holds(request.user, Permission.PLAN_READ):
        yield {"label": "Ranking", "url": reverse("evaluation:ranking"), "order": 66}


def public_links(code: str, vigencia: int) -> Iterator[dict[str, str]]:
    """The published progress of a plan (code of its unit), for its public page (PG-PUB)."""
    results = UnitResult.objects.filter(plan__unit__code=code, plan__vigencia=vigencia)
    if results.filter(close__publication__isnull=False).exists():
        url = reverse("evaluation:public-unit-results", args=[code, vigencia])
        yield {"label": "Avance trimestre a trimestre", "url": url}


def compute_again(methodology: Metodologia, by: User) -> Iterator[Job]:
    """A methodology is in force from now on: what is computed of its vigencia is asked for again (REP-09)."""
    known = QuarterProgress.objects.filter(vigencia=methodology.vigencia_id).order_by("entity", "quarter")
    for entity, quarter in known.values_list("entity", "quarter").distinct():
        yield ask_for_quarter(entity, methodology.vigencia_id, quarter, by=by)


registry.provide("menu", menu)
registry.provide("public_plan_links", public_links)
registry.provide("methodology_published", compute_again)
registry.provide("job_scope", job_scope)
registry.provide("job_title", job_title)
registry.provide("job_links", job_links)
