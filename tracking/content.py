"""One reading of a report: rows of the database → the plain values of the rules → the frozen words of a version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import timezone

from pes.models import Metodologia, MissingRule
from pes.rules.numbers import HUNDRED
from pes.rules.programming import ProgrammingType
from pes.rules.quarters import ConstantRule, QuarterPolicy
from plans.content import plain, quarters_of
from plans.models import Goal
from plans.rules.goals import GoalStatus
from tracking.models import Evidence, GoalReport, QuarterReport
from tracking.rules.goal_reports import ENTRY_FIELDS, Entry, GoalYear, Measured, measured

TEXTS = tuple(field.name for field in ENTRY_FIELDS if not field.is_amount)
AMOUNTS = tuple(field.name for field in ENTRY_FIELDS if field.is_amount)
Proof = Mapping[str, str]  # name, SHA-256 and address of an evidence in force


@dataclass(frozen=True)
class Reading:
    """A report as its pages, its checks and its workbook see it; every list is in the plan's order.

    `entries` has the rows of this quarter by number of goal, `proofs` what proves each row. Earlier quarters count as
    they were typed: the report is its team's; what is official is said by the close of the quarter.
    `is_new_to_a_goal`: some goal has never been in a report that was sent.
    """

    report: QuarterReport
    goals: tuple[GoalYear, ...]
    entries: Mapping[int, GoalReport]
    policy: QuarterPolicy
    overdue: tuple[bool, ...]
    proofs: Mapping[int, Sequence[Proof]]
    is_new_to_a_goal: bool

    @cached_property
    def measured(self) -> tuple[Measured, ...]:
        """Every goal with the results of its quarters so far."""
        return measured(self.goals, self.policy, self.overdue)

    def goal(self, number: int) -> Measured | None:
        """One goal with its results, or None when the report has none of that number."""
        return next((found for found in self.measured if found.goal.number == number), None)


def reading_of(report: QuarterReport, *, today: date | None = None) -> Reading:
    """Everything a report says; seven queries whatever its goals. The report comes with its plan and its unit."""
    return readings_of([report], today=today)[0]


def readings_of(
    reports: Sequence[QuarterReport], *, area: int | None = None, today: date | None = None
) -> list[Reading]:
    """Several reports of one vigencia and quarter, in their order, at the cost of one.

    With `area` (the id of a unit) only the goals that this central area reports are read (PG-08).
    """
    if not reports:
        return []
    plans, quarter = [report.plan_id for report in reports], reports[0].quarter
    goals = Goal.objects.in_force().filter(plan__in=plans).select_related("central_area")
    rows = GoalReport.objects.filter(report__plan__in=plans, quarter__lte=quarter)
    if area is not None:
        goals, rows = goals.filter(central_area=area), rows.filter(goal__central_area=area)
    of_plan = _of_plan(goals)
    entries = _with_goals(rows.select_related("narrative", "changed_by").order_by("quarter", "goal_id"), of_plan)
    around = _Around(
        entries=_by_goal(entries),
        proofs=proofs_of(row.pk for row in entries),
        programmes=quarters_of(goal.pk for found in of_plan.values() for goal in found),
        policy=policy_for(reports[0].plan.vigencia_id),
        due=_due_dates(reports),
        today=today or timezone.localdate(),
    )
    return [around.reading(report, of_plan.get(report.plan_id, [])) for report in reports]


def policy_for(vigencia: int) -> QuarterPolicy:
    """The methodology in force as the values that compute a plan de gestión (REP-09)."""
    return policy_of(Metodologia.in_force(vigencia))


def policy_of(methodology: Metodologia) -> QuarterPolicy:
    """A methodology as the values that compute a plan de gestión (REP-09)."""
    return QuarterPolicy(
        cap=methodology.cap_percent / HUNDRED,
        constant=ConstantRule(methodology.constant_rule_plan),
        discount_baseline=methodology.discount_baseline,
        missing_rates_zero=methodology.missing_rule == MissingRule.ZERO,
    )


def entry_of(row: GoalReport, evidence: int) -> Entry:
    """A row as the rules read it; its narrative must be loaded."""
    words = {name: getattr(row.narrative, name) for name in TEXTS}
    return Entry(**{name: plain(getattr(row, name)) for name in AMOUNTS}, **words, evidence=evidence)


def proofs_of(entries: Iterable[int]) -> dict[int, list[Proof]]:
    """Row of a goal and quarter → the files and links that prove it, the first one added first."""
    found: dict[int, list[Proof]] = {}
    rows = Evidence.objects.in_force().filter(entry__in=list(entries)).order_by("uploaded_at")
    for entry, name, sha256, url in rows.values_list("entry_id", "display_name", "sha256", "url"):
        found.setdefault(entry, []).append({"name": name, "sha256": sha256, "url": url})
    return found


def content_of(reading: Reading) -> dict[str, Any]:
    """A report as JSON, for a version that is frozen: amounts are text, what is missing is null; files by digest."""
    return {
        "plan": str(reading.report.plan),
        "quarter": reading.report.quarter,
        "goals": [
            _goal_content(goal, reading.report.quarter, reading.proofs.get(reading.entries[goal.number].pk, ()))
            for goal in reading.goals
            if goal.number in reading.entries
        ],
    }


def _goal_content(goal: GoalYear, quarter: int, evidence: Sequence[Proof]) -> dict[str, Any]:
    entry = goal.entry(quarter)
    said = {field.name: getattr(entry, field.name) for field in fields(Entry) if field.name != "evidence"}
    said |= {name: None if said[name] is None else f"{said[name]:f}" for name in AMOUNTS}
    programmed = goal.programmed[quarter - 1]
    return {
        "number": goal.number,
        "text": goal.text,
        "programmed": None if programmed is None else f"{programmed:f}",
        **said,
        "evidence": list(evidence),
    }


@dataclass(frozen=True)
class _Around:
    """What was fetched for some reports of one quarter: rows by goal and quarter, and what reads them."""

    entries: Mapping[int, Mapping[int, GoalReport]]
    proofs: Mapping[int, Sequence[Proof]]
    programmes: Mapping[int, Mapping[int, Decimal | None]]
    policy: QuarterPolicy
    due: Mapping[tuple[int, int], date]
    today: date

    def reading(self, report: QuarterReport, goals: Sequence[Goal]) -> Reading:
        """What one of the reports says of some goals of its plan."""
        rows = {goal.number: self.entries.get(goal.pk, {}) for goal in goals}
        return Reading(
            report=report,
            goals=tuple(self._year(goal, report.quarter) for goal in goals),
            entries={number: found[report.quarter] for number, found in rows.items() if report.quarter in found},
            policy=self.policy,
            overdue=self._overdue(report),
            proofs=self.proofs,
            is_new_to_a_goal=any(goal.first_reported_at is None for goal in goals),
        )

    def _year(self, goal: Goal, quarter: int) -> GoalYear:
        rows = self.entries.get(goal.pk, {})
        entries = {at: entry_of(row, len(self.proofs.get(row.pk, ()))) for at, row in rows.items()}
        return _year(goal, self.programmes.get(goal.pk, {}), entries, quarter)

    def _overdue(self, report: QuarterReport) -> tuple[bool, ...]:
        """Whether the term of each quarter so far has passed; a quarter without report was due before this one."""
        due = [self.due.get((report.plan_id, quarter)) for quarter in range(1, report.quarter + 1)]
        return tuple(day is None or self.today > day for day in due)


def _of_plan(goals: Iterable[Goal]) -> dict[int, list[Goal]]:
    found: dict[int, list[Goal]] = {}
    for goal in goals:
        found.setdefault(goal.plan_id, []).append(goal)
    return found


def _with_goals(rows: Iterable[GoalReport], of_plan: Mapping[int, Sequence[Goal]]) -> list[GoalReport]:
    """The rows of some goals, each with its goal, which was read already; rows of a removed goal are left out."""
    goals = {goal.pk: goal for found in of_plan.values() for goal in found}
    kept = [row for row in rows if row.goal_id in goals]
    for row in kept:
        row.goal = goals[row.goal_id]
    return kept


def _by_goal(rows: Iterable[GoalReport]) -> dict[int, dict[int, GoalReport]]:
    found: dict[int, dict[int, GoalReport]] = {}
    for row in rows:
        found.setdefault(row.goal_id, {})[row.quarter] = row
    return found


def _due_dates(reports: Sequence[QuarterReport]) -> dict[tuple[int, int], date]:
    """Plan and quarter → when its report is due, for the quarters so far; the first one has none before it to ask for."""
    found = {(report.plan_id, report.quarter): report.due_on for report in reports}
    if (quarter := reports[0].quarter) > 1:
        plans = [report.plan_id for report in reports]
        rows = QuarterReport.objects.filter(plan__in=plans, quarter__lt=quarter).order_by()
        found |= {(plan, at): due for plan, at, due in rows.values_list("plan_id", "quarter", "due_on")}
    return found


def _year(goal: Goal, programme: Mapping[int, Decimal | None], entries: Mapping[int, Entry], quarter: int) -> GoalYear:
    first, second, third, fourth = (plain(programme.get(number)) for number in (1, 2, 3, 4))
    return GoalYear(
        number=goal.number,
        text=goal.text,
        kind=ProgrammingType(goal.programming_type),
        magnitude=plain(goal.magnitude) or Decimal(0),
        weight=plain(goal.weight),
        baseline=plain(goal.baseline),
        unit=goal.unit,
        programmed=(first, second, third, fourth),
        entries=_first(entries, quarter),
        is_central=goal.central_area_id is not None,
        central_area=goal.central_area.name if goal.central_area else "",
        eliminated=goal.status == GoalStatus.ELIMINATED,
    )


def _first(entries: Mapping[int, Entry], quarters: int) -> tuple[Entry | None, ...]:
    return tuple(entries.get(quarter) for quarter in range(1, quarters + 1))
