"""States of bottlenecks and of improvement actions, and the steps between them (S0, phase 5; rules REP-02, REP-03)."""

from __future__ import annotations

from enum import StrEnum

from pes.permissions import Permission
from pes.rules.transitions import Transition

_MANAGE = Permission.IMPROVEMENT_MANAGE


class Severity(StrEnum):
    """How much a bottleneck holds back."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"high": "Alta", "medium": "Media", "low": "Baja"}[self]


class BottleneckStatus(StrEnum):
    """Whether something still holds the plan back."""

    OPEN = "open"
    SOLVED = "solved"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"open": "Abierto", "solved": "Superado"}[self]


class ActionKind(StrEnum):
    """An improvement action is planned; a plan de choque answers to something urgent."""

    IMPROVEMENT = "improvement"
    SHOCK = "shock"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"improvement": "Acción de mejora", "shock": "Plan de choque"}[self]


class ActionStatus(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"
    VERIFIED = "verified"
    DISCARDED = "discarded"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _ACTION_LABELS[self]


_ACTION_LABELS = {
    ActionStatus.OPEN: "Por empezar",
    ActionStatus.UNDER_WAY: "En marcha",
    ActionStatus.DONE: "Terminada, por verificar",
    ActionStatus.VERIFIED: "Verificada",
    ActionStatus.DISCARDED: "Descartada",
}
RUNNING = frozenset({ActionStatus.OPEN, ActionStatus.UNDER_WAY})
UNFINISHED = RUNNING | {ActionStatus.DONE}

BOTTLENECK_TRANSITIONS = (
    Transition("solve", {BottleneckStatus.OPEN}, BottleneckStatus.SOLVED, _MANAGE, needs_reason=True),
    Transition("reopen", {BottleneckStatus.SOLVED}, BottleneckStatus.OPEN, _MANAGE, needs_reason=True),
)
# The owner of an action takes the first two steps without a role that gives the power.
ACTION_TRANSITIONS = (
    Transition("start", {ActionStatus.OPEN}, ActionStatus.UNDER_WAY, _MANAGE),
    Transition("finish", {ActionStatus.UNDER_WAY}, ActionStatus.DONE, _MANAGE),
    Transition("verify", {ActionStatus.DONE}, ActionStatus.VERIFIED, _MANAGE),
    Transition("send_back", {ActionStatus.DONE}, ActionStatus.UNDER_WAY, _MANAGE, needs_reason=True),
    Transition("discard", set(RUNNING), ActionStatus.DISCARDED, _MANAGE, needs_reason=True),
)
