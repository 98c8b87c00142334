"""What the system looked at before the analyst: every goal of a report with its automatic checks (PT-19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F

from pes.rules.problems import Problem
from pes.rules.quarters import Quarter, executed
from plans.rules.values import is_percentage
from tracking.content import Reading
from tracking.models import QuarterReport, ReportVersion
from tracking.rules.review_checks import review_checks

Checks = dict[int, list[Problem]]
Sealed = Mapping[int, Mapping[int, Decimal | None]]


def checks_of(reading: Reading) -> Checks:
    """Number of a goal → its automatic checks, errors before warnings; one query beyond the reading."""
    [(_, checks)] = findings_of([reading])
    return checks


def findings_of(readings: Sequence[Reading]) -> list[tuple[Reading, Checks]]:
    """Several reports of one quarter with the checks of their goals, at the cost of one."""
    if not readings:
        return []
    sealed = sealed_amounts(readings)
    return [(reading, _checks(reading, sealed.get(reading.report.plan_id, {}))) for reading in readings]


def sealed_amounts(readings: Sequence[Reading]) -> dict[int, dict[int, dict[int, Decimal | None]]]:
    """Plan → number of a goal → earlier quarter → the executed amount with which it was consolidated, in its unit.

    What a quarter was frozen with is the last version that was validated before it was consolidated.
    """
    quarter = readings[0].report.quarter
    units = {reading.report.plan_id: {goal.number: goal.unit for goal in reading.goals} for reading in readings}
    if quarter == 1:
        return {}
    frozen = ReportVersion.objects.filter(
        report__in=QuarterReport.objects.filter(plan__in=units, quarter__lt=quarter),
        event=ReportVersion.Event.VALIDATED,
        at__lte=F("report__consolidated_at"),
    )
    rows = frozen.order_by("number").values_list("report__plan", "report__quarter", "content")
    contents = {(plan, sealed): content for plan, sealed, content in rows}  # the last one stays
    found: dict[int, dict[int, dict[int, Decimal | None]]] = {}
    for (plan, sealed), content in contents.items():
        for goal in content["goals"]:
            by_quarter = found.setdefault(plan, {}).setdefault(goal["number"], {})
            by_quarter[sealed] = _executed(goal, units[plan].get(goal["number"], ""))
    return found


def _checks(reading: Reading, sealed: Sealed) -> Checks:
    quarter = reading.report.quarter
    return {
        row.goal.number: review_checks(row.goal, quarter, row.results, sealed=sealed.get(row.goal.number, {}))
        for row in reading.measured
    }


def _executed(goal: Mapping[str, Any], unit: str) -> Decimal | None:
    achieved, numerator, denominator = (
        None if goal[name] is None else Decimal(goal[name]) for name in ("achieved", "numerator", "denominator")
    )
    return executed(Quarter(None, achieved, numerator, denominator), is_percentage(unit))
