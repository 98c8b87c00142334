"""A goal as the cells of its row."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from pes.workbooks.places import Stored
from plans.rules.fields import FieldKind
from plans.rules.goals import GoalFacts, GoalStatus
from plans.rules.values import join_formula, show, value_of
from plans.workbook.shape import GOAL_COLUMNS, NUMBER, STATUS, GoalColumn

STATUS_WORDS = {GoalStatus.ACTIVE: "activa", GoalStatus.ELIMINATED: "eliminada", GoalStatus.REMOVED: "retirada"}


def goal_cells(goal: GoalFacts, objectives: Mapping[int, str]) -> dict[str, Stored]:
    """What a goal writes under each header: texts, amounts as numbers, blank where there is nothing."""
    cells: dict[str, Stored] = {NUMBER: goal.number}
    for column in GOAL_COLUMNS:
        cells[column.header] = _cell(goal, column, objectives)
    return cells | {STATUS: STATUS_WORDS[goal.status]}


def objective_cell(number: int, objectives: Mapping[int, str]) -> str:
    """An objective as it is written and chosen: `2. Texto`; only its number when the framework has it no more."""
    return f"{number}. {objectives[number]}" if number in objectives else str(number)


def choice_words(column: GoalColumn) -> tuple[str, ...]:
    """The words that a column with choices admits, as the official form writes them."""
    return tuple(_word(column.name, value, label) for value, label in column.fields[0].choices)


def _cell(goal: GoalFacts, column: GoalColumn, objectives: Mapping[int, str]) -> Stored:
    if len(column.fields) > 1:
        return join_formula(goal.numerator, goal.denominator) or None
    value = value_of(goal, column.name)
    if value is None or isinstance(value, Decimal):
        return value
    if column.fields[0].kind is FieldKind.OBJECTIVE and isinstance(value, int):
        return objective_cell(value, objectives)
    if column.fields[0].kind is FieldKind.CHOICE:
        return _word(column.name, str(value), show(column.name, value))
    return str(value) or None


@lru_cache(maxsize=64)
def _word(name: str, value: str, label: str) -> str:
    """SUMA stays as the procedure writes it; the other words are lower case (rules §5.4)."""
    return value if name == "programming_type" else label.lower()
