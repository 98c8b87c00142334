"""On which days a team hears of the report it owes."""

from datetime import date, timedelta

import pytest

from tracking.rules.reminders import Reminder, reminder_on
from tracking.rules.report_states import ReportStatus

DUE = date(2022, 4, 18)  # a Monday


def calendar(due_on, status=ReportStatus.FILLING):
    """Every reminder from ten days before the due date to sixteen after, by its distance in days."""
    days = range(-10, 17)
    found = {day: reminder_on(due_on + timedelta(days=day), due_on=due_on, status=status) for day in days}
    return {day: reminder.value for day, reminder in found.items() if reminder}


@pytest.mark.rule("CAL-07")
def test_a_team_is_reminded_before_on_the_day_on_the_next_and_then_on_mondays():
    assert calendar(DUE) == {
        -5: "due_5", -3: "due_3", -1: "due_1", 0: "due_today", 1: "overdue", 7: "overdue", 14: "overdue",
    }  # fmt: skip


@pytest.mark.rule("CAL-07")
def test_the_day_after_counts_once_when_it_is_a_monday():
    sunday = date(2026, 4, 19)

    assert {day: kind for day, kind in calendar(sunday).items() if day > 0} == {
        1: "overdue", 8: "overdue", 15: "overdue",
    }  # fmt: skip


@pytest.mark.rule("CAL-07", "WF14")
@pytest.mark.parametrize("status", [status.value for status in ReportStatus])
def test_only_a_report_never_sent_is_reminded(status):
    reminded = calendar(DUE, ReportStatus(status))

    assert bool(reminded) is (status in {"open", "filling"})


def test_there_are_five_kinds():
    assert [kind.value for kind in Reminder] == ["due_5", "due_3", "due_1", "due_today", "overdue"]
