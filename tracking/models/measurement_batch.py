"""Many measurements at once, under the rules of one: a workbook or a connection brings a thousand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.models import Indicator, SectorPlan, User
from pes.permissions import Permission
from pes.rules.problems import Problem
from tracking.models.measurement import Measurement, MeasurementAnalysis, ask_for_cutoffs, measuring_permission
from tracking.rules.measurements import measurement_problems


class NewMeasurement(NamedTuple):
    """What an indicator had reached at a date, in its unit."""

    indicator: Indicator
    on: date
    achieved: Decimal
    analysis: str


@transaction.atomic
def register_many(
    plan: SectorPlan, rows: Sequence[NewMeasurement], *, by: User, today: date | None = None
) -> list[tuple[int, Problem]]:
    """Register measurements of a plan, all or none; what keeps each row (by its index) from being registered.

    The indicators come with their goal. The cut-offs of each vigencia are asked for once.
    """
    if not rows:
        return []
    held = SectorPlan.hold(plan.pk)
    problems = [
        *_powerless(plan, rows, by),
        *_refused(held, rows, today or timezone.localdate()),
    ]
    if problems:
        return problems
    now = timezone.now()
    made = Measurement.objects.bulk_create(
        (
            Measurement(indicator=row.indicator, on=row.on, achieved=row.achieved, recorded_by=by, recorded_at=now)
            for row in rows
        ),
        batch_size=200,
    )
    MeasurementAnalysis.objects.bulk_create(
        (MeasurementAnalysis(measurement=one, text=row.analysis) for one, row in zip(made, rows, strict=True)),
        batch_size=200,
    )
    for one, row in zip(made, rows, strict=True):
        said = {
            "indicator": one.indicator_id,
            "on": row.on.isoformat(),
            "achieved": str(row.achieved),
            "analysis": row.analysis,
        }
        audit.record("measurement_registered", one, by=by, after=said)
    for vigencia in sorted({row.on.year for row in rows}):
        ask_for_cutoffs(plan.pk, vigencia, by=by)
    return []


def _powerless(plan: SectorPlan, rows: Sequence[NewMeasurement], by: User) -> list[tuple[int, Problem]]:
    """Rows of indicators that the person may not measure; two queries for any number of rows."""
    indicators = Indicator.objects.filter(plan=plan)
    may = {
        power: set(
            indicators.filter(pk__in=Indicator.objects.visible_to(by, power).values("pk")).values_list("pk", flat=True)
        )
        for power in (Permission.INDICATOR_MEASURE, Permission.PROJECT_MEASURE)
    }
    return [
        (at, Problem("forbidden", "AZ1", f"{power.label}: usted no tiene este permiso sobre {row.indicator}."))
        for at, row in enumerate(rows)
        for power in [measuring_permission(row.indicator)]
        if row.indicator.pk not in may[power]
    ]


def _refused(plan: SectorPlan, rows: Sequence[NewMeasurement], today: date) -> list[tuple[int, Problem]]:
    known = set(Measurement.objects.filter(indicator__plan=plan).values_list("indicator_id", "on"))
    return [
        (at, problem)
        for at, row in enumerate(rows)
        for problem in measurement_problems(
            on=row.on,
            achieved=row.achieved,
            vigencias=plan.vigencias,
            today=today,
            consolidated_through=plan.consolidated_through,
            repeated=(row.indicator.pk, row.on) in known,
        )
    ]
