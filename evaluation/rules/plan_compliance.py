"""Results of plans de gestión, quarter by quarter: every goal, and the scores of its unit (REP-05, PT-04 to PT-17).

The one fold behind closes, rankings, dashboards and documents. It takes plain tuples straight from a cursor, sorted by
plan, and gives all the quarters at once. Ratios (0–1) are unrounded; `pes.rules.numbers.ratio_to_percent` rounds once,
for display (PT-18), and `ranking` before it orders.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from pes.rules.numbers import ZERO, exact
from pes.rules.quarters import Facts, QuarterFigure, QuarterPolicy, year_figures
from pes.rules.states import FigureState
from plans.rules.goals import GoalStatus
from plans.rules.values import is_percentage

GOAL_COLUMNS = 8  # plan id, goal id, programming type, magnitude, línea base, unit, weight, status
QUARTER_COLUMNS = 4  # programmed, achieved, numerator, denominator; repeated for T1, T2…
_NOT_PROGRAMMED = FigureState.NOT_PROGRAMMED
_GIVEN = (FigureState.REPORTED, FigureState.NO_DEMAND)
_ELIMINATED = GoalStatus.ELIMINATED.value
_percentage = lru_cache(maxsize=256)(is_percentage)

#: Plan id, goal id, type, magnitude, línea base, unit, weight in percentage points, status; then for each quarter
#: programmed, achieved, numerator and denominator. Removed goals are left out by who asks (PG-09h).
GoalRow = tuple[Any, ...]


class QuarterTerm(NamedTuple):
    """What a plan's report of a quarter says of its figures.

    `counts`: they are official (validated at least); otherwise they are as if they had not been given. `overdue`: the
    term has passed, and what is missing rates 0 (PT-17).
    """

    counts: bool
    overdue: bool


class GoalFigures(NamedTuple):
    """A goal with its weight and, for each quarter, state, executed, result, rating, accumulated, progress, to date."""

    goal: int
    weight: Decimal | None
    programmed: tuple[Decimal | None, ...]
    quarters: list[QuarterFigure]


class UnitFigure(NamedTuple):
    """A plan in a quarter (REP-05): `score` of the quarter, `to_date` against what was programmed so far (PT-08).

    Both are ratios, `None` where no goal can be rated. Counts are of goals that are not eliminated: `programmed` in the
    quarter; of those, `reported` with a figure or without demand, and `with_evidence`; `rated`, those in `score`.
    """

    score: Decimal | None
    to_date: Decimal | None
    rated: int
    programmed: int
    reported: int
    with_evidence: int

    @property
    def evidence_coverage(self) -> Decimal | None:
        """Part of the programmed goals that have evidence, as a ratio; `None` where nothing is programmed."""
        with exact():
            return Decimal(self.with_evidence) / self.programmed if self.programmed else None


class PlanFigures(NamedTuple):
    """A plan's goals in the order they came, and the plan itself in each quarter."""

    plan: int
    goals: list[GoalFigures]
    quarters: list[UnitFigure]


def fold(
    rows: Iterable[GoalRow],
    terms: Mapping[int, Sequence[QuarterTerm]],
    policy: QuarterPolicy,
    evidence: Container[tuple[int, int]] = frozenset(),
) -> Iterator[PlanFigures]:
    """Stream the figures of each plan of rows that come sorted by plan; the order inside a plan changes no score.

    `terms` has for each plan id as many quarters as the rows; `evidence` holds (goal id, quarter) of the goals with
    evidence in force. Raises `KeyError` for a plan without terms: a plan silently left out is wrong.
    """
    for plan, goals in groupby(rows, key=itemgetter(0)):
        tallies = [_Tally() for _ in terms[plan]]
        with exact():
            figures = [_goal(row, terms[plan], policy, tallies, evidence) for row in goals]
            units = [tally.figure() for tally in tallies]
        yield PlanFigures(plan, figures, units)


def _goal(
    row: GoalRow,
    terms: Sequence[QuarterTerm],
    policy: QuarterPolicy,
    tallies: Sequence["_Tally"],
    evidence: Container[tuple[int, int]],
) -> GoalFigures:
    _, goal, kind, magnitude, baseline, unit, weight, status = row[:GOAL_COLUMNS]
    quarters: list[Facts] = []
    at = GOAL_COLUMNS
    for counts, overdue in terms:
        programmed, achieved, numerator, denominator = row[at : at + QUARTER_COLUMNS]
        quarters.append(
            (programmed, achieved, numerator, denominator, overdue)
            if counts
            else (programmed, None, None, None, overdue)
        )
        at += QUARTER_COLUMNS
    figures = year_figures(kind, magnitude, baseline, quarters, _percentage(unit), policy)
    if status != _ELIMINATED:
        for number, (tally, figure, term) in enumerate(zip(tallies, figures, terms, strict=True), start=1):
            tally.add(weight, figure, term.counts and (goal, number) in evidence)
    return GoalFigures(goal, weight, row[GOAL_COLUMNS::QUARTER_COLUMNS], figures)


class _Tally:
    """The sums of a plan in a quarter while its goals go by."""

    __slots__ = ("counted", "counted_to_date", "programmed", "rated", "reported", "to_date", "total", "with_evidence")

    def __init__(self) -> None:
        self.total = self.counted = self.to_date = self.counted_to_date = ZERO
        self.programmed = self.rated = self.reported = self.with_evidence = 0

    def add(self, weight: Decimal | None, figure: QuarterFigure, has_evidence: bool) -> None:
        """Count one goal in; Σ w over the goals that count is their re-normalisation to 100 (W-05)."""
        state, _, _, rating, _, _, _, to_date_rating = figure
        if state is not _NOT_PROGRAMMED:
            self.programmed += 1
            self.reported += state in _GIVEN
            self.with_evidence += has_evidence
        if weight is None:
            return
        if rating is not None:
            self.rated += 1
            self.counted += weight
            self.total += weight * rating
        if to_date_rating is not None:
            self.counted_to_date += weight
            self.to_date += weight * to_date_rating

    def figure(self) -> UnitFigure:
        """The averages; a plan of which nothing can be rated has none."""
        return UnitFigure(
            self.total / self.counted if self.counted else None,
            self.to_date / self.counted_to_date if self.counted_to_date else None,
            self.rated,
            self.programmed,
            self.reported,
            self.with_evidence,
        )
