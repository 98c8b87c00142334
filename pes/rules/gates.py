"""The gates of a road: what must be true before a phase is closed, and what is missing (rule LC-02)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pes.rules.problems import Problem

UNKNOWN = "Todavía nada en la herramienta responde por esta condición."


@dataclass(frozen=True, slots=True)
class GateFact:
    """What an app knows of one condition of a gate of one PES.

    `code` is that of the template's condition; `missing` says in Spanish what is still missing, naming the entities,
    objectives or documents (empty when it is met); `url` is the page where one does it.
    """

    code: str
    is_met: bool
    missing: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class GateCondition:
    """A condition of a gate as the template says it: its code and its Spanish text."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ConditionState:
    """A condition beside what is known of it, as screens and refusals show it."""

    code: str
    text: str
    is_met: bool
    missing: str
    url: str


def condition_states(conditions: Sequence[GateCondition], facts: Iterable[GateFact]) -> list[ConditionState]:
    """Every condition of a gate in the template's order; one that no fact answers is not met, and says so.

    Two facts of the same code are both needed: the first that is not met is the one that is told.
    """
    known: dict[str, GateFact] = {}
    for fact in facts:
        held = known.get(fact.code)
        if held is None or (held.is_met and not fact.is_met):
            known[fact.code] = fact
    return [_state(condition, known.get(condition.code)) for condition in conditions]


def gate_problems(gate: str, states: Iterable[ConditionState]) -> Iterator[Problem]:
    """LC-02: a gate with a condition that is not met stays shut; one problem a condition, with what is missing."""
    for state in states:
        if not state.is_met:
            message = f"{gate}: falta que se cumpla «{state.text}»."
            yield Problem(f"gate_{state.code}", "LC-02", message, fix=state.missing)


def _state(condition: GateCondition, fact: GateFact | None) -> ConditionState:
    if fact is None:
        return ConditionState(condition.code, condition.text, False, UNKNOWN, "")
    missing = "" if fact.is_met else fact.missing
    return ConditionState(condition.code, condition.text, fact.is_met, missing, fact.url)
