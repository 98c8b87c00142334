"""Results of a goal of the plan de gestión, quarter by quarter (rules PT-04 to PT-17)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
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


def executed(quarter: Quarter, percentage: bool = False) -> Decimal | None:
    """Executed amount of a quarter; from its formula when both terms are captured (PT-16b).

    `percentage` says that the goal's unit is a percentage 0–100. A denominator of 0 means that
    there was no demand, and then there is no amount (PT-16).
    """
    if quarter.numerator is None or quarter.denominator is None:
        return quarter.achieved
    if not quarter.denominator:
        return None
    with exact():
        return quarter.numerator / quarter.denominator * (HUNDRED if percentage else 1)


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
    base = calculation_base(kind, baseline, policy.discount_baseline)
    running = _Running(kind, magnitude, base, percentage, policy)
    with exact():
        return tuple(running.after(number, quarter) for number, quarter in enumerate(quarters, start=1))


@dataclass(slots=True)
class _Running:
    """The year so far: what has been executed, programmed and rated up to a quarter."""

    kind: ProgrammingType
    magnitude: Decimal
    base: Decimal | None
    percentage: bool
    policy: QuarterPolicy
    executions: list[Decimal] = field(default_factory=list)
    programme: list[Decimal] = field(default_factory=list)
    results: list[Decimal] = field(default_factory=list)
    terms: list[tuple[Decimal, Decimal]] = field(default_factory=list)

    def after(self, number: int, quarter: Quarter) -> QuarterResult:
        """Take one quarter in and say where the year stands."""
        amount = executed(quarter, self.percentage)
        state = self._state(quarter, amount)
        result = self._take(state, quarter, amount)
        to_date = self._to_date()
        return QuarterResult(
            quarter=number,
            state=state,
            achieved=amount,
            result=result,
            rating=None if result is None else rate(result, self.policy.cap),
            accumulated=self._accumulated(),
            progress=self._progress(),
            to_date=to_date,
            to_date_rating=self._to_date_rating(to_date),
        )

    def _state(self, quarter: Quarter, amount: Decimal | None) -> FigureState:
        if self.base is None and quarter.programmed is not None:
            return FigureState.NO_INFORMATION
        if not is_programmed(self.kind, quarter.programmed, self.base):
            return FigureState.NOT_PROGRAMMED
        if amount is not None:
            return FigureState.REPORTED
        if quarter.denominator is not None and not quarter.denominator:
            return FigureState.NO_DEMAND
        return FigureState.MISSING if quarter.overdue else FigureState.PENDING

    def _take(self, state: FigureState, quarter: Quarter, amount: Decimal | None) -> Decimal | None:
        """Add the quarter to the year and return its own ratio, if it has one.

        Execution without programme adds to the year and has no ratio (PT-13), and is no part of
        the mean of a CONSTANTE. A missing report is a 0 (PT-17) of the quarter and of a SUMA or a
        CONSTANTE; the level of the other types stays where it was last seen.
        """
        counts = state is FigureState.REPORTED or self._is_zero(state)
        if amount is not None and (counts or self.kind != ProgrammingType.CONSTANTE):
            self.executions.append(amount)
            if quarter.numerator is not None and quarter.denominator:
                self.terms.append((quarter.numerator, quarter.denominator))
        if not counts or quarter.programmed is None or self.base is None:
            return None
        self.programme.append(quarter.programmed)
        if amount is None:
            if self.kind in _ADDED:
                self.executions.append(ZERO)
                self.terms.append((ZERO, ZERO))
            result = ZERO
        else:
            result = result_ratio(self.kind, quarter.programmed, amount, self.base)
        self.results.append(result)
        return result

    def _is_zero(self, state: FigureState) -> bool:
        return state is FigureState.MISSING and self.policy.missing_rates_zero

    def _accumulated(self) -> Decimal | None:
        """PT-06, and Σ numerator / Σ denominator for a CONSTANTE that captures both (PT-16, PT-16b)."""
        if not self.executions:
            return None
        if self.kind == ProgrammingType.SUMA:
            return sum(self.executions, ZERO)
        if self.kind != ProgrammingType.CONSTANTE:
            return self.executions[-1]
        demand = sum((down for _, down in self.terms), ZERO)
        if demand and len(self.terms) == len(self.executions):
            return sum(up for up, _ in self.terms) / demand * (HUNDRED if self.percentage else 1)
        return self._over_the_year(self.executions)

    def _progress(self) -> Decimal | None:
        """PT-07: against the annual magnitude."""
        if self.kind == ProgrammingType.CONSTANTE:
            return self._over_the_year(self.results)
        return self._against(self.magnitude)

    def _to_date(self) -> Decimal | None:
        """PT-08: against what was programmed and could be rated so far."""
        if self.kind == ProgrammingType.CONSTANTE:
            return self._over_the_year(self.results)
        if not self.programme:
            return None
        due = sum(self.programme, ZERO) if self.kind == ProgrammingType.SUMA else self.programme[-1]
        if not self.executions:
            return ZERO  # everything due is missing, and a missing report rates 0 (PT-17)
        return self._against(due)

    def _to_date_rating(self, to_date: Decimal | None) -> Decimal | None:
        """The capped ratio; for a CONSTANTE the mean of its capped quarters (PT-11)."""
        if self.kind == ProgrammingType.CONSTANTE:
            return self._over_the_year([rate(result, self.policy.cap) for result in self.results])
        return None if to_date is None else rate(to_date, self.policy.cap)

    def _against(self, target: Decimal) -> Decimal | None:
        amount = self._accumulated()
        if amount is None or self.base is None or not is_programmed(self.kind, target, self.base):
            return None
        return result_ratio(self.kind, target, amount, self.base)

    def _over_the_year(self, values: Sequence[Decimal]) -> Decimal | None:
        """Of a CONSTANTE: the mean or the last quarter that counts, by the methodology (PT-11)."""
        if not values:
            return None
        if self.policy.constant == ConstantRule.ULTIMO:
            return values[-1]
        return sum(values, ZERO) / len(values)


_ADDED = (ProgrammingType.SUMA, ProgrammingType.CONSTANTE)
