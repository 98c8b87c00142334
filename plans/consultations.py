"""The verbs of the citizen consultation (PLE-PIN-P005 v8, policy 7; PG-07b).

Citizens comment, without an account, on the proposal as it was last sent to the OAP; each contribution gets one
answer, and is published with it. The audit keeps that something was said, never the words nor the name of a citizen.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.dates import long_instant
from pes.models import User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from plans.models import Consultation, Contribution, PlanGestion
from plans.rules.consultations import (
    NAME_LIMIT,
    Term,
    answer_problems,
    contribution_problems,
    one_line,
    recording_problems,
    term_problems,
    waiver_problems,
)
from plans.rules.values import tidy

WEB = "Página web"


def term_of(consultation: Consultation | None) -> Term | None:
    """The days of a consultation; `None` while it has none."""
    if consultation is None or consultation.opens_on is None or consultation.closes_on is None:
        return None
    return Term(consultation.opens_on, consultation.closes_on)


def record_of(plan: PlanGestion) -> Consultation | None:
    """The plan's consultation, if there is any."""
    return Consultation.objects.filter(plan=plan).first()


@transaction.atomic
def open_consultation(plan: PlanGestion, *, opens_on: date, closes_on: date, channel: str, by: User) -> Consultation:
    """Say between which days, both whole, and by which channels citizens may speak; or change it until it ends.

    A consultation held elsewhere is recorded with days that have passed. Raises PermissionDenied, or Refused: plan not
    sent or official already, waived, ended, days in disorder, no channel.
    """
    demand(by, Permission.CONSULTATION_MANAGE, plan)
    held = PlanGestion.hold(plan.pk)
    found = record_of(held) or Consultation(plan=held)
    term, named = Term(opens_on, closes_on), one_line(channel)
    refuse_if_any(
        term_problems(
            term,
            status=held.status,
            vigencia=held.vigencia_id,
            today=timezone.localdate(),
            channel=named,
            before=term_of(found),
            is_waived=found.waived_at is not None,
        )
    )
    before = _facts(found)
    verb = "consultation_opened" if found.opened_at is None else "consultation_changed"
    if found.opened_at is None:
        found.opened_by, found.opened_at = by, timezone.now()
    found.opens_on, found.closes_on, found.channel = opens_on, closes_on, named
    if _facts(found) == before:
        return found
    found.save()
    old, new = audit.differences(before, _facts(found))
    audit.record(verb, found, by=by, before=old if verb == "consultation_changed" else None, after=new)
    return found


@transaction.atomic
def waive(plan: PlanGestion, *, reason: str, by: User) -> Consultation:
    """Exempt the plan from its consultation (PG-07b, the Jefe OAP's). Raises PermissionDenied, or Refused: no reason,
    citizens have spoken already, plan official.
    """
    demand(by, Permission.CONSULTATION_WAIVE, plan)
    held = PlanGestion.hold(plan.pk)
    found = record_of(held) or Consultation(plan=held)
    why = tidy(reason)
    spoken = found.contributions.count() if found.pk else 0
    waived = found.waived_at is not None
    refuse_if_any(waiver_problems(held.status, reason=why, contributions=spoken, is_waived=waived))
    found.waiver_reason, found.waived_by, found.waived_at = why, by, timezone.now()
    found.save()
    audit.record("consultation_waived", found, by=by, after={"plan": str(held)}, reason=why)
    return found


@transaction.atomic
def contribute(plan: PlanGestion, *, author_name: str, text: str, received_at: datetime | None = None) -> Contribution:
    """Take what a citizen says about the proposal, without an account; the name may be blank.

    `received_at` is when the server had the whole request. Raises Refused: the consultation is not open on that day in
    Bogotá, nothing is said, too much is said.
    """
    at = received_at or timezone.now()
    held = PlanGestion.hold(plan.pk)
    found = record_of(held)
    said = tidy(text)
    term = None if found is not None and found.waived_at is not None else term_of(found)
    refuse_if_any(contribution_problems(term, today=timezone.localdate(at), text=said))
    return _keep(found, author_name, said, channel=WEB, received_at=at, by=None)


@transaction.atomic
def record_contribution(
    consultation: Consultation,
    *,
    author_name: str,
    text: str,
    channel: str,
    by: User,
    received_on: date | None = None,
) -> Contribution:
    """Write down what arrived on paper, by mail or at a meeting, on a day of the consultation: by default the last.

    Raises PermissionDenied, or Refused: plan official, consultation not begun, day outside, nothing said.
    """
    demand(by, Permission.CONSULTATION_MANAGE, consultation)
    held = PlanGestion.hold(consultation.plan_id)
    found = Consultation.objects.get(pk=consultation.pk)
    now, term = timezone.now(), term_of(found)
    today = timezone.localdate(now)
    day = received_on or (min(today, term.closes_on) if term else today)
    said, named = tidy(text), one_line(channel)
    waived = found.waived_at is not None
    refuse_if_any(
        recording_problems(
            term, status=held.status, is_waived=waived, today=today, received_on=day, text=said, channel=named
        )
    )
    at = now if day == today else timezone.make_aware(datetime.combine(day, time.min))
    return _keep(found, author_name, said, channel=named, received_at=at, by=by)


@transaction.atomic
def answer(contribution: Contribution, *, text: str, by: User, withheld_reason: str = "") -> None:
    """Answer a contribution, once: from then on everybody reads both.

    With a reason to withhold it (insults, personal data) only the answer is published; the reason stays inside. Raises
    PermissionDenied, or Refused: nothing said, answered already.
    """
    demand(by, Permission.CONSULTATION_MANAGE, contribution)
    said, why = tidy(text), one_line(withheld_reason)
    refuse_if_any(answer_problems(said, why))
    values = {"answer": said, "withheld_reason": why, "answered_by": by, "answered_at": timezone.now()}
    moved = Contribution.objects.filter(pk=contribution.pk, answered_at=None).update(**values)
    contribution.refresh_from_db()
    if moved != 1:
        raise Refused([answered_already(contribution)])
    after = {"answer": said, "is_published": not why}
    audit.record("contribution_answered", contribution, by=by, after=after, reason=why)


def answered_already(contribution: Contribution) -> Problem:
    """Who answered a contribution and when: an answer that was published is not corrected (WF2)."""
    message = f"{contribution.answered_by} respondió este aporte el {long_instant(contribution.answered_at)}."
    return Problem("already_answered", "PG-07b", message, fix="Una respuesta publicada no se corrige.")


def _keep(
    consultation: Consultation | None,
    author_name: str,
    text: str,
    *,
    channel: str,
    received_at: datetime,
    by: User | None,
) -> Contribution:
    made = Contribution.objects.create(
        consultation=consultation,
        author_name=one_line(author_name)[:NAME_LIMIT],
        text=text,
        channel=channel,
        received_at=received_at,
        recorded_by=by,
    )
    verb = "contribution_received" if by is None else "contribution_recorded"
    audit.record(verb, made, by=by, after={"channel": channel, "characters": len(text)})
    return made


def _facts(consultation: Consultation) -> dict[str, Any]:
    days = {
        name: day.isoformat() if (day := getattr(consultation, name)) else None for name in ("opens_on", "closes_on")
    }
    return {**days, "channel": consultation.channel}
