"""A workbook against one report, or against the reports of a central area. Nothing is written."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from pes.rules.problems import Problem
from pes.rules.report_checks import quarter_warnings
from pes.workbooks.items import Item
from pes.workbooks.names import fold
from pes.workbooks.pairs import check_pairs, read_pairs
from pes.workbooks.places import Found, Place, repeated
from pes.workbooks.reader import Workbook, read_form
from plans.content import digest_of
from tracking.content import Reading
from tracking.filling import EntryChange
from tracking.report_workbook import shape
from tracking.report_workbook.entries import EntryRow, Key, Powers, entry_row, key_of
from tracking.report_workbook.lines import Line, lines_of, written_cells
from tracking.rules.completeness import NEEDS_EXPLANATION, missing_of
from tracking.rules.goal_reports import ENTRY_BY_NAME, EVIDENCE

# Without these the rows cannot be told apart, so nothing more is said of them.
_STRUCTURE = frozenset({"missing_header", "duplicate_header", "duplicate_sheet", "missing_sheet"})
_LONGEST_LIST = 20


@dataclass(frozen=True, slots=True)
class Compared:
    """What a workbook says of some reports: its rows, and the goals that it may speak of."""

    lines: tuple[Line, ...]
    rows: tuple[EntryRow, ...] = ()

    @property
    def changed(self) -> list[EntryRow]:
        """The rows that differ."""
        return [row for row in self.rows if row.values]

    @property
    def counts(self) -> dict[str, int]:
        """Goals updated and unchanged; reporting creates none, its rows were opened with the quarter."""
        updated = len(self.changed)
        return {"created": 0, "updated": updated, "unchanged": len(self.rows) - updated}


def base_of(lines: Iterable[Line]) -> str:
    """The digest of what is compared: another one says that something changed meanwhile (IM11)."""
    said = {
        f"{line.row.pk}": [line.report.status, *(_word(cell) for cell in written_cells(line.entry).values())]
        for line in lines
    }
    return digest_of(said)


def changes_of(rows: Iterable[EntryRow]) -> list[EntryChange]:
    """What some rows of one report change, as the verbs take it."""
    return [EntryChange(row.before.goal.number, row.values) for row in rows]


def read_quarter_workbook(
    source: str | os.PathLike[str] | BinaryIO, quarter: int, *, central: bool = False
) -> Workbook:
    """Read the workbook of a quarter. Raises OSError when a path cannot be opened, and nothing for what it holds."""
    return read_form(source, shape.specs(quarter, central=central))


def told(workbook: Workbook) -> Iterator[Item]:
    """What the reader said that is worth telling of this form, and the headers that look like a lost one (IM1)."""
    yield from workbook.errors
    computed = _columns(workbook, shape.COMPUTED)
    for item in workbook.warnings:
        about_ours = item.sheet == shape.REPORT and item.cell.rstrip("0123456789") in computed
        if item.code == "formula_not_recalculated" or (item.code in ("percent_format", "scale_doubt") and about_ours):
            continue
        if item.sheet == shape.ABOUT and item.code == "date_as_text":
            continue
        yield item
    yield from _lost_headers(workbook)


def read_against(
    readings: Sequence[Reading], workbook: Workbook, powers: Powers, found: Found, *, only: str = ""
) -> Compared:
    """Compare a workbook with some reports, held by the caller if it is to be written; `found` takes every problem.

    `only` is the code of the unit when the workbook is of one report.
    """
    lines = tuple(lines_of(readings))
    if shape.REPORT not in workbook or any(item.code in _STRUCTURE for item in found.errors):
        return Compared(lines)
    by_key: dict[Key, Line] = {key_of(line): line for line in lines}
    broken = {item.cell for item in workbook.errors if item.sheet == shape.REPORT}
    read = (entry_row(row, by_key, only, powers, broken, found) for row in workbook[shape.REPORT])
    rows = tuple(row for row in read if row is not None)
    repeated(rows, lambda row: row.key[1] if only else row.key, shape.NUMBER, found)
    compared = Compared(lines, rows)
    _tell_absent(compared, powers, only, found)
    if not found.errors:
        _tell_findings(compared, workbook, found)
    return compared


def check_identity(workbook: Workbook, expected: Iterable[tuple[str, str, object]], where: str, found: Found) -> None:
    """Refuse the workbook of another report or table (IM9), by what its first sheet says."""
    pairs = read_pairs(workbook.sheets.get(shape.ABOUT), shape.KEYS, found)
    check_pairs(pairs, expected, where, found)


def _columns(workbook: Workbook, headers: Iterable[str]) -> set[str]:
    if shape.REPORT not in workbook:
        return set()
    return {workbook[shape.REPORT].headers.get(header, "") for header in headers} - {""}


def _lost_headers(workbook: Workbook) -> Iterator[Item]:
    """A column that looks like one of ours by another name, and a book that reports nothing, are errors (IM1)."""
    if shape.REPORT not in workbook or any(item.code in _STRUCTURE for item in workbook.errors):
        return
    sheet = workbook[shape.REPORT]
    absent = [header for header in shape.ENTRY_HEADERS if header not in sheet.headers]
    place = Place(shape.REPORT, {})
    for item in workbook.warnings:
        text = fold(item.found)
        if item.code != "unknown_header" or item.sheet != shape.REPORT or shape.is_of_another_quarter(text):
            continue
        for near in difflib.get_close_matches(text, absent, n=1, cutoff=0.8):
            message = f"Falta la columna «{near}»."
            fix = f"¿Es la columna «{item.found}»? Cámbiele el encabezado a «{near}»."
            problem = Problem("missing_header", "IM1", message, fix=fix)
            yield Place(shape.REPORT, {near: item.cell}).item(near, problem, item.found, near)
    if len(absent) == len(shape.ENTRY_HEADERS):
        message = "El libro no trae ninguna columna que se reporte."
        fix = f"Agregue una de estas: {', '.join(shape.ENTRY_HEADERS)}."
        yield place.item("", Problem("missing_header", "IM1", message, fix=fix), "ninguna", shape.ENTRY_HEADERS[0])


def _tell_absent(compared: Compared, powers: Powers, only: str, found: Found) -> None:
    """Goals that the person writes and the file leaves out stay as they are, and that is said."""
    read = {row.key for row in compared.rows}
    absent = [
        str(line.goal.number) if only else f"{line.report.plan.unit.code} {line.goal.number}"
        for line in compared.lines
        if key_of(line) not in read and not line.goal.eliminated and _is_writer(line, powers)
    ]
    if absent:
        more = f" y {len(absent) - _LONGEST_LIST} más" if len(absent) > _LONGEST_LIST else ""
        which = f"{', '.join(absent[:_LONGEST_LIST])}{more}"
        message = f"Metas que no están en el libro y se quedan como están: {which}."
        problem = Problem("goals_not_in_file", "IM9", message, blocking=False)
        found.add(Place(shape.REPORT, {}), shape.NUMBER, problem, which)


def _is_writer(line: Line, powers: Powers) -> bool:
    return line.row.goal.central_area_id in powers.areas if line.goal.is_central else powers.fills


def _tell_findings(compared: Compared, workbook: Workbook, found: Found) -> None:
    """What each changed row still lacks for the report to be sent, in the columns that the file has, and its doubts."""
    headers = workbook[shape.REPORT].headers
    for row in compared.changed:
        results, quarter = row.after.results(), row.after.report.quarter
        for one in missing_of(row.after.goal, quarter, results):
            if one.field == EVIDENCE or ENTRY_BY_NAME[one.field].header not in {*headers, "explicacion_q"}:
                continue
            _warn(row, ENTRY_BY_NAME[one.field].header, one.problem, found)
        figures = row.after.goal.figures([True] * len(results))
        percentage = row.after.goal.is_percentage
        for doubt in quarter_warnings(row.after.goal.kind, figures, results, quarter, percentage=percentage):
            if doubt.code not in NEEDS_EXPLANATION:
                _warn(row, "ejecutado_q", doubt, found)


def _warn(row: EntryRow, header: str, problem: Problem, found: Found) -> None:
    said = Problem(problem.code, problem.rule, problem.message, blocking=False, fix=problem.fix)
    found.add(row.place, header if header in row.place.cells else shape.NUMBER, said)


def _word(cell: Any) -> str | None:
    return None if cell is None else str(cell)
