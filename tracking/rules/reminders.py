"""When a team is reminded of a report it owes (CAL-07)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pes.rules.calendar import REMINDER_DAYS
from tracking.rules.report_states import ReportStatus

_MONDAY = 0


class Reminder(StrEnum):
    """How near the due date of a report is, or that it has passed."""

    DUE_5 = "due_5"
    DUE_3 = "due_3"
    DUE_1 = "due_1"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"


def reminder_on(today: date, *, due_on: date, status: ReportStatus) -> Reminder | None:
    """The reminder that goes out `today`, if one does (CAL-07).

    Five, three and one calendar days before the due date and on it; afterwards on the next day and then each Monday,
    until the report is sent. One that came back from the review was in time or not by its first sending, and its
    return is told by itself.
    """
    if status not in (ReportStatus.OPEN, ReportStatus.FILLING):
        return None
    days = (due_on - today).days
    if days in REMINDER_DAYS:
        return Reminder(f"due_{days}")
    if days == 0:
        return Reminder.DUE_TODAY
    if days == -1 or (days < 0 and today.weekday() == _MONDAY):
        return Reminder.OVERDUE
    return None
