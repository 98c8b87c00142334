"""A gate says what is missing and lets nothing through without it (LC-02)."""

from __future__ import annotations

import pytest

from pes.rules.gates import UNKNOWN, GateCondition, GateFact, condition_states, gate_problems

pytestmark = pytest.mark.rule("LC-02")
ASKED = [GateCondition("schedule_recorded", "Cronograma registrado"), GateCondition("socialised", "Una socialización")]
READY = GateFact("schedule_recorded", True, url="/cronograma/")
LACKING = GateFact("socialised", False, "Falta una reunión.", "/mesas/")


def test_conditions_come_in_the_order_of_the_template_with_what_is_missing():
    schedule, meeting = condition_states(ASKED, [LACKING, READY])

    assert (schedule.code, schedule.is_met, schedule.missing, schedule.url) == (
        "schedule_recorded", True, "", "/cronograma/",
    )  # fmt: skip
    assert (meeting.is_met, meeting.missing, meeting.url) == (False, "Falta una reunión.", "/mesas/")


def test_a_condition_that_nobody_answers_is_not_met():
    _, meeting = condition_states(ASKED, [READY])

    assert not meeting.is_met
    assert meeting.missing == UNKNOWN


@pytest.mark.parametrize("order", [1, -1])
def test_two_facts_of_one_condition_are_both_needed(order):
    facts = [GateFact("socialised", True), LACKING][::order]

    assert not condition_states(ASKED[1:], facts)[0].is_met


def test_the_problems_of_a_gate_name_each_missing_condition():
    found = list(gate_problems("G1", condition_states(ASKED, [READY, LACKING])))

    assert [(one.code, one.rule, one.blocking) for one in found] == [("gate_socialised", "LC-02", True)]
    assert "G1" in found[0].message
    assert found[0].fix == "Falta una reunión."


def test_a_gate_with_everything_has_no_problem():
    assert list(gate_problems("G1", condition_states(ASKED[:1], [READY]))) == []
