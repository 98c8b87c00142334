"""What a mesa de trabajo must say to count as held (PLE-PIN-P005 v8, act. 2; guard of SM-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pes.rules.problems import Problem

PERSON_LENGTH = 150  # characters of a name, and of a position
MOST_PEOPLE = 300
_EXPECTED = "Escriba «nombre; cargo», una persona por línea."


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who was there: the name may be kept back, the position never."""

    name: str
    position: str

    def __str__(self) -> str:
        return f"{self.name}; {self.position}"


def read_attendance(text: str) -> list[Attendee]:
    """The people of a text with one line each: «nombre; cargo», or two cells pasted from a spreadsheet.

    A line without separator has no position; `attendance_problems` says so.
    """
    found = []
    for line in text.splitlines():
        name, _, position = line.partition(";" if ";" in line else "\t")
        if line.strip():
            found.append(Attendee(" ".join(name.split()), " ".join(position.split())))
    return found


def attendance_problems(people: Sequence[Attendee]) -> Iterator[Problem]:
    """What is wrong with a list of attendance, each person by their place in it (from 1)."""
    if not people:
        yield Problem("attendance_missing", "SM-1", "Falta la asistencia.", fix=_EXPECTED)
    if len(people) > MOST_PEOPLE:
        message = f"La lista tiene {len(people)} personas; caben {MOST_PEOPLE}."
        yield Problem("attendance_too_long", "SM-1", message, fix="Registre una mesa por cada grupo.")
    places: dict[Attendee, int] = {}
    for place, person in enumerate(people[:MOST_PEOPLE], 1):
        yield from _person_problems(place, person)
        first = places.setdefault(person, place)
        if person.name and first != place:
            message = f"La persona {place} repite la {first}: «{person.name}»."
            yield Problem("attendee_repeated", "SM-1", message, fix="Quite una de las dos.")


def day_problems(held_on: date, today: date) -> Iterator[Problem]:
    """What is wrong with the day: it has to have come."""
    if held_on > today:
        message = "La mesa todavía no se ha celebrado: su fecha está por llegar."
        yield Problem("workshop_in_future", "SM-1", message, fix="Escriba el día en que se celebró.")


def content_problems(*, topic: str, minutes: str, unit_count: int) -> Iterator[Problem]:
    """What a mesa lacks to be of use as evidence: what about, what was agreed, who took part."""
    if not topic.strip():
        yield Problem("topic_missing", "SM-1", "Falta el asunto.", fix="Escriba de qué se trató.")
    if not minutes.strip():
        yield Problem("minutes_missing", "SM-1", "Falta el acta.", fix="Escriba qué se trató y qué se acordó.")
    if not unit_count:
        message = "Ninguna unidad participó."
        yield Problem("workshop_without_units", "SM-1", message, fix="Marque los procesos o alcaldías que asistieron.")


def outsiders_problems(names: Iterable[str], entity: str) -> Iterator[Problem]:
    """Units, by name, that are not processes or alcaldías of the entity that met."""
    for name in names:
        message = f"«{name}» no es un proceso ni una alcaldía de «{entity}»."
        yield Problem("unit_of_other_entity", "SM-1", message, fix="Registre la mesa en la entidad de esa unidad.")


def _person_problems(place: int, person: Attendee) -> Iterator[Problem]:
    if not person.position:
        message = f"Persona {place}: falta el cargo{f' de «{person.name}»' if person.name else ''}."
        yield Problem("position_missing", "SM-1", message, fix=_EXPECTED)
    for what, text in (("el nombre", person.name), ("el cargo", person.position)):
        if len(text) > PERSON_LENGTH:
            message = f"Persona {place}: {what} tiene {len(text)} letras; caben {PERSON_LENGTH}."
            yield Problem("attendee_too_long", "SM-1", message, fix="Abrévielo.")
