"""The figures of a sector at a cut-off: the stored result where it is good, else computed now by the same function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evaluation import serial
from evaluation.facts import cutoff_dates
from evaluation.models.cutoff import Cutoff, compute
from evaluation.rules.results import SectorResult
from pes.models import Job, JobState, Metodologia, OrganizationUnit, SectorPlan
from tracking.models.measurement import CUTOFF_JOB


@dataclass(frozen=True, slots=True)
class SectorFigures:
    """A plan's result at a cut-off; `cutoff` is `None` when nothing of the vigencia is measured."""

    plan: SectorPlan
    vigencia: int
    cutoff: date | None
    methodology: str
    result: SectorResult


def sector_figures(sector: OrganizationUnit, vigencia: int, on: date | None = None) -> SectorFigures | None:
    """The figures of a vigencia at a date, by default its last measured one; `None` when no plan includes it."""
    plans = SectorPlan.objects.filter(sector=sector, first_vigencia__lte=vigencia, last_vigencia__gte=vigencia)
    plan = plans.select_related("sector").order_by("-first_vigencia").first()
    if plan is None:
        return None
    measured = cutoff_dates(plan, vigencia)
    cutoff = on or (measured[-1] if measured else None)
    stored = _stored(plan, cutoff) if cutoff else None
    if stored is not None:
        return SectorFigures(plan, vigencia, cutoff, stored.methodology, stored.sector_result)
    computation = compute(plan, cutoff or date(vigencia, 12, 31), closed=False)
    result = serial.from_json(computation["result"])
    return SectorFigures(plan, vigencia, cutoff, computation["methodology"]["label"], result)


def _stored(plan: SectorPlan, on: date) -> Cutoff | None:
    """The stored result, if nothing waits that would change it; a consolidated one never changes."""
    cutoff = Cutoff.objects.filter(plan=plan, on=on).first()
    if cutoff is None or cutoff.is_consolidated:
        return cutoff
    waiting = Job.objects.filter(
        key=f"{CUTOFF_JOB}:{plan.pk}:{on.year}", state__in=[JobState.QUEUED, JobState.RUNNING]
    ).exists()
    return None if waiting or cutoff.methodology != Metodologia.in_force(on.year).label else cutoff
