"""Results of a goal of the plan de gestión, quarter by quarter (rules PT-04 to PT-17)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pes.rules.numbers import HUNDRED, ZERO, exact
from pes.rules.programming import ProgrammingType, calculation_base, is_programmed, rate, result_ratio
from pes.rules.states import FigureState


class ConstantRule(StrEnum):
    """How a CONSTANTE accumulates (PT-11): mean of its quarters, or the last one."""

    PROMEDIO = "PROMEDIO"
    ULTIMO = "ULTIMO"


@dataclass(frozen=True, slots=True)
class QuarterPolicy:
    """The decisions of a vigencia's `Metodologia` that compute a plan de gestión (REP-09)."""

    cap: Decimal = Decimal(1)
    constant: ConstantRule = ConstantRule.PROMEDIO
    discount_baseline: bool = False
    missing_rates_zero: bool = True


class Quarter(NamedTuple):
    """What is known of a quarter: `None` is not programmed or not reported, and never 0.

    With `numerator` and `denominator` the executed amount is their quotient (PT-16b). `overdue`
    says that the term of the report has passed (PT-17).
    """

    programmed: Decimal | None
    achieved: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    overdue: bool = True


@dataclass(frozen=True, slots=True)
class QuarterResult:
    """A quarter as it is shown: ratios unrounded, amounts in the goal's unit.

    `result` and `rating` are of the quarter alone (PT-05, PT-14); `accumulated` is the execution
    so far (PT-06), `progress` is against the annual magnitude (PT-07), `to_date` against the
    programme so far (PT-08) and `to_date_rating` its capped part.
    """

    quarter: int
    state: FigureState
    achieved: Decimal | None
    result: Decimal | None
    rating: Decimal | None
    accumulated: Decimal | None
    progress: Decimal | None
    to_date: Decimal | None
    to_date_rating: Decimal | None


Facts = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None, bool]
# State, executed, result, rating, accumulated, progress, to_date, to_date_rating: a `QuarterResult` without its number.
# A bare tuple, like the `Facts` of a `Quarter`: the close of a quarter makes 120,000 of them in one fold.
QuarterFigure = tuple[
    FigureState,
    Decimal | None,
    Decimal | None,
    Decimal | None,
    Decimal | None,
    Decimal | None,
    Decimal | None,
    Decimal | None,
]
_REPORTED = FigureState.REPORTED
_MISSING = FigureState.MISSING
_ONE = Decimal(1)


def executed(quarter: Quarter, percentage: bool = False) -> Decimal | None:
    """Executed amount of a quarter; from its formula when both terms are captured (PT-16b).

    `percentage` says that the goal's unit is a percentage 0–100. A denominator of 0 means that
    there was no demand, and then there is no amount (PT-16).
    """
    with exact():
        return _executed(quarter.achieved, quarter.numerator, quarter.denominator, HUNDRED if percentage else _ONE)


def quarter_results(
    kind: ProgrammingType,
    magnitude: Decimal,
    quarters: Sequence[Quarter],
    *,
    baseline: Decimal | None = None,
    percentage: bool = False,
    policy: QuarterPolicy = QuarterPolicy(),
) -> tuple[QuarterResult, ...]:
    """The result of every quarter given, each as it stands at its own end.

    A DECRECIENTE without línea base has no information and no result (PT-03b).
    """
    with exact():
        figures = year_figures(kind, magnitude, baseline, quarters, percentage, policy)
    return tuple(QuarterResult(number, *figure) for number, figure in enumerate(figures, start=1))


def year_figures(
    kind: str,
    magnitude: Decimal,
    baseline: Decimal | None,
    quarters: Iterable[Facts],
    percentage: bool,
    policy: QuarterPolicy,
) -> list[QuarterFigure]:
    """The figures of every quarter given, for `quarter_results` and for the folds; call it inside `exact()`.

    `kind` is a `ProgrammingType` or its value.
    """
    base = calculation_base(kind, baseline, policy.discount_baseline)
    scale = HUNDRED if percentage else _ONE
    alone = [_alone(kind, base, facts, scale, policy) for facts in quarters]
    if kind == _CONSTANTE:
        return _over_the_quarters(alone, scale, policy)
    accumulate = _added if kind == _SUMA else _last_level
    return accumulate(kind, magnitude, base, alone, policy.cap)


_SUMA: str = ProgrammingType.SUMA.value
_CONSTANTE: str = ProgrammingType.CONSTANTE.value

# A quarter by itself: state, amount, ratio, capped ratio (`None` where the quarter does not count), and its facts.
_Alone = tuple[FigureState, Decimal | None, Decimal | None, Decimal | None, Facts]


def _alone(kind: str, base: Decimal | None, facts: Facts, scale: Decimal, policy: QuarterPolicy) -> _Alone:
    """What a quarter is without the others (PT-04, PT-05, PT-14, PT-16, PT-17).

    Execution without programme has no ratio (PT-13); a missing report is a 0 (PT-17), if the methodology says so.
    """
    programmed, achieved, numerator, denominator, overdue = facts
    amount = achieved
    if numerator is not None or denominator is not None:
        amount = _executed(achieved, numerator, denominator, scale)
    if programmed is None or base is None or not is_programmed(kind, programmed, base):
        unknown = base is None and programmed is not None
        return FigureState.NO_INFORMATION if unknown else FigureState.NOT_PROGRAMMED, amount, None, None, facts
    if amount is not None:
        result = result_ratio(kind, programmed, amount, base)
        return _REPORTED, amount, result, rate(result, policy.cap), facts
    if denominator is not None and not denominator:
        return FigureState.NO_DEMAND, None, None, None, facts
    if not overdue:
        return FigureState.PENDING, None, None, None, facts
    zero = ZERO if policy.missing_rates_zero else None
    return _MISSING, None, zero, zero, facts


def _executed(
    achieved: Decimal | None, numerator: Decimal | None, denominator: Decimal | None, scale: Decimal
) -> Decimal | None:
    if numerator is None or denominator is None:
        return achieved
    return numerator / denominator * scale if denominator else None


def _added(
    kind: str, magnitude: Decimal, base: Decimal | None, alone: Iterable[_Alone], cap: Decimal
) -> list[QuarterFigure]:
    """PT-06 to PT-08 of a SUMA: everything executed, programmed or not (PT-13), against what could be rated."""
    figures: list[QuarterFigure] = []
    done: Decimal | None = None
    due = progress = to_date = None
    for state, amount, result, rating, facts in alone:
        if rating is not None:
            due = (due or ZERO) + (facts[0] or ZERO)
        if amount is not None or rating is not None:
            done = (done or ZERO) + (amount or ZERO)
            progress = _against(kind, magnitude, done, base)
            to_date = None if due is None else _against(kind, due, done, base)
        to_date_rating = None if to_date is None else rate(to_date, cap)
        figures.append((state, amount, result, rating, done, progress, to_date, to_date_rating))
    return figures


def _last_level(
    kind: str, magnitude: Decimal, base: Decimal | None, alone: Iterable[_Alone], cap: Decimal
) -> list[QuarterFigure]:
    """PT-06 to PT-08 of a level: the last one seen, which a missing report leaves where it was, against the last due."""
    figures: list[QuarterFigure] = []
    level = due = progress = to_date = None
    for state, amount, result, rating, facts in alone:
        if rating is not None:
            due = facts[0]
        if amount is not None:
            level = amount
            progress = _against(kind, magnitude, level, base)
        if state is _REPORTED:
            to_date = result
        elif due is not None:  # nothing seen of what is due: a missing report rates 0 (PT-17)
            to_date = ZERO if level is None else _against(kind, due, level, base)
        to_date_rating = None if to_date is None else rate(to_date, cap)
        figures.append((state, amount, result, rating, level, progress, to_date, to_date_rating))
    return figures


def _over_the_quarters(alone: Iterable[_Alone], scale: Decimal, policy: QuarterPolicy) -> list[QuarterFigure]:
    """PT-06 to PT-08 of a CONSTANTE: over the quarters that count, by the methodology (PT-11).

    Where every one of them captures both terms, the accumulated is Σ numerator / Σ denominator (PT-16, PT-16b).
    """
    over = _mean if policy.constant == ConstantRule.PROMEDIO else _last
    figures: list[QuarterFigure] = []
    amounts: list[Decimal] = []
    results: list[Decimal] = []
    ratings: list[Decimal] = []
    counted, demand, by_terms = ZERO, ZERO, True
    accumulated = progress = to_date_rating = None
    for state, amount, result, rating, (_, _, numerator, denominator, _) in alone:
        if result is not None and rating is not None:
            amounts.append(ZERO if amount is None else amount)
            results.append(result)
            ratings.append(rating)
            if amount is not None and numerator is not None and denominator:
                counted, demand = counted + numerator, demand + denominator
            elif amount is not None:
                by_terms = False
            accumulated = counted / demand * scale if by_terms and demand else over(amounts)
            progress, to_date_rating = over(results), over(ratings)
        figures.append((state, amount, result, rating, accumulated, progress, progress, to_date_rating))
    return figures


def _against(kind: str, target: Decimal, amount: Decimal, base: Decimal | None) -> Decimal | None:
    if base is None or not is_programmed(kind, target, base):
        return None
    return result_ratio(kind, target, amount, base)


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, ZERO) / len(values)


def _last(values: Sequence[Decimal]) -> Decimal:
    return values[-1]
