"""A workbook against a plan: what it would change, and everything that is wrong or odd in it. Nothing is written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from pes.rules.problems import Problem
from pes.workbooks.items import Item
from pes.workbooks.pairs import VALUE, Pairs, read_pairs
from pes.workbooks.places import Found, Place, repeated
from pes.workbooks.reader import Workbook, read_form
from plans.content import context_of, facts_of
from plans.editing import CellChange, NewGoal
from plans.models import PlanGestion
from plans.rules.findings import Finding, plan_findings
from plans.rules.goals import GoalStatus, PlanFacts
from plans.rules.values import show
from plans.workbook import shape
from plans.workbook.export import central_units
from plans.workbook.goals import GoalRow, Surroundings, goal_row
from plans.workbook.identification import IGNORED, check_identity, identification_changes

# Without these the rows cannot be told apart, so nothing more is said of them.
_STRUCTURE = frozenset({"missing_header", "duplicate_header", "duplicate_sheet", "missing_sheet"})
# Weights are doubted together; our own formulas are computed here, whatever another program left of them.
_NOT_TOLD = frozenset({"scale_doubt", "formula_not_recalculated"})
_LONGEST_LIST = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """What a workbook says of a plan: the plan before and after, and what differs between them."""

    before: PlanFacts
    after: PlanFacts
    rows: tuple[GoalRow, ...] = ()
    identification: Mapping[str, Any] = field(default_factory=dict)

    @property
    def new(self) -> list[NewGoal]:
        """Goals that the plan does not have."""
        return [NewGoal(row.values, row.number, read=True) for row in self.rows if row.before is None]

    @property
    def changes(self) -> list[CellChange]:
        """Cells of goals that the plan has."""
        return [
            CellChange(row.number, name, value)
            for row in self.rows
            if row.before is not None
            for name, value in row.values.items()
        ]

    @property
    def counts(self) -> dict[str, int]:
        """Goals created, updated and unchanged; the identification, when it changes, is one more updated."""
        created = sum(row.before is None for row in self.rows)
        updated = sum(row.before is not None and bool(row.values) for row in self.rows)
        return {
            "created": created,
            "updated": updated + bool(self.identification),
            "unchanged": len(self.rows) - created - updated,
        }


def read_plan_workbook(source: str | os.PathLike[str] | BinaryIO) -> Workbook:
    """Read the sheets Metas and Plan of a file; the only unknown sheet of a book without Metas is taken for it.

    Raises OSError when a path cannot be opened, and nothing for what the file holds.
    """
    return read_form(source, (shape.PLAN_SPEC, shape.GOALS_SPEC))


def told(workbook: Workbook) -> Iterator[Item]:
    """What the reader said that is worth telling of this form."""
    yield from workbook.errors
    for item in workbook.warnings:
        if item.code in _NOT_TOLD or (item.sheet == shape.PLAN and item.code in IGNORED):
            continue
        yield item


def read_against(plan: PlanGestion, workbook: Workbook, found: Found) -> Reading:
    """Compare a workbook with a plan, held by the caller if it is to be written; `found` takes every problem."""
    before = facts_of(plan)
    if shape.GOALS not in workbook or any(item.code in _STRUCTURE for item in workbook.errors):
        return Reading(before, before)
    context = context_of(plan)
    sheet = read_pairs(workbook.sheets.get(shape.PLAN), shape.PLAN_KEYS, found)
    check_identity(sheet, plan, found)
    identification = identification_changes(sheet, before, found)
    if identification and not plan.is_editable:
        _refuse_identification(plan, sheet, identification, found)
    rows = _goal_rows(plan, workbook, before, context["objectives"], found)
    reading = Reading(before, _after(before, rows, identification), rows, identification)
    _doubt_weights(rows, found)
    _tell_absent(reading, found)
    if not found.errors:
        _tell_findings(reading, sheet, plan_findings(reading.after, **context), found)
    return reading


def _goal_rows(
    plan: PlanGestion, workbook: Workbook, before: PlanFacts, objectives: Mapping[int, str], found: Found
) -> tuple[GoalRow, ...]:
    around = Surroundings(
        goals={goal.number: goal for goal in before.goals},
        removed=set(plan.goals.filter(status=GoalStatus.REMOVED).values_list("number", flat=True)),
        objectives=objectives,
        units=central_units(plan),
        is_editable=plan.is_editable,
        state=plan.get_status_display(),
    )
    broken = {item.cell for item in workbook.errors if item.sheet == shape.GOALS}
    read = (goal_row(row, around, broken, found) for row in workbook[shape.GOALS])
    rows = tuple(row for row in read if row is not None)
    repeated(rows, lambda row: row.number, shape.NUMBER, found)
    return rows


def _after(before: PlanFacts, rows: Iterable[GoalRow], identification: Mapping[str, Any]) -> PlanFacts:
    """The plan as the workbook leaves it: its own goals in their order, new ones behind."""
    read = {row.number: row.after for row in rows}
    known = {goal.number for goal in before.goals}
    kept = [read.get(goal.number, goal) for goal in before.goals]
    new = [goal for number, goal in read.items() if number not in known]
    return replace(before, **identification, goals=(*kept, *new))


def _refuse_identification(plan: PlanGestion, sheet: Pairs, identification: Mapping[str, Any], found: Found) -> None:
    for key, name in shape.PLAN_FIELDS.items():
        if name in identification:
            message = f"El plan está en estado «{plan.get_status_display()}» y «{key}» viene distinto."
            problem = Problem("plan_not_editable", "SM-1", message, fix="Deje lo que dice el plan.")
            found.add(sheet.places[key], VALUE, problem, sheet.values[key])


def _doubt_weights(rows: Iterable[GoalRow], found: Found) -> None:
    """Weights of 1 or less look like fractions of one (IMP-06); told once, at the first."""
    doubted = [row for row in rows if row.values.get("weight") is not None and row.values["weight"] <= 1]
    if doubted:
        header = shape.COLUMN_OF["weight"].header
        shown = show("weight", doubted[0].values["weight"])
        others = f" Lo mismo en {len(doubted) - 1} más." if len(doubted) > 1 else ""
        message = f"La ponderación {shown} parece estar en escala de 0 a 1; se leyó como {shown} %.{others}"
        fix = "Si es una fracción, multiplíquela por 100 o use el formato de porcentaje."
        problem = Problem("scale_doubt", "IMP-06", message, blocking=False, fix=fix)
        found.add(doubted[0].place, header, problem, shown, "puntos de 0 a 100")


def _tell_absent(reading: Reading, found: Found) -> None:
    """Goals that the file leaves out stay as they are, and that is said."""
    read = {row.number for row in reading.rows}
    absent = [str(goal.number) for goal in reading.before.goals if goal.number not in read]
    if absent:
        more = f" y {len(absent) - _LONGEST_LIST} más" if len(absent) > _LONGEST_LIST else ""
        which = f"{', '.join(absent[:_LONGEST_LIST])}{more}"
        message = f"Metas del plan que no están en el libro y se quedan como están: {which}."
        fix = "Si alguna sobra, quítela en la página del plan."
        problem = Problem("goals_not_in_file", "IM9", message, blocking=False, fix=fix)
        found.add(Place(shape.GOALS, {}), shape.NUMBER, problem, which)


def _tell_findings(reading: Reading, sheet: Pairs, findings: Iterable[Finding], found: Found) -> None:
    """What does not cohere in the plan as it would be: a plan may be saved so, and is not sent so (PG-V1)."""
    places = {row.number: row.place for row in reading.rows}
    keys = {name: key for key, name in shape.PLAN_FIELDS.items()}
    for one in findings:
        problem = replace(one.as_sentence(), blocking=False)
        if one.goal in places:
            column = shape.COLUMN_OF.get(one.field)
            found.add(places[one.goal], column.header if column else shape.NUMBER, problem)
        elif one.goal is None and one.field in keys:
            found.add(sheet.places.get(keys[one.field], Place(shape.PLAN, {})), VALUE, problem)
        elif one.goal is None:
            found.add(Place(shape.GOALS, {}), one.field, problem)
