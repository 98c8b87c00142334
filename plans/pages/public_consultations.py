"""The consultations for everybody: the proposal in plain words, and what was said once it has its answer (AZ12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet

from pes.dates import long_date
from plans.consultations import term_of
from plans.models import Consultation, Contribution, PlanVersion, VersionEvent
from plans.pages.public import PUBLIC, proposal
from plans.pages.public_goals import Datum, PublicGoal
from plans.rules.consultations import Phase, Term
from plans.versions import last_submission

PER_PAGE = 50
TONES = {Phase.SCHEDULED: "neutral", Phase.OPEN: "ok", Phase.ENDED: "off"}
WITHHELD = "No publicamos las palabras de este aporte porque contienen insultos o datos personales."


@dataclass(frozen=True, slots=True)
class ConsultationRow:
    """A consultation in the list."""

    code: str
    unit: str
    url: str
    entity: str
    vigencia: str
    state: str
    tone: str
    when: str


@dataclass(frozen=True, slots=True)
class PublicContribution:
    """What a citizen said and its answer; no words and no name when they are withheld."""

    title: str
    about: str
    anchor: str
    text: str
    withheld: str
    answer: str
    answered: str


@dataclass(frozen=True, slots=True)
class PublicConsultation:
    """A consultation as everybody reads it; before it opens there is nothing but its days."""

    title: str
    entity: str
    state: str
    tone: str
    when: str
    channel: str
    is_open: bool
    has_begun: bool
    sent: str
    identification: tuple[Datum, ...]
    goals: tuple[PublicGoal, ...]
    summary: str
    plan_url: str
    url: str


def public_consultations() -> QuerySet[Consultation]:
    """Every consultation with days about a proposal that was sent, unless it was waived."""
    sent = PlanVersion.objects.filter(plan=OuterRef("plan"), event=VersionEvent.SUBMITTED)
    rows = Consultation.objects.filter(Exists(sent), opened_at__isnull=False, waived_at__isnull=True)
    return rows.select_related("plan__unit__parent")


def lists(today: date, number: str | None) -> tuple[list[ConsultationRow], list[ConsultationRow], Page[Consultation]]:
    """Those that are open or about to, the first to close first; those that ended, the last one first, by pages."""
    rows = public_consultations()
    current = rows.filter(closes_on__gte=today).order_by("opens_on", "closes_on", "plan__unit__sort_key", "pk")
    open_first = sorted(current, key=lambda one: (one.opens_on > today, one.closes_on))
    past = rows.filter(closes_on__lt=today).order_by("-closes_on", "plan__unit__sort_key", "pk")
    page = Paginator(past, PER_PAGE).get_page(number)
    return list(_rows(open_first, today)), list(_rows(page, today)), page


def public_consultation(found: Consultation, today: date) -> PublicConsultation:
    """The page of a consultation from `public_consultations`."""
    term, plan = _term(found), found.plan
    phase = term.phase(today)
    version = last_submission(plan)
    begun = phase is not Phase.SCHEDULED and version is not None
    identification, goals, summary = proposal(plan, version) if begun and version else ((), (), "")
    return PublicConsultation(
        title=f"Plan de gestión {plan.vigencia_id} de {plan.unit.name}",
        entity=plan.unit.parent.name if plan.unit.parent else "",
        state=phase.label,
        tone=TONES[phase],
        when=_when(term, phase, today),
        channel=found.channel,
        is_open=phase is Phase.OPEN,
        has_begun=begun,
        sent=long_date(version.at) if begun and version else "",
        identification=identification,
        goals=goals,
        summary=summary,
        plan_url=plan.url("public-plan") if plan.status in PUBLIC else "",
        url=plan.url("public-consultation"),
    )


def published_contributions(found: Consultation, number: str | None) -> Page[Contribution]:
    """Those with an answer, in the order in which they came; the others are nobody's to read yet."""
    rows = Contribution.objects.filter(consultation=found, answered_at__isnull=False).order_by("pk")
    return Paginator(rows, PER_PAGE).get_page(number)


def contribution_rows(rows: Iterable[Any]) -> Iterator[PublicContribution]:
    """What the page shows of some contributions."""
    for one in rows:
        withheld = bool(one.withheld_reason)
        name, received = "" if withheld else one.author_name, f"recibido el {long_date(one.received_at)}"
        yield PublicContribution(
            title=f"Aporte n.º {one.pk}",
            about=f"{name} · {received}" if name else received.capitalize(),
            anchor=f"aporte-{one.pk}",
            text="" if withheld else one.text,
            withheld=WITHHELD if withheld else "",
            answer=one.answer,
            answered=long_date(one.answered_at),
        )


def _term(found: Consultation) -> Term:
    term = term_of(found)
    assert term is not None  # a named constraint: who opened it said its days
    return term


def _rows(found: Iterable[Consultation], today: date) -> Iterator[ConsultationRow]:
    for one in found:
        term, plan = _term(one), one.plan
        phase = term.phase(today)
        yield ConsultationRow(
            code=plan.unit.code,
            unit=plan.unit.name,
            url=plan.url("public-consultation"),
            entity=plan.unit.parent.name if plan.unit.parent else "",
            vigencia=str(plan.vigencia_id),
            state=phase.label,
            tone=TONES[phase],
            when=_when(term, phase, today),
        )


def _when(term: Term, phase: Phase, today: date) -> str:
    if phase is Phase.SCHEDULED:
        return f"Abre el {long_date(term.opens_on)} y cierra el {long_date(term.closes_on)}."
    if phase is Phase.ENDED:
        return f"Estuvo abierta del {long_date(term.opens_on)} al {long_date(term.closes_on)}."
    last = " Es el último día." if term.closes_on == today else ""
    return f"Puede participar hasta el {long_date(term.closes_on)}.{last}"
