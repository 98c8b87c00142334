"""The consultation of a plan as those who keep it see it: its days, what was said, what may be done and what may not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from pes.access import can
from pes.dates import long_date, long_instant
from pes.permissions import Permission
from pes.rules.problems import Problem
from plans.consultation_forms import AnswerForm, RecordForm, TermForm, WaiverForm
from plans.consultations import record_of, term_of
from plans.models import Consultation, Contribution, PlanGestion
from plans.rules.consultations import Phase, Term, recording_obstacles, term_obstacles, waiver_obstacles

PER_PAGE = 20
TONES = {Phase.SCHEDULED: "neutral", Phase.OPEN: "ok", Phase.ENDED: "off"}
NO_MANAGE = "La consulta la llevan el equipo que lidera el plan y la Oficina Asesora de Planeación."
NO_WAIVE = "Solo la jefatura de la Oficina Asesora de Planeación exime de la consulta."
ANONYMOUS = "Sin nombre"


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """What a citizen said, and its answer or the form that gives it."""

    title: str
    about: str
    anchor: str
    label: str
    text: str
    recorded: str
    answer: str
    answered: str
    withheld: str
    url: str
    form: AnswerForm | None


@dataclass(frozen=True, slots=True)
class ConsultationPage:
    """Everything that the page shows; a form is there or the reason why it is not."""

    state: tuple[str, str]  # tone, words
    facts: list[tuple[str, str]]
    summary: str
    public_url: str
    term_form: TermForm
    term_reason: str
    waiver_form: WaiverForm
    waiver_reason: str
    record_form: RecordForm
    record_reason: str
    page: Page[Contribution]
    rows: list[ContributionRow] = field(default_factory=list)
    has_term: bool = False
    is_waived: bool = False


def consultation_page(plan: PlanGestion, user: Any, number: str | None, bound: dict[str, Any]) -> ConsultationPage:
    """The page; `bound` holds the form that came back (`term`, `waiver`, `record`, `answer` with `contribution`)."""
    found, today = record_of(plan), timezone.localdate()
    term = term_of(found)
    manages = can(user, Permission.CONSULTATION_MANAGE, plan)
    waived = found is not None and found.waived_at is not None
    total, unanswered = _counts(found)
    late = recording_obstacles(term, status=plan.status, is_waived=waived, today=today)
    fixed = term_obstacles(plan.status, is_waived=waived, before=term, today=today)
    kept = waiver_obstacles(plan.status, contributions=total, is_waived=waived)
    waives = can(user, Permission.CONSULTATION_WAIVE, plan)
    page = Paginator(_contributions(found), PER_PAGE).get_page(number)
    shown, returned = list(page), bound.get("contribution")
    if returned is not None and returned.pk not in {one.pk for one in shown}:
        shown.insert(0, returned)  # others answered meanwhile and it moved to another page: nothing typed is lost
    return ConsultationPage(
        state=_state(found, term, today),
        facts=_facts(found),
        summary=_summary(total, unanswered),
        public_url=reverse("plans:public-consultation", args=[plan.unit.code, plan.vigencia_id])
        if term and not waived
        else "",
        term_form=bound.get("term") or _term_form(found),
        term_reason=_reason(fixed, manages, NO_MANAGE),
        waiver_form=bound.get("waiver") or WaiverForm(prefix="eximir"),
        waiver_reason=_reason(kept, waives, NO_WAIVE),
        record_form=bound.get("record") or _record_form(term),
        record_reason=_reason(late, manages, NO_MANAGE),
        page=page,
        rows=[_row(one, page.number, manages, bound.get("answer")) for one in shown],
        has_term=term is not None,
        is_waived=waived,
    )


def answer_form(pk: int, data: Any = None) -> AnswerForm:
    """The form that answers a contribution; several share a page."""
    return AnswerForm(data, prefix=f"aporte-{pk}", auto_id=f"id_aporte_{pk}_%s")


def _counts(found: Consultation | None) -> tuple[int, int]:
    if found is None:
        return 0, 0
    counts = found.contributions.aggregate(all=Count("pk"), open=Count("pk", filter=Q(answered_at=None)))
    return counts["all"], counts["open"]


def _contributions(found: Consultation | None) -> Any:
    """Those that wait first, the oldest first; then the answered ones, the last answer first."""
    rows = Contribution.objects.filter(consultation=found) if found else Contribution.objects.none()
    return rows.select_related("answered_by", "recorded_by").order_by(F("answered_at").desc(nulls_first=True), "pk")


def _state(found: Consultation | None, term: Term | None, today: Any) -> tuple[str, str]:
    if found is not None and found.waived_at is not None:
        return "warn", "Eximida"
    if term is None:
        return "neutral", "Sin fechas"
    phase = term.phase(today)
    if phase is Phase.OPEN:
        days = (term.closes_on - today).days
        left = "cierra hoy" if not days else "queda 1 día" if days == 1 else f"quedan {days} días"
        return TONES[phase], f"{phase.label}: {left}"
    return TONES[phase], phase.label


def _facts(found: Consultation | None) -> list[tuple[str, str]]:
    if found is None:
        return []
    rows = []
    if found.opened_at is not None:
        rows = [
            ("Abre", long_date(found.opens_on)),
            ("Cierra", long_date(found.closes_on)),
            ("Canales", found.channel),
            ("Abrió", f"{found.opened_by} · {long_instant(found.opened_at)}"),
        ]
    if found.waived_at is not None:
        rows += [
            ("Motivo de la exención", found.waiver_reason),
            ("Eximió", f"{found.waived_by} · {long_instant(found.waived_at)}"),
        ]
    return rows


def _summary(total: int, unanswered: int) -> str:
    if not total:
        return "ninguno"
    return f"{total}; {unanswered or 'ninguno'} por responder"


def _reason(obstacles: list[Problem], allowed: bool, otherwise: str) -> str:
    if not allowed:
        return otherwise
    return f"{obstacles[0].message} {obstacles[0].fix}".strip() if obstacles else ""


def _term_form(found: Consultation | None) -> TermForm:
    initial = {name: getattr(found, name) for name in ("opens_on", "closes_on", "channel")} if found else {}
    return TermForm(initial=initial, prefix="fechas")


def _record_form(term: Term | None) -> RecordForm:
    today = timezone.localdate()
    return RecordForm(initial={"received_on": min(today, term.closes_on) if term else today}, prefix="nuevo")


def _row(one: Contribution, page: int, manages: bool, returned: AnswerForm | None) -> ContributionRow:
    form = answer_form(one.pk) if manages and one.answered_at is None else None
    if returned is not None and returned.prefix == answer_form(one.pk).prefix:
        form = returned  # also when somebody else has answered meanwhile: it says so
    received = long_date(one.received_at) if one.recorded_by else long_instant(one.received_at)
    return ContributionRow(
        title=f"Aporte n.º {one.pk} · {one.author_name or ANONYMOUS}",
        about=f"Recibido el {received} · {one.channel}",
        anchor=f"aporte-{one.pk}",
        label=f"Responder el aporte n.º {one.pk}",
        text=one.text,
        recorded=f"Lo registró {one.recorded_by}." if one.recorded_by else "",
        answer=one.answer,
        answered=f"{one.answered_by} · {long_instant(one.answered_at)}" if one.answered_at else "",
        withheld=one.withheld_reason,
        url=f"{reverse('plans:contribution-answer', args=[one.pk])}?pagina={page}",
        form=form,
    )
