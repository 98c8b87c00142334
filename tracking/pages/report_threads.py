"""Observations and corrections of a report as pages show them, goal by goal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from pes.access import can
from pes.dates import long_instant
from pes.permissions import Permission
from plans.pages.threads import Thread, thread_of
from plans.threads import with_last_side
from tracking.models import GoalReport, QuarterReport, ReportObservation, ReportObservationTurn, TechnicalCorrection
from tracking.report_observations import PLACES
from tracking.rules.goal_reports import ENTRY_BY_NAME
from tracking.rules.report_states import CENTRAL_EDITABLE, EDITABLE, ReportStatus

NOT_NOW = "Se responde cuando la oficina de planeación devuelve el reporte."
NOTHING = "Nada"


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A figure or a word that the OAP changed: what it said, what it says, who and why (WF19)."""

    goal: int
    label: str
    before: str
    after: str
    reason: str
    who: str
    when: str


class Voice:
    """What a person may say about a report now: three queries, whatever the number of threads."""

    def __init__(self, report: QuarterReport, user: Any) -> None:
        self.report, self.status = report, ReportStatus(report.status)
        self.is_team = can(user, Permission.QUARTER_FILL, report)
        self.is_reviewer = can(user, Permission.QUARTER_REVIEW, report)
        supplied = GoalReport.objects.visible_to(user, Permission.GOAL_REPORT).filter(report=report)
        self.supplied = frozenset(supplied.values_list("pk", flat=True))

    @property
    def may_observe(self) -> bool:
        """Whether a thread may be begun."""
        return self.is_reviewer and self.status is ReportStatus.IN_REVIEW

    def answers(self, entry: int | None) -> bool:
        """Whether the person answers for the team in a thread about a row, or about the whole report."""
        team = self.is_team and self.status in EDITABLE
        return team or (entry in self.supplied and self.status in CENTRAL_EDITABLE)

    def speaks(self, entry: int | None) -> str:
        """What the button of a thread says; empty when the person does not speak in it now."""
        if self.answers(entry):
            return "Responder"
        return "Insistir" if self.may_observe else ""


def threads_of(
    report: QuarterReport, user: Any, *, back: str = "", voice: Voice | None = None
) -> dict[int | None, list[Thread]]:
    """Row of a goal → the threads about it that the person may read, in the order they began; None → about the report.

    `back` tells the answer where to return: "review", else the page of the report. Two queries, and three more for the
    person's powers unless `voice` is given.
    """
    speaker = voice or Voice(report, user)
    rows = with_last_side(ReportObservation.objects.visible_to(user, Permission.PLAN_READ)).filter(report=report)
    turns = Prefetch("turns", ReportObservationTurn.objects.select_related("by").order_by("pk"))
    found: dict[int | None, list[Thread]] = {}
    for row in rows.select_related("entry__goal").prefetch_related(turns).order_by("pk"):
        found.setdefault(row.entry_id, []).append(_thread(row, speaker, back))
    return found


def corrections_of(report: QuarterReport) -> dict[int, list[CorrectionRow]]:
    """Row of a goal → what the OAP corrected in it, the first one first; one query."""
    rows = TechnicalCorrection.objects.filter(entry__report=report).select_related("entry__goal", "by").order_by("pk")
    found: dict[int, list[CorrectionRow]] = {}
    for row in rows:
        shown = CorrectionRow(
            goal=row.entry.goal.number,
            label=ENTRY_BY_NAME[row.field].label,
            before=row.before or NOTHING,
            after=row.after or NOTHING,
            reason=row.reason,
            who=str(row.by),
            when=long_instant(row.at),
        )
        found.setdefault(row.entry_id, []).append(shown)
    return found


def place_of(observation: ReportObservation) -> str:
    """«Meta 3 · Evidencias», «Todo el reporte»."""
    if observation.entry is None:
        return "Todo el reporte"
    goal = f"Meta {observation.entry.goal.number}"
    return f"{goal} · {PLACES[observation.field]}" if observation.field in PLACES else goal


def _thread(row: ReportObservation, voice: Voice, back: str) -> Thread:
    return thread_of(
        row,
        goal=row.entry.goal.number if row.entry else None,
        title=place_of(row),
        url=reverse("tracking:report-observation-answer", args=[row.pk]),
        label=voice.speaks(row.entry_id),
        answers=voice.answers(row.entry_id),
        reason=NOT_NOW if voice.is_team else "",
        back=back,
    )
