"""The verbs of a rendición de cuentas: prepare, announce, hold, close; its report and its commitments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from evaluation.changes import save_changes
from evaluation.models import (
    AccountabilityCommitment,
    AccountabilityCorrection,
    AccountabilityEvent,
    IssuedReport,
    ReportPublication,
)
from evaluation.rules import accountability as rules
from evaluation.rules.accountability_states import EVENT_TRANSITIONS, EventStatus
from evaluation.rules.improvement import text_problems
from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.files.keeping import digest_of_upload
from pes.files.stored import keep
from pes.models import OrganizationUnit, SectorPlan, StoredFile, User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.transitions import transition_for
from plans.rules.consultations import one_line
from plans.rules.values import tidy

MANAGE = Permission.ACCOUNTABILITY_MANAGE
TRACES = {"announce": "accountability_announced", "hold": "accountability_held", "close": "accountability_closed"}
_TWICE = "Ya hay una rendición de cuentas de ese día con ese título."


@dataclass(frozen=True)
class EventDraft:
    """What is written of an event."""

    title: str
    held_on: date
    starts_at: time | None
    place: str
    link: str
    topics: str
    invitation: str
    questions_until: date

    def values(self) -> dict[str, Any]:
        """The columns of the row, tidied."""
        return {
            "title": one_line(self.title), "held_on": self.held_on, "starts_at": self.starts_at,
            "place": one_line(self.place), "link": self.link.strip(), "topics": tidy(self.topics),
            "invitation": tidy(self.invitation), "questions_until": self.questions_until,
        }  # fmt: skip


@once(_TWICE)
def prepare_event(plan: SectorPlan, draft: EventDraft, *, by: User, now: datetime | None = None) -> AccountabilityEvent:
    """Begin an event as a draft that only the sector sees; the same one twice is one (WF1).

    Raises PermissionDenied, or Refused: no title or topics, a link that is not accepted, days in disorder.
    """
    demand(by, MANAGE, plan)
    SectorPlan.hold(plan.pk)
    values = draft.values()
    refuse_if_any(_draft_problems(values))
    same = AccountabilityEvent.objects.filter(plan=plan, title=values["title"], held_on=values["held_on"]).first()
    if same is not None and same.prepared_by_id == by.pk and facts_of(same) == _facts(values):
        return same
    made = AccountabilityEvent.objects.create(plan=plan, prepared_by=by, prepared_at=now or timezone.now(), **values)
    audit.record("accountability_prepared", made, by=by, after=facts_of(made))
    return made


@once(_TWICE)
def correct_event(
    event: AccountabilityEvent, draft: EventDraft, *, read: str, by: User, reason: str = "",
    now: datetime | None = None,
) -> bool:  # fmt: skip
    """Change an event until it is closed. Once held its day stays, and what changes needs a reason: citizens read it
    with what the event said before (AZ13). False when nothing changed.

    Raises PermissionDenied, StaleEdit, or Refused.
    """
    demand(by, MANAGE, event)
    held = hold_event(event)
    values = draft.values()
    refuse_if_stale(facts_of(held), read)
    _refuse_closed(held)
    refuse_if_any([*_draft_problems(values), *_day_problems(held, values["held_on"])])
    said, old = tidy(reason), facts_of(held)
    before, _ = audit.differences(old, _facts(values))
    if not before:
        return False
    if rules.facts_need_reason(held.status):
        _keep_correction(held, said, by, now, before=before)
    return save_changes(held, values, facts_of, verb="accountability_changed", by=by, reason=said)


@transaction.atomic
def announce(event: AccountabilityEvent, *, by: User, now: datetime | None = None) -> None:
    """Make it public, with its invitation and its form for questions. Raises PermissionDenied, or Refused."""
    at = now or timezone.now()
    _step(event, "announce", rules.announce_problems, by, timezone.localdate(at), announced_at=at)


@transaction.atomic
def mark_held(event: AccountabilityEvent, *, attendance: int | None, by: User, now: datetime | None = None) -> None:
    """Record that it was held, and how many came. Raises PermissionDenied, or Refused: before its day, no report."""
    _step(event, "hold", rules.hold_problems, by, timezone.localdate(now), attendance=attendance)


@transaction.atomic
def close(event: AccountabilityEvent, *, evaluation: str, by: User, now: datetime | None = None) -> None:
    """Close it with its evaluation, once every question has its answer. Raises PermissionDenied, or Refused."""
    at = now or timezone.now()
    values = {"evaluation": tidy(evaluation), "closed_at": at}
    _step(event, "close", rules.close_problems, by, timezone.localdate(at), **values)


@transaction.atomic
def publish_report(
    event: AccountabilityEvent, *, by: User, upload: UploadedFile | None = None, issued: IssuedReport | None = None,
    reason: str = "", withhold: bool = False, now: datetime | None = None,
) -> bool:  # fmt: skip
    """Set what the sector gives account of: a file, or one of its issued and published reports. False when it is the
    report that it has already (WF1).

    Once citizens read one, another replaces it with a reason; the earlier one stays on the page, labelled, unless
    `withhold` says that its file should never have been public (AZ13). Raises PermissionDenied, or Refused: both or
    none, closed, another sector's, not public, no reason.
    """
    demand(by, MANAGE, event)
    held = hold_event(event)
    _refuse_closed(held)
    refuse_if_any(_report_problems(held, upload, issued))
    if _has(held, upload, issued):
        return False
    verb = "accountability_reported"
    said, before = tidy(reason), _report_facts(held.report_file, held.issued_report)
    if rules.report_needs_reason(held.status, has_report=before is not None):
        verb = "accountability_report_replaced"
        _keep_replaced(held, said, withhold, by, now)
    kept = keep(upload, unit=held.plan.sector, by=by) if upload is not None else None
    AccountabilityEvent.objects.filter(pk=held.pk).update(report_file=kept, issued_report=issued)
    event.refresh_from_db()
    audit.record(verb, held, by=by, before=before, after=_report_facts(kept, issued), reason=said)
    return True


@transaction.atomic
def promise(
    event: AccountabilityEvent, *, text: str, unit: OrganizationUnit, due_on: date, by: User,
    now: datetime | None = None,
) -> AccountabilityCommitment:  # fmt: skip
    """Write down what the sector promised at the event; the same words of a unit are one (WF1).

    Raises PermissionDenied, or Refused: not announced, no text, due before the event, another sector's unit (AZ10).
    """
    demand(by, MANAGE, event)
    held, said = hold_event(event), tidy(text)
    refuse_if_any([*_promise_problems(held, unit, due_on), *text_problems(said, "text", "el compromiso")])
    values = {"event": held, "text": said, "unit": unit, "due_on": due_on}
    same = AccountabilityCommitment.objects.filter(**values).first()
    if same is not None:
        return same
    made = AccountabilityCommitment.objects.create(written_by=by, written_at=now or timezone.now(), **values)
    after = {"text": said, "unit": unit.code, "due_on": due_on.isoformat()}
    audit.record("citizens_promised", made, by=by, after=after)
    return made


@transaction.atomic
def keep_promise(commitment: AccountabilityCommitment, *, outcome: str, by: User, now: datetime | None = None) -> None:
    """Say what came of a commitment, once. Raises PermissionDenied, or Refused."""
    demand(by, MANAGE, commitment)
    said = tidy(outcome)
    refuse_if_any(text_problems(said, "outcome", "qué se cumplió"))
    rows = AccountabilityCommitment.objects.filter(pk=commitment.pk, kept_on=None)
    if rows.update(outcome=said, kept_on=timezone.localdate(now)) != 1:
        message = "Este compromiso ya se registró como cumplido."
        raise Refused([Problem("kept_already", "WF2", message, fix="Vuelva a cargar la página.")])
    commitment.refresh_from_db()
    audit.record("promise_kept", commitment, by=by, after={"text": said})


def facts_of(event: AccountabilityEvent) -> dict[str, Any]:
    """What the audit keeps of an event, and what the form of its correction has read."""
    names = ("title", "held_on", "starts_at", "place", "link", "topics", "invitation", "questions_until")
    return _facts({name: getattr(event, name) for name in names})


def hold_event(event: AccountabilityEvent) -> AccountabilityEvent:
    """The event with its plan held until the transaction ends."""
    SectorPlan.hold(event.plan_id)
    related = ("plan__sector", "report_file", "issued_report")
    return AccountabilityEvent.objects.select_related(*related).get(pk=event.pk)


def step_facts(event: AccountabilityEvent, *, evaluation: str = "") -> rules.EventFacts:
    """What the rules of the steps ask of it; one query."""
    return rules.EventFacts(
        held_on=event.held_on,
        questions_until=event.questions_until,
        has_place=bool(event.place or event.link),
        has_invitation=bool(event.invitation),
        has_report=bool(event.report_file_id or event.issued_report_id),
        unanswered=event.questions.filter(answered_at=None).count(),
        evaluation=evaluation or event.evaluation,
    )


def _facts(values: dict[str, Any]) -> dict[str, Any]:
    days = {name: values[name].isoformat() for name in ("held_on", "questions_until")}
    begins = values["starts_at"]
    return {**values, **days, "starts_at": f"{begins:%H:%M}" if begins else None}


def _step(event: AccountabilityEvent, verb: str, problems: Any, by: User, today: date, **values: Any) -> None:
    step = transition_for(EVENT_TRANSITIONS, verb)
    demand(by, MANAGE, event)
    held = hold_event(event)
    if held.status not in step.sources:
        message = f"La rendición está en estado «{EventStatus(held.status).label}»."
        raise Refused([Problem("wrong_state", "F6.4", message, fix="Vuelva a cargar la página.")])
    refuse_if_any(problems(step_facts(held, evaluation=values.get("evaluation", "")), today))
    AccountabilityEvent.objects.filter(pk=held.pk, status__in=step.sources).update(status=step.target, **values)
    event.refresh_from_db()
    audit.record(TRACES[verb], event, by=by, after={"attendance": event.attendance, "evaluation": event.evaluation})


def _draft_problems(values: dict[str, Any]) -> list[Problem]:
    names = ("title", "topics", "link", "held_on", "questions_until")
    return list(rules.event_problems(**{name: values[name] for name in names}))


def _day_problems(held: AccountabilityEvent, day: date) -> list[Problem]:
    if held.status != EventStatus.HELD or day == held.held_on:
        return []
    return [Problem("event_held", "F6.4", "El evento ya se celebró: su fecha no cambia.", fix="Deje la fecha.")]


def _keep_correction(event: AccountabilityEvent, reason: str, by: User, now: datetime | None, **told: Any) -> None:
    refuse_if_any(rules.correction_problems(reason))
    at = now or timezone.now()
    AccountabilityCorrection.objects.create(event=event, reason=reason, made_by=by, made_at=at, **told)


def _keep_replaced(held: AccountabilityEvent, reason: str, withhold: bool, by: User, now: datetime | None) -> None:
    """Its report until now, to be read as replaced; a report issued here stays on the portal in any case."""
    old = {"report_file": held.report_file, "issued_report": held.issued_report}
    _keep_correction(held, reason, by, now, is_withheld=withhold and held.report_file is not None, **old)


def _has(held: AccountabilityEvent, upload: UploadedFile | None, issued: IssuedReport | None) -> bool:
    """Whether that report is the one it has."""
    if upload is None:
        return issued is not None and held.issued_report_id == issued.pk
    return held.report_file is not None and held.report_file.sha256 == digest_of_upload(upload)


def _report_facts(file: StoredFile | None, issued: IssuedReport | None) -> dict[str, Any] | None:
    """A report as the audit keeps it; None for none."""
    if file is not None:
        return {"file": file.display_name, "sha256": file.sha256}
    return {"file": str(issued), "sha256": issued.pdf_sha256} if issued is not None else None


def _refuse_closed(held: AccountabilityEvent) -> None:
    if held.status == EventStatus.CLOSED:
        raise Refused([Problem("event_closed", "F6.4", "La rendición está cerrada: ya no cambia.")])


def _report_problems(
    held: AccountabilityEvent, upload: UploadedFile | None, issued: IssuedReport | None
) -> list[Problem]:
    if (upload is None) == (issued is None):
        message = "Adjunte un archivo o elija un informe emitido, uno de los dos."
        return [Problem("report_missing", "F6.4", message)]
    if issued is None:
        return []
    is_public = ReportPublication.objects.filter(report=issued).exists()
    if issued.plan_id != held.plan_id or not is_public:
        message = "Ese informe no es de este PES o no se ha publicado."
        return [Problem("report_not_public", "AZ13", message, fix="Publíquelo primero, o adjunte un archivo.")]
    return []


def _promise_problems(held: AccountabilityEvent, unit: OrganizationUnit, due_on: date) -> list[Problem]:
    problems = []
    if held.status not in (EventStatus.ANNOUNCED, EventStatus.HELD):
        message = f"La rendición está en estado «{EventStatus(held.status).label}»: no se anotan compromisos."
        problems.append(Problem("wrong_state", "F6.4", message, fix="Se anotan mientras no esté cerrada."))
    if held.plan.sector_id not in (unit.pk, unit.parent_id):
        problems.append(Problem("unit_foreign", "AZ10", "Esa unidad no es de este sector.", fix="Elija de la lista."))
    if due_on < held.held_on:
        message = "El compromiso vencería antes del evento."
        problems.append(Problem("due_before_event", "F6.4", message, fix="Escriba un día posterior."))
    return problems
