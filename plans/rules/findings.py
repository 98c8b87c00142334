"""What does not cohere in a plan while it is formulated, and how to mend it with one click (PG-V1, PT-02…04, W-02)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from pes.rules.problems import Problem


class Change(NamedTuple):
    """One cell of the grid: goal number, name of a `GoalField`, and its text as a person would type it."""

    goal: int
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """Cells that, changed together, make a finding disappear; `label` is the Spanish text of the button."""

    label: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem and its place: the number of a goal (`None`: the plan) and the name of a field."""

    goal: int | None
    field: str
    problem: Problem
    remedies: tuple[Remedy, ...] = ()

    def as_sentence(self) -> Problem:
        """The problem with a message that names its goal, for lists that mix goals."""
        if self.goal is None or f"meta {self.goal} " in self.problem.message:
            return self.problem
        return replace(self.problem, message=f"Meta {self.goal}: {self.problem.message}")
