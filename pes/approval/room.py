"""The approval room: where the document stands, what is awaited from whom, and what this person may do (LC-08)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from pes.access import can
from pes.approval.awaited import awaited
from pes.approval.phase import Waiting, waiting_of
from pes.approval.presenting import round_under_way
from pes.approval.room_actions import Action, actions_of, first_actions
from pes.approval.versions import Standing, latest_of, standings
from pes.dates import countdown, long_date, long_instant
from pes.models import (
    ApprovalRound,
    AuditEvent,
    CommitteeDecision,
    CommitteeSession,
    OrganizationUnit,
    PesVersion,
    SectorPlan,
)
from pes.permissions import Permission
from pes.plan_frame import plan_url
from pes.rules.approval_states import OBSERVABLE, UNDER_WAY, ApprovalStatus

_S = ApprovalStatus
STAGES = (
    ("Presentación", frozenset({_S.PRESENTED})),
    ("Observaciones", frozenset({_S.UNDER_OBSERVATION, _S.ADJUSTING})),
    ("Aprobación de las entidades", frozenset({_S.APPROVAL_REQUESTED})),
    ("Comité Sectorial", frozenset({_S.APPROVED_BY_ALL})),
    ("Acto de adopción", frozenset({_S.COMMITTEE})),
    ("Publicación", frozenset({_S.ADOPTED})),
)
TONES = {
    _S.PRESENTED: "info", _S.UNDER_OBSERVATION: "warn", _S.ADJUSTING: "warn", _S.APPROVAL_REQUESTED: "info",
    _S.APPROVED_BY_ALL: "ok", _S.COMMITTEE: "ok", _S.ADOPTED: "ok", _S.PUBLISHED: "ok", _S.WITHDRAWN: "off",
}  # fmt: skip
NO_DECISION = "–"


@dataclass(frozen=True)
class EntityRow:
    """An entity in the matrix."""

    name: str
    full_name: str
    url: str
    read: tuple[str, str]  # words and tone
    observations: tuple[str, str]
    decision: tuple[str, str]
    detail: str
    is_mine: bool


@dataclass(frozen=True)
class ShownSession:
    """A session of the Comité Sectorial about a version."""

    day: str
    version: str
    decision: str
    tone: str
    note: str
    minutes_url: str
    minutes_name: str


@dataclass
class Room:
    """Everything that the room shows of the round under way, or of the last one."""

    version: PesVersion | None = None
    state: str = ""
    tone: str = "off"
    steps: list[dict[str, str]] = field(default_factory=list)
    awaited: str = ""
    waiting: Waiting | None = None  # the phase of the approval has not opened
    facts: list[tuple[str, str]] = field(default_factory=list)
    rows: list[EntityRow] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    may_withdraw: bool = False
    version_url: str = ""
    reason: str = ""  # why the last round was withdrawn
    sessions: list[ShownSession] = field(default_factory=list)


def room_of(user: Any, plan: SectorPlan) -> Room:
    """The room of a PES as one person sees it; a constant number of queries."""
    round_ = round_under_way(plan) or ApprovalRound.objects.filter(plan=plan).order_by("-number").first()
    presents = can(user, Permission.DOCUMENT_PRESENT, plan)
    if round_ is None:
        return Room(actions=first_actions(plan) if presents else [])
    version, today = latest_of(round_), timezone.localdate()
    found = standings(version)
    mine = set(OrganizationUnit.objects.visible_to(user, Permission.DOCUMENT_OBSERVE).values_list("pk", flat=True))
    open_count = sum(one.stand.open_observations for one in found)
    waiting = waiting_of(plan) if round_.state in UNDER_WAY else None
    actions = actions_of(
        user, plan, round_.state, version, found, open_count, today, waiting=waiting, presents=presents, mine=mine
    )
    return Room(
        version=version,
        state=round_.state.label,
        tone=TONES[round_.state],
        steps=_steps(round_.state),
        awaited=awaited(round_.state, version, found, open_count, today, may_ask=waiting is None),
        waiting=waiting,
        facts=_facts(version, round_.state, today),
        rows=[_row(plan, one, round_.state, one.entity.pk in mine) for one in found],
        actions=actions,
        may_withdraw=presents and round_.state in UNDER_WAY,
        version_url=plan_url(plan, "pes:version", version.number),
        reason=_withdrawn_because(round_),
        sessions=[_session(one) for one in sessions_of(CommitteeSession.objects.filter(version__round=round_))],
    )


def sessions_of(rows: QuerySet[CommitteeSession]) -> QuerySet[CommitteeSession]:
    """Sessions with what is shown of them, without the contents of their versions."""
    return rows.select_related("version", "minutes").defer("version__content").order_by("pk")


def _session(one: CommitteeSession) -> ShownSession:
    return ShownSession(
        day=long_date(one.held_on),
        version=str(one.version),
        decision=one.get_decision_display(),
        tone="ok" if one.decision == CommitteeDecision.ENDORSED else "warn",
        note=one.note,
        minutes_url=one.minutes.get_absolute_url(),
        minutes_name=one.minutes.display_name,
    )


def _steps(state: ApprovalStatus) -> list[dict[str, str]]:
    """The road of a round, with what is done."""
    if state == _S.WITHDRAWN:
        return []
    current = next((at for at, (_, states) in enumerate(STAGES) if state in states), len(STAGES))
    return [
        {"label": label, "state": "done" if at < current else "current" if at == current else "todo"}
        for at, (label, _) in enumerate(STAGES)
    ]


def _facts(version: PesVersion, state: ApprovalStatus, today: date) -> list[tuple[str, str]]:
    left = f" ({countdown(version.respond_by, today).lower()})" if state in OBSERVABLE else ""
    return [
        ("Versión", f"{version.number} · {version.get_kind_display().lower()}"),
        ("Presentada", f"{long_instant(version.presented_at)}, por {version.presented_by}"),
        ("Plazo para observar", f"{long_date(version.respond_by)}{left}"),
        ("Nota", version.note or "Sin nota"),
    ]


def _row(plan: SectorPlan, standing: Standing, state: ApprovalStatus, is_mine: bool) -> EntityRow:
    stand, decision = standing.stand, standing.decision
    said = ("Sin observaciones", "none") if not standing.observations else (f"{standing.observations} en total", "ok")
    if stand.open_observations:
        said = (f"{stand.open_observations} sin respuesta", "warn")
    decided, detail = (NO_DECISION, "none"), ""
    if decision is not None:
        decided = ("Aprobó", "ok") if decision.approves else ("No aprobó", "risk")
        detail = f"{long_date(decision.at)} · {decision.by}"
    elif state == _S.APPROVAL_REQUESTED:
        decided = ("Pendiente", "warn")
    return EntityRow(
        name=standing.entity.short_name,
        full_name=standing.entity.name,
        url=plan_url(plan, "pes:approval-entity", standing.entity.code),
        read=("Leída", "ok") if stand.has_read else ("Sin leer", "off"),
        observations=said,
        decision=decided,
        detail=detail,
        is_mine=is_mine,
    )


def _withdrawn_because(round_: ApprovalRound) -> str:
    if round_.state != _S.WITHDRAWN:
        return ""
    events = AuditEvent.objects.filter(object_type="pes.approvalround", object_id=str(round_.pk), verb="pes_withdrawn")
    found = events.order_by("-pk").first()
    return str(found.reason) if found else ""
