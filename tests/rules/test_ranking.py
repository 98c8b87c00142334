"""The ranking of a quarter: what orders it, and what only stands beside it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules.ranking import Contender, Unranked, punctuality, ranking


def contender(name, score, **facts):
    return Contender(key=name, name=name, score=None if score is None else Decimal(score), **facts)


def places(*contenders):
    return [(place.rank, place.contender.name, str(place.score)) for place in ranking(contenders).places]


@pytest.mark.rule("REP-05")
def test_ties_share_their_place_by_name_and_the_next_is_skipped():
    assert places(
        contender("Usme", "0.5"), contender("Suba", "0.9"), contender("Bosa", "0.9"), contender("Kennedy", "1")
    ) == [(1, "Kennedy", "100.00"), (2, "Bosa", "90.00"), (2, "Suba", "90.00"), (4, "Usme", "50.00")]


@pytest.mark.rule("REP-05", "PT-18")
def test_scores_are_rounded_half_up_before_they_are_compared():
    assert places(contender("Suba", "0.86665"), contender("Usme", "0.866649"), contender("Bosa", "0.86674")) == [
        (1, "Bosa", "86.67"), (1, "Suba", "86.67"), (3, "Usme", "86.66"),
    ]  # fmt: skip


@pytest.mark.rule("REP-05")
def test_punctuality_stands_beside_the_score_and_changes_no_place():
    late = contender("Suba", "0.9", on_time=Decimal(0))
    early = contender("Usme", "0.8", on_time=Decimal(1))

    assert [place.contender for place in ranking([early, late]).places] == [late, early]


@pytest.mark.rule("REP-05", "PT-17")
@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, Unranked.NOT_PROGRAMMED),
        ({"goals_programmed": 2}, Unranked.NOT_MEASURABLE),
        ({"goals_programmed": 2, "is_pending": True}, Unranked.PENDING),
    ],
    ids=["nothing-programmed", "no-demand", "extended"],
)
def test_a_plan_without_rated_goals_has_no_place_and_says_why(facts, reason):
    found = ranking([contender("Usme", None, **facts), contender("Bosa", "0", goals_programmed=1)])

    assert [(one.name, why) for one, why in found.unranked] == [("Usme", reason)]
    assert [place.rank for place in found.places] == [1]
    assert reason.label


@pytest.mark.rule("REP-05")
@pytest.mark.parametrize(
    ("in_time", "expected"), [([], None), ([False], 0), ([True, True, False, True], Decimal("0.75"))]
)
def test_punctuality_is_the_part_of_the_reports_sent_in_time(in_time, expected):
    assert punctuality(in_time) == expected


@pytest.mark.rule("REP-05")
@given(st.lists(st.decimals(min_value=0, max_value=1, places=5), max_size=12))
def test_a_place_is_one_more_than_the_plans_above_it(scores):
    found = ranking([contender(f"U{number}", score) for number, score in enumerate(scores)])

    published = [place.score for place in found.places]
    assert published == sorted(published, reverse=True)
    assert [place.rank for place in found.places] == [
        1 + sum(other > score for other in published) for score in published
    ]
