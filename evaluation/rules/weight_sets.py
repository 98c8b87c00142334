"""The two states of a weight set, and what keeps it from being locked (W-02, W-07)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from pes.permissions import Permission
from pes.rules.problems import Problem
from pes.rules.transitions import Transition
from pes.rules.weights import weight_problems

OPEN, LOCKED = "open", "locked"

TRANSITIONS = (
    Transition("lock", {OPEN}, LOCKED, Permission.WEIGHTS_LOCK),
    Transition("reopen", {LOCKED}, OPEN, Permission.WEIGHTS_LOCK, needs_reason=True),
)


def lock_problems(weights: Mapping[str, Decimal], *, programmed: Collection[str], act: str) -> list[Problem]:
    """What keeps weights (percentage points by indicator key) from being locked with an act."""
    problems = weight_problems(weights, programmed)
    if not act.strip():
        message = "Bloquear las ponderaciones exige el número del acto que las aprobó."
        problems.append(Problem("act_missing", "W-07", message, fix="Escriba el número y la fecha del acto."))
    return problems
