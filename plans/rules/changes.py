"""What may be asked about a goal of a published plan, on which ground, and whose opinion it needs (policy 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pes.rules.numbers import ZERO
from pes.rules.programming import ProgrammingType
from plans.rules.fields import QUARTER_NAMES
from plans.rules.goals import GoalFacts, GoalKind, GoalStatus


class ChangeKind(StrEnum):
    """What a request asks."""

    MODIFY = "modify"
    ELIMINATE = "eliminate"

    @property
    def label(self) -> str:
        """Spanish name."""
        return "Modificar la meta" if self is ChangeKind.MODIFY else "Eliminar la meta"


class Ground(StrEnum):
    """Why it is asked: the exceptions of PG-09c and the ordinary case."""

    ORDINARY = "ordinary"
    NORMATIVE = "normative"
    FORCE_MAJEURE = "force_majeure"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"ordinary": "Ordinaria", "normative": "Cambio normativo", "force_majeure": "Fuerza mayor"}[self.value]


class OpinionKind(StrEnum):
    """Which prior opinion: of who leads a transversal goal (PG-09f), of a local office (PG-09g)."""

    TRANSVERSAL = "transversal"
    LOCAL = "local"

    @property
    def label(self) -> str:
        """Spanish name."""
        return "Concepto de la meta transversal" if self is OpinionKind.TRANSVERSAL else "Concepto local"


class OpinionOutcome(StrEnum):
    """What the prior opinions of a request come to."""

    FAVOURABLE = "favourable"
    UNFAVOURABLE = "unfavourable"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A goal as it is and as it would be; an elimination proposes nothing, so both are the same.

    `memo` is the number of the memorandum or the date of the e-mail that asks for it (PG-09a).
    """

    kind: ChangeKind
    ground: Ground
    justification: str
    memo: str
    current: GoalFacts
    proposed: GoalFacts

    @property
    def is_exceptional(self) -> bool:
        """Whether a normative change or force majeure lifts the date and the one modification (PG-09c)."""
        return self.ground is not Ground.ORDINARY

    @property
    def is_increase(self) -> bool:
        """Whether it only increases the goal's magnitude (PG-09d)."""
        return self.kind is ChangeKind.MODIFY and is_pure_increase(self.current, self.proposed)


def required_opinions(kind: GoalKind, is_local_plan: bool) -> tuple[OpinionKind, ...]:
    """The prior opinions that a request needs, both when an alcaldía shares a transversal goal (PG-09f, PG-09g).

    DECIDED: an elimination needs the same ones as a modification; it changes the goal more, not less.
    """
    transversal = (OpinionKind.TRANSVERSAL,) if kind is GoalKind.TRANSVERSAL else ()
    return (*transversal, *((OpinionKind.LOCAL,) if is_local_plan else ()))


def opinion_outcome(opinions: Mapping[OpinionKind, bool | None]) -> OpinionOutcome:
    """One unfavourable opinion is enough; otherwise all must have come. Without any required, nothing stands against."""
    if False in opinions.values():
        return OpinionOutcome.UNFAVOURABLE
    return OpinionOutcome.WAITING if None in opinions.values() else OpinionOutcome.FAVOURABLE


def elimination_effect(has_follow_up: bool) -> GoalStatus:
    """What an applied elimination does: a goal with a submitted report stays in sight, flagged (PG-09h)."""
    return GoalStatus.ELIMINATED if has_follow_up else GoalStatus.REMOVED


def counts_as_modification(proposal: Proposal) -> bool:
    """Whether its approval spends the goal's one modification of the vigencia: increases do not (PG-09c, PG-09d)."""
    return proposal.kind is ChangeKind.MODIFY and not proposal.is_increase


def is_pure_increase(current: GoalFacts, proposed: GoalFacts) -> bool:
    """Whether the annual magnitude grows, no quarter falls and nothing else changes (PG-09d, WF9).

    DECIDED: a DECRECIENTE never increases. To raise its level is to promise less, and to lower it is no increase of
    the magnitude; both are ordinary modifications.
    """
    if current.magnitude is None or proposed.magnitude is None or proposed.magnitude <= current.magnitude:
        return False
    if current.programming_type is ProgrammingType.DECRECIENTE or fallen_quarters(current, proposed):
        return False
    return replace(current, magnitude=proposed.magnitude, quarters=proposed.quarters) == proposed


def fallen_quarters(current: GoalFacts, proposed: GoalFacts) -> list[int]:
    """The quarters 1–4 that would promise a smaller amount, or none any more."""
    pairs = enumerate(zip(current.quarters, proposed.quarters, strict=True), start=1)
    return [quarter for quarter, (before, after) in pairs if (after or ZERO) < (before or ZERO)]


def changed_quarters(current: GoalFacts, proposed: GoalFacts) -> list[int]:
    """The quarters 1–4 whose programme differs."""
    pairs = enumerate(zip(current.quarters, proposed.quarters, strict=True), start=1)
    return [quarter for quarter, (before, after) in pairs if before != after]


def quarter_names(quarters: Sequence[int]) -> str:
    """Quarters as they are spoken of: `T1, T2 y T3`."""
    names = [QUARTER_NAMES[quarter - 1].upper() for quarter in quarters]
    return " y ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
