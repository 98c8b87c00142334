"""What the framework, the action plan and the resources of a PES must say (LC-07, REF-01)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pes.rules.profile import (
    Activity,
    Standing,
    Validity,
    activity_problems,
    horizon_problems,
    sole_problems,
    validity_problems,
)
from pes.rules.resources import MOST, Money, money_problems, pesos, total

TODAY = date(2022, 6, 1)
RESOLUTION = Validity("Resolución 277 de 2020", date(2020, 5, 1), date(2024, 12, 8), "Resolución 630 de 2024")
REF = pytest.mark.rule("REF-01")
LC = pytest.mark.rule("LC-07")


def told(problems) -> list[str]:
    return [problem.code for problem in problems]


@REF
@pytest.mark.parametrize(
    ("said", "day", "standing"),
    [
        (RESOLUTION, date(2020, 4, 30), Standing.AHEAD),
        (RESOLUTION, date(2020, 5, 1), Standing.IN_FORCE),
        (RESOLUTION, date(2024, 12, 8), Standing.IN_FORCE),
        (RESOLUTION, date(2024, 12, 9), Standing.REPEALED),
        (Validity("x", date(2020, 1, 1), date(2021, 1, 1)), TODAY, Standing.ENDED),
        (Validity("x"), TODAY, Standing.UNDATED),
        (Validity("x", None, date(2021, 1, 1)), TODAY, Standing.ENDED),
        (Validity("x", repealed_by="y"), TODAY, Standing.REPEALED),
        (RESOLUTION, date(2024, 12, 1), Standing.IN_FORCE),
    ],
)
def test_an_act_stands_by_its_days_which_count_whole(said, day, standing):
    assert said.standing(day) is standing


@REF
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (RESOLUTION, []),
        (Validity(), []),
        (Validity("", date(2020, 1, 1)), ["act_missing"]),
        (Validity("x", date(2020, 1, 2), date(2020, 1, 1)), ["validity_backwards"]),
        (Validity("x", date(2020, 1, 2), None, "y"), ["repeal_without_day"]),
        (Validity("x", None, date(2020, 1, 1), "x"), ["repealed_by_itself"]),
    ],
)
def test_the_act_behind_a_statement_is_whole(said, expected):
    assert told(validity_problems(said)) == expected


@LC
def test_a_sector_has_one_mission_on_any_day():
    after = Validity("Resolución 630 de 2024", date(2024, 12, 9))
    during = Validity("Resolución 630 de 2024", date(2024, 12, 8))

    assert told(sole_problems("misión", after, [RESOLUTION])) == []
    assert told(sole_problems("misión", during, [RESOLUTION])) == ["statement_not_alone"]
    assert told(sole_problems("misión", Validity(), [RESOLUTION])) == ["statement_not_alone"]


@LC
def test_the_horizon_of_a_policy_is_in_order():
    assert told(horizon_problems(2030, 2019)) == ["horizon_backwards"]
    assert told(horizon_problems(2019, 2019)) == told(horizon_problems(None, 2019)) == []


def activity(**changes) -> Activity:
    said = {"vigencia": 2022, "starts_on": date(2022, 2, 1), "ends_on": date(2022, 5, 31), "is_done": False}
    return Activity(**said | {"done_on": None} | changes)


@pytest.mark.rule("LC-01")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"ends_on": date(2022, 1, 31)}, ["activity_backwards"]),
        ({"vigencia": 2023}, ["activity_outside"]),
        ({"ends_on": date(2023, 1, 31), "vigencia": 2023}, []),
        ({"is_done": True}, ["done_without_day"]),
        ({"done_on": TODAY}, ["day_without_done"]),
        ({"is_done": True, "done_on": date(2022, 6, 2)}, ["done_in_future"]),
        ({"is_done": True, "done_on": TODAY}, []),
        ({"starts_on": date(2021, 1, 1), "ends_on": date(2023, 12, 31)}, []),
        ({"starts_on": date(1850, 1, 1)}, ["activity_far_away"]),
        ({"ends_on": date(2024, 1, 1)}, ["activity_far_away"]),
        ({"is_done": True, "done_on": date(1850, 1, 1)}, ["done_far_away"]),
        ({"amount": Decimal("-1")}, ["amount_negative"]),
        ({"amount": Decimal("0.001")}, ["amount_too_fine"]),
    ],
)
def test_an_activity_of_the_action_plan_has_days_that_hold(changes, expected):
    assert told(activity_problems(activity(**changes), TODAY)) == expected


@pytest.mark.rule("LC-01")
def test_lateness_follows_from_the_days():
    assert activity().is_late(TODAY)
    assert not activity().is_late(date(2022, 5, 31))
    assert not activity(is_done=True).is_late(TODAY)
    assert not activity(is_cancelled=True).is_late(TODAY)


def money(programmed="100", committed="80", paid="40", **changes) -> Money:
    given = [None if text is None else Decimal(text) for text in (programmed, committed, paid)]
    return Money(*given, **{"cutoff_on": date(2022, 5, 31), "source": "Predis"} | changes)


@LC
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (money(), []),
        (Money(), []),
        (Money(Decimal(0)), []),
        (money(programmed=None), ["programmed_missing"]),
        (money(paid="80.01"), ["paid_over_committed"]),
        (money(committed="100.01"), ["committed_over_programmed"]),
        (money(committed=None), ["paid_alone"]),
        (money(paid="-1"), ["amount_negative"]),
        (money(programmed="100.001"), ["amount_too_fine"]),
        (Money(MOST + 1), ["amount_too_big"]),
        (money(cutoff_on=None), ["cutoff_missing"]),
        (money(source=""), ["source_missing"]),
        (money(cutoff_on=date(2022, 6, 2)), ["cutoff_in_future"]),
        (money(cutoff_on=date(2021, 12, 31)), ["cutoff_before"]),
    ],
)
def test_resources_hold_together(said, expected):
    assert told(money_problems(said, 2022, TODAY)) == expected


@LC
def test_committing_more_than_programmed_is_a_warning_and_paying_more_than_committed_is_refused():
    warning, error = (
        next(iter(money_problems(one, 2022, TODAY))) for one in (money(committed="101"), money(paid="81"))
    )

    assert (warning.blocking, error.blocking) == (False, True)


@LC
def test_a_sum_counts_what_is_known_and_never_makes_a_zero():
    assert total([money(), Money(Decimal(50))]) == Money(Decimal(150), Decimal(80), Decimal(40))
    assert total([Money(), Money()]) == Money()
    assert money().committed_percent == Decimal("80.00")
    assert Money(Decimal(0), Decimal(0)).committed_percent is None


def test_pesos_are_written_as_people_write_them():
    shown = [pesos(Decimal("1250000.00")), pesos(Decimal("1250000.5")), pesos(None)]

    assert shown == ["$ 1.250.000", "$ 1.250.000,50", "–"]
