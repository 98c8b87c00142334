"""The jobs of evaluation: computing the cut-offs of a vigencia."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone

from evaluation.facts import cutoff_dates
from evaluation.models.cutoff import Cutoff, CutoffStatus, compute
from pes import registry
from pes.jobs import Progress, register
from pes.models import Job, Metodologia, SectorPlan, User
from tracking.models.measurement import CUTOFF_JOB, ask_for_cutoffs


def _read(job: Job) -> dict[date, dict[str, Any]]:
    """Compute every open cut-off of the vigencia from one state of the data."""
    plan = SectorPlan.objects.get(pk=job.payload["plan"])
    sealed = set(
        Cutoff.objects.filter(
            plan=plan, on__year=job.payload["vigencia"], status=CutoffStatus.CONSOLIDATED
        ).values_list("on", flat=True)
    )
    dates = [on for on in cutoff_dates(plan, job.payload["vigencia"]) if on not in sealed]
    return {on: compute(plan, on, closed=False) for on in dates}


def _make(context: dict[date, dict[str, Any]], progress: Progress) -> dict[date, dict[str, Any]]:
    return context


def _write(job: Job, context: Any, made: dict[date, dict[str, Any]]) -> dict[str, Any]:
    """Store the results, except where a cut-off was consolidated meanwhile."""
    now = timezone.now()
    for on, computation in made.items():
        values = {
            "methodology": computation["methodology"]["label"],
            "result": computation["result"],
            "computed_at": now,
        }
        cutoff, created = Cutoff.objects.get_or_create(
            plan_id=job.payload["plan"], on=on, defaults=values | {"version": 1}
        )
        if not created:
            Cutoff.objects.filter(pk=cutoff.pk, status=CutoffStatus.OPEN).update(version=F("version") + 1, **values)
    return {"cutoffs": [on.isoformat() for on in made]}


def compute_again(methodology: Metodologia, by: User) -> Iterator[Job]:
    """A methodology is in force from now on: the open cut-offs of its vigencia are asked for again (REP-09)."""
    touched = Cutoff.objects.filter(on__year=methodology.vigencia_id, status=CutoffStatus.OPEN)
    for plan_id in touched.order_by("plan_id").values_list("plan_id", flat=True).distinct():
        yield ask_for_cutoffs(plan_id, methodology.vigencia_id, by=by)


registry.provide("methodology_published", compute_again)
register(CUTOFF_JOB, read=_read, make=_make, write=_write)
