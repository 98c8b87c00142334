"""The sheet Reporte: what each row makes of its goal, and everything that keeps it from being written.

A cell that says what the report already says is never a problem: only what changes is read and judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from pes.rules.numbers import HUNDRED, format_magnitude, ratio_to_percent, round_half_up
from pes.rules.problems import Problem
from pes.workbooks.amounts import magnitude, with_comma
from pes.workbooks.names import fold
from pes.workbooks.places import Found, Place, says_the_same
from pes.workbooks.tables import Row
from plans.content import plain
from plans.rules.goals import GoalStatus
from tracking.filling import Value, state_problems
from tracking.report_workbook import shape
from tracking.report_workbook.lines import Line, kept_amount, spoken_percent, written_cells
from tracking.rules.entry_checks import entry_problems
from tracking.rules.goal_reports import ENTRY_BY_NAME
from tracking.rules.report_states import CENTRAL_EDITABLE, EDITABLE

Key = tuple[str, int]  # code of the unit folded, number of the goal
_SHOWN = 60  # characters of a stored text in an item, as of what was found
_HALF_CENT, _HALF_PLACE = Decimal("0.005"), Decimal("0.00005")  # two readings of a half both agree


@dataclass(frozen=True, slots=True)
class Powers:
    """What the person who imports may write: the team's goals, and those of some central areas (ids)."""

    fills: bool
    areas: Collection[int] = ()

    def __bool__(self) -> bool:
        return self.fills or bool(self.areas)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row: its goal before and after, and the values that differ, by field."""

    place: Place
    before: Line
    after: Line
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What identifies it in the workbook."""
        return key_of(self.before)


def key_of(line: Line) -> Key:
    """The unit and the number of a goal."""
    return fold(line.report.plan.unit.code), line.goal.number


def entry_row(
    row: Row, lines: Mapping[Key, Line], only: str, powers: Powers, broken: Set[str], found: Found
) -> EntryRow | None:
    """Read a row against its goal; `None` when its goal cannot be told.

    `only` is the code of the unit of a workbook that is of one report, else empty. `broken` are cells already refused.
    """
    place = Place(shape.REPORT, row.cells)
    line = _line(row, place, lines, only, broken, found)
    if line is None:
        return None
    values = dict(_values(row, place, written_cells(line.entry), broken, found))
    read = EntryRow(place, line, line.with_entry(replace(line.entry, **values)), values)
    if values:
        _judge(read, powers, found)
        _tell_cleared(read, found)
    _compare(read, row, broken, found)
    return read


def _line(row: Row, place: Place, lines: Mapping[Key, Line], only: str, broken: Set[str], found: Found) -> Line | None:
    number: Any = row[shape.NUMBER]
    unit: Any = row.values.get(shape.UNIT)
    if number is None or row.cells[shape.NUMBER] in broken or (unit is None and not only):
        return None
    line = lines.get((fold(str(only or unit)), number))
    if line is None:
        where = "El reporte" if only else f"La tabla de «{unit}»"
        message = f"{where} no tiene una meta {number}."
        fix = "Corrija el número, o borre la fila: las metas se agregan en el plan."
        found.add(place, shape.NUMBER, Problem("goal_unknown", "AZ10", message, fix=fix), number)
        return None
    names = (only, line.report.plan.unit.name, line.goal.unit)
    if only and unit is not None and fold(str(unit)) not in map(fold, names):
        message = f"La fila es de «{unit}» y se está cargando en el reporte de {only}."
        problem = Problem("unit_differs", "IM9", message, fix="Cargue cada fila en el reporte de su unidad.")
        found.add(place, shape.UNIT, problem, unit, only)
        return None
    return line


def _values(
    row: Row, place: Place, stored: Mapping[str, Any], broken: Set[str], found: Found
) -> Iterator[tuple[str, Value]]:
    """The values of the cells that differ from the report, by field."""
    for header, one in shape.FIELD_OF.items():
        if header not in row.values or row.cells[header] in broken:
            continue
        given: Any = row.values[header]
        if says_the_same(stored[header], given):
            continue
        if isinstance(given, Decimal):
            given = plain(magnitude(place, header, given, found))
            if given == stored[header]:
                continue
        yield one.name, given if one.is_amount else given or ""


def _judge(row: EntryRow, powers: Powers, found: Found) -> None:
    """What keeps a row that changes something from being written: the right, the state, the values."""
    name, value = next(iter(row.values.items()))
    first = ENTRY_BY_NAME[name].header
    for problem in _refusals(row, powers):
        found.add(row.place, first, problem, _shown(value))
    for one in entry_problems(row.after.goal, row.after.entry):
        header = ENTRY_BY_NAME[one.field].header
        where = header if header in row.place.cells else first
        found.add(row.place, where, one.problem, _shown(getattr(row.after.entry, one.field)))


def _tell_cleared(row: EntryRow, found: Found) -> None:
    """A blank takes away what the report says: it may be a workbook exported before that was typed (IMP-05)."""
    for name, value in row.values.items():
        if value not in (None, ""):
            continue
        one, held = ENTRY_BY_NAME[name], _shown(getattr(row.before.entry, name))
        message = f"La celda está vacía y borra lo que hoy dice el reporte en «{one.label}»."
        fix = "Si no quiere borrarlo, escríbalo en la celda o exporte el libro otra vez: pudo escribirse después."
        problem = Problem("cell_cleared", "IMP-05", message, blocking=False, fix=fix)
        found.add(row.place, one.header, problem, expected=held[:_SHOWN])


def _refusals(row: EntryRow, powers: Powers) -> Iterator[Problem]:
    line = row.before
    number = line.goal.number
    if line.row.goal.status == GoalStatus.ELIMINATED:
        message = f"La meta {number} está eliminada y no se reporta."
        yield Problem("goal_eliminated", "PG-09h", message, fix="Deje la fila como está.")
    elif line.goal.is_central and line.row.goal.central_area_id not in powers.areas:
        message = f"La meta {number} la reporta {line.goal.central_area}: usted no puede escribirla."
        yield Problem("central_goal", "AZ3", message, fix="Deje la fila como está en el reporte.")
    elif not line.goal.is_central and not powers.fills:
        message = f"La meta {number} la reporta el equipo del plan: usted no puede escribirla."
        yield Problem("team_goal", "AZ3", message, fix="Deje la fila como está en el reporte.")
    else:
        states = CENTRAL_EDITABLE if line.goal.is_central else EDITABLE
        yield from state_problems(line.report, states)


def _compare(row: EntryRow, cells: Row, broken: Set[str], found: Found) -> None:
    """What the workbook says of figures that are computed here is compared and never taken (IMP-04, PG-09e)."""
    result, quarter = row.after.result(), row.after.report.quarter
    _check_programme(row, cells, found)
    if not broken.isdisjoint(cells.cells.get(header, "") for header in shape.AMOUNT_HEADERS):
        return
    reported = result.achieved is not None
    for header, label, ratio in (
        (shape.RESULT, f"El resultado de T{quarter}", result.result if reported else None),
        (shape.PROGRESS, f"El resultado acumulado a T{quarter}", result.progress),
    ):
        given: Any = cells.values.get(header)
        computed = ratio_to_percent(ratio)
        if given is not None and not _agrees(given, None if ratio is None else ratio * HUNDRED, _HALF_CENT, computed):
            said = f"{label} es {spoken_percent(round_half_up(given, 2))} en el libro y calculado es "
            problem = Problem("percent_disagrees", "IMP-04", f"{said}{spoken_percent(computed)}.", fix=_FIX)
            found.add(row.place, header, problem, with_comma(given), spoken_percent(computed))
    _check_accumulated(row, cells, result.accumulated, found)


_FIX = "Deje vacía la celda, que se calcula sola, o corrija las cantidades."


def _check_programme(row: EntryRow, cells: Row, found: Found) -> None:
    given: Any = cells.values.get(shape.PROGRAMMED)
    own = row.before.programmed
    if given is not None and not (own is None and not given) and not says_the_same(own, given):
        message = f"El programado es {format_magnitude(own)} y el libro dice {format_magnitude(given)}."
        fix = "Deje lo que dice el plan: la programación no se cambia desde el reporte."
        problem = Problem("programme_differs", "PG-09e", message, fix=fix)
        found.add(row.place, shape.PROGRAMMED, problem, with_comma(given), format_magnitude(own))


def _check_accumulated(row: EntryRow, cells: Row, computed: Decimal | None, found: Found) -> None:
    given: Any = cells.values.get(shape.ACCUMULATED)
    if given is not None and not _agrees(given, computed, _HALF_PLACE, kept_amount(computed)):
        message = f"El acumulado es {format_magnitude(given)} en el libro y calculado es {format_magnitude(computed)}."
        problem = Problem("accumulated_disagrees", "IMP-04", message, fix=_FIX)
        found.add(row.place, shape.ACCUMULATED, problem, with_comma(given), format_magnitude(computed))


def _agrees(given: Decimal, computed: Decimal | None, tolerance: Decimal, written: Decimal | None) -> bool:
    """Whether a figure of the workbook is the computed one, or what Excel keeps of what we wrote."""
    return computed is not None and (abs(given - computed) <= tolerance or says_the_same(written, given))


def _shown(value: Value) -> str:
    return with_comma(value) if isinstance(value, Decimal) else value or "vacía"
