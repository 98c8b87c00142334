"""The weight of a goal that goes is taken by the others of its group, to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pes.rules.problems import Refused
from pes.rules.weights import proportional
from plans.rules.findings import plan_findings
from plans.rules.goals import GoalKind, GoalStatus
from plans.rules.plan_weights import weights_after_removal
from tests.plan_facts import OBJECTIVES, goal, plan

CENTS = st.integers(1, 10_000).map(lambda cents: Decimal(cents) / 100)


def weights_after(goals, number, technical_weight=None):
    return weights_after_removal(goals, number, technical_weight=technical_weight)


def labels(goals, technical_weight=None):
    [found] = [
        found
        for found in plan_findings(
            plan(*goals),
            objectives=OBJECTIVES,
            discount_baseline=False,
            technical_weight=technical_weight,
            has_framework=True,
        )
        if found.goal is None and found.field == "weight"
    ]
    return [remedy.label for remedy in found.remedies]


@pytest.mark.rule("W-05")
@given(st.dictionaries(st.integers(1, 300), CENTS, min_size=1, max_size=20), CENTS)
def test_a_total_is_shared_out_to_the_cent(weights, total):
    shares = proportional(weights, total)

    assert sum(shares.values()) == total
    assert all(abs(shares[key] - weights[key] * total / sum(weights.values())) < Decimal("0.01") for key in weights)


@pytest.mark.rule("W-05", "PG-09h")
def test_the_others_take_the_weight_of_a_removed_goal_in_proportion():
    goals = [goal(1, weight=50), goal(2, weight=30), goal(3, weight=20)]

    assert weights_after(goals, 1) == {2: Decimal("60.00"), 3: Decimal("40.00")}


@pytest.mark.rule("W-05", "PG-09h", "W-02b")
def test_eliminated_and_removed_goals_take_nothing():
    goals = [
        goal(1, weight=40),
        goal(2, weight=30),
        goal(3, weight=30, status=GoalStatus.ELIMINATED),
        goal(4, weight=50, status=GoalStatus.REMOVED),
    ]

    assert weights_after(goals, 1) == {2: Decimal("70.00")}


@pytest.mark.rule("W-05", "PG-09h")
def test_the_weight_stays_in_its_group():
    goals = [
        goal(1, weight=50),
        goal(2, weight=30),
        goal(3, weight=15, kind=GoalKind.TRANSVERSAL),
        goal(4, weight=5, kind=GoalKind.LOCAL),
    ]

    assert weights_after(goals, 1, Decimal(80)) == {2: Decimal("80.00")}
    assert weights_after(goals, 3, Decimal(80)) == {4: Decimal("20.00")}


@pytest.mark.rule("W-05", "PG-09h")
@pytest.mark.parametrize(
    ("kind", "technical_weight", "words"),
    [(GoalKind.LOCAL, Decimal(80), "en su grupo"), (None, None, "en el plan")],
    ids=["last-of-its-group", "last-of-the-plan"],
)
def test_a_goal_whose_weight_nobody_can_take_is_not_removed(kind, technical_weight, words):
    goals = [goal(2, weight=20, kind=kind or GoalKind.TECNICA)]
    if kind:
        goals.append(goal(1, weight=80))

    with pytest.raises(Refused, match=words) as refused:
        weights_after(goals, 2, technical_weight)

    assert [problem.rule for problem in refused.value.problems] == ["W-05"]


@pytest.mark.parametrize("status", [None, GoalStatus.ELIMINATED], ids=["absent", "eliminated"])
def test_only_an_active_goal_of_the_plan_gives_its_weight(status):
    goals = [goal(1), *([goal(2, status=status)] if status else [])]

    with pytest.raises(LookupError, match="2"):
        weights_after(goals, 2)


@pytest.mark.rule("W-05", "W-02", "PG-09h")
@given(st.lists(st.integers(1, 100), min_size=2, max_size=12), st.data())
def test_a_plan_that_adds_up_still_does_after_a_removal(parts, data):
    weights = proportional({key: Decimal(part) for key, part in enumerate(parts, start=1)}, Decimal(100))
    goals = [goal(number, weight=weight) for number, weight in weights.items()]
    gone = data.draw(st.sampled_from(sorted(weights)))

    after = weights_after(goals, gone)

    assert sum(after.values()) == 100
    assert set(after) == set(weights) - {gone}


@pytest.mark.rule("W-02")
@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ((60, None), ["Poner 40,00 a la meta 2"]),
        ((60, None, None), ["Repartir 40,00 entre las 2 metas sin ponderación"]),
        ((None, None, None), ["Repartir 100,00 entre las 3 metas sin ponderación"]),
        ((70, 50, None), ["Poner la misma ponderación a todas"]),
        ((70, 50), ["Restar 20,00 de la meta 1, la de mayor peso", "Repartir proporcionalmente"]),
        ((50, 50, 50), ["Repartir proporcionalmente"]),
        ((40, 40), ["Sumar 20,00 a la meta 1, la de mayor peso", "Repartir proporcionalmente"]),
        ((40,), ["Sumar 60,00 a la meta 1, la de mayor peso"]),
    ],
    ids=["one-blank", "two-blank", "all-blank", "over-with-blank", "over", "heaviest-cannot", "tie", "single"],
)
def test_what_is_missing_goes_first_to_goals_without_weight(weights, expected):
    assert labels([goal(number, weight=weight) for number, weight in enumerate(weights, start=1)]) == expected
