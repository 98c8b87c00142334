"""Commitments: undertaken at a meeting, followed with notes, closed with evidence (LC-03; Guía, fase 5, paso 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from pes import audit
from pes.access import can, demand
from pes.duplicates import once
from pes.files.stored import keep
from pes.meetings.facts import plain
from pes.meetings.minutes import HELD
from pes.meetings.moves import REGISTER, begin
from pes.meetings.people import entities_of, people_of
from pes.models import Commitment, CommitmentNote, OrganizationUnit, StoredFile, TechnicalWorkshop, User
from pes.permissions import Permission
from pes.rules.commitments import (
    OPEN,
    RULE,
    TRANSITIONS,
    CommitmentEvent,
    CommitmentStatus,
    commitment_problems,
    fulfilment_problems,
    state_problems,
)
from pes.rules.files import link_problems
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.transitions import transition_for

# Verb → how the audit trail calls it and what is told of it; its sentence is in pes/audit_sentences.py.
TRACES = {
    "note": "commitment_noted",
    "fulfil": "commitment_fulfilled",
    "reopen": "commitment_reopened",
    "drop": "commitment_withdrawn",
}


@dataclass(frozen=True)
class Undertaking:
    """What is undertaken: by a person or by an entity, until a day."""

    text: str
    due_on: date
    owner: User | None = None
    owner_entity: OrganizationUnit | None = None


@once("Otra persona agregaba un compromiso al mismo tiempo.")
def add_commitment(meeting: TechnicalWorkshop, undertaking: Undertaking, *, by: User) -> Commitment:
    """Write a commitment in the minutes; sent twice in every word it is the first one (WF1).

    Raises PermissionDenied, or Refused: minutes not open, no text, not one owner, an owner from outside the sector.
    """
    held = begin(meeting, HELD, "agregar compromisos", by=by)
    text, due_on = plain(undertaking.text), undertaking.due_on
    owner, entity = undertaking.owner, undertaking.owner_entity
    owners = sum(one is not None for one in (owner, entity))
    refuse_if_any(
        [
            *commitment_problems(text=text, owners=owners, due_on=due_on, held_on=held.on),
            *_owner_problems(held, owner, entity),
        ]
    )
    said = {"text": text, "owner": owner, "owner_entity": entity, "agreed_due_on": due_on}
    same = held.commitments.filter(**said).first()
    if same is not None:
        return same
    last = held.commitments.aggregate(last=Max("number"))["last"] or 0
    made = Commitment.objects.create(meeting=held, number=last + 1, due_on=due_on, **said)
    audit.record("commitment_added", made, by=by, after=_facts(made))
    return made


@transaction.atomic
def remove_commitment(commitment: Commitment, *, by: User) -> None:
    """Take a commitment out of minutes that are still open, when nothing was told of it.

    Raises PermissionDenied, or Refused: minutes closed, notes written.
    """
    held = begin(commitment.meeting, HELD, "quitar compromisos", by=by)
    row = held.commitments.get(pk=commitment.pk)
    if row.notes.exists():
        message = "El compromiso ya tiene seguimiento."
        raise Refused([Problem("commitment_followed", RULE, message, fix="Retírelo con su motivo.")])
    audit.record("commitment_removed", row, by=by, before=_facts(row))
    row.delete()


@transaction.atomic
def note(commitment: Commitment, *, text: str, by: User, now: datetime | None = None) -> CommitmentNote:
    """Tell how a commitment goes; the same words twice in a row by the same person are one note (WF1).

    Raises PermissionDenied to who neither answers for it nor keeps the meetings, or Refused: not open, no text.
    """
    held = _begin(commitment, "note", "anotar su avance", by=by)
    said = _words(text, "Falta la nota.", "Escriba cómo va.")
    last = held.notes.last()
    if last is not None and (last.event, last.text, last.by_id) == (CommitmentEvent.NOTED, said, by.pk):
        return last
    return _tell(held, "note", CommitmentEvent.NOTED, said, by=by, now=now)


@transaction.atomic
def fulfil(
    commitment: Commitment,
    *,
    text: str,
    link: str = "",
    upload: UploadedFile | None = None,
    by: User,
    now: datetime | None = None,
) -> CommitmentNote:
    """Close a commitment with what was done and its evidence: a file, a link or both.

    Raises PermissionDenied, or Refused: not open, nothing told, no evidence, a file or link that is not received.
    """
    held = _begin(commitment, "fulfil", "dar por cumplido", by=by)
    problems = list(fulfilment_problems(text=text, has_proof=upload is not None or bool(link.strip())))
    refuse_if_any(problems + (link_problems(link.strip()) if link.strip() else []))
    instant = now or timezone.now()
    file = keep(upload, unit=held.meeting.plan.sector, by=by) if upload is not None else None
    done_on = timezone.localdate(instant)
    return _tell(
        held, "fulfil", CommitmentEvent.FULFILLED, plain(text),
        by=by, now=instant, link=link.strip(), file=file, fulfilled_on=done_on,
    )  # fmt: skip


@transaction.atomic
def reopen(commitment: Commitment, *, reason: str, by: User, now: datetime | None = None) -> CommitmentNote:
    """Open again a commitment whose evidence does not do, with why. Raises PermissionDenied or Refused."""
    held = _begin(commitment, "reopen", "reabrir", by=by)
    said = _words(reason, "Falta el motivo.", "Escriba qué le falta.")
    return _tell(held, "reopen", CommitmentEvent.REOPENED, said, by=by, now=now, fulfilled_on=None)


@transaction.atomic
def drop(commitment: Commitment, *, reason: str, by: User, now: datetime | None = None) -> CommitmentNote:
    """Drop a commitment that no longer makes sense, with why. Raises PermissionDenied or Refused."""
    held = _begin(commitment, "drop", "retirar", by=by)
    said = _words(reason, "Falta el motivo.", "Escriba por qué ya no se hará.")
    return _tell(held, "drop", CommitmentEvent.WITHDRAWN, said, by=by, now=now)


@transaction.atomic
def reschedule(
    commitment: Commitment, *, due_on: date, reason: str, by: User, now: datetime | None = None
) -> CommitmentNote:
    """Grant another day, with why; the minutes keep the one that was agreed. Raises PermissionDenied or Refused."""
    demand(by, REGISTER, commitment)
    held = _locked(commitment)
    refuse_if_any(state_problems(held.status, OPEN, "cambiar su plazo"))
    said = _words(reason, "Falta el motivo.", "Escriba por qué cambia el plazo.")
    instant = now or timezone.now()
    if due_on == held.due_on or due_on < timezone.localdate(instant):
        fix = "Escriba una fecha distinta, de hoy en adelante."
        raise Refused([Problem("due_not_valid", RULE, "Ese plazo no sirve.", fix=fix)])
    before, held.due_on = held.due_on.isoformat(), due_on
    held.save(update_fields=["due_on"])
    made = CommitmentNote.objects.create(
        commitment=held, event=CommitmentEvent.RESCHEDULED, text=said, by=by, at=instant
    )
    after = {"due_on": due_on.isoformat()}
    audit.record("commitment_rescheduled", held, by=by, before={"due_on": before}, after=after, reason=said)
    return made


def may_follow(user: Any, commitment: Commitment) -> bool:
    """Whether a person answers for a commitment, or keeps the meetings of its sector."""
    if not can(user, Permission.PES_READ, commitment):
        return False
    answers = Commitment.objects.filter(pk=commitment.pk).answered_by(user)  # type: ignore[attr-defined]
    return bool(answers.exists() or can(user, REGISTER, commitment))


def demand_following(user: Any, commitment: Commitment) -> None:
    """Raise PermissionDenied unless the person may follow a commitment."""
    if not may_follow(user, commitment):
        raise PermissionDenied("Sigue un compromiso quien responde por él o lleva las mesas del sector.")


def _begin(commitment: Commitment, verb: str, act: str, *, by: User) -> Commitment:
    step = transition_for(TRANSITIONS, verb)
    if step.permission == REGISTER:
        demand(by, REGISTER, commitment)
    else:
        demand_following(by, commitment)
    held = _locked(commitment)
    refuse_if_any(state_problems(held.status, step.sources, act))
    return held


def _locked(commitment: Commitment) -> Commitment:
    rows = Commitment.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("meeting__plan__sector", "owner", "owner_entity").get(pk=commitment.pk)


def _tell(
    held: Commitment,
    verb: str,
    event: CommitmentEvent,
    text: str,
    *,
    by: User,
    now: datetime | None,
    link: str = "",
    file: StoredFile | None = None,
    **values: Any,
) -> CommitmentNote:
    """Take the edge and leave the note and the trace of a verb; the row is locked."""
    held.status = transition_for(TRANSITIONS, verb).target
    for name, value in values.items():
        setattr(held, name, value)
    held.save(update_fields=["status", *values])
    made = CommitmentNote.objects.create(
        commitment=held, event=event, text=text, link=link, file=file, by=by, at=now or timezone.now()
    )
    proof = {"link": link, "file": file.display_name if file else ""}
    said = {"state": CommitmentStatus(held.status).label, "text": text} | {k: v for k, v in proof.items() if v}
    audit.record(TRACES[verb], held, by=by, after=said)
    return made


def _words(text: str, missing: str, fix: str) -> str:
    said = plain(text)
    if not said:
        raise Refused([Problem("words_missing", RULE, missing, fix=fix)])
    return said


def _owner_problems(meeting: TechnicalWorkshop, owner: User | None, entity: OrganizationUnit | None) -> list[Problem]:
    if owner is not None and not people_of(meeting.plan).filter(pk=owner.pk).exists():
        message = f"{owner} no trabaja en el sector."
        return [Problem("owner_of_other_sector", RULE, message, fix="Elija a su entidad o a otra persona.")]
    if entity is not None and not entities_of(meeting.plan).filter(pk=entity.pk).exists():
        message = f"«{entity.name}» no es una entidad del sector."
        return [Problem("owner_of_other_sector", RULE, message, fix="Elija una entidad del sector.")]
    return []


def _facts(commitment: Commitment) -> dict[str, Any]:
    return {
        "meeting": str(commitment.meeting),
        "text": commitment.text,
        "user": commitment.owner_id,
        "owner_entity": commitment.owner_entity.code if commitment.owner_entity else None,
        "due_on": commitment.agreed_due_on.isoformat(),
    }
