"""The tables of a central area: the list of quarters, and one row for each plan that has its goals (PG-08)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone

from pes.dates import countdown, long_date, long_instant
from pes.models import OrganizationUnit
from pes.rules.problems import Problem
from plans.rules.goals import GoalStatus
from tracking.central import Table, is_on_time, tables
from tracking.central_forms import FIELDS, LineForm
from tracking.content import Reading
from tracking.filling import shown, state_problems
from tracking.pages.evidence import EvidenceBox, evidence_boxes
from tracking.pages.report_figures import Figures, figures_of
from tracking.report_workbook.lines import Line, lines_of
from tracking.rules.completeness import missing_of
from tracking.rules.goal_reports import ENTRY_BY_NAME
from tracking.rules.report_states import CENTRAL_EDITABLE

MOST_ROWS = 80  # of one form: what a request may carry
LABELS = {name: ENTRY_BY_NAME[name].label for name in FIELDS} | {"analysis": "Observaciones"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: its column, the box or the text in it, and whether it is the computed result."""

    label: str
    content: Any
    is_amount: bool
    is_result: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A goal in one plan: its boxes, or what it says and why it cannot be written."""

    line: Line
    form: LineForm | None
    lock: str
    cells: tuple[Cell, ...]
    hidden: tuple[Any, ...]
    figures: Figures
    missing: tuple[str, ...]
    supplied: str
    tone: str
    evidence: EvidenceBox

    @property
    def unit(self) -> Any:
        """The process or alcaldía."""
        return self.line.report.plan.unit

    @property
    def key(self) -> str:
        """How its parts are called in the page."""
        return f"fila-{self.line.row.pk}"

    @property
    def url(self) -> str:
        """The report that it is in, at the goal."""
        return f"{self.line.report.get_absolute_url()}#meta-{self.line.goal.number}"


@dataclass(frozen=True, slots=True)
class Group:
    """A shared goal and the plans that have it, or the goals that no other plan has."""

    key: str
    title: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    is_shared: bool = False

    @property
    def columns(self) -> tuple[Cell, ...]:
        """The heads of its columns."""
        return self.rows[0].cells

    @property
    def caption(self) -> str:
        """What its table is called."""
        return f"Por plan: {self.title}"

    @property
    def is_writable(self) -> bool:
        """Whether any of its rows takes something."""
        return any(row.form for row in self.rows)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Rows that were refused: the unit, and why."""
        found = (row for row in self.rows if row.form and row.form.is_bound and row.form.errors)
        return [(row.unit.name, _first_error(row.form)) for row in found]

    @property
    def stale(self) -> list[tuple[str, str, str, str]]:
        """What somebody else changed meanwhile: unit, field, held now, typed."""
        return [(row.unit.name, *one) for row in self.rows if row.form for one in row.form.stale]


@dataclass
class CentralPage:
    """The goals that an area reports in a quarter, plan by plan."""

    area: OrganizationUnit
    vigencia: int
    quarter: int
    readings: Sequence[Reading]
    user: Any
    forms: Sequence[LineForm] = ()
    today: date = field(default_factory=timezone.localdate)

    @cached_property
    def groups(self) -> list[Group]:
        """One for each shared goal, in the order of the first plan that has it; long ones in parts."""
        return list(self._groups())

    @cached_property
    def table(self) -> Table | None:
        """Its counts; None when nothing was programmed for the quarter."""
        here = (self.area.code, self.vigencia, self.quarter)
        return next((one for one in tables(self.user) if (one.area, one.vigencia, one.quarter) == here), None)

    @property
    def title(self) -> str:
        """What it is called."""
        return f"Metas a cargo, T{self.quarter} de {self.vigencia}"

    @property
    def crumbs(self) -> list[dict[str, str]]:
        """The path to it."""
        return [{"label": "Metas a cargo", "url": reverse("tracking:central-goals")}, {"label": self.title, "url": ""}]

    @property
    def is_writable(self) -> bool:
        """Whether any row takes something."""
        return any(group.is_writable for group in self.groups)

    @property
    def complete_words(self) -> str:
        """How many of the plans are complete."""
        return f"{self.table.complete} de {self.table.plans}" if self.table else ""

    @property
    def due_words(self) -> str:
        """When its plans are due, and how long is left for the first of them."""
        if self.table is None:
            return ""
        due, is_past = _due_range(self.table), self.today > self.table.due_to
        if self.table.due_from != self.table.due_to:
            due = f"Vencieron: {due}" if is_past else f"Vencen: {due}"
        else:
            due = f"Venció el {due}" if is_past else f"Vence el {due}"
        left = countdown(self.table.due_from, self.today)
        return due if self.today > self.table.due_from else f"{due} · {left}"

    @property
    def urls(self) -> dict[str, str]:
        """Its acts."""
        return {name: self.url(f"central-{name}") for name in ("save", "workbook")}

    def url(self, name: str, *args: Any) -> str:
        """A page or an act of the table."""
        return reverse(f"tracking:{name}", args=[self.area.code, self.vigencia, self.quarter, *args])

    def _groups(self) -> Iterator[Group]:
        lines = list(lines_of(self.readings))
        boxes = evidence_boxes([line.row for line in lines], self.user, back=self.url("central-table"))
        found: dict[int | None, list[Line]] = {}
        for line in lines:
            found.setdefault(line.row.goal.template_id, []).append(line)
        for template, own in found.items():
            for at in range(0, len(own), MOST_ROWS):
                yield self._group(template, at // MOST_ROWS, own[at : at + MOST_ROWS], boxes)

    def _group(self, template: int | None, part: int, lines: Sequence[Line], boxes: dict[int, EvidenceBox]) -> Group:
        key = f"meta-{template or 'propias'}-{part}"
        goal, first = lines[0].row.goal, lines[0].goal
        terms = " / ".join(filter(None, (goal.numerator, goal.denominator)))
        facts = (("Unidad", first.unit), ("Fórmula", terms), ("Programación", first.kind.label))
        names = FIELDS if any(map(offers_terms, lines)) else FIELDS[2:]
        rows = tuple(self._row(line, f"{key}-envio", names, boxes[line.row.pk]) for line in lines)
        if template is None:
            return Group(key, "Metas propias de cada plan", (), rows)
        return Group(key, first.text, tuple(one for one in facts if one[1]), rows, is_shared=True)

    def _row(self, line: Line, table: str, names: Sequence[str], box: EvidenceBox) -> Row:
        sent = {form.line.row.pk: form for form in self.forms}
        lock = lock_of(line)
        form = None if lock else sent.get(line.row.pk) or LineForm(line, table)
        results = line.results()
        figures = figures_of(line.goal, results[-1])
        missing = tuple(one.problem.message for one in missing_of(line.goal, self.quarter, results))
        words, tone = self._supplied(line, bool(missing))
        return Row(
            line=line,
            form=form,
            lock=lock,
            cells=tuple(_cells(line, form, names, figures.result)),
            hidden=tuple(form.hidden_fields()) if form else (),
            figures=figures,
            missing=missing,
            supplied=words,
            tone=tone,
            evidence=box,
        )

    def _supplied(self, line: Line, is_missing: bool) -> tuple[str, str]:
        """When the area gave the figure, against the term of the plan's report; its own punctuality."""
        given, due = line.row.supplied_at, line.report.due_on
        if given is None:
            if not is_missing:
                return "Nada que reportar", "none"
            return (f"Pendiente: venció el {long_date(due)}", "risk") if self.today > due else ("Pendiente", "warn")
        late = not is_on_time(given, due)
        words = f"Suministrada el {long_instant(given)}{', fuera del plazo' if late else ''}"
        return words, "warn" if is_missing or late else "ok"


def offers_terms(line: Line) -> bool:
    """Whether the figure may be given by its two terms: the goal says what they are, or one is already there."""
    goal, entry = line.row.goal, line.entry
    return bool(goal.numerator and goal.denominator) or (entry.numerator, entry.denominator) != (None, None)


def _cells(line: Line, form: LineForm | None, names: Sequence[str], result: str) -> Iterator[Cell]:
    for name in names:
        text = shown(getattr(line.entry, name)) or "–"
        yield Cell(LABELS[name], form[name] if form else text, ENTRY_BY_NAME[name].is_amount)
        if name == "achieved":
            yield Cell("Resultado", result, True, is_result=True)


def lock_of(line: Line) -> str:
    """Why a row cannot be written; empty when it can."""
    if line.row.goal.status == GoalStatus.ELIMINATED:
        return "La meta está eliminada y no se reporta."
    problems: Iterable[Problem] = state_problems(line.report, CENTRAL_EDITABLE)
    return next((problem.message for problem in problems), "")


def table_rows(user: Any, *, today: date | None = None) -> list[dict[str, Any]]:
    """Rows of the list of quarters."""
    day = today or timezone.localdate()
    return [_list_row(one, day) for one in tables(user, today=day)]


def _list_row(one: Table, today: date) -> dict[str, Any]:
    done = one.complete == one.plans
    return {
        "url": reverse("tracking:central-table", args=[one.area, one.vigencia, one.quarter]),
        "title": f"T{one.quarter} de {one.vigencia}",
        "area": one.area_name,
        "due": _due_range(one),
        "left": countdown(one.due_from, today) if one.is_open and not done else "",
        "complete": f"{one.complete} de {one.plans}",
        "punctual": punctuality_words(one),
        "state": "Completa" if done else "Por completar" if one.is_open else "Cerrada incompleta",
        "tone": "ok" if done else "warn" if one.is_open else "risk",
    }


def _due_range(one: Table) -> str:
    """The day that its reports are due, or the first and the last: an extension or an opening may set them apart."""
    return long_date(one.due_from) + (f" a {long_date(one.due_to)}" if one.due_to != one.due_from else "")


def punctuality_words(one: Table) -> str:
    """The area's own punctuality, in words."""
    parts = [f"{one.on_time} de {one.goals} metas a tiempo"]
    if one.late:
        parts.append(f"{one.late} fuera del plazo")
    if one.overdue:
        parts.append(f"{one.overdue} vencida{'' if one.overdue == 1 else 's'} sin dato")
    return " · ".join(parts)


def _first_error(form: LineForm | None) -> str:
    assert form is not None
    name, messages = next(iter(form.errors.items()))
    label = ENTRY_BY_NAME[name].label if name in ENTRY_BY_NAME else ""
    return ": ".join(filter(None, (label, messages[0])))
