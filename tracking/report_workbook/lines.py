"""A goal of a report as the cells of its row, and the formulas that keep our own columns true while it is filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pes.rules.numbers import ratio_to_percent, round_half_up
from pes.rules.programming import calculation_base, is_programmed
from pes.rules.quarters import QuarterResult
from pes.workbooks.amounts import with_comma
from pes.workbooks.names import column_letter
from pes.workbooks.places import Stored
from pes.workbooks.sheets import Cell, Formula
from plans.content import plain
from tracking.content import Reading
from tracking.models import Evidence, GoalReport, QuarterReport
from tracking.report_workbook import shape
from tracking.rules.goal_reports import ENTRY_FIELDS, Entry, GoalYear, results_of


@dataclass(frozen=True, slots=True)
class Line:
    """A goal in a quarter's report, with what it says now and what reads it."""

    reading: Reading
    row: GoalReport
    goal: GoalYear

    @property
    def report(self) -> QuarterReport:
        """The report it is in."""
        return self.reading.report

    @property
    def entry(self) -> Entry:
        """What is reported of it."""
        return self.goal.entry(self.report.quarter)

    @property
    def programmed(self) -> Decimal | None:
        """The programme of the quarter, in the goal's unit; None where it has none."""
        return self.goal.programmed[self.report.quarter - 1]

    def with_entry(self, entry: Entry) -> Line:
        """The same goal, reporting something else."""
        entries = (*self.goal.entries[: self.report.quarter - 1], entry)
        return replace(self, goal=replace(self.goal, entries=entries))

    def results(self) -> tuple[QuarterResult, ...]:
        """Its results, this quarter's the last one."""
        return results_of(self.goal, self.reading.policy, self.reading.overdue)

    def result(self) -> QuarterResult:
        """Its result in this quarter."""
        return self.results()[-1]


def lines_of(readings: Iterable[Reading]) -> Iterator[Line]:
    """Every goal of some reports, in their order and in the order of each plan."""
    for reading in readings:
        for goal in reading.goals:
            if goal.number in reading.entries:
                yield Line(reading, reading.entries[goal.number], goal)


def written_cells(entry: Entry) -> dict[str, Stored]:
    """What an entry writes under the headers that are taken: blank where there is nothing."""
    return {field.header: getattr(entry, field.name) or None for field in ENTRY_FIELDS if not field.is_amount} | {
        field.header: getattr(entry, field.name) for field in ENTRY_FIELDS if field.is_amount
    }


def cells(line: Line, headers: Sequence[str], proofs: Mapping[int, Sequence[str]]) -> list[Cell]:
    """The row of a goal under some headers; `proofs` has the names of the evidence of each entry."""
    entry, result = line.entry, line.result()
    values: dict[str, Cell] = {
        shape.UNIT: line.report.plan.unit.code,
        shape.UNIT_NAME: line.report.plan.unit.name,
        shape.NUMBER: line.goal.number,
        shape.TEXT: line.goal.text,
        shape.MEASURE: line.goal.unit or None,
        shape.PROGRAMMED: line.programmed,
        shape.RESULT: _live(line, result, headers),
        shape.PROOFS: "\n".join(proofs.get(line.row.pk, ())) or None,
        shape.ACCUMULATED: _guarded(entry, kept_amount(result.accumulated), headers),
        shape.PROGRESS: _guarded(entry, ratio_to_percent(result.progress), headers),
        shape.SUPPLIER: line.goal.central_area or None,
        **written_cells(entry),
    }
    return [values[header] for header in headers]


def proof_names(lines: Iterable[Line]) -> dict[int, list[str]]:
    """Entry → the names of the files and links that prove it; one query."""
    found: dict[int, list[str]] = {}
    rows = Evidence.objects.in_force().filter(entry__in=[line.row.pk for line in lines]).order_by("uploaded_at")
    for entry, name in rows.values_list("entry_id", "display_name"):
        found.setdefault(entry, []).append(name)
    return found


def _live(line: Line, result: QuarterResult, headers: Sequence[str]) -> Cell:
    """The result of the quarter (PT-05, PT-16b), computed again by Excel while one types; none without programme."""
    base = calculation_base(line.goal.kind, line.goal.baseline, line.reading.policy.discount_baseline)
    if base is None or not is_programmed(line.goal.kind, line.programmed, base):
        return None
    at = _letters(headers)
    counted, asked, done, due = (
        f"{at[header]}{{row}}" for header in ("numerador_q", "denominador_q", "ejecutado_q", shape.PROGRAMMED)
    )
    scale = "*100" if line.goal.is_percentage else ""

    def percent(amount: str) -> str:
        return f"ROUND(({amount}-({base:f}))/({due}-({base:f}))*100,2)"

    by_terms = f'IF({asked}=0,"",{percent(f"{counted}/{asked}{scale}")})'
    typed = f'IF(ISNUMBER({done}),{percent(done)},"")'
    text = f"IF(AND(ISNUMBER({counted}),ISNUMBER({asked})),{by_terms},{typed})"
    has_amount = result.achieved is not None
    return Formula(text, ratio_to_percent(result.result) if has_amount else None)


def _guarded(entry: Entry, value: Decimal | None, headers: Sequence[str]) -> Cell:
    """A figure that Excel blanks when the amounts it came from change: the system computes it again."""
    if value is None:
        return None
    at = _letters(headers)
    stored = written_cells(entry)
    same = ",".join(_is(f"{at[header]}{{row}}", stored[header]) for header in shape.AMOUNT_HEADERS)
    return Formula(f'IF(AND({same}),{value:f},"")', value)


def _is(cell: str, stored: Stored) -> str:
    return f'{cell}=""' if stored is None else f"{cell}={stored:f}"


def _letters(headers: Sequence[str]) -> dict[str, str]:
    return {header: column_letter(at) for at, header in enumerate(headers, 1)}


def kept_amount(amount: Decimal | None) -> Decimal | None:
    """A computed amount as it is written: four decimals at most."""
    return None if amount is None else plain(round_half_up(amount, 4))


def spoken_percent(percent: Decimal | None) -> str:
    """A percentage as a person types it, or words where there is none."""
    return "sin resultado" if percent is None else f"{with_comma(percent)} %"
