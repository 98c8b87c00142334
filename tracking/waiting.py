"""Where each quarterly report waits, for whom and since when: «Mi trabajo», the reminders and the ageing board read it.

A report is at one stage, that of its state; what a central area owes of it is a second, beside it (PG-08). A validated
one waits for nobody by itself: the close of its level does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from pes.permissions import Permission
from pes.rules.programming import ProgrammingType
from plans.models import QuarterTarget
from plans.rules.goals import GoalStatus
from tracking.models import GoalReport, QuarterReport
from tracking.rules.report_states import CENTRAL_EDITABLE, ReportStatus


@dataclass(frozen=True, slots=True)
class Stage:
    """A place where reports wait: who must act (the permission that lets them), the page, and since which instant."""

    statuses: frozenset[ReportStatus]
    permission: Permission
    page: str
    since: str
    words: str

    def since_of(self, report: QuarterReport) -> datetime:
        """Since when the report waits here."""
        instant: datetime = getattr(report, self.since) or report.opened_at
        return instant


_S = ReportStatus
TO_FILL = Stage(
    frozenset({_S.OPEN, _S.FILLING}), Permission.QUARTER_FILL, "report", "opened_at", "Diligenciar y enviar"
)
TO_ANSWER = Stage(frozenset({_S.RETURNED}), Permission.QUARTER_FILL, "report", "returned_at", "Responder y reenviar")
TO_TAKE = Stage(frozenset({_S.SUBMITTED}), Permission.QUARTER_REVIEW, "report-review", "submitted_at", "Revisar")
UNDER_REVIEW = Stage(
    frozenset({_S.IN_REVIEW}), Permission.QUARTER_REVIEW, "report-review", "taken_at", "Terminar de revisar"
)
STAGES = (TO_FILL, TO_ANSWER, TO_TAKE, UNDER_REVIEW)
_STAGE_OF = {status: stage for stage in STAGES for status in stage.statuses}


def stage_of(report: QuarterReport) -> Stage:
    """Where a report that still waits is; KeyError for one that does not."""
    return _STAGE_OF[ReportStatus(report.status)]


def waiting_reports(user: Any, stages: Iterable[Stage], permission: Permission) -> QuerySet[QuarterReport]:
    """The reports at some stages on which a person holds a permission, with plan, unit and analyst; one query."""
    statuses = frozenset[ReportStatus]().union(*(stage.statuses for stage in stages))
    found = QuarterReport.objects.visible_to(user, permission).filter(status__in=statuses)
    return found.select_related("plan__unit", "reviewer")


def of_areas() -> QuerySet[GoalReport]:
    """The rows that central areas report, where something is programmed for the quarter (PG-08, PT-12)."""
    programmed = QuarterTarget.objects.filter(goal=OuterRef("goal"), quarter=OuterRef("quarter")).filter(
        Q(programmed__gt=0) | Q(programmed=0, goal__programming_type=ProgrammingType.DECRECIENTE)
    )
    rows = GoalReport.objects.filter(goal__central_area__isnull=False, goal__status=GoalStatus.ACTIVE)
    return rows.filter(Exists(programmed))


#: What a central area owes, of the rows that it reports: its figure or its words, while the report still takes them.
OWED = Q(report__status__in=CENTRAL_EDITABLE) & (Q(supplied_at=None) | Q(narrative__analysis=""))
