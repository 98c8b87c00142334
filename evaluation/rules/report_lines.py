"""What a report derives from the results of two cut-offs: the month's execution and what holds an objective back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from evaluation.rules.periods import Period
from evaluation.rules.results import IndicatorResult, SectorResult
from pes.rules.numbers import HUNDRED, exact
from pes.rules.programming import ProgrammingType
from pes.rules.states import FigureState


def executed_in(period: Period, now: IndicatorResult, earlier: IndicatorResult | None) -> Decimal | None:
    """What was executed since the measurement before the period, in the indicator's unit; None when unknown (REP-01).

    It is the difference of two measurements: the one of the cut-off, if it was made inside the period, and the last
    one before the period. A SUMA starts each vigencia at nothing, so that its January needs no earlier one.
    """
    if now.achieved is None or now.measured_on is None or not period.holds(now.measured_on):
        return None
    is_sum = now.type is ProgrammingType.SUMA
    if is_sum and (period.starts_on.month, period.starts_on.day) == (1, 1):
        return now.achieved
    if earlier is None or earlier.achieved is None or earlier.measured_on is None:
        return None
    if is_sum and earlier.measured_on.year != period.vigencia:
        return None
    with exact():
        return now.achieved - earlier.achieved


def earlier_date(period: Period, earlier: IndicatorResult | None) -> date | None:
    """Date of the measurement that the execution is counted from, if it is older than the month before the period."""
    if earlier is None or earlier.measured_on is None:
        return None
    months = (
        (period.starts_on.year - earlier.measured_on.year) * 12 + period.starts_on.month - earlier.measured_on.month
    )
    return earlier.measured_on if months > 1 else None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """An indicator and the points (of the objective's 100) that it lacks."""

    objective: int
    result: IndicatorResult
    points: Decimal


def shortfalls(result: SectorResult, most: int) -> list[Shortfall]:
    """The indicators that hold their objectives back, those that cost most points first (REP-02).

    An indicator costs weight × (1 − rating) of the weight that counts; one not measured yet costs nothing known and is
    listed among the delays instead. Equal costs keep the order of the objectives and keys.
    """
    found = []
    with exact():
        for objective in result.objectives:
            counted = [i for i in objective.indicators if i.contribution is not None and i.weight is not None]
            total = sum((i.weight for i in counted if i.weight is not None), Decimal(0))
            for one in counted:
                if one.rating is None or one.weight is None or one.rating >= 1 or not total:
                    continue
                found.append(Shortfall(objective.number, one, one.weight * (1 - one.rating) / total * HUNDRED))
    return sorted(found, key=lambda item: -item.points)[:most]


def is_late(period: Period, result: IndicatorResult) -> bool:
    """Whether a programmed indicator has no measurement inside the period."""
    if result.state is FigureState.NOT_PROGRAMMED:
        return False
    return result.measured_on is None or not period.holds(result.measured_on)
