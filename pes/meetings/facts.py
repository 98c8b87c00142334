"""What is written of a meeting, as the audit keeps it, as edits compare it and as its closing seals it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from pes import audit
from pes.models import OrganizationUnit, TechnicalWorkshop
from pes.rules.technical_workshops import AgendaPoint, MeetingKind, MeetingMethod, MeetingPurpose
from pes.rules.workshops import Attendee

OTHERS = "Otros"


@dataclass(frozen=True)
class Schedule:
    """When, where, with whom and about what a meeting is to be; blank where it does not apply."""

    purpose: str
    kind: str
    method: str
    topic: str
    aim: str
    on: date
    starts: time
    ends: time
    place: str
    link: str
    event: str
    event_name: str
    entities: Sequence[OrganizationUnit]
    agenda: Sequence[AgendaPoint]

    def facts(self) -> dict[str, Any]:
        """What the audit keeps of it."""
        return {
            "purpose": MeetingPurpose(self.purpose).label,
            "kind": MeetingKind(self.kind).label if self.kind else "",
            "method": MeetingMethod(self.method).label if self.method else "",
            "topic": self.topic.strip(),
            "aim": plain(self.aim),
            "on": self.on.isoformat(),
            "hours": f"{self.starts:%H:%M}-{self.ends:%H:%M}",
            "place": self.place.strip(),
            "link": self.link.strip(),
            "event": " ".join(part for part in (self.event, self.event_name.strip()) if part),
            "entities": sorted(one.code for one in self.entities),
            "agenda": [str(point) for point in self.agenda],
        }


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody who was there, for an entity of the sector or, without one, from outside it."""

    entity: OrganizationUnit | None
    person: Attendee

    def __str__(self) -> str:
        return f"{self.entity.short_name if self.entity else OTHERS}: {self.person}"


@dataclass(frozen=True)
class Minutes:
    """What was said: text by number of agenda point, decisions in order, observations as theme and text."""

    points: dict[int, str]
    decisions: Sequence[str]
    observations: Sequence[tuple[str, str]]

    def facts(self) -> dict[str, Any]:
        """What the audit keeps of it."""
        return {
            "point": {str(number): plain(text) for number, text in sorted(self.points.items())},
            "decisions": list(self.decisions),
            "observations": [f"{theme}; {text}" for theme, text in self.observations],
        }


def plain(text: str) -> str:
    """Prose with one kind of line break, as it is stored."""
    return "\n".join(text.splitlines()).strip()


def what_it_is(meeting: TechnicalWorkshop) -> str:
    """«Mesa técnica · Directivos: grupo focal», or the purpose alone."""
    name = str(meeting.get_purpose_display())
    if not meeting.kind:
        return name
    method = meeting.get_method_display().lower()
    return f"Mesa técnica · {meeting.get_kind_display()}: {method}"


def schedule_of(meeting: TechnicalWorkshop) -> Schedule:
    """What a stored meeting says of itself."""
    agenda = [AgendaPoint(item.starts, item.ends, item.topic) for item in meeting.agenda.all()]
    named = (
        "purpose",
        "kind",
        "method",
        "topic",
        "aim",
        "on",
        "starts",
        "ends",
        "place",
        "link",
        "event",
        "event_name",
    )
    told = {name: getattr(meeting, name) for name in named}
    return Schedule(**told, entities=list(meeting.entities.all()), agenda=agenda)


def presences_of(meeting: TechnicalWorkshop) -> list[Presence]:
    """Who was there, as it is stored."""
    rows = meeting.attendees.select_related("entity").order_by("pk")
    return [Presence(row.entity, Attendee(row.name, row.position)) for row in rows]


def attendance_facts(presences: Sequence[Presence]) -> dict[str, Any]:
    """Who was there, as the audit keeps it."""
    return {"attendees": sorted(str(one) for one in presences)}


def minutes_of(meeting: TechnicalWorkshop) -> Minutes:
    """What is written of a stored meeting."""
    return Minutes(
        {item.number: item.minutes for item in meeting.agenda.all()},
        [one.text for one in meeting.decisions.all()],
        [(one.theme, one.text) for one in meeting.observations.all()],
    )


def seal_of(meeting: TechnicalWorkshop) -> str:
    """SHA-256 of everything that the minutes say, commitments as they were agreed included."""
    agreed = [
        [row.number, row.text, row.owner_name, row.agreed_due_on.isoformat()]
        for row in meeting.commitments.select_related("owner", "owner_entity").order_by("number")
    ]
    said = [
        schedule_of(meeting).facts(),
        attendance_facts(presences_of(meeting)),
        minutes_of(meeting).facts(),
        agreed,
    ]
    return hashlib.sha256(audit.canonical(said)).hexdigest()
