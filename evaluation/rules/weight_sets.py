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


def lock_problems(
    weights: Mapping[str, Decimal], *, programmed: Collection[str], act: str, actor_edited: bool
) -> list[Problem]:
    """What keeps weights (percentage points by indicator key) from being locked with an act.

    `actor_edited` says that who locks them is who edited them last: author and approver are two people (AZ4).
    """
    problems = weight_problems(weights, programmed)
    if not act.strip():
        message = "Bloquear las ponderaciones exige el número del acto que las aprobó."
        problems.append(Problem("act_missing", "W-07", message, fix="Escriba el número y la fecha del acto."))
    if actor_edited:
        message = "Usted editó estas ponderaciones; quien edita no aprueba."
        problems.append(Problem("author_is_approver", "AZ4", message, fix="Pida el bloqueo a otra persona."))
    return problems
