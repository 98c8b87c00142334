"""One goal of the review: its quarters side by side, what was found, said and corrected in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pes.dates import long_instant
from pes.rules.numbers import format_magnitude, format_percent
from pes.rules.problems import Problem
from pes.rules.states import FigureState
from plans.pages.marks import MarkedDifference
from plans.pages.threads import Thread
from plans.rules.goals import GoalKind
from tracking.models import GoalReport, QuarterReport
from tracking.pages.evidence import EvidenceBox
from tracking.pages.report_figures import figures_of
from tracking.pages.report_threads import CorrectionRow
from tracking.review_forms import CorrectionForm, ReportObservationForm
from tracking.rules.goal_reports import ENTRY_FIELDS, GoalYear, Measured

_HEADING = 110  # characters of a goal's text in its heading
_FIGURES = (
    ("Programado", "programmed"),
    ("Ejecutado", "achieved"),
    ("Resultado", "result"),
    ("Ejecutado acumulado", "accumulated"),
    ("Acumulado frente a lo programado", "to_date"),
    ("Avance del año", "progress"),
)
_TERMS = tuple(field for field in ENTRY_FIELDS if field.name in ("numerator", "denominator"))
_WORDS = tuple(field for field in ENTRY_FIELDS if not field.is_amount)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a quarter says in a row; `is_now` is the quarter under review."""

    quarter: str
    text: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One thing said of every quarter so far."""

    label: str
    cells: tuple[Cell, ...]
    is_figure: bool


@dataclass(frozen=True)
class GoalReview:
    """A goal as its reviewer reads it; `is_acting`: the person may observe and correct now."""

    row: Measured
    entry: GoalReport
    report: QuarterReport
    checks: tuple[Problem, ...]
    threads: tuple[Thread, ...]
    corrections: tuple[CorrectionRow, ...]
    changes: tuple[MarkedDifference, ...]
    is_acting: bool
    is_asked: bool
    boxes: tuple[EvidenceBox | None, ...]  # one a quarter

    @property
    def goal(self) -> GoalYear:
        """What the plan says of it and what it reports."""
        return self.row.goal

    @property
    def number(self) -> int:
        """Number of the goal in its plan."""
        return self.goal.number

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the plan."""
        return self.entry.goal.position, self.number

    @property
    def anchor(self) -> str:
        """Where it stands in the page."""
        return f"meta-{self.number}"

    @property
    def url(self) -> str:
        """The way to it from anywhere."""
        return f"{self.report.url('report-review')}?meta={self.number}#{self.anchor}"

    @property
    def heading(self) -> str:
        """Number and beginning of its text."""
        text = self.goal.text
        return f"Meta {self.number} · {text[:_HEADING]}{'…' if len(text) > _HEADING else ''}"

    @property
    def is_cut(self) -> bool:
        """Whether its heading leaves out part of its text."""
        return len(self.goal.text) > _HEADING

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the report from being accepted."""
        return tuple(one for one in self.checks if one.blocking)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What asks for a second look."""
        return tuple(one for one in self.checks if not one.blocking)

    @property
    def open_threads(self) -> int:
        """Observations that await the team."""
        return sum(1 for thread in self.threads if thread.is_open)

    @property
    def rank(self) -> int:
        """0 with errors, 1 with something else to look at, 2 clean, 3 eliminated."""
        if self.goal.eliminated:
            return 3
        return 0 if self.errors else 1 if self.warnings or self.open_threads or self.shared else 2

    @property
    def shared(self) -> list[str]:
        """What its evidence of the quarter also proves: not a fault, but not to be missed (UP8)."""
        box = self.boxes[-1]
        return [row.shared for row in box.rows if row.shared] if box else []

    @property
    def is_folded(self) -> bool:
        """Whether it is shown closed: nothing automatic is left to look at."""
        return self.rank > 1 and not self.is_asked

    @property
    def tone(self) -> str:
        """The colour of its card."""
        return "risk" if self.errors else "warn" if self.rank == 1 else ""

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What is good to know, and neither wrong nor doubtful."""
        return tuple(self._notes())

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What the plan says of it."""
        goal = self.goal
        return (
            ("Tipo", GoalKind(self.entry.goal.kind).label),
            ("Programación", goal.kind.label),
            ("Magnitud del año", f"{format_magnitude(goal.magnitude)} {goal.unit}".strip()),
            ("Línea base", "" if goal.baseline is None else format_magnitude(goal.baseline)),
            ("Ponderación", "" if goal.weight is None else format_percent(goal.weight)),
            ("Indicador", self.entry.goal.indicator),
        )

    @property
    def caption(self) -> str:
        """What names the table of its quarters."""
        return f"Meta {self.number}, trimestre a trimestre"

    @property
    def changed(self) -> str:
        """What names the table of its changes."""
        return f"Lo que cambió en la meta {self.number} desde el envío anterior"

    @property
    def quarters(self) -> tuple[Cell, ...]:
        """The columns."""
        return self._cells(f"T{number}" for number in range(1, self.report.quarter + 1))

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Figures first, then words; rows in which no quarter says anything are left out."""
        figures = [figures_of(self.goal, result) for result in self.row.results[: self.report.quarter]]
        entries = [self.goal.entry(quarter) for quarter in range(1, self.report.quarter + 1)]
        first, *others = (
            Row(label, self._cells(getattr(one, name) for one in figures), True) for label, name in _FIGURES
        )
        said = {field: [getattr(entry, field.name) for entry in entries] for field in ENTRY_FIELDS}
        terms = (
            Row(field.label, self._cells(_amount(value) for value in said[field]), True)
            for field in _TERMS
            if any(value is not None for value in said[field])
        )
        words = (Row(field.label, self._cells(iter(said[field])), False) for field in _WORDS if any(said[field]))
        return (first, *terms, *others, *words)

    @property
    def proofs(self) -> tuple[tuple[Cell, EvidenceBox | None], ...]:
        """The evidence of each quarter."""
        return tuple(zip(self.quarters, self.boxes, strict=True))

    @property
    def observe_form(self) -> ReportObservationForm | None:
        """To observe it."""
        if not self.is_acting:
            return None
        return ReportObservationForm(on_goal=True, initial={"goal": self.number}, auto_id=f"id_m{self.number}_%s")

    @property
    def correct_form(self) -> CorrectionForm | None:
        """To correct one of its fields; nothing is corrected of an eliminated goal."""
        if not self.is_acting or self.goal.eliminated:
            return None
        return CorrectionForm(auto_id=f"id_c{self.number}_%s")

    @property
    def correct_url(self) -> str:
        """Where a correction is sent."""
        return self.report.url("entry-correct", self.number)

    def _cells(self, texts: Iterator[str]) -> tuple[Cell, ...]:
        now = self.report.quarter
        return tuple(Cell(f"T{quarter}", text, quarter == now) for quarter, text in enumerate(texts, start=1))

    def _notes(self) -> Iterator[str]:
        if self.goal.eliminated:
            yield "Está eliminada: no se reporta ni cuenta."
            return
        state = self.row.results[self.report.quarter - 1].state
        if state in (FigureState.NOT_PROGRAMMED, FigureState.NO_DEMAND):
            yield f"{state.label} en T{self.report.quarter}."
        if self.goal.is_central:
            since = self.entry.supplied_at
            when = f"la suministró el {long_instant(since)}" if since else "todavía no la ha suministrado"
            yield f"La reporta {self.goal.central_area}: {when}."
        yield from self.shared


def _amount(value: object) -> str:
    return "–" if value is None else format_magnitude(value)  # type: ignore[arg-type]
