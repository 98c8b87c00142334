"""What an indicator's key may be written with."""

from __future__ import annotations

import pytest

from pes.rules.keys import key_problem


@pytest.mark.parametrize("key", ["321", "P4", "0321", "3.2-a", "META_4", "a"])
def test_a_key_of_letters_figures_and_safe_marks_is_accepted(key):
    assert key_problem(key) is None


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("3/21", "«/»"),
        ("a?b#c", "«#», «?»"),
        ("META 4", "un espacio"),
        ("100%", "«%»"),
        ("año", "«ñ»"),
        ("..", "no empieza por"),
        ("-4", "no empieza por"),
        ("", "no empieza por"),
        ("P4\n", "un espacio"),
    ],
)
def test_a_key_that_an_address_cannot_carry_is_refused_naming_why(key, found):
    problem = key_problem(key)

    assert problem is not None
    assert (problem.code, problem.rule, problem.blocking) == ("key_not_safe", "PES-01", True)
    assert found in problem.message
