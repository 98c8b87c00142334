"""Periods of the reports of a sector: how they are written, when they are due, which cut-off they show (REP-01…03).

A period is due when it has ended and holds at least one measurement. Its report shows the last cut-off *inside* the
period: a semester without measurements of its own has nothing to say, and is not filled with the figures of the one
before. A report may be drafted before its period ends; only an ended one may be issued.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pes.rules.problems import Problem

MONTHS = ("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre").split()
HALVES = ("primer", "segundo")
_MONTHLY = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_SEMIANNUAL = re.compile(r"([0-9]{4})-S([12])")
_ANNUAL = re.compile(r"([0-9]{4})")


class Kind(StrEnum):
    """The periodic reports of a sector."""

    MONTHLY = "monthly"
    SEMIANNUAL = "semiannual"
    ANNUAL = "annual"


_FORMS = {
    Kind.MONTHLY: (_MONTHLY, "AAAA-MM, por ejemplo 2022-03"),
    Kind.SEMIANNUAL: (_SEMIANNUAL, "AAAA-S1 o AAAA-S2, por ejemplo 2022-S1"),
    Kind.ANNUAL: (_ANNUAL, "AAAA, por ejemplo 2022"),
}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month, a semester or a vigencia; `number` is the month or the semester, 1 for a vigencia."""

    vigencia: int
    number: int
    kind: Kind

    @property
    def code(self) -> str:
        """`2022-03`, `2022-S1` or `2022`: how it is stored and typed."""
        if self.kind is Kind.MONTHLY:
            return f"{self.vigencia}-{self.number:02}"
        return f"{self.vigencia}-S{self.number}" if self.kind is Kind.SEMIANNUAL else str(self.vigencia)

    @property
    def label(self) -> str:
        """«marzo de 2022», «primer semestre de 2022», «vigencia 2022»."""
        if self.kind is Kind.MONTHLY:
            return f"{MONTHS[self.number - 1]} de {self.vigencia}"
        if self.kind is Kind.SEMIANNUAL:
            return f"{HALVES[self.number - 1]} semestre de {self.vigencia}"
        return f"vigencia {self.vigencia}"

    @property
    def starts_on(self) -> date:
        """Its first day."""
        months = {Kind.MONTHLY: self.number, Kind.SEMIANNUAL: 6 * self.number - 5, Kind.ANNUAL: 1}
        return date(self.vigencia, months[self.kind], 1)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        month = {Kind.MONTHLY: self.number, Kind.SEMIANNUAL: 6 * self.number, Kind.ANNUAL: 12}[self.kind]
        return date(self.vigencia, month, monthrange(self.vigencia, month)[1])

    def holds(self, day: date) -> bool:
        """Whether a day lies inside it."""
        return self.starts_on <= day <= self.ends_on


class PeriodError(ValueError):
    """A text that is not a period of its kind; `problem` says what is expected."""

    def __init__(self, kind: Kind, text: str) -> None:
        expected = _FORMS[kind][1]
        self.problem = Problem(
            "period_invalid", "REP-01", f"«{text[:20]}» no es un periodo.", fix=f"Escriba {expected}."
        )
        super().__init__(f"{self.problem.message} {self.problem.fix}")


def parse_period(kind: str, text: str) -> Period:
    """The period that a text names. Raises PeriodError; ValueError if there is no such kind."""
    of = Kind(kind)
    found = _FORMS[of][0].fullmatch(text.strip().upper())
    if not found or not 1990 <= int(found[1]) <= 2100:
        raise PeriodError(of, text)
    return Period(int(found[1]), int(found[2]) if found.lastindex == 2 else 1, of)


def period_of(kind: str, day: date) -> Period:
    """The period of a kind in which a day lies."""
    of = Kind(kind)
    number = {Kind.MONTHLY: day.month, Kind.SEMIANNUAL: (day.month + 5) // 6, Kind.ANNUAL: 1}[of]
    return Period(day.year, number, of)


def measured_periods(kind: str, dates: Iterable[date]) -> list[Period]:
    """The periods that hold a measurement, in order, from the dates of all measurements."""
    return sorted({period_of(kind, day) for day in dates})


def due_periods(kind: str, dates: Iterable[date], today: date) -> list[Period]:
    """The periods that have ended and hold a measurement, in order."""
    return [period for period in measured_periods(kind, dates) if period.ends_on < today]


def cutoff_of(period: Period, dates: Iterable[date]) -> date | None:
    """The cut-off that the report of a period shows: the last one inside it."""
    return max((day for day in dates if period.holds(day)), default=None)


def draft_problems(period: Period, dates: Iterable[date], vigencias: range) -> list[Problem]:
    """Problems of making a draft of a period; `vigencias` are the plan's own."""
    if period.vigencia not in vigencias:
        message = f"El plan no cubre la vigencia {period.vigencia}."
        return [
            Problem(
                "outside_plan", "PES-06", message, fix=f"Elija una vigencia entre {vigencias[0]} y {vigencias[-1]}."
            )
        ]
    if cutoff_of(period, dates) is None:
        message = f"No hay mediciones en {period.label}."
        return [Problem("nothing_measured", "REP-01", message, fix="Registre una medición del periodo o elija otro.")]
    return []


def issue_problems(period: Period, *, today: date, consolidated: bool, editions: int, reason: str) -> list[Problem]:
    """Problems of issuing a report; `consolidated` says it of the cut-off, `editions` counts those issued before."""
    problems = []
    if period.ends_on >= today:
        message = f"El periodo {period.label} todavía no termina."
        problems.append(
            Problem("period_not_ended", "REP-01", message, fix=f"Emítalo después del {period.ends_on:%Y-%m-%d}.")
        )
    if not consolidated:
        message = "El corte del informe no está consolidado."
        problems.append(Problem("cutoff_open", "REP-04", message, fix="Consolide el corte y vuelva a intentarlo."))
    if editions and not reason.strip():
        message = f"Ya se emitió la edición {editions}; otra edición la corrige y exige un motivo."
        problems.append(Problem("reason_missing", "WF18", message, fix="Escriba qué se corrige y por qué."))
    return problems
