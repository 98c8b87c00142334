"""What acts upon a report write, and how a report is left where they find it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from plans.models import Side
from tests.tracking.matrix_world import Stage
from tracking.models import (
    Delegation,
    DueExtension,
    Evidence,
    EvidenceWithdrawal,
    GoalNarrative,
    GoalReport,
    QuarterReport,
    ReportObservation,
    ReportObservationTurn,
    TeamComment,
    TechnicalCorrection,
)
from tracking.rules.report_states import OFFICIAL

WRITTEN: tuple[type[models.Model], ...] = (
    QuarterReport,
    GoalReport,
    GoalNarrative,
    DueExtension,
    Evidence,
    EvidenceWithdrawal,
    ReportObservation,
    ReportObservationTurn,
    TechnicalCorrection,
    TeamComment,
    Delegation,
)


GIVEN = {"id", "observation_id"}


def rows() -> dict[str, list[Any]]:
    """Every row that an act could have changed, without the keys that it was given."""
    return {
        kind.__name__: sorted(
            str({name: value for name, value in row.items() if name not in GIVEN})
            for row in kind._default_manager.values()
        )
        for kind in WRITTEN
    }


def answered(stage: Stage) -> None:
    """The one thread of the stage, with its answer."""
    said = {"side": Side.TEAM, "text": "Hecho.", "by": stage.found.teresa, "at": timezone.now()}
    ReportObservationTurn.objects.create(observation=stage.thread, **said)


def put(report: QuarterReport, state: str) -> None:
    """Leave a report where its way through SM-2 would: that way is proven with the verbs themselves."""
    stamps = {"validated_by": report.submitted_by, "validated_at": timezone.now()} if state in OFFICIAL else {}
    QuarterReport.objects.filter(pk=report.pk).update(status=state, **stamps)
