"""A programme that contradicts its type or its magnitude is found, with what one click can do (PT-01…04, PT-20)."""

import pytest

from pes.rules.programming import ProgrammingType
from tests.plan_facts import goal, labels, look_at_goal

SUMA, CONSTANTE, CRECIENTE, DECRECIENTE = ProgrammingType


@pytest.mark.rule("PT-01")
def test_a_goal_without_type_is_told_which_one_explains_its_quarters():
    [found] = look_at_goal(goal(3, programming_type=None))

    assert (found.field, found.problem.code, found.problem.rule) == (
        "programming_type", "programming_type_missing", "PT-01",
    )  # fmt: skip
    assert labels(found) == ["Cambiar el tipo a Suma"]


@pytest.mark.rule("PT-02")
@pytest.mark.parametrize(
    ("kind", "values", "text"),
    [(SUMA, (10, 20, None, None), "30"), (CRECIENTE, (10, 20.5, None, None), "20,5"), (CONSTANTE, (7,) * 4, "7")],
    ids=["suma", "creciente", "constante"],
)
def test_a_missing_magnitude_is_the_one_its_quarters_stand_for(kind, values, text):
    [found] = look_at_goal(goal(1, programming_type=kind, quarters=values, magnitude=None))

    assert (found.field, found.problem.code) == ("magnitude", "magnitude_missing")
    assert found.remedies[0].changes == ((1, "magnitude", text),)


@pytest.mark.rule("PT-02")
def test_a_sum_that_misses_the_magnitude_is_mended_in_a_quarter_or_in_the_magnitude():
    [found] = look_at_goal(goal(1, quarters=(25, 25, 25, 15)))

    assert found.problem.message == "La suma de los trimestres es 90 y la magnitud 100: faltan 10."
    assert found.problem.rule == "PT-02"
    assert [(remedy.label, remedy.changes) for remedy in found.remedies] == [
        ("Sumar 10 a T4", ((1, "t4", "25"),)),
        ("Cambiar la magnitud a 90", ((1, "magnitude", "90"),)),
    ]


@pytest.mark.rule("PT-02")
@pytest.mark.parametrize(
    ("values", "magnitude", "expected"),
    [
        ((50, 50, 30.5, None), 110, ["Restar 20,5 de T3", "Cambiar la magnitud a 130,5"]),
        ((50, 50, 20, None), 100, ["Restar 20 de T3", "Cambiar la magnitud a 120"]),
        ((50, 60, 5, None), 100, ["Cambiar la magnitud a 115"]),
    ],
    ids=["some-stays", "nothing-stays", "more-than-it-has"],
)
def test_what_is_too_much_leaves_the_last_programmed_quarter_as_far_as_it_has(values, magnitude, expected):
    [found] = look_at_goal(goal(1, quarters=values, magnitude=magnitude))

    assert labels(found) == expected


@pytest.mark.rule("PT-02")
def test_a_quarter_that_leaves_the_constant_goes_back_to_it():
    [found] = look_at_goal(goal(1, programming_type=CONSTANTE, quarters=(10, 10, 8, 10), magnitude=10))

    assert (found.field, found.problem.code) == ("t3", "constant_differs")
    assert found.remedies[0].label == "Poner 10 en T3"
    assert found.remedies[0].changes == ((1, "t3", "10"),)


@pytest.mark.rule("PT-02")
@pytest.mark.parametrize(
    ("kind", "values", "magnitude", "baseline"),
    [(CRECIENTE, (10, 20, 30, 40), 50, None), (DECRECIENTE, (90, 80, 70, 65), 60, 100)],
    ids=["creciente", "decreciente"],
)
def test_the_last_level_goes_to_the_magnitude(kind, values, magnitude, baseline):
    [found] = look_at_goal(goal(1, programming_type=kind, quarters=values, magnitude=magnitude, baseline=baseline))

    assert (found.field, found.problem.code) == ("t4", "last_level_differs")
    assert labels(found) == [f"Poner {magnitude} en T4", f"Cambiar la magnitud a {values[-1]}"]


@pytest.mark.rule("PT-02")
def test_a_level_that_turns_back_stays_where_it_was():
    [found] = look_at_goal(goal(1, programming_type=CRECIENTE, quarters=(10, 30, 20, 40), magnitude=40))

    assert (found.field, found.problem.code) == ("t3", "level_falls")
    assert "Dejar T3 en 30" in labels(found)


@pytest.mark.rule("PT-03")
def test_a_magnitude_of_nothing_is_mended_with_what_the_quarters_add_up_to():
    found = look_at_goal(goal(1, magnitude=0))

    assert {finding.problem.code: labels(finding) for finding in found} == {
        "magnitude_not_positive": ["Cambiar la magnitud a 100"],
        "quarters_do_not_add_up": ["Cambiar la magnitud a 100"],
    }


@pytest.mark.rule("PT-03b")
def test_a_goal_that_falls_needs_where_it_falls_from_and_nobody_guesses_it():
    [found] = look_at_goal(goal(1, programming_type=DECRECIENTE, quarters=(90, 80, None, None), magnitude=80))

    assert (found.field, found.problem.code, found.remedies) == ("baseline", "baseline_missing", ())


@pytest.mark.rule("PT-03")
def test_a_negative_quarter_is_left_unprogrammed():
    [found] = look_at_goal(goal(1, quarters=(-5, 50, 50, None)))

    assert (found.field, found.problem.code) == ("t1", "negative_programme")
    assert found.remedies[0].changes == ((1, "t1", "NP"),)


@pytest.mark.rule("PT-04")
@pytest.mark.parametrize(
    ("kind", "label"),
    [(SUMA, "Programar 100 en T4"), (CONSTANTE, "Programar 100 en los cuatro trimestres")],
    ids=["suma", "constante"],
)
def test_a_goal_with_nothing_programmed_is_found(kind, label):
    [found] = look_at_goal(goal(1, programming_type=kind, quarters=(None,) * 4))

    assert (found.field, found.problem.code, found.problem.rule) == ("t1", "nothing_programmed", "PT-04")
    assert labels(found) == [label]


@pytest.mark.rule("PT-03")
def test_the_baseline_counts_only_when_the_methodology_discounts_it():
    facts = goal(1, programming_type=CRECIENTE, quarters=(10, 20, 30, 40), magnitude=40, baseline=15)

    assert look_at_goal(facts) == []
    assert [found.field for found in look_at_goal(facts, discount_baseline=True)] == ["t1"]


@pytest.mark.rule("PT-20")
def test_quarters_of_another_type_are_hinted_with_that_type():
    found = look_at_goal(goal(1, quarters=(10, 20, 30, 40), magnitude=40))

    hint = next(finding for finding in found if finding.problem.rule == "PT-20")
    assert (hint.field, hint.problem.blocking) == ("programming_type", False)
    assert hint.problem.message == "Los trimestres son los de una meta de tipo creciente, y dice suma."
    assert hint.remedies[0].label == "Cambiar el tipo a Creciente"
    assert hint.remedies[0].changes == ((1, "programming_type", "Creciente"),)


@pytest.mark.rule("PT-20")
def test_what_never_grows_is_hinted_to_be_constant():
    [found] = look_at_goal(goal(1, programming_type=CRECIENTE, quarters=(10,) * 4, magnitude=10))

    assert (found.problem.rule, labels(found)) == ("PT-20", ["Cambiar el tipo a Constante"])


@pytest.mark.rule("PT-20", "PT-03b")
def test_quarters_that_fall_also_need_a_baseline_which_one_click_cannot_give():
    found = look_at_goal(goal(1, quarters=(90, 80, 70, 60), magnitude=60))

    hint = next(finding for finding in found if finding.problem.rule == "PT-20")
    assert hint.remedies == ()
    assert "Decreciente y escriba la línea base" in hint.problem.fix


@pytest.mark.rule("PT-20")
def test_a_coherent_goal_gets_no_hint():
    kept_low = goal(1, programming_type=DECRECIENTE, quarters=(60,) * 4, magnitude=60, baseline=100)

    assert look_at_goal(kept_low) == []


@pytest.mark.rule("PT-20", "PG-08")
def test_the_type_of_a_shared_goal_is_not_changed_with_one_click():
    found = look_at_goal(goal(1, quarters=(10, 20, 30, 40), magnitude=40, is_shared=True))

    assert {finding.problem.code: labels(finding) for finding in found} == {
        "another_type_fits": [],
        "quarters_do_not_add_up": ["Cambiar la magnitud a 100"],
    }
