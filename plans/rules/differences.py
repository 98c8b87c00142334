"""What differs between two versions of a goal or of a plan, in words, side by side (§5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plans.rules.fields import GOAL_FIELDS
from plans.rules.goals import GoalFacts, GoalStatus, PlanFacts
from plans.rules.values import EMPTY, spoken, value_of

IDENTIFICATION = {
    "process_objective": "Objetivo del proceso",
    "scope": "Alcance",
    "leader": "Líder",
    "instruments": "Instrumentos con que se articula",
    "articulation_detail": "Detalle de la articulación",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after, each as it is read: `1.234,5`, `vacío`, `sin programar`."""

    field: str
    label: str
    before_text: str
    after_text: str


@dataclass(frozen=True, slots=True)
class ChangedGoal:
    """A goal of both versions whose content differs; `text` is how it reads afterwards."""

    number: int
    text: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class PlanDifferences:
    """Everything in which two versions of a plan differ; goals are matched by their number, which never changes."""

    identification: tuple[Difference, ...] = ()
    added: tuple[GoalFacts, ...] = ()
    removed: tuple[GoalFacts, ...] = ()
    changed: tuple[ChangedGoal, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.identification or self.added or self.removed or self.changed)


def goal_differences(before: GoalFacts, after: GoalFacts) -> list[Difference]:
    """The fields of a goal that differ, in the order of the form, and its state at the end."""
    found = []
    for field in GOAL_FIELDS:
        old, new = value_of(before, field.name), value_of(after, field.name)
        if old != new:
            found.append(Difference(field.name, field.label, spoken(field.name, old), spoken(field.name, new)))
    if before.status is not after.status:
        found.append(Difference("status", "Estado de la meta", before.status.label, after.status.label))
    return found


def plan_differences(before: PlanFacts, after: PlanFacts) -> PlanDifferences:
    """In what the version `after` differs from `before`; a removed goal is in neither."""
    old, new = _present(before), _present(after)
    changed = (
        ChangedGoal(number, goal.text, tuple(found))
        for number, goal in new.items()
        if number in old and (found := goal_differences(old[number], goal))
    )
    return PlanDifferences(
        identification=tuple(_identification(before, after)),
        added=tuple(goal for number, goal in new.items() if number not in old),
        removed=tuple(goal for number, goal in old.items() if number not in new),
        changed=tuple(changed),
    )


def _present(plan: PlanFacts) -> dict[int, GoalFacts]:
    return {goal.number: goal for goal in plan.goals if goal.status is not GoalStatus.REMOVED}


def _identification(before: PlanFacts, after: PlanFacts) -> Iterator[Difference]:
    old, new = _spoken_identification(before), _spoken_identification(after)
    for name, label in IDENTIFICATION.items():
        if old[name] != new[name]:
            yield Difference(name, label, old[name], new[name])
    common = _present(before).keys() & _present(after).keys()
    orders = [", ".join(str(number) for number in _present(plan) if number in common) for plan in (before, after)]
    if orders[0] != orders[1]:
        yield Difference("position", "Orden de las metas", *orders)


def _spoken_identification(plan: PlanFacts) -> dict[str, str]:
    spoken_texts = {name: getattr(plan, name) or EMPTY for name in IDENTIFICATION if name != "instruments"}
    instruments = sorted(instrument.label for instrument in set(plan.instruments))
    return spoken_texts | {"instruments": ", ".join(instruments) or EMPTY}
