"""What is typed about a goal, and whether it can be kept."""

from decimal import Decimal

import pytest

from pes.rules.quarters import quarter_results
from tests.rules.goal_years import DECRECIENTE, POLICY, amount, entry, goal
from tracking.rules.entry_checks import entry_problems, value_problems
from tracking.rules.goal_reports import ENTRY_BY_NAME, Entry, measured, results_of

ONE = goal(unit="Informes")
SHARE = goal(unit="Porcentaje")


def found(given, one=ONE):
    return [(finding.field, finding.problem.code) for finding in entry_problems(one, given)]


@pytest.mark.rule("PT-12", "PT-16", "PT-16b")
@pytest.mark.parametrize(
    "given",
    [
        Entry(),
        entry(0),
        entry("99999999999999.9999"),
        entry(numerator=1, denominator=3),
        entry("0.3333", 1, 3),
        entry(numerator=0, denominator=0),
        entry(0, 0, 0),
    ],
    ids=["empty", "zero", "largest", "terms", "agreeing", "no-demand", "no-demand-and-zero"],
)
def test_a_well_formed_entry_is_kept_whatever_it_lacks(given):
    assert entry_problems(ONE, given) == []


@pytest.mark.rule("PT-18", "PT-19")
@pytest.mark.parametrize("field", ["achieved", "numerator", "denominator"])
@pytest.mark.parametrize("value", ["-0.01", "NaN", "Infinity", "100000000000000", "1.00001"])
def test_an_amount_that_cannot_be_stored_is_refused_in_its_place(field, value):
    [problem] = value_problems(field, Decimal(value))

    assert (problem.code, problem.blocking) == ("achieved_not_valid", True)
    assert problem.message.startswith(f"El {ENTRY_BY_NAME[field].label.lower()} ")


@pytest.mark.rule("PT-16b")
def test_one_term_alone_can_be_kept_while_the_other_is_looked_for():
    assert found(entry(numerator=1)) == found(entry(denominator=1)) == []


@pytest.mark.rule("PT-16b")
def test_a_typed_amount_that_disagrees_with_its_terms_is_refused_naming_both():
    [finding] = entry_problems(SHARE, entry("33.3", 1, 3))

    assert finding.field == "achieved"
    assert finding.problem.message == ("El ejecutado es 33,3 y del numerador y el denominador resulta 33,3333.")
    assert found(entry("33.3333", 1, 3), SHARE) == []


@pytest.mark.rule("PT-16")
def test_nothing_is_executed_where_there_was_no_demand():
    assert found(entry(numerator=2, denominator=0)) == [("numerator", "numerator_without_demand")]
    assert found(entry(2, 0, 0)) == [("achieved", "achieved_without_demand")]


@pytest.mark.rule("PT-19")
def test_terms_whose_quotient_has_no_place_are_refused():
    assert found(entry(numerator="99999999999999", denominator="0.0001")) == [("denominator", "achieved_not_valid")]


@pytest.mark.rule("PG-R1")
@pytest.mark.parametrize("field", ["analysis", "delay_causes", "accumulated_analysis", "explanation"])
def test_a_text_has_a_limit_and_the_refusal_says_both_lengths(field):
    assert value_problems(field, "á" * 4000) == []
    [problem] = value_problems(field, "á" * 4001)

    assert "4001 caracteres y caben 4000" in problem.message


def test_an_unknown_field_is_an_error_of_ours():
    with pytest.raises(KeyError):
        value_problems("status", "x")


@pytest.mark.rule("PT-05", "PT-16b")
def test_the_results_of_a_goal_are_those_of_its_quarters():
    one = goal(
        [90, 80, 70, 60], [entry(95), None, entry(numerator=3, denominator=4)],
        kind=DECRECIENTE, magnitude=60, baseline=100, unit="%",
    )  # fmt: skip

    results = results_of(one, POLICY, [True, True, False, False])

    assert [result.achieved for result in results] == [95, None, 75, None]
    assert results == quarter_results(
        DECRECIENTE,
        amount(60),
        one.figures([True, True, False, False]),
        baseline=amount(100),
        percentage=True,
        policy=POLICY,
    )
    assert measured([one], POLICY, [True]) == ((one, results[:1]),)
