"""The job that opens the roads of a segment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.urls import reverse

from pes.access import demand
from pes.jobs import Progress, register
from pes.models import HitoSchedule, Job, TerritorySegment
from pes.permissions import Permission
from pes.territory.opening import OPEN_JOB, open_roads


def _read(job: Job) -> int:
    segment = TerritorySegment.objects.get(pk=job.payload["segment"])
    demand(job.requested_by, Permission.TERRITORY_MANAGE, segment)
    return segment.pk


def _make(segment: int, progress: Progress) -> int:
    """Everything is done by the write: all roads of the segment, or none."""
    progress(10)
    return segment


def _write(job: Job, _read: int, segment: int) -> dict[str, Any]:
    found = TerritorySegment.objects.select_related("unit").get(pk=segment)
    schedule = HitoSchedule.objects.get(pk=job.payload["schedule"])
    assert job.requested_by is not None  # a person asked
    opened = open_roads(found.entities().select_related("region"), schedule, by=job.requested_by)
    return asdict(opened)


def job_title(job: Job) -> Iterator[str]:
    """What the job does, for its page."""
    if job.kind == OPEN_JOB:
        segment = TerritorySegment.objects.get(pk=job.payload["segment"])
        yield f"Abrir las hojas de ruta de «{segment.name}»"


def job_links(job: Job) -> Iterator[dict[str, str]]:
    """Where its work is seen."""
    if job.kind == OPEN_JOB:
        counts = job.result or {}
        words = {"made": "Abiertas", "there": "ya estaban", "waiting": "esperan su paso a la fase II"}
        detail = " · ".join(f"{said}: {counts.get(name, 0)}" for name, said in words.items())
        yield {"label": "Ver las entidades", "url": reverse("pes:territory"), "detail": detail}


register(OPEN_JOB, read=_read, make=_make, write=_write)
