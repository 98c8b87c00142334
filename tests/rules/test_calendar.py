"""Due dates of the quarterly report, against the table computed by two independent methods."""

import json
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from pes.rules.calendar import (
    is_business_day,
    last_change_request_on,
    quarter_end,
    report_due_on,
)

DEADLINES = json.loads((Path(__file__).parent / "data/deadlines_2022_2030.json").read_text())["vencimientos"]
COLOMBIA = holidays.country_holidays("CO", years=range(2022, 2032), language="es")


@pytest.mark.rule("CAL-01", "CAL-03", "WF15")
@pytest.mark.parametrize("row", DEADLINES, ids=lambda row: f"{row['vigencia']}-T{row['trimestre']}")
def test_reports_are_due_on_the_published_day(row):
    assert quarter_end(row["vigencia"], row["trimestre"]) == date.fromisoformat(row["corte"])
    assert report_due_on(row["vigencia"], row["trimestre"], COLOMBIA) == date.fromisoformat(row["vencimiento"])


def test_the_table_covers_nine_vigencias():
    assert len(DEADLINES) == 36


@pytest.mark.rule("CAL-01")
def test_saturdays_sundays_and_holidays_are_not_business_days():
    friday = date(2026, 11, 20)

    assert is_business_day(friday, set())
    assert not is_business_day(friday + timedelta(days=1), set())
    assert not is_business_day(friday + timedelta(days=2), set())
    assert not is_business_day(friday, {friday})


@pytest.mark.rule("CAL-05")
def test_a_day_off_by_decree_moves_the_due_date():
    civic_day = date(2024, 4, 15)

    assert report_due_on(2024, 1, {civic_day}) == date(2024, 4, 16)


@pytest.mark.rule("CAL-06")
def test_changes_may_be_asked_until_the_thirtieth_of_june_even_on_a_sunday():
    assert last_change_request_on(2024) == date(2024, 6, 30)


@pytest.mark.parametrize("quarter", [0, 5])
def test_there_are_four_quarters(quarter):
    with pytest.raises(ValueError, match="1 to 4"):
        quarter_end(2022, quarter)


def easter(year):
    """Easter Sunday by the anonymous Gregorian algorithm."""
    century, of_century = divmod(year, 100)
    leap_centuries, rest = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + century - leap_centuries - shift + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def by_law(year):
    """The holidays of Colombia by Ley 51 of 1983, with that of 9 July from 2026 (Ley 2578 of 2026)."""

    def monday(day):
        return day + timedelta(days=-day.weekday() % 7)

    sunday = easter(year)
    fixed = [(1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25)]
    moved = [(1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11), *([(7, 9)] if year >= 2026 else [])]
    found = {date(year, *one) for one in fixed} | {monday(date(year, *one)) for one in moved}
    found |= {sunday + timedelta(days=days) for days in (-3, -2)}  # Holy Thursday and Friday
    return found | {monday(sunday + timedelta(days=days)) for days in (39, 60, 68)}


@pytest.mark.rule("CAL-02", "CAL-03")
def test_the_holidays_are_those_of_the_law_computed_apart():
    for year in range(1984, 2041):
        assert set(holidays.country_holidays("CO", years=year, language="es")) == by_law(year), year
