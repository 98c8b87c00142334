"""What a person types in a column is read in one way, and shown so that it reads back the same."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pes.rules.problems import Refused
from pes.rules.programming import ProgrammingType
from plans.rules.fields import BY_NAME, GOAL_FIELDS, QUARTER_NAMES, FieldKind
from plans.rules.goals import GoalKind, IndicatorKind
from plans.rules.values import (
    ValueProblem,
    amended,
    check,
    is_percentage,
    join_formula,
    normalised,
    read,
    show,
    split_formula,
    spoken,
    spoken_day,
    typed,
    value_of,
    with_value,
)
from tests.plan_facts import goal, quarters

AMOUNTS = st.decimals(-(Decimal(10) ** 14) + 1, Decimal(10) ** 14 - 1, places=4)
SHARES = st.integers(1, 10_000).map(lambda cents: Decimal(cents) / 100)
TEXTS = [field.name for field in GOAL_FIELDS if field.kind in (FieldKind.LINE, FieldKind.PROSE, FieldKind.UNIT)]
NUMBERS = ["baseline", "magnitude", *QUARTER_NAMES]


def problem_of(name, text):
    with pytest.raises(ValueProblem) as found:
        read(name, text)
    return found.value.problem


@pytest.mark.rule("PT-18", "IM14")
@pytest.mark.parametrize("name", NUMBERS)
@given(value=AMOUNTS | st.none())
@example(value=Decimal("1234.5"))
@example(value=Decimal("1000"))
@example(value=Decimal("-0.0001"))
def test_an_amount_that_is_shown_reads_back_the_same(name, value):
    assert read(name, show(name, value)) == value


@pytest.mark.rule("W-01", "IM14")
@given(SHARES | st.none())
def test_a_weight_that_is_shown_reads_back_the_same(value):
    assert read("weight", show("weight", value)) == value


@pytest.mark.rule("IM14")
@pytest.mark.parametrize("field", GOAL_FIELDS, ids=[field.name for field in GOAL_FIELDS])
def test_every_choice_that_is_shown_reads_back_the_same(field):
    for stored, label in field.choices:
        value = read(field.name, stored)
        assert (value.value, show(field.name, value), read(field.name, label)) == (stored, label, value)


@pytest.mark.rule("IM13", "IM14")
@pytest.mark.parametrize("name", TEXTS)
@given(text=st.text(max_size=60))
@example(text=" a\r\nb\u200b\ufeff ")
@example(text="n\u0303")
@example(text="\x00\ud800\ufffe")
@example(text="a\u2028b\u00a0c\td")
def test_a_text_that_is_shown_reads_back_the_same(name, text):
    try:
        value = read(name, text)
    except ValueProblem:
        return
    assert read(name, show(name, value)) == value
    assert check(name, value) is None
    value.encode()  # a database and a workbook can keep it
    assert "\x00" not in value


@pytest.mark.rule("IM14")
@given(st.integers(1, 9999) | st.none())
def test_an_objective_that_is_shown_reads_back_the_same(value):
    assert read("objective", show("objective", value)) == value


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("weight", "12,5", Decimal("12.50")),
        ("weight", "100%", Decimal(100)),
        ("weight", " ", None),
        ("weight", "\u200b", None),
        ("magnitude", "1.234,5", Decimal("1234.5")),
        ("magnitude", "50%", Decimal(50)),
        ("baseline", "-3,25", Decimal("-3.25")),
        ("baseline", "-0", Decimal(0)),
        ("t1", "NP", None),
        ("t2", "n/a", None),
        ("t3", "–", None),
        ("t4", "0", Decimal(0)),
        ("kind", "TÉCNICA", GoalKind.TECNICA),
        ("kind", " tecnica ", GoalKind.TECNICA),
        ("kind", "Transversal", GoalKind.TRANSVERSAL),
        ("indicator_type", "EFECTIVIDAD", IndicatorKind.EFECTIVIDAD),
        ("indicator_type", "", None),
        ("programming_type", "suma", ProgrammingType.SUMA),
        ("programming_type", "SUMA", ProgrammingType.SUMA),
        ("programming_type", "", None),
        ("objective", "3", 3),
        ("objective", "3. Fortalecer la gestión", 3),
        ("objective", "3 Fortalecer la gestión", 3),
        ("objective", "", None),
        ("unit", "  Informes   al año ", "Informes al año"),
        ("text", " Una línea\r\n\r\ny otra ", "Una línea\n\ny otra"),
        ("central_area", " SGL ", "SGL"),
    ],
)
def test_what_is_typed_is_read(name, text, expected):
    value = read(name, text)

    assert (value, type(value)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("name", "text", "code", "rule"),
    [
        ("weight", "0", "weight_out_of_range", "W-03"),
        ("weight", "-5", "weight_out_of_range", "W-03"),
        ("weight", "100,01", "weight_out_of_range", "W-03"),
        ("weight", "33,333", "weight_too_precise", "W-01"),
        ("weight", "NaN", "number_not_a_number", "IMP-06"),
        ("weight", "1e400", "number_not_a_number", "IMP-06"),
        ("magnitude", "1.234", "number_ambiguous", "IMP-06"),
        ("magnitude", "1,23456", "amount_too_precise", "PT-18"),
        ("magnitude", "100000000000000", "number_too_large", "IMP-06"),
        ("baseline", "NP", "number_not_a_number", "IMP-06"),
        ("t1", "veinte", "number_not_a_number", "IMP-06"),
        ("kind", "", "kind_unknown", "PG-V1"),
        ("kind", "mixta", "kind_unknown", "PG-V1"),
        ("programming_type", "acumulada", "programming_type_unknown", "PG-V1"),
        ("objective", "0", "objective_unknown", "PG-02"),
        ("objective", "3.5", "objective_unknown", "PG-02"),
        ("objective", "tres", "objective_unknown", "PG-02"),
        ("unit", "x" * 61, "text_too_long", "PG-V1"),
        ("numerator", "Atendidas / recibidas", "slash_in_numerator", "PG-V1"),
        ("numerator", "Atendidas /", "slash_in_numerator", "PG-V1"),
        ("numerator", "/ recibidas", "slash_in_numerator", "PG-V1"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused_with_what_to_type(name, text, code, rule):
    problem = problem_of(name, text)

    assert (problem.code, problem.rule, problem.blocking) == (code, rule, True)
    assert problem.message
    assert problem.fix


def test_a_refusal_says_what_was_found_and_what_fits():
    assert problem_of("unit", "x" * 61).message == "«Unidad de medida» tiene 61 caracteres y caben 60."
    assert problem_of("kind", "mixta").fix == "Escriba Técnica, Transversal o Local."
    assert problem_of("weight", "33,333").fix == "Escriba 33,33."


@pytest.mark.parametrize("name", [field.name for field in GOAL_FIELDS if field.limit])
def test_a_text_as_long_as_its_column_is_read(name):
    limit = BY_NAME[name].limit

    assert read(name, "ñ" * limit) == "ñ" * limit
    assert problem_of(name, "ñ" * (limit + 1)).code == "text_too_long"


def test_a_field_that_does_not_exist_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        read("estado", "x")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("magnitude", Decimal("1234.5"), "1.234,5"),
        ("weight", Decimal("12.5"), "12,50"),
        ("magnitude", None, "vacío"),
        ("text", "", "vacío"),
        ("t1", None, "sin programar"),
        ("t1", Decimal(0), "0"),
        ("kind", GoalKind.TECNICA, "Técnica"),
        ("objective", 3, "3"),
    ],
)
def test_a_value_is_spoken_in_words(name, value, expected):
    assert spoken(name, value) == expected


def test_a_day_is_spoken_in_words():
    assert spoken_day(date(2022, 4, 18)) == "18 de abril de 2022"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("weight", Decimal("33.333"), "weight_too_precise"),
        ("weight", Decimal("NaN"), "number_not_a_number"),
        ("magnitude", Decimal("Infinity"), "number_not_a_number"),
        ("magnitude", Decimal("1.00001"), "amount_too_precise"),
        ("unit", "x" * 61, "text_too_long"),
    ],
)
def test_a_value_that_was_not_typed_is_checked_alike(name, value, code):
    assert check(name, value).code == code
    assert check("weight", Decimal("33.33")) is None


def test_every_field_of_a_goal_can_be_typed_and_read_back():
    facts = goal(1, baseline="10.5", quarters=(None, 50, None, 50), central_area="SGL")

    assert amended(goal(1, text="otra", quarters=(1, 2, 3, 4)), typed(facts)) == facts
    assert set(typed(facts)) == set(BY_NAME)


@pytest.mark.parametrize("name", ["magnitude", "t3"])
def test_a_value_is_put_in_its_field_and_nowhere_else(name):
    facts = with_value(goal(1), name, Decimal(7))

    assert value_of(facts, name) == 7
    assert {other for other in BY_NAME if value_of(facts, other) != value_of(goal(1), other)} == {name}


def test_a_goal_is_amended_whole_or_not_at_all():
    with pytest.raises(Refused) as refused:
        amended(goal(1), {"weight": "200", "t1": "30", "kind": "x"})

    assert [problem.code for problem in refused.value.problems] == ["weight_out_of_range", "kind_unknown"]


@pytest.mark.rule("PT-12")
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ProgrammingType.SUMA, (None, None, None, 5)),
        (ProgrammingType.CONSTANTE, (None, None, None, 5)),
        (ProgrammingType.CRECIENTE, (None, None, None, 5)),
        (ProgrammingType.DECRECIENTE, (0, None, 0, 5)),
        (None, (0, None, 0, 5)),
    ],
)
def test_zero_is_no_programme_unless_a_level_falls_to_it(kind, expected):
    facts = goal(1, programming_type=kind, quarters=(0, None, 0, 5))

    assert normalised(facts).quarters == quarters(*expected)


@pytest.mark.rule("PT-16b")
@pytest.mark.parametrize(
    ("unit", "expected"),
    [("Porcentaje", True), ("PORCENTAJE", True), ("%", True), ("Puntos", False), ("", False)],
)
def test_a_percentage_is_known_by_its_unit(unit, expected):
    assert is_percentage(unit) is expected


@pytest.mark.rule("IM14")
@given(st.text("a/ n", max_size=12), st.text("a/ n", max_size=12))
@example("", "b")
@example("", "/ b")
@example("a", "/ b / c")
def test_the_two_terms_of_a_formula_survive_one_cell(numerator, denominator):
    try:
        terms = read("numerator", numerator), read("denominator", denominator)
    except ValueProblem:
        return

    assert split_formula(join_formula(*terms)) == terms


@pytest.mark.rule("W-02")
def test_a_weight_with_three_decimals_is_refused_and_never_rounded():
    found = check("weight", Decimal("33.333"))

    assert found is not None
    assert found.code == "weight_too_precise"


@pytest.mark.parametrize("value", ["0.01", "33.33", "100"])
def test_a_weight_that_fits_is_right(value):
    assert check("weight", Decimal(value)) is None
