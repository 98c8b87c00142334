"""The page of a report: its term, its goals in the order in which they are filled in, and who may do what (PG-R1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone

from pes.access import can
from pes.dates import long_date, long_instant
from pes.permissions import Permission
from plans.pages.threads import Thread
from tracking.comments import comments_of
from tracking.content import Reading, reading_of
from tracking.models import GoalReport, QuarterReport, ReportVersion
from tracking.pages.evidence import evidence_boxes
from tracking.pages.report_bar import ReportBar
from tracking.pages.report_goal import GoalCard
from tracking.pages.report_tabs import crumbs_of, tabs_of
from tracking.pages.report_term import Term, term_of
from tracking.pages.report_threads import corrections_of, threads_of
from tracking.report_forms import CommentForm, EntryForm
from tracking.rules.report_states import ReportStatus

TONES = {
    ReportStatus.OPEN: "neutral",
    ReportStatus.FILLING: "neutral",
    ReportStatus.SUBMITTED: "info",
    ReportStatus.IN_REVIEW: "info",
    ReportStatus.RETURNED: "warn",
    ReportStatus.VALIDATED: "ok",
    ReportStatus.CONSOLIDATED: "ok",
    ReportStatus.PUBLISHED: "ok",
}
QUARTERS = ("Primer trimestre", "Segundo trimestre", "Tercer trimestre", "Cuarto trimestre")


@dataclass(frozen=True, slots=True)
class Group:
    """Goals that are looked at together; `is_folded` ones are opened one by one."""

    key: str
    title: str
    note: str
    cards: tuple[GoalCard, ...]
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What proves that a report was sent: when, by whom, and the digest of what was frozen (WF1)."""

    when: str
    who: str
    version: int
    digest: str
    late: str


class ReportPage:
    """A report as one person sees it; a constant number of queries whatever its goals."""

    def __init__(
        self,
        report: QuarterReport,
        user: Any,
        *,
        form: EntryForm | None = None,
        reading: Reading | None = None,
        today: date | None = None,
    ) -> None:
        self.report, self.user, self.form = report, user, form
        self.today = today or timezone.localdate()
        self.reading = reading or reading_of(report, today=self.today)
        self.status = ReportStatus(report.status)
        self.tone = TONES[self.status]
        self.may_fill = can(user, Permission.QUARTER_FILL, report)
        self.is_writable = self.may_fill and report.is_editable

    @property
    def title(self) -> str:
        """«Primer trimestre de 2022»."""
        return f"{QUARTERS[self.report.quarter - 1]} de {self.report.plan.vigencia_id}"

    @cached_property
    def bar(self) -> ReportBar:
        """How complete it is and what comes next."""
        return ReportBar(self.reading, self.user, may_fill=self.may_fill)

    @cached_property
    def term(self) -> Term:
        """Until when."""
        return term_of(self.report, self.today)

    @cached_property
    def reads_all(self) -> bool:
        """Whether the person reads the whole report; a central area reads its own goals (PG-08)."""
        return can(self.user, Permission.PLAN_READ, self.report.plan)

    @cached_property
    def cards(self) -> tuple[GoalCard, ...]:
        """The goals that the person may see, in the plan's order."""
        rows = self._visible()
        return tuple(
            self.card(row.goal.number)
            for row in self.reading.measured
            if row.goal.number in self.reading.entries and (rows is None or row.goal.number in rows)
        )

    def card(self, number: int) -> GoalCard:
        """One goal, with the form that was refused if it is that goal's. Raises KeyError."""
        row = self.reading.goal(number)
        form = self.form if self.form is not None and self.form.number == number else None
        if row is None:
            raise KeyError(number)
        entry = self.reading.entries[number]
        entry.report = self.report  # which comes with its plan and unit, so that no row asks for them again
        return GoalCard(row, entry, is_writable=self.is_writable, form=form)

    @cached_property
    def groups(self) -> list[Group]:
        """The goals as they are filled in: what the quarter expects of the team, of central areas, and the rest."""
        self._add_words()
        sorted_out: dict[str, list[GoalCard]] = {"own": [], "central": [], "other": [], "eliminated": []}
        for card in self.cards:
            sorted_out[_kind(card)].append(card)
        groups = (
            Group("own", "Programadas este trimestre", "", tuple(sorted_out["own"])),
            Group(
                "central",
                "Las reportan áreas centrales",
                _CENTRAL if self.may_fill else "",
                tuple(sorted_out["central"]),
            ),
            Group("other", "No programadas este trimestre", _OTHER, tuple(sorted_out["other"]), is_folded=True),
            Group("eliminated", "Eliminadas", _ELIMINATED, tuple(sorted_out["eliminated"]), is_folded=True),
        )
        return [group for group in groups if group.cards]

    @cached_property
    def receipt(self) -> Receipt | None:
        """The last sending, for who reads the whole report."""
        sent = self.report.versions.filter(event=ReportVersion.Event.SUBMITTED).select_related("by").first()
        if sent is None or not self.reads_all:
            return None
        late = "Extemporáneo" if self.report.is_late else "Dentro del plazo"
        return Receipt(long_instant(sent.at), str(sent.by), sent.number, sent.digest, late)

    @property
    def opened(self) -> str:
        """When it was opened."""
        return long_date(self.report.opened_at)

    @property
    def save_url(self) -> str:
        """Where each goal is saved."""
        return self.report.url("report-save")

    @property
    def crumbs(self) -> list[dict[str, str]]:
        """The path to the report."""
        if self.reads_all:
            return crumbs_of(self.report)
        return [{"label": "Planes de gestión", "url": reverse("plans:list")}, {"label": str(self.report), "url": ""}]

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The pages of the report, for who reads all of it."""
        return tabs_of(self.report, "report") if self.reads_all else []

    def _visible(self) -> set[int] | None:
        """Numbers of the goals that the person may see; None is all of them."""
        if self.reads_all:
            return None
        seen = GoalReport.objects.visible_to(self.user, Permission.PLAN_READ).filter(report=self.report)
        return set(seen.values_list("goal__number", flat=True))

    @cached_property
    def threads(self) -> dict[int | None, list[Thread]]:
        """Row of a goal → what the OAP observed in it; None → what it observed in the whole report."""
        return threads_of(self.report, self.user)

    @property
    def own_threads(self) -> list[Thread]:
        """What the OAP observed in the whole report, for who reads all of it."""
        return self.threads.get(None, []) if self.reads_all else []

    def _add_words(self) -> None:
        """What people said about each goal: comments of the team, observations and corrections of the OAP."""
        said = comments_of(self.report, by=self.user) if self.may_fill else {}
        corrections = corrections_of(self.report)
        boxes = evidence_boxes([card.entry for card in self.cards], self.user, back=self.report.get_absolute_url())
        for card in self.cards:
            card.box = boxes.get(card.entry.pk)
            card.threads = self.threads.get(card.entry.pk, ())
            card.corrections = corrections.get(card.entry.pk, ())
            card.comments = said.get(card.entry.pk, ())
            card.comment_form = CommentForm(auto_id=f"comentario{card.number}_%s") if self.may_fill else None


_CENTRAL = "Usted las lee; cada área escribe las suyas y su demora no cuenta contra este plan."
_OTHER = "No se espera nada de ellas. Si algo se ejecutó, se reporta con su explicación."
_ELIMINATED = "Quedan a la vista y no se reportan."


def _kind(card: GoalCard) -> str:
    if card.goal.eliminated:
        return "eliminated"
    if card.goal.is_central:
        return "central"
    return "own" if card.is_programmed else "other"
