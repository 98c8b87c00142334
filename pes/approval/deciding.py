"""Requesting approval, and what each entity and the committee decide of one version (LC-08)."""

from __future__ import annotations

from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.approval.observing import begin
from pes.approval.phase import problems_of
from pes.approval.steps import hold_version, of_sector
from pes.approval.versions import stands_of, unanswered
from pes.files.stored import keep
from pes.models import CommitteeDecision, CommitteeSession, EntityDecision, OrganizationUnit, PesVersion, User
from pes.permissions import Permission
from pes.rules.approval import (
    approval_problems,
    everybody_approves,
    refusal_problems,
    request_problems,
    session_problems,
)
from pes.rules.approval_states import ApprovalStatus
from pes.rules.problems import refuse_if_any
from pes.rules.texts import tidy

APPROVE = Permission.DOCUMENT_APPROVE
REQUESTABLE = frozenset({ApprovalStatus.PRESENTED, ApprovalStatus.UNDER_OBSERVATION})
REQUESTED = frozenset({ApprovalStatus.APPROVAL_REQUESTED})
BEFORE_COMMITTEE = frozenset({ApprovalStatus.APPROVED_BY_ALL})


@transaction.atomic
def request_approval(version: PesVersion, *, by: User, now: datetime | None = None) -> None:
    """Ask every entity to approve a version.

    Raises PermissionDenied, or Refused: the phase of the approval has not opened, observations without answer, or
    entities that still have time to read it.
    """
    demand(by, Permission.DOCUMENT_PRESENT, version)
    held = hold_version(version, REQUESTABLE)
    today = timezone.localdate(now or timezone.now())
    asked = request_problems(stands_of(held), respond_by=held.respond_by, today=today)
    refuse_if_any([*problems_of(held.plan_id), *asked])
    held.round.move("request")
    audit.record("pes_approval_requested", held, by=by, after=_said(held))


@transaction.atomic
def approve(version: PesVersion, entity: OrganizationUnit, *, by: User, now: datetime | None = None) -> EntityDecision:
    """Approve this very version for an entity; a second click is the first one (WF1).

    The last of the entities completes the round. Raises PermissionDenied, or Refused: another version took its place,
    approval is not requested, the entity's own observations are open, or who approves is who presented (AZ4).
    """
    demand(by, APPROVE, of_sector(version, entity))
    given = EntityDecision.objects.filter(version=version, entity=entity, approves=True).first()
    if given is not None and given.by_id == by.pk:
        return given
    held = hold_version(version, REQUESTED)
    own = unanswered(held.round).filter(entity=entity).count()
    refuse_if_any(approval_problems(own_open=own, is_presenter=held.presented_by_id == by.pk))
    values = {"by": by, "at": now or timezone.now()}
    decision, made = EntityDecision.objects.get_or_create(version=held, entity=entity, approves=True, defaults=values)
    if made:
        audit.record("pes_approved", held, by=by, after=_said(held) | {"entity": entity.code})
        if everybody_approves(stands_of(held)):
            held.round.move("complete")
    return decision


@transaction.atomic
def decline(
    version: PesVersion, entity: OrganizationUnit, *, reason: str, by: User, now: datetime | None = None
) -> EntityDecision:
    """Say that an entity does not approve a version, and why: its reason is an observation that awaits an answer.

    Raises PermissionDenied, or Refused: another version took its place, approval is not requested or was given.
    """
    demand(by, APPROVE, of_sector(version, entity))
    held, instant = hold_version(version, REQUESTED), now or timezone.now()
    has_approved = EntityDecision.objects.filter(version=held, entity=entity, approves=True).exists()
    refuse_if_any(refusal_problems(reason, has_approved=has_approved))
    decision = EntityDecision.objects.create(
        version=held, entity=entity, approves=False, reason=tidy(reason), by=by, at=instant
    )
    begin(held, entity, "", reason, by=by, now=instant)
    held.round.move("decline")
    audit.record("pes_not_approved", held, by=by, reason=tidy(reason), after=_said(held) | {"entity": entity.code})
    return decision


@transaction.atomic
def record_session(
    version: PesVersion,
    *,
    held_on: date,
    decision: CommitteeDecision,
    note: str,
    minutes: UploadedFile,
    by: User,
    now: datetime | None = None,
) -> CommitteeSession:
    """Record what the Comité Sectorial de Gestión y Desempeño decided of a version that every entity approved.

    One that it returns goes back to adjustment. Raises PermissionDenied, or Refused: not approved by all, the phase of
    the approval has not opened, a day that has not come, a return without what was missing, minutes that cannot be kept.
    """
    demand(by, Permission.DOCUMENT_PRESENT, version)
    held, instant = hold_version(version, BEFORE_COMMITTEE), now or timezone.now()
    is_returned = decision == CommitteeDecision.RETURNED
    refuse_if_any(problems_of(held.plan_id))
    refuse_if_any(
        session_problems(
            held_on=held_on,
            presented_on=timezone.localdate(held.presented_at),
            today=timezone.localdate(instant),
            is_returned=is_returned,
            note=note,
        )
    )
    kept = keep(minutes, unit=held.plan.sector, by=by)
    session = CommitteeSession.objects.create(
        version=held, held_on=held_on, decision=decision, note=tidy(note), minutes=kept, by=by, at=instant
    )
    held.round.move("return" if is_returned else "endorse")
    said = {"held_on": held_on.isoformat(), "decision": session.get_decision_display(), "minutes": kept.display_name}
    audit.record("pes_committee_recorded", held, by=by, reason=tidy(note), after=_said(held) | said)
    return session


def _said(version: PesVersion) -> dict[str, object]:
    return {"version": version.number, "digest": version.digest, "state": version.round.state.label}
