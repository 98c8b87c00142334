"""What does not cohere in a plan, in groups, and the remedies that one click applies (PG-V1, PT-02…04, W-02)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator

from plans.coherence import findings_of
from plans.content import facts_of
from plans.models import PlanGestion
from plans.pages.cells import Block, Typed
from plans.pages.grid import reason_not_to_edit
from plans.rules.fields import BY_NAME, COMMON
from plans.rules.findings import Finding, Remedy
from plans.rules.goals import PlanFacts
from plans.rules.plan_states import EDITABLE
from plans.rules.values import show, value_of

MOST_BESIDE_THE_GRID = 60  # findings beside the grid; the page of its own shows all


@dataclass(frozen=True, slots=True)
class RemedyButton:
    """A remedy, with what the server needs to find it again."""

    index: int
    label: str


@dataclass(frozen=True, slots=True)
class Item:
    """A finding as it is read, and its place."""

    goal: int | None
    field: str
    column: str
    code: str
    rule: str
    message: str
    fix: str
    is_blocking: bool
    url: str
    remedies: tuple[RemedyButton, ...]

    @property
    def tone(self) -> str:
        """Its light."""
        return "risk" if self.is_blocking else "warn"


@dataclass(frozen=True, slots=True)
class Group:
    """The plan as a whole, or one goal with the beginning of its text."""

    title: str
    text: str
    url: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything that does not cohere in a plan."""

    blocking: int
    warnings: int
    groups: tuple[Group, ...]
    hidden: int
    is_to_send: bool

    @property
    def ready_words(self) -> str:
        """What is said when nothing blocks; empty when something does."""
        if self.blocking:
            return ""
        return "Lista para enviar" if self.is_to_send else "Coherente"

    @property
    def blocking_words(self) -> str:
        """How much blocks, in words."""
        return f"{self.blocking} por corregir"

    @property
    def warning_words(self) -> str:
        """How much is only worth a look, in words."""
        return f"{self.warnings} por revisar"

    @property
    def hidden_words(self) -> str:
        """What is not shown here, in words."""
        return f"Hay {self.hidden} más."


def panel_of(plan: PlanGestion, user: Any, *, most: int | None = None) -> Panel:
    """The findings of a plan in groups, those of the plan first; what blocks comes first."""
    facts = facts_of(plan)
    found = sorted(findings_of(plan, facts), key=lambda one: not one.problem.blocking)
    kept = found if most is None else found[:most]
    may_fix = not reason_not_to_edit(plan, user)
    items: dict[int | None, list[Item]] = {}
    for item in items_of(plan, kept, shared=shared_of(facts), may_fix=may_fix):
        items.setdefault(item.goal, []).append(item)
    order = [None, *(goal.number for goal in facts.goals)]
    texts = {goal.number: goal.text for goal in facts.goals}
    blocking = sum(1 for one in found if one.problem.blocking)
    return Panel(
        blocking=blocking,
        warnings=len(found) - blocking,
        groups=tuple(_group(plan, number, items[number], texts) for number in order if number in items),
        hidden=len(found) - len(kept),
        is_to_send=plan.status in EDITABLE,
    )


def items_of(plan: PlanGestion, found: Iterable[Finding], *, shared: Container[int], may_fix: bool) -> list[Item]:
    """Findings as they are read, what blocks first, with the remedies that the person may apply."""
    ordered = sorted(found, key=lambda one: not one.problem.blocking)
    return [_item(plan, one, shared, may_fix) for one in ordered]


def shared_of(facts: PlanFacts) -> frozenset[int]:
    """Goals that a leading area writes (PG-08)."""
    return frozenset(goal.number for goal in facts.goals if goal.is_shared)


def remedy_of(plan: PlanGestion, goal: int | None, field: str, code: str, index: int) -> Remedy | None:
    """A remedy of a finding that is still there; None when it is not, or is not the plan's to apply (PG-08)."""
    facts = facts_of(plan)
    for found in findings_of(plan, facts):
        if (found.goal, found.field, found.problem.code) == (goal, field, code) and index < len(found.remedies):
            remedy = found.remedies[index]
            return None if _is_foreign(remedy, shared_of(facts)) else remedy
    return None


def remedied(plan: PlanGestion, sent: Mapping[str, str]) -> Block | None:
    """The cells that a button of the panel changes, computed again from the plan as it is now; None when it is gone.

    What the plan holds travels with them, so that a change made meanwhile is not overwritten (WF3).
    """
    goal, index = _number(sent.get("goal")), _number(sent.get("remedy"))
    if index is None or (goal is None and sent.get("goal")):
        return None
    remedy = remedy_of(plan, goal, sent.get("field", ""), sent.get("code", ""), index)
    if remedy is None:
        return None
    facts = {one.number: one for one in facts_of(plan).goals}
    cells = (
        Typed(one.goal, one.field, show(one.field, value_of(facts[one.goal], one.field)), one.text)
        for one in remedy.changes
    )
    return Block(0, tuple(cells))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _group(plan: PlanGestion, number: int | None, items: list[Item], texts: Mapping[int, str]) -> Group:
    return Group(
        title="El plan" if number is None else f"Meta {number}",
        text="" if number is None else Truncator(texts[number]).chars(90),
        url=plan.get_absolute_url() if number is None else plan.url("goal", number),
        items=tuple(items),
    )


def _item(plan: PlanGestion, found: Finding, shared: Container[int], may_fix: bool) -> Item:
    problem = found.problem
    buttons = (
        RemedyButton(index, remedy.label)
        for index, remedy in enumerate(found.remedies)
        if may_fix and not _is_foreign(remedy, shared)
    )
    return Item(
        goal=found.goal,
        field=found.field,
        column=BY_NAME[found.field].label if found.field in BY_NAME else "",
        code=problem.code,
        rule=problem.rule,
        message=problem.message,
        fix=problem.fix,
        is_blocking=problem.blocking,
        url=f"{plan.url('goal', found.goal)}#id_{found.field}" if found.goal is not None else plan.get_absolute_url(),
        remedies=tuple(buttons),
    )


def _is_foreign(remedy: Remedy, shared: Container[int]) -> bool:
    """Whether a remedy would write what belongs to the leading area."""
    return any(change.goal in shared and change.field in COMMON for change in remedy.changes)
