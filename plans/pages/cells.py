"""Cells that travel between the grid and the server: read, written all or none, and what changed."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from pes.models import User
from pes.rules.problems import Problem, Refused
from plans.content import goals_of
from plans.editing import CellChange, StaleCells, add_goal, added_before, change_goals, hold_for_editing
from plans.models import PlanGestion
from plans.pages.grid import Grid, sum_of
from plans.rules.fields import BY_NAME, QUARTER_NAMES
from plans.rules.values import ValueProblem, read, show, value_of

log = logging.getLogger(__name__)
MOST_CHANGES, MOST_NEW = 5000, 200
LONGEST_KEY = 60
KNOWN = frozenset({"goal", "field", "was", "value"})
_FIELD_OF = {"objective_unknown": "objective", "unit_unknown": "central_area"}
_GOAL = re.compile(r"\bmeta (\d+)", re.IGNORECASE)


class Unreadable(ValueError):
    """A request that no grid sends."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell as it was typed. A goal below 0 is one of those to add: -1 the first, -2 the second."""

    goal: int
    field: str
    was: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """What one request changes: goals to add, and cells. `key` is how the sender calls it, when it may come again."""

    add: int
    cells: tuple[Typed, ...]
    key: str = ""


class BadCells(Exception):
    """Texts that are no values; `errors` says where, what and how to mend it."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors


def block_of(body: bytes) -> Block:
    """The request of a grid; raises Unreadable. What it does not ask for is ignored and logged (AZ9)."""
    try:
        sent = json.loads(body)
        rows = sent["changes"]
        add, key = sent.get("add", 0), sent.get("key") or ""
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable("No es una lista de cambios.") from error
    if not isinstance(rows, list) or len(rows) > MOST_CHANGES or type(add) is not int or not 0 <= add <= MOST_NEW:
        raise Unreadable(f"Un bloque tiene {MOST_CHANGES} celdas y {MOST_NEW} metas nuevas como máximo.")
    if not isinstance(key, str) or not key.isascii() or not key.isprintable() or len(key) > LONGEST_KEY:
        raise Unreadable("El nombre del bloque no se entiende.")
    cells = tuple(_typed(row, add) for row in rows)
    if not cells and not add:
        raise Unreadable("No hay cambios.")
    return Block(add, cells, key if add else "")


def _typed(row: Any, add: int) -> Typed:
    if not isinstance(row, dict):
        raise Unreadable("Un cambio no es una celda.")
    extra = sorted(str(name)[:60] for name in row.keys() - KNOWN)
    if extra:
        log.warning("La cuadrícula recibió datos que no pide: %s", extra)
    goal, name, was, text = (row.get(key) for key in ("goal", "field", "was", "value"))
    if type(goal) is not int or goal == 0 or goal < -add or goal > 2**31 - 1:
        raise Unreadable("Una celda no dice de qué meta es.")
    if not isinstance(name, str) or name not in BY_NAME or not isinstance(text, str) or not isinstance(was, str | None):
        raise Unreadable("Una celda no dice qué campo tiene.")
    return Typed(goal, name, was, text)


@transaction.atomic
def write(plan: PlanGestion, block: Block, *, by: User) -> list[int]:
    """Write a block, all or none; the numbers of the goals it added. Raises as change_goals, or BadCells.

    One whose answer was lost on the way comes again and adds nothing more (WF1).
    """
    values = _values(block.cells)
    if block.key and (before := added_before(hold_for_editing(plan, by=by), block.key, by=by)):
        return before
    new: list[dict[str, Any]] = [{} for _ in range(block.add)]
    for cell, value in zip(block.cells, values, strict=True):
        if cell.goal < 0:
            new[-cell.goal - 1][cell.field] = value
    added = [add_goal(plan, by=by, values=one, block=block.key).number for one in new]
    changes = [
        CellChange(cell.goal, cell.field, value, cell.was)
        for cell, value in zip(block.cells, values, strict=True)
        if cell.goal > 0
    ]
    if changes or not added:
        change_goals(plan, changes, by=by)
    return added


def _values(cells: Sequence[Typed]) -> list[Any]:
    """What the texts mean; raises BadCells with all that mean nothing."""
    values, errors = [], []
    for cell in cells:
        try:
            values.append(read(cell.field, cell.text))
        except ValueProblem as found:
            errors.append(error_of(found.problem, cell.goal, cell.field))
    if errors:
        raise BadCells(errors)
    return values


def saved(plan: PlanGestion, user: User, block: Block, added: list[int]) -> dict[str, Any]:
    """What the grid shows after writing a block: only its goals are read again, and the sum is one query."""
    grid = Grid(plan, user)
    asked: dict[int, set[str]] = {}
    for cell in block.cells:
        if cell.goal > 0:
            asked.setdefault(cell.goal, set(QUARTER_NAMES)).add(cell.field)
    facts = goals_of(plan.goals.in_force().filter(number__in=asked), plan.framework_to_serve)
    rows = {goal.number: grid.row(goal, 0) for goal in facts}
    cells = [
        {"goal": goal.number, "field": name, "text": show(name, value_of(goal, name)), "shown": grid.shown(goal, name)}
        for goal in facts
        for name in sorted(asked[goal.number])
    ]
    new = grid.rows_of(added) if added else ()
    html = render_to_string("plans/grid_rows.html", {"rows": new, "grid": grid}) if added else ""
    plan.refresh_from_db(fields=["revision"])
    return {
        "cells": cells,
        "goals": {str(n): marks(row.blocking, row.warnings, row.summary) for n, row in rows.items()},
        "added": added,
        "rows": html,
        "revision": plan.revision,
        **sum_of(plan),
    }


def marks(blocking: int, warnings: int, summary: str) -> dict[str, Any]:
    """The light of a row, for the grid."""
    return {"blocking": blocking, "warnings": warnings, "summary": summary}


def conflicts_of(stale: StaleCells, block: Block) -> list[dict[str, Any]]:
    """Cells that somebody else changed, with both texts."""
    yours = {(cell.goal, cell.field): cell.text for cell in block.cells}
    return [
        {
            "goal": one.goal,
            "field": one.field,
            "label": BY_NAME[one.field].label,
            "yours": yours[one.goal, one.field],
            "theirs": one.theirs,
        }
        for one in stale.conflicts
    ]


def errors_of(refused: Refused, cells: Sequence[Typed]) -> list[dict[str, Any]]:
    """What the rules refused, each at its cell when only one may be meant."""
    return [error_of(problem, *_place(problem, cells)) for problem in refused.problems]


def error_of(problem: Problem, goal: int | None, field: str | None) -> dict[str, Any]:
    """A problem for the grid."""
    return {"goal": goal, "field": field, "code": problem.code, "message": problem.message, "fix": problem.fix}


def _place(problem: Problem, cells: Iterable[Typed]) -> tuple[int | None, str | None]:
    named = _GOAL.search(problem.message)
    field = _FIELD_OF.get(problem.code)
    meant = [
        (cell.goal, cell.field)
        for cell in cells
        if (named is None or cell.goal == int(named[1])) and field in (None, cell.field)
    ]
    return meant[0] if len(meant) == 1 else (None, None)
