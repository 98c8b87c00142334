"""The programming type of a row that does not say it (PT-20)."""

from __future__ import annotations

from pes.rules.coherence import coherence_problems
from pes.rules.inference import infer_type
from pes.rules.problems import Problem
from pes.rules.programming import ProgrammingType, normalise_programmed
from plans.rules.fields import QUARTER_NAMES
from plans.rules.goals import GoalFacts

PROGRAMME_FIELDS = frozenset({*QUARTER_NAMES, "magnitude"})
TYPES = ", ".join(ProgrammingType)


def inferred_type(goal: GoalFacts) -> tuple[ProgrammingType | None, Problem]:
    """The only type that explains a goal's quarters and magnitude, with a warning; else an error that asks."""
    kind = infer_type(goal.quarters, goal.magnitude)
    if kind is not None:
        message = f"El tipo está vacío y se dedujo de la programación: {kind}."
        fix = "Escríbalo en la columna si es otro."
        return kind, Problem("type_inferred", "PT-20", message, blocking=False, fix=fix)
    candidates = " o ".join(kind for kind in ProgrammingType if _explains(kind, goal))
    named = f"puede ser {candidates}" if candidates else f"no corresponde a ninguno de los tipos ({TYPES})"
    message = f"El tipo está vacío y la programación no permite deducirlo: {named}."
    return None, Problem("type_ambiguous", "PT-20", message, fix="Escriba el tipo de programación de la meta.")


def _explains(kind: ProgrammingType, goal: GoalFacts) -> bool:
    if goal.magnitude is None:
        return False
    stored = [normalise_programmed(kind, amount) for amount in goal.quarters]
    problems = coherence_problems(kind, goal.magnitude, stored, goal.baseline, importing=True)
    return not any(problem.blocking for problem in problems)
