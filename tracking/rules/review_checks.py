"""What the system looks at before the analyst does (PT-19; PLE-PIN-P005 v8, activity 10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pes.rules.numbers import format_magnitude, round_half_up
from pes.rules.problems import Problem
from pes.rules.quarters import QuarterResult
from pes.rules.report_checks import accumulated_warnings, quarter_warnings
from pes.rules.states import FigureState
from plans.rules.findings import Finding
from tracking.rules.completeness import NEEDS_EXPLANATION, missing_of
from tracking.rules.entry_checks import entry_problems
from tracking.rules.goal_reports import GoalYear
from tracking.rules.measurements import DECIMALS

_NOTHING: Mapping[int, Decimal | None] = {}


def review_checks(
    goal: GoalYear,
    quarter: int,
    results: Sequence[QuarterResult],
    *,
    sealed: Mapping[int, Decimal | None] = _NOTHING,
) -> list[Problem]:
    """The automatic checks of a goal in a quarter 1–4, errors (blocking) before warnings.

    `sealed` has the executed amount that each consolidated quarter was frozen with. A text that PG-08 does not ask of
    a central area is only a warning here.
    """
    if goal.eliminated:
        return []
    entry = goal.entry(quarter)
    errors = [finding.problem for finding in _errors(goal, quarter, results)]
    errors += _changed_history(quarter, results, sealed)
    figures = goal.figures([True] * len(results))
    warnings = quarter_warnings(goal.kind, figures, results, quarter, percentage=goal.is_percentage)
    if not entry.explanation.strip():  # then the errors say it already
        warnings = [warning for warning in warnings if warning.code not in NEEDS_EXPLANATION]
    return [
        *errors,
        *warnings,
        *accumulated_warnings(goal.kind, goal.magnitude, results),
        *_silences(goal, quarter, results),
    ]


def _errors(goal: GoalYear, quarter: int, results: Sequence[QuarterResult]) -> list[Finding]:
    return [*entry_problems(goal, goal.entry(quarter)), *missing_of(goal, quarter, results)]


def _changed_history(
    quarter: int, results: Sequence[QuarterResult], sealed: Mapping[int, Decimal | None]
) -> list[Problem]:
    """PT-19: an earlier quarter that says something else than when it was consolidated."""
    return [
        Problem(
            "history_changed",
            "PT-19",
            f"T{result.quarter} se consolidó con {_amount(sealed[result.quarter])} y ahora dice {_amount(result.achieved)}.",
            fix=f"Consolide de nuevo T{result.quarter}, o corrija la cifra.",
        )
        for result in results[: quarter - 1]
        if result.quarter in sealed and _stored(sealed[result.quarter]) != _stored(result.achieved)
    ]


def _silences(goal: GoalYear, quarter: int, results: Sequence[QuarterResult]) -> list[Problem]:
    """PT-19: the texts and the evidence that a central area left out, which PG-08 lets it."""
    if not goal.is_central or results[quarter - 1].state is FigureState.NOT_PROGRAMMED:
        return []
    as_own = replace(goal, is_central=False)
    asked = {finding.field for finding in missing_of(goal, quarter, results)}
    return [
        replace(finding.problem, blocking=False)
        for finding in missing_of(as_own, quarter, results)
        if finding.field not in asked
    ]


def _stored(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else round_half_up(amount, DECIMALS)


def _amount(amount: Decimal | None) -> str:
    return "nada" if amount is None else format_magnitude(amount)
