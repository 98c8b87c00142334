"""Makers of meetings of a PES: each walks the real verbs."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from pes.edits import fingerprint
from pes.meetings.facts import Minutes, Presence, Schedule, attendance_facts, minutes_of
from pes.meetings.minutes import close_minutes, record_attendance, write_minutes
from pes.meetings.scheduling import schedule_meeting
from pes.models import OrganizationUnit, SectorPlan, TechnicalWorkshop
from pes.rules.technical_workshops import AgendaPoint
from pes.rules.workshops import Attendee
from tests.people import Cast

LAST_MONTH = date(2026, 2, 10)
AGENDA = (
    AgendaPoint(time(8), time(9), "Marco estratégico"),
    AgendaPoint(time(9), time(10), "Articulación de las entidades"),
)


def programme(them: Cast, **changes: Any) -> Schedule:
    """A mesa técnica with the technical teams of both entities, unless said otherwise."""
    said: dict[str, Any] = {
        "purpose": "technical", "kind": "equipo_tecnico", "method": "working_table", "topic": "Marco estratégico",
        "aim": "Validar el marco.", "on": LAST_MONTH, "starts": time(8), "ends": time(10), "place": "Sala 1",
        "link": "", "event": "", "event_name": "", "entities": [them.head, them.second_entity], "agenda": AGENDA,
    }  # fmt: skip
    return Schedule(**said | changes)


def presence(entity: OrganizationUnit | None, name: str = "Pilar Promotora", position: str = "Profesional") -> Presence:
    """Somebody who came."""
    return Presence(entity, Attendee(name, position))


def held(plan: SectorPlan, them: Cast, came: list[OrganizationUnit] | None = None, **changes: Any) -> TechnicalWorkshop:
    """A meeting that took place, with its minutes to be written."""
    made = schedule_meeting(plan, programme(them, **changes), by=them.ana)
    there = [presence(one, f"Persona de {one.short_name}") for one in came or [them.head]]
    record_attendance(made, there, read=fingerprint(attendance_facts([])), by=them.ana)
    made.refresh_from_db()
    return made


def whole_meeting(plan: SectorPlan, them: Cast, **changes: Any) -> TechnicalWorkshop:
    """A meeting whose minutes are closed."""
    made = held(plan, them, **changes)
    points = {item.number: "Se trató y se acordó." for item in made.agenda.all()}
    read = fingerprint(minutes_of(made).facts())
    write_minutes(made, Minutes(points, ["Se adopta lo propuesto."], []), read=read, by=them.ana)
    close_minutes(made, by=them.ana)
    made.refresh_from_db()
    return made
