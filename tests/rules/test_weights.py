"""Weights: exactly 100,00, with the exact difference, and the three helpers."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pes.rules.numbers import HUNDRED, collapse
from pes.rules.problems import Refused
from pes.rules.weights import equal, proportional, renormalised, residual_to, sum_problem, weight_problems

PUBLISHED = json.loads((Path(__file__).parent / "data/calc_vectors.json").read_text())["renormalizacion_objetivo_3"]
OBJECTIVE_3 = {key: Decimal(weight) for key, weight in PUBLISHED["pesos_2022"].items()}
RULES = settings(max_examples=150)
CENTS = st.integers(min_value=1, max_value=10_000).map(lambda cents: Decimal(cents) / 100)
WEIGHTS = st.dictionaries(st.text("0123456789P", min_size=1, max_size=5), CENTS, min_size=1, max_size=30)


def codes(problems):
    return [problem.code for problem in problems]


@pytest.mark.rule("W-02", "B17")
def test_the_published_weights_add_up():
    assert weight_problems(OBJECTIVE_3, programmed=set(OBJECTIVE_3)) == []


@pytest.mark.rule("W-02", "WF12")
@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["99.99"], "suman 99,99 y deben sumar 100,00: faltan 0,01"),
        (["60", "40.01"], "suman 100,01 y deben sumar 100,00: sobran 0,01"),
        (["33.33"] * 3, "suman 99,99 y deben sumar 100,00: faltan 0,01"),
        (["33.3333"] * 3, "suman 99,9999 y deben sumar 100,00: faltan 0,0001"),
    ],
)
def test_another_sum_is_refused_with_the_exact_difference(values, said):
    problem = sum_problem(map(Decimal, values))

    assert problem.rule == "W-02"
    assert said in problem.message


@pytest.mark.rule("WF12", "W-03")
@pytest.mark.parametrize("bad", ["NaN", "sNaN", "Infinity", "1e400", "-1", "0", "100.01"])
def test_what_is_no_weight_is_refused(bad):
    problems = weight_problems({"464": Decimal(bad), "465": Decimal("50")})

    assert problems[0].code == "weight_out_of_range"
    assert "464" in problems[0].message
    assert len(problems[0].message) < 120


@pytest.mark.rule("WF12")
def test_a_negative_weight_does_not_hide_behind_a_sum_of_one_hundred():
    assert codes(weight_problems({"a": Decimal(-1), "b": Decimal(100), "c": Decimal(1)})) == ["weight_out_of_range"]


@pytest.mark.rule("W-01")
def test_weights_have_two_decimals():
    weights = {"a": Decimal("33.333"), "b": Decimal("66.667")}

    assert codes(weight_problems(weights)) == ["weight_too_precise", "weight_too_precise"]


@pytest.mark.rule("W-03")
def test_exactly_the_programmed_indicators_have_a_weight():
    weights = {"a": Decimal(60), "b": Decimal(40), "c": None}

    found = weight_problems(weights, programmed=["a", "c"])

    assert codes(found) == ["weight_without_programme", "weight_missing"]
    assert "b" in found[0].message
    assert "c" in found[1].message


@pytest.mark.rule("W-05")
@pytest.mark.parametrize("year", PUBLISHED["proporcional_mayor_residuo"])
def test_proportional_weights_of_other_years_are_the_published_ones(year):
    expected = {key: Decimal(weight) for key, weight in PUBLISHED["proporcional_mayor_residuo"][year].items()}

    assert proportional({key: OBJECTIVE_3[key] for key in expected}) == expected


@pytest.mark.rule("W-05")
def test_cents_left_over_go_to_the_larger_weight_and_then_to_the_smaller_key():
    assert equal(["c", "a", "b"]) == {"c": Decimal("33.33"), "a": Decimal("33.34"), "b": Decimal("33.33")}
    shares = proportional({"a": Decimal("0.01"), "b": Decimal("0.03"), "c": Decimal("99.98"), "d": Decimal("99.98")})
    # halved, a and b both leave half a cent over, and there is one cent to give
    assert shares["b"] == Decimal("0.02")
    assert shares["a"] == 0


@pytest.mark.rule("W-04")
def test_the_residual_goes_to_the_indicator_that_is_chosen():
    assert residual_to({"543": Decimal("28.33"), "554": Decimal("28.33"), "555": None}, "543") == {
        "543": Decimal("71.67"),
        "554": Decimal("28.33"),
    }


@pytest.mark.rule("W-04")
def test_there_is_no_residual_when_the_others_take_everything():
    with pytest.raises(Refused) as refused:
        residual_to({"a": Decimal(60), "b": Decimal(40), "c": None}, "c")

    assert codes(refused.value.problems) == ["no_residual"]


@pytest.mark.parametrize("helper", [proportional, renormalised])
@pytest.mark.parametrize("weights", [{}, {"a": Decimal(0)}, {"a": Decimal("NaN")}, {"a": Decimal("1e400")}])
def test_the_helpers_refuse_what_cannot_be_scaled(helper, weights):
    with pytest.raises(Refused):
        helper(weights)


@pytest.mark.rule("W-05")
@RULES
@given(WEIGHTS)
def test_renormalised_weights_add_up_to_exactly_one_hundred(weights):
    rounded = proportional(weights)

    assert sum(rounded.values()) == Decimal("100.00")
    assert all(weight == weight.quantize(Decimal("0.01")) for weight in rounded.values())
    assert collapse(sum(renormalised(weights).values())) == HUNDRED


@pytest.mark.rule("W-05")
@RULES
@given(WEIGHTS, st.randoms(use_true_random=False))
def test_proportional_weights_stay_within_a_cent_and_do_not_depend_on_the_order(weights, random):
    shuffled = list(weights)
    random.shuffle(shuffled)

    rounded = proportional(weights)

    assert proportional({key: weights[key] for key in shuffled}) == rounded
    assert all(abs(rounded[key] - share) < Decimal("0.01") for key, share in renormalised(weights).items())
