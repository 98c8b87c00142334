"""The arithmetic of roads, the order of their phases, and their templates (LC-01, GP-01 to GP-04)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pes.rules.road_states import TRANSITIONS, ActivityState, PhaseState
from pes.rules.roads import (
    ActivityKind,
    Line,
    RoadTemplate,
    day_problems,
    first_day,
    goes_back,
    is_late,
    order_problems,
    phase_progress,
    phase_state,
    progress_problems,
    read_template,
    schedule_problems,
    shares_of_whole,
    template_problems,
    waiting_problems,
    weight_in_whole,
    whole_progress,
)
from pes.rules.transitions import reachable

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
TODAY = date(2026, 3, 10)
WEIGHTED = ("camino_gobierno_al_plan_1", "camino_gobierno_al_plan_2")


def shipped(code: str) -> RoadTemplate:
    """A template that the product ships."""
    return read_template(json.loads((FIXTURES / f"{code}.json").read_text(encoding="utf-8")))


def hito(progress: str, weight: str | None, state: ActivityState = ActivityState.UNDER_WAY) -> Line:
    """A weighted hito at a progress."""
    return Line(ActivityKind.HITO, state, Decimal(progress), None if weight is None else Decimal(weight))


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


@pytest.mark.rule("GP-01")
def test_the_progress_of_a_phase_and_of_the_whole_is_exact():
    alistamiento = phase_progress([hito("100", "5"), hito("50", "30"), hito("33.33", "65")])
    adopcion = phase_progress([hito("0.5", "100")])

    assert alistamiento == Decimal("41.6645")
    assert whole_progress([(alistamiento, Decimal(20)), (adopcion, Decimal(80))]) == Decimal("8.7329")


@pytest.mark.rule("GP-01")
def test_a_third_of_a_phase_is_worth_its_exact_share_of_the_whole():
    assert weight_in_whole(Decimal("33.34"), Decimal(10)) == Decimal("3.334")
    assert weight_in_whole(Decimal(35), Decimal(30)) == Decimal("10.5")


@pytest.mark.rule("GP-01", "GP-02")
def test_what_is_shown_of_the_whole_is_the_column_of_the_source_and_adds_up():
    for phase in (phase for code in WEIGHTED for phase in shipped(code).phases):
        shares = shares_of_whole({one.code: one.weight for one in phase.lines}, phase.weight)

        assert shares == {one.code: one.weight_in_whole for one in phase.lines}
        assert sum(shares.values()) == phase.weight

    assert shares_of_whole({"1": Decimal(5), "2": Decimal(95), "3": Decimal(0)}, Decimal(20)) == {
        "1": Decimal("1.00"), "2": Decimal("19.00"), "3": Decimal(0),
    }  # fmt: skip
    assert shares_of_whole({"1": None}, Decimal(20)) == shares_of_whole({"1": Decimal(100)}, None) == {}


@pytest.mark.rule("GP-01")
def test_a_road_with_every_hito_done_is_at_one_hundred():
    for code in WEIGHTED:
        parts = []
        for phase in shipped(code).phases:
            lines = [hito("100", str(one.weight), ActivityState.DONE) for one in phase.lines]
            parts.append((phase_progress(lines), phase.weight))

        assert whole_progress(parts) == Decimal(100)


@pytest.mark.rule("GP-01")
def test_a_road_without_weights_has_no_figure_of_the_whole():
    assert whole_progress([(Decimal(50), None), (Decimal(0), None)]) is None
    assert whole_progress([]) is None


@pytest.mark.rule("LC-01")
def test_without_weights_a_phase_is_the_mean_of_what_applies_and_products_do_not_count():
    aside = Line(ActivityKind.ACTIVITY, ActivityState.NOT_APPLICABLE, Decimal(0))
    product = Line(ActivityKind.PRODUCT, ActivityState.NOT_STARTED, Decimal(0))

    assert phase_progress([hito("100", None), hito("50", None), aside, product]) == Decimal(75)
    assert phase_progress([aside, product]) is None


@pytest.mark.rule("GP-02")
@pytest.mark.parametrize("code", [*WEIGHTED, "camino_pes"])
def test_the_shipped_templates_add_up(code):
    assert list(template_problems(shipped(code))) == []


@pytest.mark.rule("GP-02", "GP-03")
def test_the_weighted_roads_have_their_phases_and_hitos():
    first, second = (shipped(code) for code in WEIGHTED)

    assert [str(phase.weight) for phase in first.phases] == ["20.00", "30.00", "20.00", "10.00", "20.00"]
    weights = [15, 5, 5, 20, 5, 10, 10, 5, 15, 10]
    assert [phase.weight for phase in second.phases] == [Decimal(weight) for weight in weights]
    assert [sum(len(phase.lines) for phase in road.phases) for road in (first, second)] == [22, 22]


@pytest.mark.rule("GP-03")
def test_a_hito_without_legible_name_has_none_and_says_why():
    nameless = [one for code in WEIGHTED for phase in shipped(code).phases for one in phase.lines if not one.text]

    assert [one.code for one in nameless] == ["4", "9", "10", "11", "13", "15", "17", "18", "19", "21", "22"]
    assert all(one.doubt for one in nameless)


@pytest.mark.rule("GP-01")
def test_weights_that_do_not_add_up_are_refused_by_phase_and_sum():
    road = shipped(WEIGHTED[0])
    first, *rest = road.phases
    light = replace(first, lines=(replace(first.lines[0], weight=Decimal(4), weight_in_whole=None), *first.lines[1:]))

    found = list(template_problems(replace(road, phases=(light, *rest))))

    assert codes(found) == ["phase_weights"]
    assert "I.1" in found[0].message
    assert "99,00" in found[0].message


@pytest.mark.rule("GP-01")
def test_phases_that_do_not_sum_the_whole_are_refused():
    road = shipped(WEIGHTED[1])

    found = list(template_problems(replace(road, phases=road.phases[1:])))

    assert codes(found) == ["whole_weights"]
    assert "85,00" in found[0].message


@pytest.mark.rule("GP-01")
def test_printed_points_of_the_whole_that_contradict_the_weights_are_refused():
    road = shipped(WEIGHTED[0])
    first, *rest = road.phases
    wrong = replace(first, lines=(replace(first.lines[0], weight_in_whole=Decimal(3)), *first.lines[1:]))

    found = codes(template_problems(replace(road, phases=(wrong, *rest))))

    assert found == ["weight_in_whole", "phase_weight_in_whole"]


def test_a_template_with_loose_ends_is_refused():
    road = shipped("camino_pes")
    first, second, *rest = road.phases
    odd = (first, replace(second, after=("F9",), lines=(*second.lines, first.everything[0])), *rest)

    assert codes(template_problems(replace(road, phases=odd))) == ["phase_unknown", "code_repeated"]
    assert codes(template_problems(replace(road, phases=()))) == ["road_without_phases"]


@pytest.mark.rule("LC-01")
def test_phases_open_in_order_and_the_last_three_together():
    road = shipped("camino_pes")

    def opened(*closed: str) -> list[str]:
        states = {p.code: phase_state(is_closed=p.code in closed, after=p.after, closed=closed) for p in road.phases}
        return [code for code, state in states.items() if state is PhaseState.OPEN]

    assert opened() == ["F1"]
    assert opened("F1") == ["F2"]
    assert opened("F1", "F2") == ["F3"]
    assert opened("F1", "F2", "F3") == ["F4", "F5", "F6"]
    assert opened("F1", "F2", "F3", "F5") == ["F4", "F6"]


@pytest.mark.rule("LC-01")
def test_a_phase_that_waits_takes_no_report():
    assert codes(waiting_problems("F4", PhaseState.WAITING, ["F3"])) == ["phase_waiting"]
    assert codes(waiting_problems("F4", PhaseState.OPEN, ["F3"])) == []


@pytest.mark.rule("LC-02")
def test_every_gate_of_the_template_asks_for_something_and_once():
    asked = [one.code for phase in shipped("camino_pes").phases for one in phase.conditions]

    assert [phase.gate for phase in shipped("camino_pes").phases] == ["G1", "G2", "G3", "G4", "G5", "G6"]
    assert len(asked) == len(set(asked)) == 17


@pytest.mark.rule("GP-04")
@pytest.mark.parametrize(
    ("progress", "was", "note", "expected"),
    [
        ("0", "0", "", []),
        ("0.75", "0", "", []),
        ("100", "99.99", "", []),
        ("100.01", "0", "", ["progress_not_valid"]),
        ("-1", "0", "", ["progress_not_valid"]),
        ("33.333", "0", "", ["progress_not_valid"]),
        ("40", "50", " ", ["reason_missing"]),
        ("40", "50", "Se contó dos veces", []),
    ],
)
def test_a_hito_takes_partial_progress(progress, was, note, expected):
    assert codes(progress_problems(Decimal(progress), was=Decimal(was), note=note)) == expected


def test_a_programme_has_both_days_in_order():
    first, last = date(2026, 1, 10), date(2026, 2, 10)

    assert codes(schedule_problems("A1", None, None)) == []
    assert codes(schedule_problems("A1", first, None)) == codes(schedule_problems("A1", None, last)) == ["date_missing"]
    assert codes(schedule_problems("A1", last, first)) == ["dates_crossed"]
    assert codes(schedule_problems("A1", first, first)) == []
    assert codes(schedule_problems("A1", date(202, 1, 1), last)) == ["year_not_valid"]


def test_what_is_reported_has_happened():
    assert codes(day_problems(date(2026, 3, 11), TODAY)) == ["date_in_future"]
    assert codes(day_problems(date(26, 3, 1), TODAY)) == ["year_not_valid"]
    assert codes(day_problems(TODAY, TODAY)) == []


@pytest.mark.rule("LC-02", "GP-04")
def test_what_is_reported_is_of_the_period_of_its_road():
    january = date(2024, 1, 1)

    assert first_day(date(2026, 2, 1), 2024) == january
    assert first_day(date(2023, 11, 20), 2024) == date(2023, 11, 20)  # the next one is prepared before it begins
    assert first_day(date(2026, 2, 1), None) is None
    (problem,) = day_problems(date(2023, 12, 31), TODAY, earliest=january)
    assert problem.code == "date_too_early"
    assert "31/12/2023" in problem.message
    assert "01/01/2024" in problem.fix
    assert codes(day_problems(january, TODAY, earliest=january)) == []


@pytest.mark.rule("GP-04")
@pytest.mark.parametrize(
    ("on", "progress", "last_on", "done_on", "back"),
    [
        (date(2026, 2, 1), "50", None, None, False),
        (date(2026, 2, 1), "50", date(2026, 2, 1), None, False),
        (date(2026, 1, 31), "50", date(2026, 2, 1), None, True),
        (date(2026, 2, 1), "100", date(2026, 2, 1), date(2026, 2, 1), False),
        (date(2026, 2, 5), "100", date(2026, 2, 1), date(2026, 2, 1), True),
        (date(2026, 2, 5), "60", date(2026, 2, 1), date(2026, 2, 1), False),  # lowered: that rule asks why
    ],
)
def test_a_report_that_goes_back_says_why(on, progress, last_on, done_on, back):
    said = {"last_on": last_on, "done_on": done_on}

    assert goes_back(on, Decimal(progress), **said) is back
    assert codes(order_problems(on, Decimal(progress), note=" ", **said)) == ["reason_missing"] * back
    assert codes(order_problems(on, Decimal(progress), note="Era otro día", **said)) == []


@pytest.mark.parametrize(
    ("state", "until", "late"),
    [
        (ActivityState.UNDER_WAY, date(2026, 3, 9), True),
        (ActivityState.NOT_STARTED, TODAY, False),
        (ActivityState.NOT_STARTED, None, False),
        (ActivityState.DONE, date(2026, 1, 1), False),
        (ActivityState.NOT_APPLICABLE, date(2026, 1, 1), False),
    ],
)
def test_an_open_activity_is_late_the_day_after_its_last(state, until, late):
    assert is_late(state, until, TODAY) is late


def test_every_state_can_be_reached():
    assert reachable(TRANSITIONS, ActivityState.NOT_STARTED) == set(ActivityState)


def test_a_weight_written_as_a_number_is_refused():
    raw = json.loads((FIXTURES / f"{WEIGHTED[0]}.json").read_text(encoding="utf-8"))
    raw["phases"][0]["weight"] = 20.0

    with pytest.raises(ValueError, match="written as text"):
        read_template(raw)
