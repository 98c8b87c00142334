"""What citizens ask of a rendición de cuentas, and the answers (as the citizen consultation does; no account needed)."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from evaluation.accountability.events import MANAGE, hold_event
from evaluation.models import AccountabilityEvent, CitizenQuestion
from evaluation.rules.accountability import question_problems, recording_problems
from evaluation.rules.improvement import text_problems
from evaluation.serial import digest
from pes import audit
from pes.access import demand
from pes.dates import long_instant
from pes.models import OrganizationUnit, User
from pes.rules.problems import Problem, Refused, refuse_if_any
from plans.consultations import WEB
from plans.rules.consultations import NAME_LIMIT, TEXT_LIMIT, answer_problems, one_line
from plans.rules.values import tidy


@transaction.atomic
def ask(
    event: AccountabilityEvent, *, author_name: str, text: str, token: str = "", received_at: datetime | None = None
) -> CitizenQuestion:
    """Take what somebody asks, without an account; the name may be blank. `received_at` is when the server had it all,
    `token` what its form carried: the same words from the same form are one question (WF1).

    Raises Refused: not announced, its term has passed, nothing or too much is said.
    """
    at = received_at or timezone.now()
    held, said = hold_event(event), tidy(text)
    key = _key(held, token, author_name, said)
    if (sent := _sent(key)) is not None:
        return sent
    refuse_if_any(
        question_problems(
            status=held.status, questions_until=held.questions_until, today=timezone.localdate(at), text=said
        )
    )
    return _keep(held, author_name, said, key, channel=WEB, received_at=at, by=None)


@transaction.atomic
def record_question(
    event: AccountabilityEvent, *, author_name: str, text: str, channel: str, received_on: date, by: User,
    token: str = "",
) -> CitizenQuestion:  # fmt: skip
    """Write down what was asked on paper, by mail or at the event; twice from the same form is once (WF1).

    Raises PermissionDenied, or Refused.
    """
    demand(by, MANAGE, event)
    held, said, named = hold_event(event), tidy(text), one_line(channel)
    key = _key(held, token, author_name, said)
    if (sent := _sent(key)) is not None:
        return sent
    today = timezone.localdate()
    problems = recording_problems(status=held.status, received_on=received_on, today=today, channel=named)
    refuse_if_any([*problems, *text_problems(said, "text", "la pregunta", TEXT_LIMIT)])
    now = timezone.now()
    at = now if received_on == today else timezone.make_aware(datetime.combine(received_on, time.min))
    return _keep(held, author_name, said, key, channel=named, received_at=at, by=by)


@transaction.atomic
def answer(
    question: CitizenQuestion, *, text: str, office: OrganizationUnit, by: User, withheld_reason: str = "",
    now: datetime | None = None,
) -> None:  # fmt: skip
    """Answer for an office of the sector, once: from then on everybody reads both; with a reason to withhold it
    (insults, personal data) only the answer. Raises PermissionDenied, or Refused.
    """
    demand(by, MANAGE, question)
    held, said, why = hold_event(question.event), tidy(text), one_line(withheld_reason)
    refuse_if_any([*answer_problems(said, why), *_office_problems(held, office)])
    values = {"answer": said, "withheld_reason": why, "office": office, "answered_by": by}
    rows = CitizenQuestion.objects.filter(pk=question.pk, answered_at=None)
    moved = rows.update(**values, answered_at=now or timezone.now())
    question.refresh_from_db()
    if moved != 1:
        raise Refused([answered_already(question)])
    after = {"answer": said, "unit": office.code, "is_published": not why}
    audit.record("question_answered", question, by=by, after=after, reason=why)


def answered_already(question: CitizenQuestion) -> Problem:
    """An answer that was published is not corrected (WF2)."""
    message = f"{question.answered_by} respondió esta pregunta el {long_instant(question.answered_at)}."
    return Problem("already_answered", "F6.4", message, fix="Una respuesta publicada no se corrige.")


def _office_problems(held: AccountabilityEvent, office: OrganizationUnit) -> list[Problem]:
    if held.plan.sector_id in (office.pk, office.parent_id):
        return []
    return [Problem("unit_foreign", "AZ10", "Esa unidad no es de este sector.", fix="Elija de la lista.")]


def _key(event: AccountabilityEvent, token: str, author_name: str, text: str) -> str:
    """What tells one sending from another: the form's token and its words; without a token, nothing does."""
    return digest([event.pk, token, one_line(author_name), text]) if token else ""


def _sent(key: str) -> CitizenQuestion | None:
    """The question that this sending made already; the caller holds the event."""
    return CitizenQuestion.objects.filter(sent_key=key).first() if key else None


def _keep(
    event: AccountabilityEvent, author_name: str, text: str, key: str, *, channel: str, received_at: datetime,
    by: User | None,
) -> CitizenQuestion:  # fmt: skip
    made = CitizenQuestion.objects.create(
        event=event, author_name=one_line(author_name)[:NAME_LIMIT], text=text, channel=channel,
        received_at=received_at, recorded_by=by, sent_key=key,
    )  # fmt: skip
    verb = "question_received" if by is None else "question_recorded"
    audit.record(verb, made, by=by, after={"channel": channel, "characters": len(text)})
    return made
