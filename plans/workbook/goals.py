"""The sheet Metas: what each row makes of its goal, and everything that keeps it from being written.

A cell that says what the plan already says is never a problem: only what changes is read and judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from pes.rules.numbers import ZERO, format_magnitude
from pes.rules.problems import Problem
from pes.rules.programming import ProgrammingType
from pes.workbooks.amounts import magnitude, with_comma
from pes.workbooks.places import Found, Place, says_the_same
from pes.workbooks.tables import Row
from plans.rules.fields import BY_NAME, COMMON, GOAL_FIELDS, QUARTER_NAMES, FieldKind
from plans.rules.goals import GoalFacts, GoalStatus
from plans.rules.values import ValueProblem, fold, normalised, read, show, split_formula, value_of
from plans.workbook import shape
from plans.workbook.cells import STATUS_WORDS, goal_cells
from plans.workbook.types import PROGRAMME_FIELDS, inferred_type

TYPE = shape.COLUMN_OF["programming_type"].header
QUARTER_HEADERS = frozenset(shape.COLUMN_OF[name].header for name in QUARTER_NAMES)
PROGRAMME_HEADERS = frozenset(shape.COLUMN_OF[name].header for name in PROGRAMME_FIELDS)
_WORDS = {fold(word): status for status, word in STATUS_WORDS.items()} | {
    fold(status.label): status for status in GoalStatus
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a row is read against: the goals of the plan, its framework, the units of its entity."""

    goals: Mapping[int, GoalFacts]
    removed: Collection[int]
    objectives: Mapping[int, str]
    units: Mapping[str, str]  # code → name
    is_editable: bool
    state: str  # of the plan, in words


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A row: its goal before (`None`: new) and after, and the values that differ, by field."""

    place: Place
    number: int
    before: GoalFacts | None
    after: GoalFacts
    values: Mapping[str, Any] = field(default_factory=dict)


def goal_row(row: Row, around: Surroundings, broken: Collection[str], found: Found) -> GoalRow | None:
    """Read a row against the plan; `None` when its goal cannot be told. `broken` are cells already refused."""
    place = Place(shape.GOALS, row.cells)
    number: Any = row[shape.NUMBER]
    if number is None or row.cells[shape.NUMBER] in broken:
        return None
    if not _number_is_free(number, place, around, found):
        return None
    before = around.goals.get(number)
    reader = _RowReader(row, place, before, around, broken, found)
    after = reader.result(before or GoalFacts(number))
    values = _differences(before or GoalFacts(number), after)
    read_ = GoalRow(place, number, before, after, values)
    _judge(read_, around, found)
    return read_


def _number_is_free(number: int, place: Place, around: Surroundings, found: Found) -> bool:
    if not 1 <= number <= shape.HIGHEST_NUMBER:
        message = f"El número de meta va de 1 a {format_magnitude(Decimal(shape.HIGHEST_NUMBER))}."
        found.add(place, shape.NUMBER, Problem("number_out_of_range", "IM3", message, fix="Escriba 1, 2, 3…"), number)
        return False
    if number in around.removed:
        message = f"La meta {number} se quitó del plan y su número no se vuelve a usar."
        fix = "Restáurela en la página del plan, o use otro número."
        found.add(place, shape.NUMBER, Problem("goal_removed", "PG-09h", message, fix=fix), number)
        return False
    return True


def _differences(before: GoalFacts, after: GoalFacts) -> dict[str, Any]:
    names = (field.name for field in GOAL_FIELDS)
    return {name: value_of(after, name) for name in names if value_of(after, name) != value_of(before, name)}


class _RowReader:
    """Turns the cells of one row that differ from the plan into values."""

    def __init__(
        self,
        row: Row,
        place: Place,
        before: GoalFacts | None,
        around: Surroundings,
        broken: Collection[str],
        found: Found,
    ) -> None:
        self.row, self.place, self.before, self.around, self.found = row, place, before, around, found
        stored = goal_cells(before, around.objectives) if before else {}
        self.failed = {header for header, cell in row.cells.items() if cell in broken}
        self.headers = [
            column.header
            for column in shape.GOAL_COLUMNS
            if column.header in row.values
            and column.header not in self.failed
            and not says_the_same(stored.get(column.header), row.values[column.header])
        ]

    def result(self, goal: GoalFacts) -> GoalFacts:
        """The goal as the row leaves it; what cannot be read keeps what it was and is told."""
        values: dict[str, Any] = {}
        for column in shape.GOAL_COLUMNS:
            if column.header in self.headers:
                values.update(self._values(column, self.row.values[column.header]))
        after = _with(goal, values)
        if self.row.values.get(TYPE) is None and self.failed.isdisjoint({TYPE, *PROGRAMME_HEADERS}):
            after = self._with_inferred_type(after, values)
        self._check_status()
        after = normalised(after)
        self._check_sum(after)
        return after

    def _values(self, column: shape.GoalColumn, given: Any) -> Iterator[tuple[str, Any]]:
        """The values of a cell, by field."""
        if len(column.fields) > 1:
            for field_, text in zip(column.fields, split_formula(given or ""), strict=True):
                yield from self._typed(column, field_.name, text)
        elif column.name == "programming_type" and given is None:
            yield from ()  # deduced from the programme (PT-20)
        elif column.is_amount:
            yield from self._amount(column, given)
        elif column.name == "objective":
            yield from self._objective(column, given)
        elif column.fields[0].kind is FieldKind.UNIT:
            yield from self._unit(column, given)
        else:
            yield from self._typed(column, column.name, given or "")

    def _typed(self, column: shape.GoalColumn, name: str, text: str) -> Iterator[tuple[str, Any]]:
        try:
            yield name, read(name, text)
        except ValueProblem as wrong:
            self._refuse(column.header, wrong.problem, text, ", ".join(label for _v, label in BY_NAME[name].choices))

    def _amount(self, column: shape.GoalColumn, given: Decimal | None) -> Iterator[tuple[str, Any]]:
        if given is not None and column.name != "weight":
            given = magnitude(self.place, column.header, given, self.found)
        yield from self._typed(column, column.name, "" if given is None else with_comma(given))

    def _objective(self, column: shape.GoalColumn, given: str | None) -> Iterator[tuple[str, Any]]:
        text = given or ""
        numbers = [number for number, said in self.around.objectives.items() if text and fold(said) == fold(text)]
        try:
            number: Any = numbers[0] if numbers else read(column.name, text)
        except ValueProblem as wrong:
            self._refuse(column.header, wrong.problem, text)
            return
        if number is not None and number not in self.around.objectives:
            message = f"El objetivo estratégico {number} no está en el marco estratégico vigente."
            known = ", ".join(map(str, self.around.objectives)) or "aún no hay ninguno"
            self._refuse(
                column.header, Problem("objective_unknown", "PG-02", message, fix=f"Use uno de estos: {known}."), text
            )
            return
        yield column.name, number

    def _unit(self, column: shape.GoalColumn, given: str | None) -> Iterator[tuple[str, Any]]:
        wanted = fold(given or "")
        known = [code for code, name in self.around.units.items() if wanted and wanted in (fold(code), fold(name))]
        if wanted and len(known) != 1:
            message = f"«{given}» no es el código de una unidad activa de la entidad."
            fix = f"Use el código de una de sus unidades, por ejemplo {next(iter(self.around.units), 'PLE-PIN')}."
            self._refuse(column.header, Problem("unit_unknown", "PG-08", message, fix=fix), given)
            return
        yield column.name, known[0] if known else ""

    def _with_inferred_type(self, goal: GoalFacts, values: Mapping[str, Any]) -> GoalFacts:
        """A blank type is deduced (PT-20), unless it was blank and nothing that it explains has changed."""
        had_type = self.before is not None and self.before.programming_type is not None
        touched = not PROGRAMME_FIELDS.isdisjoint(values)
        if not had_type and not (touched and any(value_of(goal, name) is not None for name in PROGRAMME_FIELDS)):
            return goal
        kind, problem = inferred_type(goal)
        self.found.add(self.place, TYPE, problem, "vacío", ", ".join(ProgrammingType))
        return goal if kind is None else replace(goal, programming_type=kind)

    def _check_status(self) -> None:
        """A goal is never eliminated nor brought back by a workbook (PG-09h)."""
        given = self.row.values.get(shape.STATUS)
        if given is None:
            return
        status = self.before.status if self.before else GoalStatus.ACTIVE
        wanted = _WORDS.get(fold(str(given)))
        if wanted is status:
            return
        expected = STATUS_WORDS[status]
        message = f"«{given}» no es el estado de esta meta, que está {expected}."
        fix = f"Escriba «{expected}». Una meta se elimina con una solicitud; en un borrador, se quita en la página."
        self._refuse(shape.STATUS, Problem("status_not_by_import", "PG-09h", message, fix=fix), given, expected)

    def _check_sum(self, goal: GoalFacts) -> None:
        """What the workbook computed is compared and never taken (IMP-04)."""
        given: Any = self.row.values.get(shape.SUM)
        total = sum((amount for amount in goal.quarters if amount is not None), ZERO)
        if given is not None and self.failed.isdisjoint(QUARTER_HEADERS) and not says_the_same(total, given):
            message = f"El libro suma {format_magnitude(given)} y los trimestres suman {format_magnitude(total)}."
            fix = "No hace falta corregirla: se calcula sola al abrir el libro en Excel."
            self._warn(shape.SUM, "sum_differs", "IMP-04", message, fix, given)

    def _refuse(self, header: str, problem: Problem, found: object, expected: str = "") -> None:
        self.failed.add(header)
        self.found.add(self.place, header, problem, found, expected)

    def _warn(self, header: str, code: str, rule: str, message: str, fix: str, found: object) -> None:
        self.found.add(self.place, header, Problem(code, rule, message, blocking=False, fix=fix), found)


def _with(goal: GoalFacts, values: Mapping[str, Any]) -> GoalFacts:
    quarters = dict(zip(QUARTER_NAMES, goal.quarters, strict=True))
    quarters |= {name: value for name, value in values.items() if name in quarters}
    others = {name: value for name, value in values.items() if name not in quarters}
    t1, t2, t3, t4 = (quarters[name] for name in QUARTER_NAMES)
    return replace(goal, **others, quarters=(t1, t2, t3, t4))


def _judge(row: GoalRow, around: Surroundings, found: Found) -> None:
    """What keeps a row that changes something from being written, at the first cell that differs."""
    if not row.values:
        return
    name, value = next(iter(row.values.items()))
    first = shape.COLUMN_OF[name].header
    if not around.is_editable:
        message = f"El plan está en estado «{around.state}» y la meta {row.number} viene distinta."
        fix = "Deje la fila como está en el plan. Después de publicado, una meta cambia con una solicitud."
        found.add(row.place, first, Problem("plan_not_editable", "SM-1", message, fix=fix), show(name, value))
    elif row.before is not None and row.before.status is GoalStatus.ELIMINATED:
        message = f"La meta {row.number} está eliminada y no cambia."
        found.add(row.place, first, Problem("goal_eliminated", "PG-09h", message, fix="Deje la fila como está."))
    elif row.before is not None and row.before.is_shared:
        _judge_shared(row, found)
    if row.after.programming_type is ProgrammingType.DECRECIENTE and row.after.baseline is None:
        message = "Una meta decreciente necesita línea base: desde ella se mide lo que baja."
        problem = Problem("baseline_missing", "PT-03b", message, fix="Escriba la línea base.")
        found.add(row.place, "linea_base", problem, "vacía")


def _judge_shared(row: GoalRow, found: Found) -> None:
    """The common fields of a shared goal belong to the leading area (PG-08, AZ3)."""
    for name in row.values:
        if name in COMMON:
            column = shape.COLUMN_OF[name]
            message = f"«{BY_NAME[name].label}» de la meta {row.number} lo escribe el área que lidera la meta."
            problem = Problem("shared_field", "PG-08", message, fix="Deje lo que dice el plan, o pídale el cambio.")
            found.add(row.place, column.header, problem, show(name, row.values[name]))
