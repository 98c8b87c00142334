"""An increase of the magnitude has no last day and does not count; a disguised decrease is no increase (PG-09d)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pes.rules.programming import ProgrammingType
from plans.rules.changes import (
    Ground,
    is_pure_increase,
)
from plans.rules.goals import IndicatorKind
from plans.rules.values import normalised
from tests.plan_facts import goal, increase, proposal, refusals, result

DECRECIENTE = ProgrammingType.DECRECIENTE
NORMATIVE = Ground.NORMATIVE
JUNE_30, JULY_1, NOVEMBER = date(2026, 6, 30), date(2026, 7, 1), date(2026, 11, 10)


@pytest.mark.rule("PG-09d", "WF9")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"quarters": (25, 25, 20, 40), "magnitude": 110}, True),
        ({"quarters": (25, 25, 30, 40), "magnitude": 120}, True),
        ({"magnitude": 110}, True),
        ({"quarters": (25, 25, 15, 45), "magnitude": 110}, False),
        ({"quarters": (25, 25, None, 60), "magnitude": 110}, False),
        ({"quarters": (25, 25, 20, 20), "magnitude": 90}, False),
        ({"quarters": (25, 25, 20, 30), "magnitude": 100}, False),
        ({"quarters": (25, 25, 20, 40), "magnitude": 110, "deliverable": "Otro"}, False),
        ({"quarters": (25, 25, 20, 40), "magnitude": 110, "baseline": 5}, False),
        ({"quarters": (25, 25, 20, 40), "magnitude": 110, "text": "Otra"}, False),
        ({"quarters": (25, 25, 20, 40), "magnitude": 110, "indicator_type": IndicatorKind.EFICIENCIA}, False),
    ],
    ids=["one", "two", "magnitude-only", "disguised", "dropped", "decrease", "same", "deliverable", "baseline", "text",
         "indicator"],
)  # fmt: skip
def test_an_increase_only_grows(changes, expected):
    asked = proposal(**changes)

    assert is_pure_increase(asked.current, asked.proposed) is expected


@pytest.mark.rule("PG-09d", "PT-12")
def test_to_programme_a_quarter_that_was_not_is_to_grow():
    current = goal(1, quarters=(None, 50, 50, None))

    assert proposal(current=current, quarters=(None, 50, 50, 10), magnitude=110).is_increase


@pytest.mark.rule("PG-09d")
def test_a_goal_that_falls_never_increases():
    current = goal(1, programming_type=DECRECIENTE, quarters=(90, 80, 70, 60), magnitude=60, baseline=100)

    eased = proposal(current=current, quarters=(90, 80, 70, 70), magnitude=70)
    assert not eased.is_increase
    assert result(eased, "PG-09a", JULY_1).met is False


@pytest.mark.rule("PG-09d")
@pytest.mark.parametrize("missing", ["current", "proposed"])
def test_without_a_magnitude_nothing_increases(missing):
    asked = increase()
    blank = replace(getattr(asked, missing), magnitude=None)

    assert not replace(asked, **{missing: blank}).is_increase


@pytest.mark.rule("PG-09d", "PG-09a", "WF9")
def test_an_increase_in_november_is_accepted_and_a_disguised_decrease_is_not():
    assert refusals(increase(), NOVEMBER) == []
    disguised = proposal(quarters=(25, 25, 5, 55), magnitude=110)
    assert refusals(disguised, date(2026, 7, 20)) == [("PG-09a", "too_late"), ("PG-09d", "not_an_increase")]
    assert "baja T3" in result(disguised, "PG-09d", date(2026, 7, 20)).message


@pytest.mark.rule("PG-09d", "PG-09c")
def test_an_impure_increase_is_refused_as_such_only_where_it_needs_to_be_one():
    impure = proposal(quarters=(25, 25, 20, 40), magnitude=110, deliverable="Otro")

    assert result(impure, "PG-09d", JUNE_30).met is None
    assert result(impure, "PG-09d", JULY_1).met is False
    assert refusals(impure) == []
    assert refusals(impure, approved_before=1) == [("PG-09c", "already_modified"), ("PG-09d", "not_an_increase")]
    assert refusals(replace(impure, ground=NORMATIVE), NOVEMBER, approved_before=1) == []


@pytest.mark.rule("PG-09d")
def test_an_increase_is_said_in_figures():
    assert result(increase(), "PG-09d").message == "Solo aumenta la magnitud, de 100 a 110."


STEPS = st.sampled_from([0, 0, 0, 5, -5])


@pytest.mark.rule("PG-09d", "PG-09e")
@given(
    st.lists(st.integers(0, 20), min_size=4, max_size=4).filter(any),
    st.lists(STEPS, min_size=4, max_size=4),
    st.dates(date(2026, 7, 1), date(2026, 12, 31)),
)
def test_after_june_a_coherent_change_is_accepted_only_if_it_grows_in_quarters_to_come(before, steps, on):
    after = [max(was + step, 0) for was, step in zip(before, steps, strict=True)]
    current = normalised(goal(1, quarters=before, magnitude=sum(before)))
    asked = proposal(current=current, quarters=[value or None for value in after], magnitude=sum(after))

    to_come = [on.month <= last for last in (3, 6, 9, 12)]
    grows = [is_later or now == was for is_later, was, now in zip(to_come, before, after, strict=True)]
    only_grows = all(now >= was for was, now in zip(before, after, strict=True)) and before != after
    assert (refusals(asked, on) == []) is (only_grows and all(grows))
