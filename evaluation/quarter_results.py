"""The results of a quarter as the close freezes them: lines of text that are copied, digested and proved again.

Nothing here asks the database. A line has the columns of its table but the close, divided by tabs; `\\N` is nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from evaluation.plan_facts import PlanFact, ReportFact, ReportStates
from evaluation.rules.plan_compliance import GoalFigures, GoalRow, PlanFigures, UnitFigure, fold
from evaluation.rules.ranking import Contender, Ranking, punctuality, ranking
from pes.audit import canonical
from pes.models.exact import ExactField
from pes.rules.numbers import collapse
from pes.rules.quarters import QuarterPolicy
from plans.rules.goals import GoalStatus

GOAL_COLUMNS = (
    "goal_id", "state", "weight", "programmed", "achieved", "result", "rating", "accumulated", "progress", "to_date",
    "to_date_rating",
)  # fmt: skip
UNIT_COLUMNS = (
    "plan_id", "rank", "score", "to_date", "on_time", "goals_rated", "goals_programmed", "goals_with_evidence",
    "counted", "is_late",
)  # fmt: skip
NOTHING = "\\N"
LONGEST = ExactField().max_length or 0
_NO_FIGURE = UnitFigure(None, None, 0, 0, 0, 0)


class Unit(NamedTuple):
    """A plan in a quarter: its figures, how its report stands, and its punctuality in the year so far (a ratio)."""

    plan: PlanFact
    report: ReportFact | None
    figure: UnitFigure
    on_time: Decimal | None
    is_pending: bool

    @property
    def counts(self) -> bool:
        """Whether its report is official."""
        return self.report is not None and self.report.counts

    @property
    def is_late(self) -> bool:
        """Whether its report was sent after its term."""
        return self.report is not None and self.report.is_late

    def contender(self) -> Contender:
        """The plan on its way into the ranking."""
        figure, plan = self.figure, self.plan
        return Contender(
            key=plan.code, name=plan.name, score=figure.score, to_date=figure.to_date, on_time=self.on_time,
            goals_rated=figure.rated, goals_programmed=figure.programmed, is_pending=self.is_pending,
        )  # fmt: skip


@dataclass(frozen=True)
class QuarterResults:
    """What a run of the close writes: a line a goal, a line a plan, and who was not rated by an official report."""

    goals: list[str]
    units: list[str]
    excluded: list[dict[str, Any]]


def results_of(
    states: ReportStates,
    rows: Iterable[GoalRow],
    evidence: Container[tuple[int, int]],
    policy: QuarterPolicy,
    quarter: int,
) -> QuarterResults:
    """Fold the goals of a level (T1 to the quarter) into the results of the quarter and their ranking (REP-05)."""
    goals: list[str] = []
    figures: dict[int, UnitFigure] = {}
    eliminated: set[int] = set()
    for plan in fold(_noting(rows, eliminated), states.terms(quarter), policy, evidence):
        figures[plan.plan] = plan.quarters[-1]
        goals += [goal_line(goal, goal.goal in eliminated) for goal in plan.goals]
    units = [unit_of(states, plan, report, figures, quarter) for plan, report in states.of_quarter(quarter)]
    order = ranking(unit.contender() for unit in units)
    return QuarterResults(goals, _unit_lines(units, order), excluded_of(units, order))


def unit_of(
    states: ReportStates,
    plan: PlanFact,
    report: ReportFact | None,
    figures: dict[int, UnitFigure],
    quarter: int,
) -> Unit:
    """A plan with its figure of a quarter; without goals it has none."""
    term = states.term(plan.pk, quarter)
    on_time = punctuality(states.in_time(plan.pk, quarter))
    return Unit(plan, report, figures.get(plan.pk, _NO_FIGURE), on_time, not term.counts and not term.overdue)


def units_by_quarter(
    states: ReportStates, folded: Iterable[PlanFigures], quarters: Iterable[int]
) -> dict[int, list[Unit]]:
    """Every plan in several quarters, from one fold of all of them."""
    by_quarter: dict[int, dict[int, UnitFigure]] = {quarter: {} for quarter in quarters}
    for plan in folded:
        for quarter, found in by_quarter.items():
            found[plan.plan] = plan.quarters[quarter - 1]
    return {
        quarter: [unit_of(states, plan, report, found, quarter) for plan, report in states.of_quarter(quarter)]
        for quarter, found in by_quarter.items()
    }


def goal_line(goal: GoalFigures, is_eliminated: bool) -> str:
    """A goal at the close; one that is eliminated has no weight, so that the weights give the score again (W-05)."""
    state, achieved, *ratios = goal.quarters[-1]
    weight = None if is_eliminated else goal.weight
    return line_of((goal.goal, state.value, weight, goal.programmed[-1], achieved, *ratios))


def line_of(values: Iterable[Any]) -> str:
    """A row as a line, from Python's values or from those that the database gives back."""
    return "\t".join(map(_told, values))


def _told(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text if len(text) <= LONGEST else f"{collapse(value):f}"  # too long for its column: 20 places (PT-18)
    return ("f", "t")[value] if isinstance(value, bool) else str(value)


def excluded_of(units: Iterable[Unit], order: Ranking) -> list[dict[str, Any]]:
    """Plans without official report, rated by PT-17, and plans without a place, with the reason; codes and words."""
    reasons = {contender.key: why for contender, why in order.unranked}
    return [
        {
            "unit": unit.plan.code,
            "name": unit.plan.name,
            "report": unit.report.status if unit.report else "",
            "counted": unit.counts,
            "unranked": reasons[unit.plan.code].value if unit.plan.code in reasons else "",
        }
        for unit in units
        if not unit.counts or unit.plan.code in reasons
    ]


def digest_of(head: dict[str, Any], units: Iterable[str], goals: Iterable[str]) -> str:
    """SHA-256 of a run: what it is, then its lines in the order of their plans and goals."""
    found = hashlib.sha256(canonical(head))
    for lines in (units, goals):
        for line in sorted(lines, key=_first):
            found.update(b"\n" + line.encode())
    return found.hexdigest()


def _first(line: str) -> int:
    return int(line[: line.index("\t")])


def _noting(rows: Iterable[GoalRow], eliminated: set[int]) -> Iterator[GoalRow]:
    for row in rows:
        if row[7] == GoalStatus.ELIMINATED:
            eliminated.add(row[1])
        yield row


def _unit_lines(units: Iterable[Unit], order: Ranking) -> list[str]:
    ranks = {place.contender.key: place.rank for place in order.places}
    return [
        line_of(
            (
                unit.plan.pk,
                ranks.get(unit.plan.code),
                *(unit.figure.score, unit.figure.to_date, unit.on_time),
                *(unit.figure.rated, unit.figure.programmed, unit.figure.with_evidence),
                *(unit.counts, unit.is_late),
            )
        )
        for unit in units
    ]
