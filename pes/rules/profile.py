"""What the framework, the diagnosis and the action plan of a PES must say to be kept (LC-07, REF-01, phase 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pes.rules.problems import Problem
from pes.rules.resources import amount_problems
from pes.rules.spoken import spoken_day


class Standing(StrEnum):
    """How an act, and what it says, stands on a day (REF-01)."""

    IN_FORCE = "in_force"
    AHEAD = "ahead"
    ENDED = "ended"
    REPEALED = "repealed"
    UNDATED = "undated"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _STANDINGS[self]


_STANDINGS = {
    Standing.IN_FORCE: "Vigente",
    Standing.AHEAD: "Por empezar",
    Standing.ENDED: "Terminado",
    Standing.REPEALED: "Derogado",
    Standing.UNDATED: "Sin vigencia registrada",
}


@dataclass(frozen=True, slots=True)
class Validity:
    """The act that says something and the days between which it is in force; both days count whole."""

    act: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    repealed_by: str = ""

    def standing(self, day: date) -> Standing:
        """How it stands on a day."""
        if self.repealed_by and (self.valid_until is None or self.valid_until < day):
            return Standing.REPEALED
        if self.valid_until is not None and self.valid_until < day:
            return Standing.ENDED
        if self.valid_from is None:
            return Standing.UNDATED
        return Standing.AHEAD if self.valid_from > day else Standing.IN_FORCE

    def overlaps(self, other: Validity) -> bool:
        """Whether both are in force on some same day; a day that is not known sets no limit."""
        begins = self.valid_from or date.min, other.valid_from or date.min
        ends = self.valid_until or date.max, other.valid_until or date.max
        return max(begins) <= min(ends)


def validity_problems(said: Validity) -> Iterator[Problem]:
    """What is wrong with the act behind a statement (REF-01)."""
    if not said.act and (said.valid_from or said.valid_until or said.repealed_by):
        message = "Hay fechas de vigencia, pero falta el acto."
        yield Problem("act_missing", "REF-01", message, fix="Escriba el acto: tipo, número y fecha.")
    if said.valid_from and said.valid_until and said.valid_until < said.valid_from:
        message = "El último día de vigencia es anterior al primero."
        yield Problem("validity_backwards", "REF-01", message, fix="Corrija una de las dos fechas.")
    if said.repealed_by and said.valid_until is None:
        message = f"No se sabe hasta qué día rigió lo que derogó «{said.repealed_by}»."
        fix = "Si lo conoce, escriba el último día en que estuvo vigente."
        yield Problem("repeal_without_day", "REF-01", message, blocking=False, fix=fix)
    if said.repealed_by and said.repealed_by == said.act:
        message = "Un acto no se deroga a sí mismo."
        yield Problem("repealed_by_itself", "REF-01", message, fix="Escriba el acto posterior que lo derogó.")


def sole_problems(what: str, said: Validity, others: Iterable[Validity]) -> Iterator[Problem]:
    """A sector has one mission, and one vision, on any day."""
    clash = next((other for other in others if said.overlaps(other)), None)
    if clash is not None:
        named = f" ({clash.act})" if clash.act else ""
        message = f"Ya hay otra {what} para esos días{named}."
        yield Problem("statement_not_alone", "LC-07", message, fix="Termine la otra antes de que esta empiece.")


def outsider_problems(sector: str, unit: str, is_ours: bool) -> Iterator[Problem]:
    """What belongs to an entity belongs to one of the sector of the PES."""
    if not is_ours:
        message = f"«{unit}» no es una entidad del sector {sector}."
        yield Problem("outsider", "LC-07", message, fix="Elija una entidad del sector.")


def linked_problems(strangers: Iterable[str]) -> Iterator[Problem]:
    """What is linked is of the same PES."""
    for name in strangers:
        message = f"«{name}» es de otro plan estratégico sectorial."
        yield Problem("linked_elsewhere", "LC-07", message, fix="Elija los de este PES.")


def horizon_problems(first: int | None, last: int | None) -> Iterator[Problem]:
    """The years of a policy are in order."""
    if first is not None and last is not None and last < first:
        message = f"El horizonte terminaría en {last}, antes de empezar en {first}."
        yield Problem("horizon_backwards", "LC-07", message, fix="Corrija uno de los dos años.")


@dataclass(frozen=True, slots=True)
class Activity:
    """The days of an activity of the action plan, `done_on` only when it is done, and its pesos of the vigencia."""

    vigencia: int
    starts_on: date
    ends_on: date
    is_done: bool
    done_on: date | None
    is_cancelled: bool = False
    amount: Decimal | None = None

    def is_late(self, today: date) -> bool:
        """Whether it should be over and is not."""
        return not self.is_done and not self.is_cancelled and self.ends_on < today


def activity_problems(said: Activity, today: date) -> Iterator[Problem]:
    """What is wrong with the days and the pesos of an activity (F4.P1)."""
    if said.ends_on < said.starts_on:
        message = "La actividad terminaría antes de empezar."
        yield Problem("activity_backwards", "LC-01", message, fix="Corrija una de las dos fechas.")
    elif not said.starts_on.year <= said.vigencia <= said.ends_on.year:
        message = f"Ninguno de sus días es de la vigencia {said.vigencia}."
        yield Problem(
            "activity_outside", "LC-01", message, fix="El plan de acción es de la vigencia: corrija las fechas."
        )
    elif said.starts_on.year < said.vigencia - 1 or said.ends_on.year > said.vigencia + 1:
        message = f"Va del {spoken_day(said.starts_on)} al {spoken_day(said.ends_on)}, lejos de la vigencia."
        fix = f"Escriba días de {said.vigencia}, o a lo sumo del año anterior o del siguiente."
        yield Problem("activity_far_away", "LC-01", message, fix=fix)
    if said.amount is not None:
        yield from amount_problems("valor", said.amount)
    yield from _done_problems(said, today)


def _done_problems(said: Activity, today: date) -> Iterator[Problem]:
    if said.is_done and said.done_on is None:
        message = "Falta el día en que se cumplió."
        yield Problem("done_without_day", "LC-01", message, fix="Escriba la fecha en que se entregó el producto.")
    if not said.is_done and said.done_on is not None:
        message = "Tiene fecha de cumplimiento y no está cumplida."
        yield Problem("day_without_done", "LC-01", message, fix="Márquela «Cumplida» o borre la fecha.")
    elif said.done_on is not None and said.done_on.year < said.vigencia - 1:
        message = f"El {spoken_day(said.done_on)} queda lejos de la vigencia {said.vigencia}."
        yield Problem("done_far_away", "LC-01", message, fix="Escriba el día en que se cumplió.")
    if said.done_on is not None and said.done_on > today:
        message = "El día en que se cumplió está por llegar."
        yield Problem("done_in_future", "LC-01", message, fix="Escriba el día en que se cumplió: hoy o antes.")
