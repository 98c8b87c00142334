"""The assistance log: what each kind asks for, and how it is corrected (rules GP-05, GP-06)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from pes.rules.problems import Problem
from pes.rules.territory import FIRST_YEAR, YEARS_OF_GOVERNMENT

RULE = "GP-06"
MOST_MINUTES = 1440
MOST_PEOPLE = 5000
DECEMBER = 12


class Kind(StrEnum):
    """How an entity was assisted; calls and quick questions count too, they are the day-to-day (GP-06, question 10)."""

    IN_PERSON = "in_person"
    VIRTUAL = "virtual"
    CALL = "call"
    QUESTION = "question"
    WORKSHOP = "workshop"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _LABELS[self.value]

    @property
    def is_meeting(self) -> bool:
        """Whether people came together, so that they are counted."""
        return self in (Kind.IN_PERSON, Kind.VIRTUAL, Kind.WORKSHOP)


_LABELS = {
    "in_person": "Presencial",
    "virtual": "Virtual",
    "call": "Llamada",
    "question": "Duda rápida",
    "workshop": "Taller",
}


def month_after(month: date) -> date:
    """The first day of the month that follows."""
    return date(month.year + month.month // DECEMBER, month.month % DECEMBER + 1, 1)


def month_before(month: date) -> date:
    """The first day of the month before, given any day of a month."""
    return date(month.year - (month.month == 1), (month.month - 2) % DECEMBER + 1, 1)


def first_day(*, assigned: date | None, first_year: int | None, today: date) -> date:
    """The first day that the log of an entity takes: when it began to be accompanied.

    `assigned` is the first day that anybody advised it, `first_year` the year in which its first road's government
    began; the earlier one counts, because both may be written down late. Without either, the government of today, which
    takes office in a leap year.
    """
    known = [assigned] if assigned is not None else []
    if first_year is not None:
        known.append(date(first_year, 1, 1))
    since = min(known, default=date(today.year - today.year % YEARS_OF_GOVERNMENT, 1, 1))
    return max(since, date(FIRST_YEAR, 1, 1))


def assistance_problems(
    *,
    kind: str,
    held_on: date,
    begins: date,
    today: date,
    theme: str,
    hitos: int,
    minutes: int | None,
    participants: int | None,
    summary: str,
) -> Iterator[Problem]:
    """What keeps an assistance from being logged: `minutes` of duration, `hitos` it was about.

    `begins` is the first day that the log of the entity takes (`first_day`).
    A quick question only asks what it was about and what was answered.
    """
    if held_on > today:
        yield _problem("date_in_future", "Esa fecha todavía no llega.", "Escriba el día en que se hizo.")
    if held_on < begins:
        message = f"Es de antes de acompañar a esta entidad, desde el {begins:%d/%m/%Y}."
        yield _problem("date_too_early", message, "Revise el año, o registre desde cuándo se la asesora.")
    if not theme and not hitos:
        yield _problem("theme_missing", "Falta de qué se trató.", "Elija un hito o escriba el tema.")
    if not summary:
        yield _problem("summary_missing", "Falta qué se hizo.", "Escríbalo en una frase.")
    if kind != Kind.QUESTION and minutes is None:
        yield _problem("minutes_missing", "Falta cuánto duró.", "Escriba los minutos.")
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        yield _problem("minutes_not_valid", f"{minutes} minutos no es una duración.", "Escriba de 1 a 1.440 minutos.")
    if Kind(kind).is_meeting and participants is None:
        yield _problem("participants_missing", "Falta cuántas personas participaron.", "Cuente a las de la entidad.")
    if participants is not None and not 1 <= participants <= MOST_PEOPLE:
        yield _problem("participants_not_valid", "Ese número de participantes no es posible.", "Escriba de 1 a 5.000.")


def correction_problems(
    *, is_corrected: bool, is_void: bool, reason: str, is_own: bool, coordinates: bool
) -> Iterator[Problem]:
    """What keeps an assistance from being corrected: once, by whoever logged it or coordinates, saying why."""
    if is_corrected or is_void:
        message = "Otra fila ya la corrigió." if is_corrected else "Esta fila anula otra."
        yield Problem("corrected_already", "WF1", message, fix="Corrija la última.")
    if not reason:
        yield _problem("reason_missing", "Falta el motivo de la corrección.", "Escriba qué estaba mal.")
    if not is_own and not coordinates:
        yield _problem("not_own", "La registró otra persona.", "La corrige quien la registró o quien coordina.")


def _problem(code: str, message: str, fix: str) -> Problem:
    return Problem(code, RULE, message, fix=fix)
