"""Size, draw and margin of the perception sample, against numbers worked by hand (GP-05)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pes.rules.numbers import round_half_up
from tracking.rules.perception import (
    answer_problems,
    draw_order,
    draw_problems,
    margin_of,
    sample_size,
    score_of,
    withheld,
)

TEN, FIVE = Decimal(10), Decimal(5)
JUNE, JULY = date(2025, 6, 1), date(2025, 7, 2)


@pytest.mark.rule("GP-05")
@pytest.mark.parametrize(
    ("population", "margin", "expected"),
    [
        (1102, FIVE, 218),  # n0 = 1,645²·0,25/0,05² = 270,6025; / (1 + 269,6025/1102) = 217,41
        (100, TEN, 41),  # n0 = 67,650625; / 1,66650625 = 40,59
        (20, TEN, 16),  # / 4,33253125 = 15,61
        (1_000_000, TEN, 68),
        (2, TEN, 2),
        (1, TEN, 1),
        (0, TEN, 0),
    ],
)
def test_the_size_of_a_sample(population, margin, expected):
    assert sample_size(population, margin) == expected


@pytest.mark.rule("GP-05")
def test_the_margin_of_the_answers_that_came():
    assert round_half_up(margin_of(41, 100), 4) == Decimal("9.9164")  # 1,645·√(0,25/41 · 59/99)
    assert margin_of(100, 100) == margin_of(1, 1) == 0
    assert margin_of(0, 100) is None
    assert all(margin_of(sample_size(many, FIVE), many) <= FIVE for many in (2, 9, 50, 365, 1102))


@pytest.mark.rule("GP-05")
def test_a_draw_can_be_drawn_again_and_another_seed_gives_another():
    codes = [f"{number:05}" for number in range(52001, 52041)]
    first = draw_order(codes, "semilla")

    assert first == draw_order(reversed(codes), "semilla") != codes
    assert sorted(first) == codes
    assert first != draw_order(codes, "otra")
    assert draw_order(["52019", "52110", "52207"], "semilla") == ["52019", "52207", "52110"]


@pytest.mark.rule("GP-05")
def test_a_variable_summed_up_with_its_margin():
    one = score_of("quality", [5, 4, 3, 4], 10)

    assert (one.mean, one.good) == (4, 75)
    # s² = (1 + 0 + 1 + 0)/3; 1,645·√(0,6667/4 · 6/10)
    assert round_half_up(one.margin, 4) == Decimal("0.5202")
    # of seven, five answered: s² = 0,2 and 0,3; 1,645·√(s²/5 · 2/7)
    assert round_half_up(score_of("goals", [4, 4, 5, 4, 4], 7).margin, 4) == Decimal("0.1759")
    assert round_half_up(score_of("goals", [4, 5, 5, 4, 4], 7).margin, 4) == Decimal("0.2154")
    assert score_of("quality", [5, 4, 3], 3).margin == 0  # everybody answered


@pytest.mark.rule("GP-05")
def test_means_wait_for_the_survey_to_close_and_for_three_answers():
    after = date(2025, 7, 3)

    assert "cierre" in withheld(9, closes_on=JULY, today=JULY)  # its last day still takes answers
    assert withheld(0, closes_on=JULY, today=after) == "Nadie respondió."
    assert "menos de 3" in withheld(2, closes_on=JULY, today=after)
    assert withheld(3, closes_on=JULY, today=after) == ""


@pytest.mark.rule("GP-05")
def test_what_keeps_a_sample_from_being_drawn_and_an_answer_from_being_taken():
    fine = {"month": JUNE, "today": JULY, "population": 5, "margin": TEN, "closes_on": JULY}

    assert list(draw_problems(**fine)) == []
    wrong = fine | {"today": date(2025, 6, 30), "population": 0, "margin": Decimal(31), "closes_on": JUNE}
    codes = [one.code for one in draw_problems(**wrong)]
    assert codes == ["month_not_over", "nobody_assisted", "margin_not_valid", "survey_over"]
    scores = dict.fromkeys(("goals", "usability", "relevance", "quality", "value"), 5)
    assert list(answer_problems(scores, closes_on=JULY, today=JULY)) == []
    late = answer_problems(scores | {"goals": 6}, closes_on=JULY, today=date(2025, 7, 3))
    assert [one.code for one in late] == ["survey_closed", "scores_missing"]
