"""The verbs of improvement actions and planes de choque: from who does what until when, to somebody else's verification."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from evaluation.changes import save_changes
from evaluation.improvement.responsibilities import candidates, stranger_problem
from evaluation.models import ActionFollowUp, Bottleneck, ImprovementAction
from evaluation.rules.improvement import (
    action_problems,
    finish_problems,
    follow_up_problems,
    span_of,
    text_problems,
    verifier_problems,
)
from evaluation.rules.improvement_states import (
    ACTION_TRANSITIONS,
    RUNNING,
    ActionKind,
    ActionStatus,
    BottleneckStatus,
)
from pes import audit
from pes.access import can, demand
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.files.stored import adds_nothing, keep
from pes.models import SectorPlan, User
from pes.permissions import Permission
from pes.rules.files import link_problems
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.transitions import transition_for
from plans.rules.values import tidy

MANAGE = Permission.IMPROVEMENT_MANAGE
# Step of the table → how the audit trail calls it.
TRACES = {
    "start": "action_started",
    "finish": "action_finished",
    "verify": "action_verified",
    "send_back": "action_sent_back",
    "discard": "action_discarded",
}


@dataclass(frozen=True)
class ActionDraft:
    """What is written of an action."""

    kind: ActionKind
    text: str
    expected_effect: str
    owner: User
    starts_on: date
    due_on: date

    def values(self) -> dict[str, Any]:
        """The columns of the row, tidied."""
        return {
            "kind": self.kind.value, "text": tidy(self.text), "expected_effect": tidy(self.expected_effect),
            "owner": self.owner, "starts_on": self.starts_on, "due_on": self.due_on,
        }  # fmt: skip


@once("Otra persona guardó esta acción al mismo tiempo.")
def register_action(
    bottleneck: Bottleneck, draft: ActionDraft, *, by: User, now: datetime | None = None
) -> ImprovementAction:
    """Put somebody in charge of doing something about a bottleneck; the same action twice is one (WF1).

    Raises PermissionDenied, or Refused: solved already, no text or effect, days in disorder, a stranger (AZ10).
    """
    demand(by, MANAGE, bottleneck)
    SectorPlan.hold(bottleneck.plan_id)
    held = Bottleneck.objects.select_related("plan__sector").get(pk=bottleneck.pk)
    if held.status != BottleneckStatus.OPEN:
        message = "Este cuello de botella ya se superó."
        raise Refused([Problem("bottleneck_solved", "REP-03", message, fix="Reábralo si volvió a frenar.")])
    values = draft.values()
    refuse_if_any(_draft_problems(held.plan, values, now))
    same = ImprovementAction.objects.filter(bottleneck=held, status__in=RUNNING, **values).first()
    if same is not None:
        return same
    made = ImprovementAction.objects.create(
        bottleneck=held, registered_by=by, registered_at=now or timezone.now(), **values
    )
    audit.record("action_registered", made, by=by, after={"bottleneck": held.title} | facts_of(made))
    return made


@once("Otra persona guardó esta acción al mismo tiempo.")
def correct_action(action: ImprovementAction, draft: ActionDraft, *, read: str, by: User) -> bool:
    """Change who, what or when while it runs; False when nothing changed. Raises like `register_action`; StaleEdit."""
    demand(by, MANAGE, action)
    held = _hold(action)
    refuse_if_stale(facts_of(held), read)
    _refuse_unless(held, RUNNING)
    values = draft.values()
    refuse_if_any(_draft_problems(held.bottleneck.plan, values, None))
    return save_changes(held, values, facts_of, verb="action_corrected", by=by)


@transaction.atomic
def follow_up(
    action: ImprovementAction, *, progress: int, text: str, by: User, upload: UploadedFile | None = None,
    link: str = "", now: datetime | None = None,
) -> ActionFollowUp:  # fmt: skip
    """Say what has been done (progress 0–100 %), with a file or a link as proof; the first one starts the action.

    The owner may, and who manages improvement. The same words and file twice are one entry (WF1). Raises PermissionDenied, or
    Refused: not running, nothing said, a file or link that is not accepted.
    """
    _demand_owner_or_manager(by, action)
    held = _hold(action)
    said, address = tidy(text), link.strip()
    last = held.follow_ups.select_related("file").order_by("-pk").first()
    if last and _is_same(last, progress, said, address, by) and adds_nothing(upload, last.file):
        return last
    _refuse_unless(held, RUNNING)
    refuse_if_any(
        [
            *follow_up_problems(progress=progress, text=said, last=last.progress if last else 0),
            *(link_problems(address) if address else ()),
        ]
    )
    kept = keep(upload, unit=held.bottleneck.unit, by=by) if upload is not None else None
    made = ActionFollowUp.objects.create(
        action=held, progress=progress, text=said, file=kept, link=address, written_by=by,
        written_at=now or timezone.now(),
    )  # fmt: skip
    if held.status == ActionStatus.OPEN:
        _move(held, "start", by)
    evidence = kept.display_name if kept else address
    audit.record("action_followed", held, by=by, after={"progress": progress, "text": said, "evidence": evidence})
    return made


@transaction.atomic
def finish(action: ImprovementAction, *, by: User, now: datetime | None = None) -> None:
    """Say that it is done, so that somebody else verifies it. Raises PermissionDenied, or Refused: below 100 %, no proof."""
    _demand_owner_or_manager(by, action)
    held = _hold(action)
    entries = list(held.follow_ups.order_by("pk").values_list("progress", "file_id", "link"))
    last = entries[-1][0] if entries else None
    proof = any(file or link for _, file, link in entries)
    if held.status == ActionStatus.UNDER_WAY:
        refuse_if_any(finish_problems(last=last, has_evidence=proof))
    _move(held, "finish", by, done_by=by, done_on=timezone.localdate(now))
    action.refresh_from_db()


@transaction.atomic
def verify(action: ImprovementAction, *, by: User, now: datetime | None = None) -> None:
    """Confirm that it was done; never who did it (AZ4). Raises PermissionDenied, or Refused."""
    demand(by, MANAGE, action)
    held = _hold(action)
    refuse_if_any(verifier_problems(is_owner=held.owner_id == by.pk, is_finisher=held.done_by_id == by.pk))
    _move(held, "verify", by, verified_by=by, verified_on=timezone.localdate(now))
    action.refresh_from_db()


@transaction.atomic
def send_back(action: ImprovementAction, *, reason: str, by: User) -> None:
    """Return what is not done yet, with what is missing. Raises PermissionDenied, or Refused."""
    demand(by, MANAGE, action)
    held = _hold(action)
    refuse_if_any(verifier_problems(is_owner=held.owner_id == by.pk, is_finisher=held.done_by_id == by.pk))
    _move(held, "send_back", by, reason=_reason(reason), done_by=None, done_on=None)
    action.refresh_from_db()


@transaction.atomic
def discard(action: ImprovementAction, *, reason: str, by: User) -> None:
    """Give it up, and say why. Raises PermissionDenied, or Refused."""
    demand(by, MANAGE, action)
    said = _reason(reason)
    _move(_hold(action), "discard", by, reason=said, discard_reason=said)
    action.refresh_from_db()


def facts_of(action: ImprovementAction) -> dict[str, Any]:
    """What the audit keeps of it, and what the form of its correction has read."""
    return {
        "kind": ActionKind(action.kind).label,
        "text": action.text,
        "expected_effect": action.expected_effect,
        "user": action.owner_id,
        "starts_on": action.starts_on.isoformat(),
        "due_on": action.due_on.isoformat(),
    }


def may_follow(user: Any, action: ImprovementAction) -> bool:
    """Whether a person writes the follow-up of an action: its owner while they read the PES, or who manages."""
    return (action.owner_id == user.pk and can(user, Permission.PES_READ, action)) or can(user, MANAGE, action)


def _demand_owner_or_manager(by: User, action: ImprovementAction) -> None:
    if not may_follow(by, action):
        raise PermissionDenied("Escribe el seguimiento quien responde por la acción o quien lleva la mejora.")


def _move(held: ImprovementAction, verb: str, by: User, reason: str = "", **values: Any) -> None:
    step = transition_for(ACTION_TRANSITIONS, verb)
    rows = ImprovementAction.objects.filter(pk=held.pk, status__in=step.sources)
    if rows.update(status=step.target, **values) != 1:
        _refuse_unless(held, step.sources)
    audit.record(TRACES[verb], held, by=by, reason=reason)


def _hold(action: ImprovementAction) -> ImprovementAction:
    SectorPlan.hold(action.bottleneck.plan_id)
    return ImprovementAction.objects.select_related("bottleneck__plan__sector", "bottleneck__unit").get(pk=action.pk)


def _refuse_unless(held: ImprovementAction, statuses: Any) -> None:
    if held.status not in statuses:
        message = f"La acción está en estado «{ActionStatus(held.status).label}»: no se puede hacer eso ahora."
        raise Refused([Problem("wrong_state", "REP-03", message, fix="Vuelva a cargar la página.")])


def _reason(text: str) -> str:
    said = tidy(text)
    refuse_if_any(text_problems(said, "reason", "el motivo"))
    return said


def _draft_problems(plan: SectorPlan, values: dict[str, Any], now: datetime | None) -> Iterator[Problem]:
    span = span_of(plan.first_vigencia, plan.last_vigencia, timezone.localdate(now))
    yield from action_problems(
        text=values["text"], expected_effect=values["expected_effect"], starts_on=values["starts_on"],
        due_on=values["due_on"], span=span,
    )  # fmt: skip
    if not candidates(plan).filter(pk=values["owner"].pk).exists():
        yield stranger_problem()


def _is_same(last: ActionFollowUp, progress: int, text: str, link: str, by: User) -> bool:
    return (last.progress, last.text, last.link, last.written_by_id) == (progress, text, link, by.pk)
