"""`plan_check`: what does not cohere in a plan, for operators and tests (issue §7)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests import make, people
from tests.pes_books import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people.cast()


@pytest.mark.rule("PT-02", "W-02")
def test_the_problems_of_a_plan_are_told_as_documented(them):
    wrong = [{"t4": Decimal(15), "weight": Decimal(60)}, {"weight": Decimal(30)}]
    make.management_plan(unit=them.process, by=them.luis, status="draft", goals=wrong)

    answer, code = run("plan_check", unit="ple-pin", vigencia=2022)

    found = {(one["goal"], one["code"], one["rule"]): one for one in answer["problems"]}
    assert code == 0
    one = found[1, "quarters_do_not_add_up", "PT-02"]
    assert set(one) == {"goal", "code", "rule", "blocking", "message", "fix"}
    assert (one["blocking"], "faltan 10" in one["message"]) == (True, True)
    assert {rule for goal, _code, rule in found if goal is None} == {"W-02"}


def test_a_coherent_plan_has_no_problems(them):
    make.management_plan(unit=them.process, by=them.luis, status="published", goals=3)

    assert run("plan_check", unit="PLE-PIN", vigencia=2022) == ({"problems": []}, 0)


@pytest.mark.parametrize("command", ["plan_check", "export_plan"])
@pytest.mark.parametrize(("unit", "expected"), [("NADA", "unit_unknown"), ("AL-01", "plan_unknown")])
def test_what_is_not_there_is_refused(them, tmp_path, command, unit, expected):
    more = {"out": tmp_path / "a.xlsx"} if command == "export_plan" else {}

    answer, code = run(command, unit=unit, vigencia=2022, **more)

    assert (code, answer["errors"][0]["code"]) == (1, expected)
    assert not (tmp_path / "a.xlsx").exists()


@pytest.mark.parametrize("command", ["plan_check", "export_plan", "import_plan", "compliance"])
@pytest.mark.parametrize("year", ["9" * 20, "-2022", "22", "dos"])
def test_a_year_that_cannot_be_is_a_wrong_call(command, year):
    """Said, and not left to the database: no such number fits in it."""
    more = {"compliance": ["--sector=x"], "import_plan": ["a.xlsx", "--unit=x"], "export_plan": ["--unit=x", "--out=a"]}

    with pytest.raises(CommandError, match="no es un año de cuatro cifras"):
        call_command(command, *more.get(command, ["--unit=x"]), f"--vigencia={year}")


def test_in_words_each_problem_says_its_goal_and_its_rule(them, capsys):
    make.management_plan(unit=them.process, by=them.luis, status="draft", goals=[{"t4": Decimal(15)}])

    call_command("plan_check", unit="PLE-PIN", vigencia=2022)

    said = capsys.readouterr().out
    assert "Corregir. Meta 1: " in said
    assert "(PT-02)" in said
    assert "1 por corregir de" in said
