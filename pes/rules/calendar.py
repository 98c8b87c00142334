"""Due dates of the quarterly report and of change requests (rules CAL-01 to CAL-07).

Holidays and days off by decree (CAL-05) come in together as one container of dates.
"""

from collections.abc import Container
from datetime import date, timedelta

REPORT_TERM = timedelta(days=15)
REMINDER_DAYS = (5, 3, 1)
_SATURDAY = 5
_QUARTER_ENDS = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


def is_business_day(day: date, holidays: Container[date]) -> bool:
    """Whether `day` is hábil: Monday to Friday and in nobody's list of days off (CAL-01)."""
    return day.weekday() < _SATURDAY and day not in holidays


def next_business_day(day: date, holidays: Container[date]) -> date:
    """The day itself if it is hábil, or the first one after it that is (CAL-01)."""
    while not is_business_day(day, holidays):
        day += timedelta(days=1)
    return day


def quarter_end(vigencia: int, quarter: int) -> date:
    """Last day of the quarter 1–4 of a vigencia; `ValueError` for any other quarter."""
    if quarter not in _QUARTER_ENDS:
        raise ValueError(f"a quarter is 1 to 4, not {quarter}")
    month, day = _QUARTER_ENDS[quarter]
    return date(vigencia, month, day)


def report_due_on(vigencia: int, quarter: int, holidays: Container[date]) -> date:
    """Last day to report a quarter: its 15th day after, or the next business day.

    PLE-PIN-P005 v8, activity 9, note 2; rule CAL-01. The term runs until the end of that day
    in Bogotá.
    """
    return next_business_day(quarter_end(vigencia, quarter) + REPORT_TERM, holidays)


def last_change_request_on(vigencia: int) -> date:
    """Last day to ask for a change of a goal: 30 June, hábil or not (CAL-06, PG-09a)."""
    return date(vigencia, 6, 30)
