"""States of an activity or hito of a road, and the verbs that take it from one to the next."""

from __future__ import annotations

from enum import StrEnum

from pes.permissions import Permission
from pes.rules.transitions import Transition


class ActivityState(StrEnum):
    """Where an activity, a product or a hito stands."""

    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    DONE = "done"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _LABELS[self]


_LABELS = {
    ActivityState.NOT_STARTED: "Sin empezar",
    ActivityState.UNDER_WAY: "En curso",
    ActivityState.DONE: "Terminada",
    ActivityState.NOT_APPLICABLE: "No aplica",
}
OPEN = frozenset({ActivityState.NOT_STARTED, ActivityState.UNDER_WAY})

TRANSITIONS = (
    Transition("start", OPEN, ActivityState.UNDER_WAY, Permission.ROAD_REPORT),
    Transition("finish", OPEN, ActivityState.DONE, Permission.ROAD_REPORT),
    Transition(
        "take_up_again", {ActivityState.DONE}, ActivityState.UNDER_WAY, Permission.ROAD_REPORT, needs_reason=True
    ),
    Transition("set_aside", OPEN, ActivityState.NOT_APPLICABLE, Permission.ROAD_MANAGE, needs_reason=True),
    Transition(
        "resume", {ActivityState.NOT_APPLICABLE}, ActivityState.UNDER_WAY, Permission.ROAD_MANAGE, needs_reason=True
    ),
)


class PhaseState(StrEnum):
    """Where a phase stands (LC-01); derived from what is closed, never stored."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"waiting": "Por abrir", "open": "En curso", "closed": "Cerrada"}[self.value]
