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
