"""Reminders of the reports that are owed, one a day at most to each person (CAL-07, JB12).

What is due today is asked of the database, never remembered: a beat that slept reminds of what is true when it wakes,
and a reminder of a day that passed is not sent late, for it would count the days wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pes.access import people_by_unit
from pes.permissions import Permission
from pes.rules.calendar import REMINDER_DAYS
from tracking.models import Notice, QuarterReport
from tracking.rules.reminders import Reminder, reminder_on
from tracking.rules.report_states import CENTRAL_EDITABLE, ReportStatus
from tracking.waiting import OWED, of_areas


@dataclass(frozen=True, slots=True)
class Due:
    """A report of which today reminds: its team of `team`, and each central area that owes it figures of `area`."""

    report: int
    unit: int
    team: Reminder | None
    area: Reminder | None


def due_today(today: date) -> list[Due]:
    """The reports of which a day reminds, soonest due first; one query.

    A central area is reminded by the same calendar while it may still write, also after the team sent (PG-08).
    """
    rows = QuarterReport.objects.filter(
        status__in=CENTRAL_EDITABLE, due_on__lte=today + timedelta(days=max(REMINDER_DAYS))
    ).order_by("due_on", "pk")
    found = []
    for report, unit, status, due_on in rows.values_list("pk", "plan__unit", "status", "due_on"):
        team = reminder_on(today, due_on=due_on, status=ReportStatus(status))
        area = reminder_on(today, due_on=due_on, status=ReportStatus.OPEN)
        if team or area:
            found.append(Due(report, unit, team, area))
    return found


def notices_of(today: date) -> list[Notice]:
    """The notices of a day that do not exist yet, unsaved; four queries whatever the number of reports."""
    due = due_today(today)
    if not due:
        return []
    teams = people_by_unit(Permission.QUARTER_FILL, {one.unit for one in due if one.team})
    owing = _areas_owing([one.report for one in due if one.area])
    areas = people_by_unit(Permission.GOAL_REPORT, {area for found in owing.values() for area in found})
    wanted: dict[tuple[int, int], Reminder] = {}
    for one in due:
        people = teams.get(one.unit, []) if one.team else []
        reporting = [person for area in owing.get(one.report, ()) for person in areas.get(area, ())]
        for person in (*people, *reporting):
            wanted[person, one.report] = one.team or one.area or Reminder.OVERDUE
    told = set(Notice.objects.filter(on=today, kind__in=list(Reminder)).values_list("user_id", "report_id", "kind"))
    return [
        Notice(user_id=person, report_id=report, kind=kind.value, on=today)
        for (person, report), kind in wanted.items()
        if (person, report, kind.value) not in told
    ]


def remind(today: date) -> int:
    """Leave the notices of a day; return how many were new."""
    rows = notices_of(today)
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)


def _areas_owing(reports: list[int]) -> dict[int, set[int]]:
    rows = of_areas().filter(OWED, report__in=reports).values_list("report_id", "goal__central_area_id")
    found: dict[int, set[int]] = {}
    for report, area in rows.distinct():
        found.setdefault(report, set()).add(area)
    return found
