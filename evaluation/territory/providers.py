"""What the evaluation of the territory offers to the rest: its tab, its job, and the ratings that are due."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone

from evaluation.models import TeamAssessment
from evaluation.territory.tasks import KIND
from pes import registry
from pes.access import roles_of
from pes.models import AdvisorAssignment, Job, OrganizationUnit, UnitKind
from pes.permissions import Permission, Role
from tracking.assistance.months import words, written
from tracking.rules.assistance import month_before


def tabs(user: Any) -> Iterator[dict[str, Any]]:
    """Monitoreo 360, beside the progress."""
    yield {"key": "monitoring", "label": "Monitoreo 360", "url": reverse("evaluation:monitoring"), "order": 25}


def inbox(user: Any) -> Iterator[dict[str, Any]]:
    """The rating of last month, for who coordinates a region with advisors and has not rated it."""
    if Role.COORDINADOR_REGIONAL not in roles_of(user):
        return
    month = month_before(timezone.localdate())
    rows = OrganizationUnit.objects.visible_to(user, Permission.ADVISOR_RATE).filter(kind=UnitKind.REGION)
    done = TeamAssessment.objects.filter(month=month).values("unit")
    advised = AdvisorAssignment.objects.open().values("entity__region")
    for region in rows.filter(pk__in=advised).exclude(pk__in=done).order_by("sort_key", "code"):
        yield {
            "title": f"Calificar al equipo asesor de {words(month)}",
            "detail": region.name,
            "url": reverse("evaluation:rating-form", args=[region.code, written(month)]),
            "due_on": None,
            "since": None,
            "kind": "advisor_rating",
        }


def job_title(job: Job) -> Iterator[str]:
    """«Monitoreo 360»."""
    if job.kind == KIND:
        yield "Monitoreo 360"


def job_links(job: Job) -> Iterator[dict[str, Any]]:
    """Where the PDF is."""
    if job.kind == KIND:
        url = reverse("evaluation:monitoring-file", args=[job.result["files"]])
        yield {"url": url, "label": "Monitoreo 360", "format": "PDF", "detail": ""}


registry.provide("territory_tabs", tabs)
registry.provide("inbox", inbox)
registry.provide("job_title", job_title)
registry.provide("job_links", job_links)
