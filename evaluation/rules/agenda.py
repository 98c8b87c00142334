"""The agenda of the evaluation of a PES: each report of a vigencia, where it stands, and its socialisation (S0, phase 6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from evaluation.rules.periods import Kind, Period

MONTHS, HALVES = 12, 2


class Stage(StrEnum):
    """Where the report of a period stands, the furthest first."""

    COMPLETE = "complete"
    SOCIALISED = "socialised"
    PUBLISHED = "published"
    ISSUED = "issued"
    DRAFT = "draft"
    MISSING = "missing"
    UNMEASURED = "unmeasured"
    BEFORE = "before"
    TO_COME = "to_come"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _LABELS[self]


_LABELS = {
    Stage.COMPLETE: "Publicado",
    Stage.SOCIALISED: "Publicado y socializado",
    Stage.PUBLISHED: "Publicado, falta socializar",
    Stage.ISSUED: "Emitido, falta publicar",
    Stage.DRAFT: "En borrador",
    Stage.MISSING: "Falta el informe",
    Stage.UNMEASURED: "Sin mediciones",
    Stage.BEFORE: "Antes de adoptarse el PES",
    Stage.TO_COME: "Por venir",
}


@dataclass(frozen=True, slots=True)
class Made:
    """What exists of the reports of a plan, as codes of periods by kind.

    `adopted_on` is the day of the first act that adopts it, None of a PES that is being formulated. `published`
    gives the day on which each period was first made public; `meetings` are the days of the meetings of socialisation
    whose minutes are closed.
    """

    adopted_on: date | None
    measured: Collection[date]
    drafts: Mapping[Kind, Collection[str]]
    issued: Mapping[Kind, Collection[str]]
    published: Mapping[Kind, Mapping[str, date]]
    meetings: Collection[date]


@dataclass(frozen=True, slots=True)
class Slot:
    """A period of the agenda and where it stands: since when it is public, and the day of the meeting that told of it."""

    period: Period
    stage: Stage
    published_on: date | None = None
    socialised_on: date | None = None

    @property
    def is_missing(self) -> bool:
        """Whether somebody should do something now."""
        return self.stage in (Stage.MISSING, Stage.DRAFT, Stage.ISSUED, Stage.PUBLISHED, Stage.UNMEASURED)


def periods_of(vigencia: int) -> list[Period]:
    """Everything that is evaluated in a vigencia: twelve months, two semesters, the year (REP-01…03)."""
    months = [Period(vigencia, number, Kind.MONTHLY) for number in range(1, MONTHS + 1)]
    halves = [Period(vigencia, number, Kind.SEMIANNUAL) for number in range(1, HALVES + 1)]
    return [*months, *halves, Period(vigencia, 1, Kind.ANNUAL)]


def agenda(vigencia: int, made: Made, today: date) -> list[Slot]:
    """The agenda of a vigencia. Monthly reports are published, not socialised: phase 6 tells of the other two.

    Follow-up comes after adoption (LC-01): nobody owes measurements of a period that ended before it.
    A meeting tells of what is public by its day and no earlier one told of; what is published later waits for another.
    """
    return [_slot(period, made, today) for period in periods_of(vigencia)]


def _slot(period: Period, made: Made, today: date) -> Slot:
    published_on = made.published.get(period.kind, {}).get(period.code)
    if published_on is not None:
        return _published(period, published_on, made.meetings)
    if period.code in made.issued.get(period.kind, ()):
        return Slot(period, Stage.ISSUED)
    if period.code in made.drafts.get(period.kind, ()):
        return Slot(period, Stage.DRAFT)
    if period.ends_on >= today:
        return Slot(period, Stage.TO_COME)
    if any(period.holds(day) for day in made.measured):
        return Slot(period, Stage.MISSING)
    is_before = made.adopted_on is None or period.ends_on < made.adopted_on
    return Slot(period, Stage.BEFORE if is_before else Stage.UNMEASURED)


def _published(period: Period, published_on: date, meetings: Collection[date]) -> Slot:
    if period.kind is Kind.MONTHLY:
        return Slot(period, Stage.COMPLETE, published_on)
    told = told_on(published_on, meetings)
    return Slot(period, Stage.PUBLISHED if told is None else Stage.SOCIALISED, published_on, told)


def told_on(published_on: date, meetings: Collection[date]) -> date | None:
    """The first meeting that could tell of what was published on a day: that day or later (REP-03, LC-02)."""
    return min((day for day in meetings if day >= published_on), default=None)
