"""What a central area reports for many plans at once: its tables, and the one act that fills them in (PG-08)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from pes.access import demand
from pes.models import OrganizationUnit, User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused
from tracking.content import Reading, readings_of
from tracking.filling import EntryChange, StaleFields, supply_entries
from tracking.models import GoalReport, QuarterReport
from tracking.rules.report_states import CENTRAL_EDITABLE
from tracking.waiting import of_areas


@dataclass(frozen=True, slots=True)
class Table:
    """The goals of an area in a quarter, counted: plans, those with everything given, and its own punctuality.

    Rows are goals programmed for the quarter: `on_time` and `late` were given within the term of their report or after
    it; `overdue` were not given and the term has passed. None of it touches the punctuality of the plans.
    """

    area: str
    area_name: str
    vigencia: int
    quarter: int
    plans: int
    complete: int
    goals: int
    on_time: int
    late: int
    overdue: int
    due_from: date
    due_to: date
    is_open: bool


class TableRefused(Refused):
    """Nothing of a table was written; `failures` says which reports did not take it, and why (AZ14)."""

    def __init__(self, failures: Mapping[int, Refused], names: Mapping[int, str]) -> None:
        self.failures = dict(failures)
        super().__init__(
            Problem(problem.code, problem.rule, f"{names[pk]}: {problem.message}", fix=problem.fix)
            for pk, refused in failures.items()
            for problem in refused.problems
        )


def tables(user: Any, *, today: date | None = None) -> list[Table]:
    """The tables that a person reports, the last quarter first; one query."""
    rows = of_areas().visible_to(user, Permission.GOAL_REPORT)
    found = rows.order_by("-report__plan__vigencia", "-quarter", "goal__central_area__sort_key", "report").values(
        "goal__central_area__code", "goal__central_area__name", "report__plan__vigencia", "quarter", "report",
        "report__due_on", "report__status", "supplied_at", "narrative__analysis",
    )  # fmt: skip
    day = today or timezone.localdate()
    keys = ("report__plan__vigencia", "quarter", "goal__central_area__code", "goal__central_area__name")
    return [_table(list(group), day) for _, group in groupby(found, lambda row: tuple(row[key] for key in keys))]


def table_readings(area: OrganizationUnit, vigencia: int, quarter: int) -> list[Reading]:
    """What the reports of a quarter say of an area's goals, in the order of the units; a constant number of queries."""
    return readings_of(list(table_reports(area, vigencia, quarter)), area=area.pk)


def table_reports(area: OrganizationUnit, vigencia: int, quarter: int) -> Any:
    """The reports of a quarter that have goals of an area."""
    rows = GoalReport.objects.filter(goal__central_area=area, quarter=quarter, report__plan__vigencia=vigencia)
    reports = QuarterReport.objects.filter(pk__in=rows.values("report")).select_related("plan__unit__parent")
    return reports.order_by("plan__unit__kind", "plan__unit__sort_key", "plan__unit__code")


@transaction.atomic
def supply_table(
    area: OrganizationUnit,
    changes: Mapping[int, Sequence[EntryChange]],
    *,
    by: User,
    now: datetime | None = None,
) -> None:
    """Write what an area supplies to several reports (by id), all or none; reports are held in a fixed order (JB15).

    Raises PermissionDenied, or TableRefused naming every report that does not take it, stale fields included (WF3).
    """
    demand(by, Permission.GOAL_REPORT, area)
    held = {pk: QuarterReport.hold(pk) for pk in sorted(changes)}
    failures: dict[int, Refused] = {}
    for pk, report in held.items():
        try:
            with transaction.atomic():
                supply_entries(report, area, changes[pk], by=by, now=now)
        except Refused as refused:
            failures[pk] = refused
        except PermissionDenied as denied:
            failures[pk] = Refused([Problem("forbidden", "AZ3", str(denied), fix="Vuelva a cargar la página.")])
    if failures:
        raise TableRefused(failures, {pk: str(held[pk].plan.unit) for pk in failures})


def stale_of(refused: TableRefused) -> Iterator[tuple[int, StaleFields]]:
    """The reports in which somebody else changed a field meanwhile."""
    for pk, failure in refused.failures.items():
        if isinstance(failure, StaleFields):
            yield pk, failure


def is_on_time(supplied_at: datetime | None, due_on: date) -> bool | None:
    """Whether an area gave its figure within the term; None while it has not."""
    return None if supplied_at is None else timezone.localdate(supplied_at) <= due_on


def _table(rows: list[dict[str, Any]], today: date) -> Table:
    first = rows[0]
    given = [is_on_time(row["supplied_at"], row["report__due_on"]) for row in rows]
    waiting = [row for row, when in zip(rows, given, strict=True) if when is None]
    lacking = {row["report"] for row in rows if row["supplied_at"] is None or not row["narrative__analysis"]}
    plans = {row["report"] for row in rows}
    due = sorted(row["report__due_on"] for row in rows)
    return Table(
        area=first["goal__central_area__code"],
        area_name=first["goal__central_area__name"],
        vigencia=first["report__plan__vigencia"],
        quarter=first["quarter"],
        plans=len(plans),
        complete=len(plans - lacking),
        goals=len(rows),
        on_time=given.count(True),
        late=given.count(False),
        overdue=sum(today > row["report__due_on"] for row in waiting),
        due_from=due[0],
        due_to=due[-1],
        is_open=_any_open(rows),
    )


def _any_open(rows: Iterable[Mapping[str, Any]]) -> bool:
    return any(row["report__status"] in CENTRAL_EDITABLE for row in rows)
