"""What a person typed about a goal in a quarter, as the value it means (IMP-06, PT-12)."""

from __future__ import annotations

from decimal import Decimal

from pes.rules.numbers import ZERO, NumberError, parse_number
from pes.rules.problems import Problem
from plans.rules.values import ValueProblem, tidy
from tracking.rules.entry_checks import value_problems
from tracking.rules.goal_reports import ENTRY_BY_NAME


def read_entry(name: str, text: str) -> Decimal | str | None:
    """The value of the field `name` that was typed, in the goal's unit; a blank amount is `None`, a blank text `""`.

    Raises `ValueProblem` with what was found and what to type, without the label, which stands beside it wherever it is
    shown; `KeyError` for a field that does not exist.
    """
    field = ENTRY_BY_NAME[name]
    value = _amount(text) if field.is_amount else tidy(text)
    for problem in value_problems(name, value):
        raise ValueProblem(problem)
    return value


def _amount(text: str) -> Decimal | None:
    if not tidy(text):
        return None
    try:
        number = parse_number(text)
    except NumberError as error:
        raise ValueProblem(Problem(f"number_{error.code}", "IMP-06", error.message, fix=error.fix)) from error
    return number if number else ZERO  # never a negative zero
