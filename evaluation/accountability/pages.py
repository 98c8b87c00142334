"""The pages of the rendición de cuentas for who prepares it: the list, and one event with its questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from evaluation.accountability.corrections import CorrectionRow, corrections_of
from evaluation.accountability.events import step_facts
from evaluation.accountability.forms import (
    AnswerForm,
    CloseForm,
    HeldForm,
    OutcomeForm,
    PromiseForm,
    QuestionForm,
    ReportForm,
)
from evaluation.improvement.boards import units_of
from evaluation.models import AccountabilityCommitment, AccountabilityEvent, CitizenQuestion, IssuedReport
from evaluation.rules import accountability as rules
from evaluation.rules.accountability_states import ASKING, PUBLIC, EventStatus
from evaluation.rules.improvement import due_tone
from pes.dates import countdown, long_date, long_instant
from pes.models import SectorPlan
from pes.rules.problems import Problem

TONES = {
    EventStatus.DRAFT: "neutral",
    EventStatus.ANNOUNCED: "info",
    EventStatus.HELD: "warn",
    EventStatus.CLOSED: "ok",
}
ANONYMOUS = "Sin nombre"


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in the list."""

    title: str
    url: str
    when: str
    state: str
    tone: str
    questions: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with its answer, or the form that gives it."""

    title: str
    about: str
    anchor: str
    text: str
    answer: str
    answered: str
    withheld: str
    url: str
    form: AnswerForm | None


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A commitment, and the form that says what came of it."""

    text: str
    unit: str
    due: str
    left: str
    tone: str
    outcome: str
    url: str
    form: OutcomeForm | None


@dataclass(frozen=True, slots=True)
class EventPage:
    """Everything about an event."""

    found: AccountabilityEvent
    state: tuple[str, str]
    facts: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]
    report: tuple[str, str]  # words, address
    public_url: str
    questions: tuple[QuestionRow, ...]
    summary: str
    promises: tuple[PromiseRow, ...]
    corrections: tuple[CorrectionRow, ...]
    reasons: Mapping[str, str]
    forms: Mapping[str, Any]
    urls: Mapping[str, str]
    is_open: bool
    is_asking: bool
    step: str


def event_rows(plan: SectorPlan) -> list[EventRow]:
    """The events of a plan, the last first; one query."""
    waiting = Count("questions", filter=Q(questions__answered_at=None))
    rows = AccountabilityEvent.objects.filter(plan=plan).select_related("plan__sector")
    rows = rows.annotate(asked=Count("questions"), waiting=waiting).order_by("-held_on", "pk")
    return [
        EventRow(
            title=one.title,
            url=one.get_absolute_url(),
            when=when_text(one),
            state=EventStatus(one.status).label,
            tone=TONES[EventStatus(one.status)],
            questions=_asked(one.asked, one.waiting),
        )
        for one in rows
    ]


def event_page(found: AccountabilityEvent, *, may_manage: bool, bound: Mapping[str, Any]) -> EventPage:
    """The page; `bound` has a form that came back, by name (answers and outcomes by `answer-12`, `outcome-3`)."""
    today = timezone.localdate()
    questions = found.questions.select_related("office", "answered_by", "recorded_by")
    listed = list(questions.order_by(F("answered_at").desc(nulls_first=True), "pk"))
    waiting = sum(one.answered_at is None for one in listed)
    promises = found.commitments.select_related("unit").order_by("due_on", "pk")
    units = units_of(found.plan)
    names = ("edit", "announce", "held", "close", "report", "question", "promise")
    step = {"draft": "announce", "announced": "held", "held": "close"}.get(found.status, "")
    return EventPage(
        found=found,
        state=(TONES[EventStatus(found.status)], EventStatus(found.status).label),
        facts=_facts(found),
        topics=tuple(line for line in found.topics.splitlines() if line.strip()),
        report=report_of(found),
        public_url=reverse("evaluation:public-event", args=[found.pk]) if found.status in PUBLIC else "",
        questions=tuple(_question(one, found, units, may_manage, bound) for one in listed),
        summary=_asked(len(listed), waiting),
        promises=tuple(_promise(one, today, may_manage, bound) for one in promises),
        corrections=corrections_of(found, by_name=True),
        reasons=_reasons(found, today),
        forms=_forms(found, units, bound) if may_manage else {},
        urls={name: found.url(f"accountability-{name}") for name in names},
        is_open=found.status != EventStatus.CLOSED,
        is_asking=found.status in ASKING,
        step=step,
    )


def when_text(one: AccountabilityEvent) -> str:
    """«18 de abril de 2022, 9:00»."""
    begins = f", {one.starts_at:%H:%M}" if one.starts_at else ""
    return f"{long_date(one.held_on)}{begins}"


def report_of(found: AccountabilityEvent) -> tuple[str, str]:
    """What the event's report is called, and where people with an account read it."""
    if found.report_file is not None:
        return found.report_file.display_name, found.report_file.get_absolute_url()
    if found.issued_report is not None:
        return f"Informe {found.issued_report}", found.issued_report.get_absolute_url()
    return "", ""


def answer_form(pk: int, units: Any, data: Any = None) -> AnswerForm:
    """The form that answers a question; several share a page."""
    return AnswerForm(data, units=units, prefix=f"answer-{pk}", auto_id=f"id_answer_{pk}_%s")


def outcome_form(pk: int, data: Any = None) -> OutcomeForm:
    """The form that says what came of a commitment; several share a page."""
    return OutcomeForm(data, prefix=f"outcome-{pk}", auto_id=f"id_outcome_{pk}_%s")


def report_form(found: AccountabilityEvent, *data: Any) -> ReportForm:
    """The form that sets its report; what citizens read is replaced with a reason."""
    has_report = bool(found.report_file_id or found.issued_report_id)
    replaces = rules.report_needs_reason(found.status, has_report=has_report)
    return ReportForm(*data, prefix="report", reports=public_reports(found.plan), replaces=replaces)


def public_reports(plan: SectorPlan) -> Any:
    """The issued reports of a plan that citizens may read."""
    rows = IssuedReport.objects.filter(plan=plan, publication__isnull=False)
    return rows.order_by("-issued_at")


def _facts(found: AccountabilityEvent) -> tuple[tuple[str, str], ...]:
    facts = [
        ("Cuándo", when_text(found)),
        ("Lugar", found.place),
        ("Enlace", found.link),
        ("Recibe preguntas hasta", long_date(found.questions_until)),
    ]
    if found.attendance is not None:
        facts.append(("Asistentes", str(found.attendance)))
    facts.append(("Preparó", f"{found.prepared_by} · {long_instant(found.prepared_at)}"))
    return tuple(facts)


def _reasons(found: AccountabilityEvent, today: date) -> dict[str, str]:
    """Why each step cannot be taken now; its words beside the button."""
    facts = step_facts(found, evaluation="por escribir")
    found_problems = {
        "announce": rules.announce_problems(facts, today),
        "held": rules.hold_problems(facts, today),
        "close": rules.close_problems(facts, today),
    }
    return {name: _words(list(problems)) for name, problems in found_problems.items()}


def _words(problems: list[Problem]) -> str:
    return " ".join(f"{one.message} {one.fix}".strip() for one in problems)


def _forms(found: AccountabilityEvent, units: Any, bound: Mapping[str, Any]) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "report": bound.get("report") or report_form(found),
        "held": bound.get("held") or HeldForm(prefix="held", initial={"attendance": found.attendance}),
        "close": bound.get("close") or CloseForm(prefix="close"),
        "question": bound.get("question") or QuestionForm(prefix="question", initial={"received_on": today}),
        "promise": bound.get("promise") or PromiseForm(prefix="promise", units=units),
    }


def _question(
    one: CitizenQuestion, event: AccountabilityEvent, units: Any, may_manage: bool, bound: Mapping[str, Any]
) -> QuestionRow:
    waits = one.answered_at is None
    form = bound.get(f"answer-{one.pk}") or (answer_form(one.pk, units) if waits and may_manage else None)
    received = timezone.localdate(one.received_at)
    moment = rules.moment(received, event.held_on).lower()
    noted = f", anotada por {one.recorded_by}" if one.recorded_by else ""
    return QuestionRow(
        title=f"Pregunta n.º {one.pk} · {one.author_name or ANONYMOUS}",
        about=f"Recibida el {long_date(received)}, {moment} · {one.channel}{noted}",
        anchor=f"pregunta-{one.pk}",
        text=one.text,
        answer=one.answer,
        answered="" if waits else f"{one.office.name if one.office else ''} · {long_date(one.answered_at)}",
        withheld=one.withheld_reason,
        url=event.url_of("accountability-answer", one.pk),
        form=form,
    )


def _promise(one: AccountabilityCommitment, today: date, may_manage: bool, bound: Mapping[str, Any]) -> PromiseRow:
    waits = one.kept_on is None
    form = bound.get(f"outcome-{one.pk}") or (outcome_form(one.pk) if waits and may_manage else None)
    return PromiseRow(
        text=one.text,
        unit=one.unit.name,
        due=long_date(one.due_on),
        left=countdown(one.due_on, today) if waits else f"Cumplido el {long_date(one.kept_on)}",
        tone=due_tone(one.due_on, today, is_open=waits) if waits else "ok",
        outcome=one.outcome,
        url=one.event.url_of("accountability-outcome", one.pk),
        form=form,
    )


def _asked(total: int, waiting: int) -> str:
    if not total:
        return "Sin preguntas"
    noun = "1 pregunta" if total == 1 else f"{total} preguntas"
    return f"{noun}, {waiting or 'ninguna'} por responder"
