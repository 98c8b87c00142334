"""Whether what is typed about a goal in a quarter can be kept as it is (PT-16, PT-16b, PT-18, PT-19)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pes.rules.numbers import format_magnitude, round_half_up
from pes.rules.problems import Problem
from pes.rules.quarters import Quarter, executed
from plans.rules.findings import Finding
from tracking.rules.goal_reports import ENTRY_BY_NAME, ENTRY_FIELDS, Entry, GoalYear
from tracking.rules.measurements import DECIMALS, LARGEST, achieved_problems


def entry_problems(goal: GoalYear, entry: Entry) -> list[Finding]:
    """What keeps an entry from being stored: each value by itself, then the terms against the amount (PT-16b).

    All are blocking. Half a report can be kept; what it still lacks is `completeness.missing_of`.
    """
    found = [
        Finding(goal.number, field.name, problem)
        for field in ENTRY_FIELDS
        for problem in value_problems(field.name, getattr(entry, field.name))
    ]
    if not any(finding.field in ("achieved", "numerator", "denominator") for finding in found):
        found += [Finding(goal.number, field, problem) for field, problem in _term_problems(goal, entry)]
    return found


def value_problems(name: str, value: Decimal | str | None) -> list[Problem]:
    """What keeps one value from being stored in the field `name`; `KeyError` for a field that does not exist."""
    field = ENTRY_BY_NAME[name]
    if isinstance(value, Decimal):
        return achieved_problems(value, f"El {field.label.lower()}")
    if value is None or len(value) <= field.limit:
        return []
    message = f"«{field.label}» tiene {len(value)} caracteres y caben {field.limit}."
    return [Problem("text_too_long", "PG-R1", message, fix=f"Acórtelo a {field.limit} caracteres.")]


def _term_problems(goal: GoalYear, entry: Entry) -> Iterator[tuple[str, Problem]]:
    if entry.numerator is None or entry.denominator is None:
        return
    if not entry.denominator:
        yield from _no_demand_problems(entry)
        return
    computed = executed(Quarter(None, None, entry.numerator, entry.denominator), goal.is_percentage)
    if computed is None or computed >= LARGEST:
        message = "De dividir el numerador entre el denominador resulta un número de más de 14 cifras enteras."
        yield "denominator", Problem("achieved_not_valid", "PT-19", message, fix="Revise los dos términos.")
    elif entry.achieved is not None and round_half_up(computed, DECIMALS) != entry.achieved:
        yield "achieved", _disagreement(entry.achieved, computed)


def _no_demand_problems(entry: Entry) -> Iterator[tuple[str, Problem]]:
    """PT-16: where nothing was asked for, nothing was counted or executed."""
    for name, value in (("numerator", entry.numerator), ("achieved", entry.achieved)):
        if value:
            label = ENTRY_BY_NAME[name].label.lower()
            message = f"El denominador es 0 y el {label} es {format_magnitude(value)}: sin demanda no hay {label}."
            yield name, Problem(f"{name}_without_demand", "PT-16", message, fix="Corrija uno de los dos.")


def _disagreement(typed: Decimal, computed: Decimal) -> Problem:
    message = (
        f"El ejecutado es {format_magnitude(typed)} y del numerador y el denominador resulta "
        f"{format_magnitude(computed)}."
    )
    return Problem("achieved_disagrees", "PT-16b", message, fix="Corrija los términos, o deje el ejecutado vacío.")
