"""The rendición de cuentas as citizens read it: from its announcement on, and questions once they have their answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from evaluation.accountability.corrections import CorrectionRow, corrections_of
from evaluation.accountability.pages import TONES, when_text
from evaluation.models import AccountabilityEvent, CitizenQuestion
from evaluation.rules.accountability import moment
from evaluation.rules.accountability_states import ASKING, PUBLIC, EventStatus
from pes.dates import long_date
from plans.pages.public_consultations import PublicContribution

PER_PAGE = 50
WITHHELD = "No publicamos las palabras de esta pregunta porque contienen insultos o datos personales."


@dataclass(frozen=True, slots=True)
class PublicRow:
    """An event in the list."""

    title: str
    url: str
    sector: str
    when: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class PublicPromise:
    """A commitment of the sector."""

    text: str
    unit: str
    due: str
    tone: str
    state: str
    outcome: str


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """An event as everybody reads it."""

    title: str
    sector: str
    plan: str
    when: str
    place: str
    link: str
    state: str
    tone: str
    topics: tuple[str, ...]
    invitation: str
    evaluation: str
    attendance: str
    report: tuple[str, str]  # words, address
    until: str
    is_asking: bool
    promises: tuple[PublicPromise, ...]
    corrections: tuple[CorrectionRow, ...]
    url: str

    @property
    def has_replaced(self) -> bool:
        """Whether its report took the place of another."""
        return any(one.report for one in self.corrections)


def public_events() -> QuerySet[AccountabilityEvent]:
    """Every event from its announcement on."""
    rows = AccountabilityEvent.objects.filter(status__in=PUBLIC)
    return rows.select_related("plan__sector", "report_file", "issued_report__plan__sector")


def public_rows(page: Iterable[AccountabilityEvent]) -> list[PublicRow]:
    """The list as texts."""
    return [
        PublicRow(
            title=one.title,
            url=reverse("evaluation:public-event", args=[one.pk]),
            sector=one.plan.sector.name,
            when=when_text(one),
            state=EventStatus(one.status).label,
            tone=TONES[EventStatus(one.status)],
        )
        for one in page
    ]


def public_event(found: AccountabilityEvent, today: date) -> PublicEvent:
    """The page of an event from `public_events`; two more queries, its commitments and corrections."""
    return PublicEvent(
        title=found.title,
        sector=found.plan.sector.name,
        plan=found.plan.name,
        when=when_text(found),
        place=found.place,
        link=found.link,
        state=EventStatus(found.status).label,
        tone=TONES[EventStatus(found.status)],
        topics=tuple(line for line in found.topics.splitlines() if line.strip()),
        invitation=found.invitation,
        evaluation=found.evaluation,
        attendance="" if found.attendance is None else str(found.attendance),
        report=_report(found),
        until=long_date(found.questions_until),
        is_asking=found.status in ASKING and today <= found.questions_until,
        promises=tuple(
            _promise(one, today) for one in found.commitments.select_related("unit").order_by("due_on", "pk")
        ),
        corrections=corrections_of(found, by_name=False),
        url=reverse("evaluation:public-event", args=[found.pk]),
    )


def answered(found: AccountabilityEvent, number: str | None) -> Page[CitizenQuestion]:
    """The questions with an answer, in the order in which they came; the others are nobody's to read yet."""
    rows = CitizenQuestion.objects.filter(event=found, answered_at__isnull=False).select_related("office")
    return Paginator(rows.order_by("pk"), PER_PAGE).get_page(number)


def question_rows(page: Iterable[Any], held_on: date) -> list[PublicContribution]:
    """What the page shows of some questions."""
    return [_question(one, held_on) for one in page]


def _question(one: CitizenQuestion, held_on: date) -> PublicContribution:
    from_whom = "" if one.withheld_reason or not one.author_name else f"{one.author_name} · "
    office = one.office.name if one.office else ""
    return PublicContribution(
        title=f"Pregunta n.º {one.pk}",
        about=f"{from_whom}{moment(timezone.localdate(one.received_at), held_on)}, {long_date(one.received_at)}",
        anchor=f"pregunta-{one.pk}",
        text="" if one.withheld_reason else one.text,
        withheld=WITHHELD if one.withheld_reason else "",
        answer=one.answer,
        answered=f"{office} · {long_date(one.answered_at)}",
    )


def _report(found: AccountabilityEvent) -> tuple[str, str]:
    if found.report_file is not None:
        return found.report_file.display_name, reverse("evaluation:public-event-report", args=[found.pk])
    if found.issued_report is not None:
        one = found.issued_report
        url = reverse("evaluation:portal-report", args=[one.plan.sector.code, one.kind, one.period])
        return f"Informe {one}", url
    return "", ""


def _promise(one: Any, today: date) -> PublicPromise:
    if one.kept_on is not None:
        tone, state = "ok", f"Cumplido el {long_date(one.kept_on)}"
    else:
        tone, state = ("risk", "Vencido") if one.due_on < today else ("course", "Pendiente")
    return PublicPromise(one.text, one.unit.name, long_date(one.due_on), tone, state, one.outcome)
