"""One goal on the page of a report: what it promised, what it reports, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from django.utils.safestring import SafeString

from pes.dates import long_instant
from pes.rules.numbers import format_magnitude, format_percent
from pes.rules.problems import Problem
from pes.rules.report_checks import accumulated_warnings, quarter_warnings
from pes.rules.states import FigureState
from plans.pages.threads import Thread
from plans.rules.goals import GoalKind
from tracking.comments import Comment
from tracking.filling import shown
from tracking.models import GoalReport
from tracking.pages.evidence import EvidenceBox
from tracking.pages.report_figures import Figures, chart_of, earlier_of, figures_of
from tracking.pages.report_threads import CorrectionRow
from tracking.report_forms import CommentForm, EntryForm
from tracking.rules.completeness import NEEDS_EXPLANATION, missing_of
from tracking.rules.goal_reports import ENTRY_BY_NAME, EVIDENCE, Entry, Measured

TERMS = ("numerator", "denominator")
OTHER_WAY = "Solo si no se captura con el numerador y el denominador."
WORDS = ("analysis", "delay_causes", "explanation", "accumulated_analysis")
ONLY_WHEN_ASKED = ("delay_causes", "explanation")
PLACES = {name: field.label for name, field in ENTRY_BY_NAME.items()} | {EVIDENCE: "Evidencias"}


class GoalCard:
    """A goal of a report, for one person. `is_writable`: the person fills in the report and it can be written."""

    def __init__(self, row: Measured, entry: GoalReport, *, is_writable: bool, form: EntryForm | None = None) -> None:
        self.row, self.goal, self.entry = row, row.goal, entry
        self.quarter = entry.quarter
        self.values = row.goal.entry(entry.quarter)
        self.is_of_team = is_writable
        self.is_writable = is_writable and not row.goal.is_central and not row.goal.eliminated
        self.given_form = form
        self.comments: Sequence[Comment] = ()
        self.box: EvidenceBox | None = None
        self.threads: Sequence[Thread] = ()
        self.corrections: Sequence[CorrectionRow] = ()
        self.comment_form: CommentForm | None = None

    @property
    def number(self) -> int:
        """Number of the goal in its plan."""
        return self.goal.number

    @property
    def is_programmed(self) -> bool:
        """Whether the quarter expects something of it."""
        return self.row.results[self.quarter - 1].state is not FigureState.NOT_PROGRAMMED

    @cached_property
    def facts(self) -> list[tuple[str, str]]:
        """What the plan says of it."""
        found = [
            ("Tipo", GoalKind(self.entry.goal.kind).label),
            ("Unidad", self.goal.unit),
            ("Ponderación", "" if self.goal.weight is None else format_percent(self.goal.weight)),
            ("Programación", self.goal.kind.label),
            ("Magnitud del año", format_magnitude(self.goal.magnitude)),
        ]
        if self.goal.baseline is not None:
            found.append(("Línea base", format_magnitude(self.goal.baseline)))
        return found

    @cached_property
    def figures(self) -> Figures:
        """The quarter, computed."""
        return figures_of(self.goal, self.row.results[self.quarter - 1])

    @cached_property
    def earlier(self) -> tuple[Figures, ...]:
        """The quarters before."""
        return earlier_of(self.row, self.quarter)

    @property
    def earlier_title(self) -> str:
        """What the table of those quarters is called; a page has one for each goal."""
        return f"Trimestres anteriores de la meta {self.number}"

    @property
    def chart(self) -> SafeString:
        """Programmed and executed so far."""
        return chart_of(self.row, self.quarter)

    @cached_property
    def asked(self) -> dict[str, Problem]:
        """Place → what the rules ask of it, met or not: those of the goal as if none of its words were there."""
        bare = Entry(self.values.achieved, self.values.numerator, self.values.denominator)
        goal = replace(self.goal, entries=(*self.goal.entries[: self.quarter - 1], bare))
        return {found.field: found.problem for found in missing_of(goal, self.quarter, self.row.results)}

    def why(self, name: str) -> str:
        """The sentence of the rule that asks for a place, while nothing is there."""
        return next((sentence for place, _, sentence in self.missing if place == name), "")

    @cached_property
    def missing(self) -> tuple[tuple[str, str, str], ...]:
        """What is still missing: place, name of the place, sentence of the rule."""
        found = missing_of(self.goal, self.quarter, self.row.results)
        return tuple((one.field, PLACES[one.field], one.problem.message) for one in found)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing of what is asked."""
        return not self.missing

    @property
    def tone(self) -> str:
        """Light of its heading."""
        if self.goal.eliminated:
            return "off"
        if self.missing:
            return "course" if self.goal.is_central else "warn"
        return "ok" if self.asked or self.is_programmed else "none"

    @property
    def state_words(self) -> str:
        """What the light says in words."""
        if self.goal.eliminated:
            return "Meta eliminada"
        if self.missing:
            return f"Falta: {', '.join(name.lower() for _, name, _ in self.missing)}"
        return "Completa" if self.asked or self.is_programmed else "No programada"

    @property
    def evidence_words(self) -> str:
        """How many files and links prove it."""
        count = self.values.evidence
        return "1 evidencia" if count == 1 else f"{count} evidencias" if count else "Sin evidencias"

    @property
    def comment_url(self) -> str:
        """Where the team comments it."""
        return self.entry.report.url("comment-add", self.number)

    @property
    def save_label(self) -> str:
        """What its button says."""
        return f"Guardar meta {self.number}"

    @cached_property
    def warnings(self) -> list[Problem]:
        """What the figures make doubt, as information; what must be explained is said beside its box (PT-13 to PT-19)."""
        figures = self.goal.figures([True] * len(self.row.results))
        found = quarter_warnings(
            self.goal.kind, figures, self.row.results, self.quarter, percentage=self.goal.is_percentage
        )
        doubts = [one for one in found if one.code not in NEEDS_EXPLANATION]
        return doubts + accumulated_warnings(self.goal.kind, self.goal.magnitude, self.row.results)

    @cached_property
    def form(self) -> EntryForm:
        """The form of the goal, bound if it was sent and refused."""
        form = self.given_form or EntryForm(number=self.number, entry=self.values)
        formula = self.entry.goal
        way = set(TERMS) if self.offers_terms else {"achieved"}
        form.demand(self.asked.keys() - {"achieved"} | (way if self.is_programmed else set()))
        if self.offers_terms:
            form.explain({"numerator": formula.numerator, "denominator": formula.denominator, "achieved": OTHER_WAY})
        return form

    @property
    def lost(self) -> list[tuple[str, str]]:
        """What was typed when the goal could no longer be written, to be copied from the page; usually nothing."""
        if self.given_form is None or self.is_writable:
            return []
        return [(PLACES[name], shown(value)) for name, value in self.given_form.values.items()]

    @property
    def offers_terms(self) -> bool:
        """Whether the figure may be given by its two terms: the goal says what they are, or one is already there."""
        held = self.values.numerator is not None or self.values.denominator is not None
        return held or bool(self.entry.goal.numerator and self.entry.goal.denominator)

    @property
    def words(self) -> Iterator[tuple[str, object, str, bool]]:
        """Boxes of words: name, box, why it is asked, and whether it waits until it is asked."""
        for name in WORDS:
            box = self.form[name]
            is_optional = name in ONLY_WHEN_ASKED
            is_idle = is_optional and name not in self.asked and not box.value() and not box.errors
            yield name, box, self.why(name) if is_optional else "", is_idle

    @property
    def said(self) -> list[tuple[str, str]]:
        """Everything reported, to be read."""
        names = [name for name in ENTRY_BY_NAME if name not in ONLY_WHEN_ASKED or getattr(self.values, name)]
        names = [name for name in names if name not in TERMS or getattr(self.values, name) is not None]
        return [(PLACES[name], self._spoken(name)) for name in names if name != "achieved"]

    @property
    def supplied(self) -> str:
        """By whom a central goal is reported, and since when (PG-08)."""
        if not self.goal.is_central:
            return ""
        area = self.goal.central_area
        if self.entry.supplied_at is None:
            note = " El reporte se puede enviar sin él." if self.is_of_team else ""
            return f"La suministra {area}. Aún no hay dato.{note}"
        return f"Suministrado por {area} el {long_instant(self.entry.supplied_at)}."

    @property
    def last_hand(self) -> str:
        """Who wrote it last and when."""
        if self.entry.changed_at is None:
            return ""
        return f"Última escritura: {self.entry.changed_by}, {long_instant(self.entry.changed_at)}"

    def _spoken(self, name: str) -> str:
        value = getattr(self.values, name)
        return format_magnitude(value) if ENTRY_BY_NAME[name].is_amount else shown(value)
