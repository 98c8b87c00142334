"""What keeps a cut-off from being consolidated or corrected, as truth tables."""

from __future__ import annotations

from datetime import date

import pytest

from evaluation.rules.cutoffs import (
    CONSOLIDATED,
    OPEN,
    TRANSITIONS,
    consolidation_problems,
    correction_problems,
    is_last_of_vigencia,
)
from pes.rules.transitions import reachable


@pytest.mark.rule("W-02", "W-07", "PES-03", "AZ4")
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"on": date(2022, 4, 18)}, []),
        ({"on": date(2022, 4, 19)}, ["cutoff_in_future"]),
        ({"measured": 0}, ["nothing_measured"]),
        ({"unweighted": [2, 3]}, ["weights_missing", "weights_missing"]),
        ({"actor_measured": True}, ["author_is_approver"]),
        ({"actor_weighted": True}, ["author_is_approver"]),
        ({"measured": 0, "unweighted": [1]}, ["nothing_measured", "weights_missing"]),
    ],
)
def test_what_keeps_a_cutoff_from_being_consolidated(changed, expected):
    plain = {
        "on": date(2022, 3, 31), "today": date(2022, 4, 18), "measured": 1, "unweighted": [],
        "actor_measured": False, "actor_weighted": False,
    }  # fmt: skip

    problems = consolidation_problems(**plain | changed)

    assert [problem.code for problem in problems] == expected
    assert all(problem.fix for problem in problems)


@pytest.mark.rule("WF1", "WF18")
@pytest.mark.parametrize(
    ("digest", "reason", "expected"),
    [("b", "Error", []), ("b", " ", ["reason_missing"]), ("a", "Error", ["nothing_changed"])],
)
def test_what_keeps_a_consolidated_cutoff_from_another_run(digest, reason, expected):
    assert [problem.code for problem in correction_problems(digest, "a", reason)] == expected


@pytest.mark.rule("REP-06b")
@pytest.mark.parametrize(
    ("on", "expected"), [(date(2022, 12, 31), True), (date(2022, 12, 30), False), (date(2022, 3, 31), False)]
)
def test_only_the_last_day_of_the_vigencia_shows_lights(on, expected):
    assert is_last_of_vigencia(on) is expected


def test_every_state_is_reached():
    assert reachable(TRANSITIONS, OPEN) == {OPEN, CONSOLIDATED}
