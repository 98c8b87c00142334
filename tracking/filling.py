"""Writing a report: figures and words of its goals. Screens, workbooks and the command line come through here.

The team writes while the report is in its hands; the goals that a central area reports are that area's to write until
the report is validated (PG-08, AZ3). What a person saw travels with each change: somebody else's work is never
overwritten (WF3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.models import OrganizationUnit, User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from plans.rules.goals import GoalStatus
from plans.rules.values import show
from tracking.content import AMOUNTS, TEXTS, Reading, reading_of
from tracking.models import GoalNarrative, GoalReport, QuarterReport
from tracking.rules.entry_checks import entry_problems
from tracking.rules.goal_reports import ENTRY_BY_NAME, Entry
from tracking.rules.report_states import CENTRAL_EDITABLE, EDITABLE, ReportStatus

Value = Decimal | str | None


@dataclass(frozen=True, slots=True)
class EntryChange:
    """New values of a goal by name of field; `was` has the texts that the person saw of them, if any were seen."""

    goal: int
    values: Mapping[str, Value]
    was: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that somebody else changed meanwhile: what it holds now, as text."""

    goal: int
    field: str
    theirs: str


class StaleFields(Refused):
    """Fields changed since they were read; `conflicts` says which and what they hold (WF3)."""

    def __init__(self, conflicts: Iterable[FieldConflict]) -> None:
        self.conflicts = tuple(conflicts)
        names = ", ".join(f"{ENTRY_BY_NAME[one.field].label} de la meta {one.goal}" for one in self.conflicts)
        message = f"Otra persona cambió mientras usted escribía: {names}. Nada se ha sobrescrito."
        super().__init__([Problem("stale_edit", "WF3", message, fix="Compare los dos textos y guarde el que queda.")])


@transaction.atomic
def write_entries(
    report: QuarterReport, changes: Sequence[EntryChange], *, by: User, now: datetime | None = None
) -> Reading:
    """Write what the team reports of some goals, all or none; the first writing takes the report to «filling» (SM-2).

    Returns the report as it stands then. Raises PermissionDenied, also for a goal that a central area reports (PG-08,
    AZ3); StaleFields (WF3); Refused: not in the team's hands (SM-2), no such goal, a value that cannot be stored.
    """
    demand(by, Permission.QUARTER_FILL, report)
    held = QuarterReport.hold(report.pk)
    refuse_if_any(state_problems(held, EDITABLE))
    reading = reading_of(held)
    for change in changes:
        row = _row(reading, change)
        if row.goal.central_area_id is not None:
            raise PermissionDenied("Esta meta la reporta un área central: usted no puede escribirla.")
        refuse_if_any(eliminated_problems(row))
    _write(reading, changes, by=by, now=now or timezone.now())
    if held.status == ReportStatus.OPEN and changes:
        held.move("fill")
    return reading_of(held)


@transaction.atomic
def supply_entries(
    report: QuarterReport,
    area: OrganizationUnit,
    changes: Sequence[EntryChange],
    *,
    by: User,
    now: datetime | None = None,
) -> None:
    """Write what a central area supplies of the goals that it reports in a plan, all or none (PG-08).

    It may until the report is validated: the OAP completes the plan's report in the review. Raises as `write_entries`.
    """
    demand(by, Permission.GOAL_REPORT, area)
    held = QuarterReport.hold(report.pk)
    refuse_if_any(state_problems(held, CENTRAL_EDITABLE))
    reading = reading_of(held)
    for change in changes:
        row = _row(reading, change)
        if row.goal.central_area_id != area.pk:
            raise PermissionDenied("Esta meta no está a cargo de su área.")
        refuse_if_any(eliminated_problems(row))
    instant = now or timezone.now()
    _write(reading, changes, by=by, now=instant)
    supplied = [reading.entries[change.goal].pk for change in changes]
    has_figure = GoalReport.objects.filter(pk__in=supplied, supplied_at=None).exclude(achieved=None, denominator=None)
    has_figure.update(supplied_at=instant)


def put_entry(row: GoalReport, values: Mapping[str, Value], *, by: User, now: datetime) -> None:
    """Store values that were checked; no power asked, no trace left: the verb that calls does both."""
    amounts = {name: value for name, value in values.items() if name in AMOUNTS}
    words = {name: value for name, value in values.items() if name in TEXTS}
    GoalReport.objects.filter(pk=row.pk).update(**amounts, revision=F("revision") + 1, changed_by=by, changed_at=now)
    if words:
        GoalNarrative.objects.filter(pk=row.pk).update(**words)


def shown(value: Value) -> str:
    """A value as the text that its box holds: amounts ungrouped, so that they can be read again; empty for none."""
    return show("magnitude", value) if isinstance(value, Decimal) else value or ""


def state_problems(report: QuarterReport, states: Iterable[str]) -> list[Problem]:
    """What keeps a report from being written where it stands (SM-2, WF18)."""
    if report.status in set(states):
        return []
    label = ReportStatus(report.status).label
    message = f"El reporte está en estado «{label}» y no se puede escribir."
    return [Problem("not_editable", "SM-2", message, fix="Vuelva a cargar la página.")]


def eliminated_problems(row: GoalReport) -> list[Problem]:
    """What keeps a goal from being written: nothing is reported of an eliminated one (PG-09h)."""
    if row.goal.status != GoalStatus.ELIMINATED:
        return []
    message = f"La meta {row.goal.number} está eliminada y no se reporta."
    return [Problem("goal_eliminated", "PG-09h", message, fix="Deje sus datos como están.")]


def _row(reading: Reading, change: EntryChange) -> GoalReport:
    """The row of a goal, which comes with the goal; a number of another plan is no goal of this one (AZ10)."""
    row = reading.entries.get(change.goal)
    if row is None:
        message = f"El reporte no tiene una meta {change.goal}."
        raise Refused([Problem("unknown_goal", "AZ10", message, fix="Vuelva a cargar la página.")])
    return row


def _write(reading: Reading, changes: Sequence[EntryChange], *, by: User, now: datetime) -> None:
    """Check everything, then store it; one trace a goal, with what changed on both sides (DA4)."""
    report = reading.report
    todo: list[tuple[GoalReport, dict[str, Any], dict[str, Any]]] = []
    conflicts: list[FieldConflict] = []
    problems: list[Problem] = []
    for change in changes:
        found = reading.goal(change.goal)
        assert found is not None  # _row has found its row
        stored = found.goal.entry(report.quarter)
        values = {name: _clean(value) for name, value in change.values.items()}
        conflicts += _conflicts(change, stored, values)
        problems += [one.problem for one in entry_problems(found.goal, replace(stored, **values))]
        before, after = audit.differences({name: getattr(stored, name) for name in values}, values)
        if after:
            todo.append((reading.entries[change.goal], before, after))
    if conflicts:
        raise StaleFields(conflicts)
    refuse_if_any(problems)
    for row, before, after in todo:
        put_entry(row, after, by=by, now=now)
        said = {"report": str(report), "goal": row.goal.number}
        audit.record("entry_written", row, by=by, before=_texts(before), after=said | _texts(after))
    if todo:
        report.touch()


def _conflicts(change: EntryChange, stored: Entry, values: Mapping[str, Value]) -> list[FieldConflict]:
    """Fields that hold neither what the person saw nor what the person writes."""
    if change.was is None:
        return []
    return [
        FieldConflict(change.goal, name, shown(getattr(stored, name)))
        for name, value in values.items()
        if name in change.was
        and shown(getattr(stored, name)) != _one_line_end(change.was[name])
        and getattr(stored, name) != value
    ]


def _clean(value: Value) -> Value:
    """A text without blanks around it, its lines ended as browsers and the database agree."""
    return _one_line_end(value).strip() if isinstance(value, str) else value


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n")


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: shown(value) for name, value in values.items()}
