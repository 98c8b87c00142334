"""Periods of reports: how they are written, when they are due, which cut-off they show (REP-01…03, JB7)."""

from datetime import date

import pytest

from evaluation.rules import periods
from evaluation.rules.periods import Kind, PeriodError, parse_period

MARCH = date(2022, 3, 31)


@pytest.mark.parametrize(
    ("kind", "text", "starts", "ends", "label"),
    [
        ("monthly", "2022-03", date(2022, 3, 1), date(2022, 3, 31), "marzo de 2022"),
        ("monthly", "2024-02", date(2024, 2, 1), date(2024, 2, 29), "febrero de 2024"),
        ("semiannual", "2022-S1", date(2022, 1, 1), date(2022, 6, 30), "primer semestre de 2022"),
        ("semiannual", "2022-s2", date(2022, 7, 1), date(2022, 12, 31), "segundo semestre de 2022"),
        ("annual", "2022", date(2022, 1, 1), date(2022, 12, 31), "vigencia 2022"),
    ],
)
def test_a_period_knows_its_days_and_its_name(kind, text, starts, ends, label):
    period = parse_period(kind, text)

    assert (period.starts_on, period.ends_on, period.label) == (starts, ends, label)
    assert period.code == text.upper()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("monthly", "2022-13"), ("monthly", "2022-3"), ("monthly", "2022"), ("monthly", "marzo"), ("monthly", ""),
        ("semiannual", "2022-S3"), ("semiannual", "2022-01"), ("annual", "22"), ("annual", "1000"), ("annual", "２０２２"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_period_says_what_is_expected(kind, text):
    with pytest.raises(PeriodError) as refused:
        parse_period(kind, text)

    assert "por ejemplo" in refused.value.problem.fix


@pytest.mark.parametrize("kind", list(Kind))
def test_every_day_lies_in_one_period_of_each_kind(kind):
    for month in range(1, 13):
        period = periods.period_of(kind, date(2022, month, 28))

        assert period.holds(date(2022, month, 28))
        assert parse_period(kind, period.code) == period


def test_a_period_is_due_when_it_has_ended_and_holds_a_measurement():
    dates = [date(2022, 1, 15), MARCH, date(2022, 4, 30)]

    assert [p.code for p in periods.due_periods("monthly", dates, date(2022, 4, 30))] == ["2022-01", "2022-03"]
    assert [p.code for p in periods.due_periods("semiannual", dates, date(2022, 6, 30))] == []
    assert [p.code for p in periods.due_periods("annual", dates, date(2023, 1, 1))] == ["2022"]


def test_a_report_shows_the_last_cutoff_inside_its_period():
    dates = [date(2022, 1, 15), MARCH, date(2022, 4, 30)]

    assert periods.cutoff_of(parse_period("semiannual", "2022-S1"), dates) == date(2022, 4, 30)
    assert periods.cutoff_of(parse_period("monthly", "2022-03"), dates) == MARCH
    assert periods.cutoff_of(parse_period("semiannual", "2022-S2"), dates) is None


def test_a_draft_needs_a_measurement_of_its_period_and_a_vigencia_of_the_plan():
    def codes(kind: str, text: str) -> list[str]:
        return [p.code for p in periods.draft_problems(parse_period(kind, text), [MARCH], range(2020, 2025))]

    assert codes("monthly", "2022-03") == []
    assert codes("monthly", "2022-04") == ["nothing_measured"]
    assert codes("annual", "2030") == ["outside_plan"]


@pytest.mark.parametrize(
    ("today", "consolidated", "editions", "reason", "expected"),
    [
        (date(2022, 4, 1), True, 0, "", []),
        (MARCH, True, 0, "", ["period_not_ended"]),
        (date(2022, 4, 1), False, 0, "", ["cutoff_open"]),
        (date(2022, 4, 1), True, 1, "  ", ["reason_missing"]),
        (date(2022, 4, 1), True, 1, "Se corrigió el indicador 321", []),
    ],
)
def test_issuing_needs_an_ended_period_a_consolidated_cutoff_and_a_reason_from_edition_two(
    today, consolidated, editions, reason, expected
):
    problems = periods.issue_problems(
        parse_period("monthly", "2022-03"), today=today, consolidated=consolidated, editions=editions, reason=reason
    )

    assert [problem.code for problem in problems] == expected
