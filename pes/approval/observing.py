"""What the entities say of a version, and the answer that each observation gets (LC-08)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.approval.steps import hold_round, hold_version, of_sector
from pes.approval.versions import section_labels
from pes.models import (
    EntityObservation,
    EntityObservationTurn,
    EntityReading,
    ObservationSide,
    OrganizationUnit,
    PesVersion,
    User,
    Verdict,
)
from pes.permissions import Permission
from pes.rules.approval import answer_problems, moment_problems, observation_problems
from pes.rules.approval_states import OBSERVABLE, ApprovalStatus
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.texts import tidy
from pes.rules.threads import text_problems

OBSERVE = Permission.DOCUMENT_OBSERVE
READABLE = OBSERVABLE | {ApprovalStatus.APPROVAL_REQUESTED}


@transaction.atomic
def acknowledge(
    version: PesVersion, entity: OrganizationUnit, *, by: User, now: datetime | None = None
) -> EntityReading:
    """Say that an entity has read a version; said again, it is the same reading.

    Raises PermissionDenied, or Refused: another version took its place.
    """
    demand(by, OBSERVE, of_sector(version, entity))
    held = hold_version(version, READABLE)
    values = {"by": by, "at": now or timezone.now()}
    reading, made = EntityReading.objects.get_or_create(version=held, entity=entity, defaults=values)
    if made:
        audit.record("pes_read", held, by=by, after={"version": held.number, "entity": entity.code})
    return reading


@transaction.atomic
def observe(
    version: PesVersion, entity: OrganizationUnit, *, section: str, text: str, by: User, now: datetime | None = None
) -> EntityObservation:
    """Observe a section of a version (its key), or all of it (blank), for an entity; the same twice is one (WF1).

    Raises PermissionDenied, or Refused: another version took its place, the term is over, no such section, no text.
    """
    demand(by, OBSERVE, of_sector(version, entity))
    held, instant = hold_version(version, OBSERVABLE), now or timezone.now()
    refuse_if_any(
        observation_problems(
            text,
            is_section=not section or section in section_labels(held),
            respond_by=held.respond_by,
            today=timezone.localdate(instant),
        )
    )
    if (same := _said_already(held, entity, section, tidy(text), by)) is not None:
        return same
    made = begin(held, entity, section, text, by=by, now=instant)
    if held.round.state == ApprovalStatus.PRESENTED:
        held.round.move("observe")
    return made


def begin(
    version: PesVersion, entity: OrganizationUnit, section: str, text: str, *, by: User, now: datetime
) -> EntityObservation:
    """Write a thread with its first turn; the verb that calls has asked for power, moment and text."""
    made = EntityObservation.objects.create(
        version=version, entity=entity, section=section, raised_by=by, raised_at=now
    )
    made.turns.create(side=ObservationSide.ENTITY, text=tidy(text), by=by, at=now)
    said = {"version": version.number, "entity": entity.code, "section": section, "text": tidy(text)}
    audit.record("pes_observed", made, by=by, after=said)
    return made


@transaction.atomic
def insist(
    observation: EntityObservation, *, text: str, by: User, now: datetime | None = None
) -> EntityObservationTurn:
    """Add to an observation of one's entity, which then awaits an answer again; so does the version presented now.

    Raises PermissionDenied, or Refused: the round is in other hands, or no text.
    """
    demand(by, OBSERVE, observation.entity)
    round_ = _hold(observation, OBSERVABLE).round
    refuse_if_any(text_problems(text, "LC-08"))
    last = observation.turns.order_by("-pk")[0]
    if (last.by_id, last.side, last.text) == (by.pk, ObservationSide.ENTITY, tidy(text)):
        return last
    made: EntityObservationTurn = observation.turns.create(
        side=ObservationSide.ENTITY, text=tidy(text), by=by, at=now or timezone.now()
    )
    if round_.state == ApprovalStatus.PRESENTED:
        round_.move("observe")
    audit.record("pes_observation_insisted", observation, by=by, after={"text": made.text})
    return made


@transaction.atomic
def answer(
    observation: EntityObservation,
    *,
    verdict: Verdict,
    text: str,
    adjusted: str = "",
    by: User,
    now: datetime | None = None,
) -> EntityObservationTurn:
    """Answer an observation for the head of the sector: accepted, with the section that is adjusted, or not, and why.

    An accepted one puts the round in adjustment, be it of this version or of an earlier one: only another version goes
    on from there. Raises PermissionDenied, or Refused: answered already, the round is in other hands, no reason, no
    such section.
    """
    demand(by, Permission.DOCUMENT_PRESENT, observation)
    held = _hold(observation, OBSERVABLE)
    is_accepted, labels = verdict == Verdict.ACCEPTED, section_labels(held)
    adjusted = adjusted if is_accepted else ""
    last = observation.turns.order_by("-pk")[0]
    if last.side == ObservationSide.HEAD:
        if (last.by_id, last.verdict, last.adjusted, last.text) == (by.pk, verdict, adjusted, tidy(text)):
            return last
        _refuse_answered(last)
    refuse_if_any(answer_problems(text, is_accepted=is_accepted, is_section=adjusted in labels))
    made: EntityObservationTurn = observation.turns.create(
        side=ObservationSide.HEAD, verdict=verdict, adjusted=adjusted, text=tidy(text), by=by, at=now or timezone.now()
    )
    if is_accepted and held.round.state != ApprovalStatus.ADJUSTING:
        held.round.move("adjust")
    said = {"entity": observation.entity.code, "verdict": Verdict(verdict).label, "text": made.text}
    audit.record("pes_observation_answered", observation, by=by, after=said | {"adjusted": labels.get(adjusted, "")})
    return made


def _hold(observation: EntityObservation, states: frozenset[ApprovalStatus]) -> PesVersion:
    """The version of an observation, its round locked; it may be an earlier version of a round under way."""
    version = observation.version
    held = hold_round(version.round_id)
    is_open = held.state in states
    refuse_if_any(moment_problems(asked=0, latest=0, is_open=is_open, label=held.state.label))
    version.round = held
    return version


def _said_already(
    version: PesVersion, entity: OrganizationUnit, section: str, text: str, by: User
) -> EntityObservation | None:
    mine = EntityObservation.objects.filter(version=version, entity=entity, section=section, raised_by=by)
    return mine.filter(turns__text=text, turns__side=ObservationSide.ENTITY).first()


def _refuse_answered(last: EntityObservationTurn) -> None:
    message = f"Ya la respondió {last.by}: {last.get_verdict_display().lower()}."
    fix = "Si la entidad insiste, podrá responder otra vez."
    raise Refused([Problem("answered_already", "LC-08", message, fix=fix)])
