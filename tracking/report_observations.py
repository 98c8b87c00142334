"""Observations to a report: threads that are only added to (PLE-PIN-P005 v8, act. 11).

A thread is answered when its last turn is the team's; nothing said is ever changed or taken away.
"""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from plans.models import Side
from tracking.models import QuarterReport, ReportObservation, ReportObservationTurn


def with_last_side(observations: QuerySet[ReportObservation]) -> QuerySet[ReportObservation]:
    """Observations that know who spoke last."""
    last = ReportObservationTurn.objects.filter(observation=OuterRef("pk")).order_by("-pk").values("side")[:1]
    return observations.annotate(last_side=Subquery(last))


def awaiting_team(observations: QuerySet[ReportObservation]) -> QuerySet[ReportObservation]:
    """Threads in which the team owes an answer."""
    return with_last_side(observations).filter(last_side=Side.REVIEWER)


def unanswered(report: QuarterReport) -> int:
    """How many threads of a report await the team's answer; one query."""
    return awaiting_team(ReportObservation.objects.filter(report=report)).count()
