"""The review of a report side by side: what the system found first, then each goal with its quarters (PG-R5; act. 10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils import timezone

from pes.access import can
from pes.dates import long_date, long_instant
from pes.forms.base import ReasonForm
from pes.permissions import Permission
from pes.rules.problems import Problem
from plans.pages.marks import MarkedDifference, marked
from plans.pages.review import first_of
from plans.pages.threads import Thread
from plans.rules.plan_states import PlanStatus
from tracking.content import reading_of
from tracking.lifecycle import problems_of
from tracking.models import GoalReport, QuarterReport, ReportVersion
from tracking.pages.evidence import EvidenceBox, evidence_boxes
from tracking.pages.report import TONES
from tracking.pages.report_bar import TURN
from tracking.pages.report_checks import checks_of
from tracking.pages.report_review_goal import GoalReview
from tracking.pages.report_tabs import tabs_of
from tracking.pages.report_term import term_of
from tracking.pages.report_threads import Voice, corrections_of, threads_of
from tracking.review_forms import ReportObservationForm, SendBackForm
from tracking.rules.goal_reports import Measured
from tracking.rules.report_differences import report_differences
from tracking.rules.report_states import OFFICIAL, ReportStatus
from tracking.rules.report_steps import reopening_problems

PER_PAGE = 20
ONLY = (
    ("", "Todas las metas"),
    ("hallazgos", "Con hallazgos automáticos"),
    ("observaciones", "Con observaciones"),
    ("cambios", "Cambiadas desde el envío anterior"),
    ("centrales", "De áreas centrales"),
)
NO_REVIEW = "Lo hace un analista de la oficina asesora de planeación."
NOT_SENT = "El equipo todavía no lo ha enviado."
NOT_TAKEN = "Primero tómelo para revisarlo."
ACCEPTED = "El reporte ya está aceptado."
NO_EXTEND = "Lo prorroga la jefatura de la oficina asesora de planeación."
NO_REOPEN = "Lo reabre la jefatura de la oficina asesora de planeación."


class ReportReview:
    """The page of the review for one person; a constant number of queries whatever the goals."""

    def __init__(
        self, report: QuarterReport, user: Any, *, only: str = "", page: str | None = None, goal: int | None = None
    ) -> None:
        self.report, self.user, self.only, self._number, self.asked = report, user, only, page, goal
        self.status = ReportStatus(report.status)
        self.tone, self.turn = TONES[self.status], TURN[self.status]
        self.reading = reading_of(report)
        self.checks: Mapping[int, Sequence[Problem]] = checks_of(self.reading)
        self.voice = Voice(report, user)
        self.threads: Mapping[int | None, list[Thread]] = threads_of(report, user, back="review", voice=self.voice)

    @cached_property
    def term(self) -> Any:
        """Until when it was due, and whether it came in time."""
        return term_of(self.report, timezone.localdate())

    @property
    def reason(self) -> str:
        """Why this person neither observes, corrects, returns nor validates; empty when they may."""
        if not self.voice.is_reviewer:
            return NO_REVIEW
        if self.status is ReportStatus.IN_REVIEW:
            return ""
        if self.status in OFFICIAL:
            return ACCEPTED
        return NOT_TAKEN if self.status is ReportStatus.SUBMITTED else NOT_SENT

    @property
    def is_to_take(self) -> bool:
        """Whether nobody has it in review yet."""
        return self.status not in OFFICIAL and self.status is not ReportStatus.IN_REVIEW

    @property
    def take_reason(self) -> str:
        """Why the report cannot be taken; empty when it may."""
        if not self.voice.is_reviewer:
            return NO_REVIEW
        return "" if self.status is ReportStatus.SUBMITTED else NOT_SENT

    @property
    def analyst(self) -> str:
        """Who reviews it, or reviewed it before it came again."""
        if self.report.reviewer is None or self.report.taken_at is None:
            return ""
        if self.is_to_take:
            return f"En la ronda anterior lo revisó {self.report.reviewer}."
        return f"Lo revisa {self.report.reviewer} desde el {long_instant(self.report.taken_at)}."

    @cached_property
    def validate_problems(self) -> list[Problem]:
        """What is missing before it is accepted."""
        return [] if self.reason else problems_of(self.reading, "validate", by=self.user)

    @property
    def validate_reason(self) -> str:
        """Why the report cannot be accepted now."""
        return self.reason or first_of(self.validate_problems)

    @property
    def send_back_form(self) -> SendBackForm:
        """What is said of the whole as it goes back."""
        return SendBackForm(has_open=bool(self.open_threads), auto_id="id_devolver_%s")

    @cached_property
    def reopen_reason(self) -> str:
        """Why this person cannot reopen it."""
        if self.status not in OFFICIAL:
            return "Solo se reabre un reporte aceptado."
        if found := reopening_problems("·", plan_is_closed=self.report.plan.status == PlanStatus.CLOSED):
            return first_of(found)
        return "" if can(self.user, Permission.QUARTER_REOPEN, self.report) else NO_REOPEN

    @property
    def reopen_form(self) -> ReasonForm:
        """Why it is reopened."""
        return _reason_form("Por ejemplo: «El acta del comité corrige la cifra de la meta 3».")

    @property
    def is_accepted(self) -> bool:
        """Whether it counts."""
        return self.status in OFFICIAL

    @property
    def extend_url(self) -> str:
        """Where more days are given."""
        return self.report.url("report-extend")

    @property
    def extend_reason(self) -> str:
        """Why this person cannot give more days."""
        if self.status not in (ReportStatus.OPEN, ReportStatus.FILLING):
            return "Ya fue enviado: su plazo no se prorroga."
        return "" if can(self.user, Permission.QUARTER_EXTEND, self.report) else NO_EXTEND

    @property
    def counts(self) -> tuple[tuple[str, str], ...]:
        """How many errors, warnings and notes the system found, each with its colour."""
        found = Counter("risk" if one.blocking else "warn" for problems in self.checks.values() for one in problems)
        notes = sum(len(goal.notes) for goal in self.all_goals)
        return (
            ("risk" if found["risk"] else "ok", _count(found["risk"], "error", "errores")),
            ("warn" if found["warn"] else "ok", _count(found["warn"], "advertencia", "advertencias")),
            ("none", _count(notes, "nota", "notas")),
        )

    @property
    def found(self) -> list[tuple[str, str, str]]:
        """Every goal with something to look at: where it is, its name and its colour."""
        return [(goal.url, f"Meta {goal.number}", goal.tone) for goal in self.all_goals if goal.rank < _CLEAN]

    @property
    def clean(self) -> str:
        """How many goals leave nothing automatic to look at."""
        count = sum(1 for goal in self.all_goals if goal.rank >= _CLEAN)
        return _count(count, "meta sin hallazgos", "metas sin hallazgos") if count else ""

    @cached_property
    def changes(self) -> dict[int, tuple[MarkedDifference, ...]]:
        """What changed in each goal since it was sent before; nothing the first time."""
        sent = self.report.versions.filter(event=ReportVersion.Event.SUBMITTED).order_by("-number")
        contents = list(sent.values_list("content", flat=True)[:2])
        if len(contents) < 2:
            return {}
        changed = report_differences(contents[1], contents[0])
        return {goal.number: marked(goal.differences) for goal in changed}

    @cached_property
    def boxes(self) -> dict[tuple[int, int], EvidenceBox]:
        """Goal and quarter → its evidence, of this quarter and of the earlier ones."""
        rows = GoalReport.objects.filter(report__plan=self.report.plan_id, quarter__lte=self.report.quarter)
        found = {row.pk: (row.goal_id, row.quarter) for row in rows}
        return {found[pk]: box for pk, box in evidence_boxes(rows, self.user).items()}

    @cached_property
    def all_goals(self) -> list[GoalReview]:
        """Every goal of the report, those with errors first, then warnings and open observations, then the rest."""
        corrections = corrections_of(self.report)
        rows = [row for row in self.reading.measured if row.goal.number in self.reading.entries]
        goals = [self._goal(row, corrections) for row in rows]
        return sorted(goals, key=lambda goal: (goal.rank, goal.place))

    @cached_property
    def page(self) -> Page[GoalReview]:
        """The goals of this page, filtered; the one that was asked for decides the page."""
        wanted = _FILTERS.get(self.only, lambda goal: True)
        goals = [goal for goal in self.all_goals if wanted(goal)]
        numbers = [goal.number for goal in goals]
        if self.asked in numbers:
            self._number = str(numbers.index(self.asked) // PER_PAGE + 1)
        return Paginator(goals, PER_PAGE).get_page(self._number)

    @property
    def report_threads(self) -> list[Thread]:
        """What was observed of the report as a whole."""
        return self.threads.get(None, [])

    @property
    def report_form(self) -> ReportObservationForm | None:
        """To observe the report as a whole."""
        return ReportObservationForm(on_goal=False, auto_id="id_todo_%s") if self.voice.may_observe else None

    @property
    def open_threads(self) -> int:
        """Observations that await the team."""
        return sum(1 for threads in self.threads.values() for thread in threads if thread.is_open)

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The pages of the report."""
        return tabs_of(self.report, "report-review", report_review=self.open_threads)

    def _goal(self, row: Measured, corrections: Mapping[int, Sequence[Any]]) -> GoalReview:
        entry = self.reading.entries[row.goal.number]
        return GoalReview(
            row=row,
            entry=entry,
            report=self.report,
            checks=tuple(self.checks[row.goal.number]),
            threads=tuple(self.threads.get(entry.pk, ())),
            corrections=tuple(corrections.get(entry.pk, ())),
            changes=self.changes.get(row.goal.number, ()),
            is_acting=not self.reason,
            is_asked=row.goal.number == self.asked,
            boxes=tuple(self.boxes.get((entry.goal_id, one)) for one in range(1, self.report.quarter + 1)),
        )


_CLEAN = 2
_FILTERS = {
    "hallazgos": lambda goal: bool(goal.checks),
    "observaciones": lambda goal: bool(goal.threads),
    "cambios": lambda goal: bool(goal.changes),
    "centrales": lambda goal: goal.row.goal.is_central,
}


def _count(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _reason_form(example: str) -> ReasonForm:
    form = ReasonForm(auto_id="id_motivo_%s")
    form.fields["reason"].help_text = f"Queda en la historia del reporte y lo ven los dos lados. {example}"
    return form


def extended_words(before: date, after: date, today: date) -> str:
    """What an extension changed: both days, and how many the team has now."""
    left = (after - today).days
    return f"El plazo pasa del {long_date(before)} al {long_date(after)}: {_count(left, 'día queda', 'días quedan')}."
