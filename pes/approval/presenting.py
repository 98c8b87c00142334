"""Presenting the document to the entities: each time, a frozen version that needs every approval (LC-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.approval.files import ask_version_files
from pes.approval.steps import hold_round
from pes.approval.versions import digest_of, entities_of, latest_version
from pes.duplicates import once
from pes.models import ApprovalRound, PesVersion, SectorPlan, User, VersionKind
from pes.permissions import Permission
from pes.rules.approval import presentation_problems, reason_problems
from pes.rules.approval_states import UNDER_WAY, ApprovalStatus
from pes.rules.problems import refuse_if_any
from pes.rules.texts import tidy
from pes.writing.content import Content, content_of, to_json, word_count

PRESENT = Permission.DOCUMENT_PRESENT


@dataclass(frozen=True)
class Preview:
    """The document as it would be presented now."""

    content: Content
    stored: dict[str, Any]
    digest: str


def preview_of(plan: SectorPlan) -> Preview:
    """What would be frozen now, and its digest."""
    content = content_of(plan)
    stored = to_json(content)
    return Preview(content, stored, digest_of(stored))


def round_under_way(plan: SectorPlan) -> ApprovalRound | None:
    """The round of a plan that has not ended, if there is one."""
    return ApprovalRound.objects.filter(plan=plan, status__in=UNDER_WAY).select_related("plan__sector").first()


@once("Otra persona acaba de presentar una versión.")
def present(
    plan: SectorPlan, *, respond_by: date, note: str = "", seen: str = "", by: User, now: datetime | None = None
) -> PesVersion:
    """Freeze what the document says and present it to every entity of the sector, with a term to observe.

    `seen` is the digest of the preview that the person read; blank asks nothing of it. Presented twice by the same
    person in the same words, it is one version (WF1). Raises PermissionDenied, or Refused: nothing written, the same
    as before, changed since its preview, no time to answer.
    """
    demand(by, PRESENT, plan)
    held, instant = SectorPlan.hold(plan.pk), now or timezone.now()
    last, preview = latest_version(held), preview_of(held)
    if last is not None and _is_again(last, preview.digest, respond_by, by):
        return last
    refuse_if_any(
        presentation_problems(
            section_count=word_count(preview.content),
            entity_count=entities_of(held).count(),
            is_same=last is not None and last.digest == preview.digest and last.round.state != ApprovalStatus.WITHDRAWN,
            has_moved=bool(seen) and seen != preview.digest,
            respond_by=respond_by,
            today=timezone.localdate(instant),
        )
    )
    round_, kind = _round_for(held, by, instant)
    version = PesVersion.objects.create(
        plan=held, round=round_, number=last.number + 1 if last else 1, kind=kind, content=preview.stored,
        digest=preview.digest, respond_by=respond_by, note=tidy(note), presented_by=by, presented_at=instant,
    )  # fmt: skip
    said = {"version": version.number, "kind": version.get_kind_display(), "digest": version.digest}
    audit.record("pes_presented", version, by=by, after=_of(held) | said | {"respond_by": respond_by.isoformat()})
    ask_version_files(version, by=by)
    return version


@transaction.atomic
def withdraw(round_: ApprovalRound, *, reason: str, by: User) -> None:
    """Take the document back from the entities, with why; it may be presented again later.

    Raises PermissionDenied, or Refused: adopted already, or no reason.
    """
    demand(by, PRESENT, round_)
    held = hold_round(round_.pk)
    refuse_if_any(reason_problems(reason, "Falta por qué se retira."))
    held.move("recall")
    audit.record("pes_withdrawn", held, by=by, after=_of(held.plan) | {"state": held.state.label}, reason=tidy(reason))


def _is_again(last: PesVersion, digest: str, respond_by: date, by: User) -> bool:
    said = (last.digest, last.respond_by, last.presented_by_id)
    return said == (digest, respond_by, by.pk) and last.round.state in UNDER_WAY


def _round_for(plan: SectorPlan, by: User, now: datetime) -> tuple[ApprovalRound, VersionKind]:
    """The round of the next version, and what that version is in it."""
    current = round_under_way(plan)
    if current is not None:
        held = hold_round(current.pk)
        held.move("present")
        return held, VersionKind.ADJUSTED
    number = ApprovalRound.objects.filter(plan=plan).count() + 1
    made = ApprovalRound.objects.create(plan=plan, number=number, opened_by=by, opened_at=now)
    return made, VersionKind.AMENDMENT if plan.adoptions.exists() else VersionKind.INITIAL


def _of(plan: SectorPlan) -> dict[str, str]:
    return {"plan": f"{plan} ({plan.period})"}
