"""Quarterly reports made the way the product does: every step is a verb, taken by somebody who may."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pes.models import User
from pes.permissions import Permission
from plans.models import PlanGestion, Side
from tests.plan_makers import holder
from tracking import lifecycle
from tracking.filling import EntryChange, write_entries
from tracking.models import Evidence, EvidenceKind, GoalReport, QuarterReport, ReportObservation, ReportObservationTurn
from tracking.rules.report_states import ReportStatus

OPENED = {1: (4, 1), 2: (7, 1), 3: (10, 1), 4: (1, 1)}  # the day after each quarter ends
ENTRY: Mapping[str, Any] = {
    "achieved": Decimal(25),
    "analysis": "Se atendieron las solicitudes del trimestre.",
    "accumulated_analysis": "La meta avanza según lo programado.",
}
LINK = "https://ejemplo.invalid/soporte.pdf"
_WAY = (
    ReportStatus.OPEN,
    ReportStatus.FILLING,
    ReportStatus.SUBMITTED,
    ReportStatus.IN_REVIEW,
    ReportStatus.VALIDATED,
)


def opened_on(vigencia: int, quarter: int, days: int = 0) -> datetime:
    """Noon in Bogotá, some days after the report of a quarter is opened."""
    month, day = OPENED[quarter]
    return datetime(vigencia + (quarter == 4), month, day + days, 17, tzinfo=UTC)


def report(
    plan: PlanGestion, quarter: int = 1, *, status: str = "open", entries: Mapping[int, Mapping[str, Any]] | None = None
) -> QuarterReport:
    """The report of a published plan's quarter, in a state of SM-2 up to validated; the quarter opens if it has not.

    `entries` says what differs from `ENTRY`, by number of goal. Everything happens within the term.
    """
    vigencia = plan.vigencia_id
    if not plan.reports.filter(quarter=quarter).exists():
        lifecycle.open_reports(vigencia, quarter, now=opened_on(vigencia, quarter))
    found = again(plan.reports.get(quarter=quarter))
    wanted = ReportStatus(status)
    way = _WAY if wanted in _WAY else (*_WAY[:4], wanted)
    for step in way[1 : way.index(wanted) + 1]:
        take_step(found, step, entries or {})
    return again(found)


def take_step(found: QuarterReport, step: ReportStatus, entries: Mapping[int, Mapping[str, Any]]) -> None:
    """One step of the way, on the fifth day after opening."""
    now, unit = opened_on(found.plan.vigencia_id, found.quarter, days=4), found.plan.unit
    leader, analyst = holder(Permission.QUARTER_SUBMIT, unit), holder(Permission.QUARTER_REVIEW, unit)
    if step is ReportStatus.FILLING:
        fill(found, entries)
    elif step is ReportStatus.SUBMITTED:
        lifecycle.submit(found, by=leader, now=now)
    elif step is ReportStatus.IN_REVIEW:
        lifecycle.take(found, by=analyst, now=now)
    elif step is ReportStatus.RETURNED:
        observe(found, by=analyst, now=now)
        lifecycle.send_back(found, by=analyst, now=now)
    else:
        lifecycle.validate(found, by=analyst, now=now)


def fill(found: QuarterReport, entries: Mapping[int, Mapping[str, Any]] = {}) -> None:
    """Fill in every goal that the team reports, each with a link as evidence; central areas' goals stay."""
    leader = holder(Permission.QUARTER_FILL, found.plan.unit)
    rows = GoalReport.objects.filter(report=found, goal__central_area=None, goal__status="active").select_related(
        "goal"
    )
    for row in rows:
        change = EntryChange(row.goal.number, {**ENTRY, **entries.get(row.goal.number, {})})
        write_entries(found, [change], by=leader)
        prove(row, by=leader)


def prove(row: GoalReport, *, by: User) -> Evidence:
    """A link that proves what a goal reports."""
    return Evidence.objects.create(
        entry=row, kind=EvidenceKind.LINK, url=LINK, display_name="Soporte", uploaded_by=by, uploaded_at=timezone.now()
    )


def observe(found: QuarterReport, *, by: User, now: datetime, text: str = "Falta precisar el análisis.") -> None:
    """A thread about the whole report, which awaits its team."""
    thread = ReportObservation.objects.create(report=found, raised_by=by, raised_at=now)
    ReportObservationTurn.objects.create(observation=thread, side=Side.REVIEWER, text=text, by=by, at=now)


def again(found: QuarterReport) -> QuarterReport:
    """The report as the database has it now, with its plan and unit."""
    return QuarterReport.objects.select_related("plan__unit__parent").get(pk=found.pk)
