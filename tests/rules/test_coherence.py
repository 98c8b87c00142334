"""A programme that contradicts its type or its magnitude is refused with what to do."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pes.rules.coherence import Periods, coherence_problems
from pes.rules.programming import ProgrammingType

SUMA, CONSTANTE, CRECIENTE, DECRECIENTE = ProgrammingType


def check(kind, magnitude, programmed, baseline=None, **options):
    amounts = [None if value is None else Decimal(str(value)) for value in programmed]
    base = None if baseline is None else Decimal(baseline)
    return coherence_problems(kind, Decimal(str(magnitude)), amounts, base, **options)


def codes(problems):
    return [problem.code for problem in problems]


@pytest.mark.rule("PT-02", "PT-03", "PT-04")
@pytest.mark.parametrize(
    ("kind", "magnitude", "programmed", "baseline"),
    [
        (SUMA, 100, [25, 25, 25, 25], None),
        (SUMA, 10, [None, 5, None, 5], 40),
        (CONSTANTE, 10, [10, None, 10, 10], None),
        (CRECIENTE, 55, [13.75, 27.5, 27.5, 55], 90),
        (CRECIENTE, 100, [None, 50, 100, None], None),
        (DECRECIENTE, 60, [90, 80, 70, 60], 100),
        (DECRECIENTE, 0, [None, 4, None, 0], 8),
    ],
)
def test_coherent_programmes_have_no_problem(kind, magnitude, programmed, baseline):
    assert check(kind, magnitude, programmed, baseline) == []


@pytest.mark.rule("PT-02")
def test_a_sum_that_misses_the_magnitude_says_by_how_much():
    [problem] = check(SUMA, 100, [25, 25, 25, 15])

    assert problem.code == "quarters_do_not_add_up"
    assert problem.rule == "PT-02"
    assert problem.message == "La suma de los trimestres es 90 y la magnitud 100: faltan 10."
    assert problem.fix == "Sume 10 en los trimestres o cambie la magnitud a 90."


@pytest.mark.rule("PT-02", "PES-06")
def test_the_programme_of_a_pes_speaks_of_vigencias():
    [problem] = check(SUMA, 3, [0.5, 1, 1, 1], periods=Periods.of_vigencias(range(2020, 2024)))

    assert problem.message == "La suma de las vigencias es 3,5 y la magnitud 3: sobran 0,5."


@pytest.mark.rule("PT-02")
def test_every_quarter_of_a_constant_goal_is_the_magnitude():
    [problem] = check(CONSTANTE, 100, [100, 90, None, 100])

    assert problem.code == "constant_differs"
    assert "T2 programa 90 y la magnitud 100: faltan 10" in problem.message


@pytest.mark.rule("PT-02")
def test_levels_move_one_way_and_end_at_the_magnitude():
    rising = check(CRECIENTE, 100, [50, 40, None, 90])
    falling = check(DECRECIENTE, 60, [70, 80, None, 65], 100)

    assert codes(rising) == ["last_level_differs", "level_falls"]
    assert "T2 programa 40, menos que T1 (50)" in rising[1].message
    assert codes(falling) == ["last_level_differs", "level_rises"]
    assert "sobran" not in rising[0].message
    assert "sobran 5" in falling[0].message


@pytest.mark.rule("PT-03")
@pytest.mark.parametrize(
    ("kind", "magnitude", "programmed", "baseline", "code"),
    [
        (SUMA, 0, [1, -1, None, None], None, "magnitude_not_positive"),
        (SUMA, 10, [15, -5, None, None], None, "negative_programme"),
        (CONSTANTE, -1, [None, None, None, 1], None, "magnitude_not_positive"),
        (CRECIENTE, 20, [None, None, 10, 20], 20, "magnitude_not_above_baseline"),
        (CRECIENTE, 55, [10, 35, 45, 55], 20, "behind_baseline"),
        (DECRECIENTE, 100, [90, 90, 90, 100], 100, "magnitude_not_below_baseline"),
        (DECRECIENTE, -1, [5, 4, 3, -1], 8, "magnitude_not_below_baseline"),
        (DECRECIENTE, 60, [110, 80, 70, 60], 100, "behind_baseline"),
    ],
)
def test_magnitude_and_programme_stay_on_their_side_of_the_base(kind, magnitude, programmed, baseline, code):
    assert code in codes(check(kind, magnitude, programmed, baseline, discount_baseline=True))


@pytest.mark.rule("PT-03b")
def test_a_decreciente_without_linea_base_is_refused():
    [problem] = check(DECRECIENTE, 60, [90, 80, 70, 60])

    assert problem.code == "baseline_missing"
    assert problem.rule == "PT-03b"


@pytest.mark.rule("PT-04")
@pytest.mark.parametrize("programmed", [[None] * 4, [0] * 4])
def test_a_goal_programmed_in_no_quarter_is_refused(programmed):
    assert codes(check(SUMA, 10, programmed)) == ["nothing_programmed"]


@pytest.mark.rule("PT-02")
@pytest.mark.parametrize(("last", "blocking"), [("24.99", False), ("24.98", True)])
def test_a_cent_of_difference_is_a_warning_on_import_and_only_there(last, blocking):
    [imported] = check(SUMA, 100, [25, 25, 25, last], importing=True)
    [typed] = check(SUMA, 100, [25, 25, 25, last])

    assert imported.blocking is blocking
    assert typed.blocking


@pytest.mark.parametrize("bad", ["NaN", "Infinity"])
def test_a_programme_that_is_no_number_is_refused(bad):
    assert codes(check(SUMA, 100, [bad, 25, 25, 25])) == ["not_a_number"]


@pytest.mark.rule("PT-02")
@settings(max_examples=100)
@given(st.lists(st.decimals(min_value="0.0001", max_value="9999", places=4), min_size=4, max_size=4))
def test_any_amounts_are_coherent_with_the_magnitude_that_they_make(amounts):
    rising = sorted(amounts)

    assert coherence_problems(SUMA, sum(amounts), amounts) == []
    assert coherence_problems(CRECIENTE, rising[-1], rising) == []
    assert coherence_problems(DECRECIENTE, rising[0], rising[::-1], rising[-1] + 1) == []
