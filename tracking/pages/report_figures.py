"""The figures of a goal in a report as they are read: computed by the rules, never here (PT-05 to PT-08, PT-16b, PT-18)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from pes.charts import trend
from pes.rules.numbers import format_magnitude, format_percent, ratio_to_percent
from pes.rules.quarters import QuarterResult
from pes.rules.states import FigureState
from pes.timecharts import TrendPoint
from tracking.rules.goal_reports import GoalYear, Measured

NONE = "–"


@dataclass(frozen=True, slots=True)
class Figures:
    """A quarter of a goal: amounts in its unit, percentages with two decimals, a dash where there is nothing."""

    quarter: str
    programmed: str
    achieved: str
    result: str
    accumulated: str
    progress: str
    to_date: str
    state: str
    tone: str


def figures_of(goal: GoalYear, result: QuarterResult) -> Figures:
    """A quarter as it is shown; `state` says why it has no result, if it has none (PT-12, PT-16, PT-17)."""
    is_reported = result.state is FigureState.REPORTED
    return Figures(
        quarter=f"T{result.quarter}",
        programmed=_amount(goal.programmed[result.quarter - 1], "No programada"),
        achieved=_amount(result.achieved),
        result=_percent(result) if result.achieved is not None else NONE,
        accumulated=_amount(result.accumulated),
        progress=NONE if result.progress is None else format_percent(ratio_to_percent(result.progress)),
        to_date=NONE if result.to_date is None else format_percent(ratio_to_percent(result.to_date)),
        state="" if is_reported else result.state.label,
        tone="course" if is_reported else "neutral",
    )


def earlier_of(row: Measured, quarter: int) -> tuple[Figures, ...]:
    """The quarters before this one."""
    return tuple(figures_of(row.goal, result) for result in row.results[: quarter - 1])


def chart_of(row: Measured, quarter: int) -> SafeString:
    """Programmed against executed, quarter by quarter; empty in the first one, which has nothing to compare."""
    if quarter == 1:
        return SafeString()
    points = [
        TrendPoint(f"T{result.quarter}", row.goal.programmed[result.quarter - 1], result.achieved)
        for result in row.results[:quarter]
    ]
    title = f"Meta {row.goal.number}: programado y ejecutado por trimestre"
    return trend(points, title=title, percent=False, width=380, height=150)


def _percent(result: QuarterResult) -> str:
    return NONE if result.result is None else format_percent(ratio_to_percent(result.result))


def _amount(value: object, empty: str = NONE) -> str:
    return empty if value is None else format_magnitude(value)  # type: ignore[arg-type]
