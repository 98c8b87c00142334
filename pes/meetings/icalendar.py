"""The invitation as an iCalendar file (RFC 5545), for the calendar that each person uses."""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.conf import settings
from django.utils import timezone

from pes.models import TechnicalWorkshop

_WIDTH = 70  # bytes of a line before it is folded; the norm allows 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def icalendar_of(meeting: TechnicalWorkshop) -> bytes:
    """One event; its identity is the meeting's, so that a later file replaces it."""
    stamp = meeting.convened_at or meeting.registered_at
    where = ", ".join(part for part in (meeting.place, meeting.link) if part)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//PES//Mesas//ES",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:mesa-{meeting.pk}@pes",
        f"SEQUENCE:{int(stamp.timestamp())}",
        f"DTSTAMP:{_instant(stamp)}",
        f"DTSTART:{_instant(_at(meeting, meeting.starts))}",
        f"DTEND:{_instant(_at(meeting, meeting.ends))}",
        f"SUMMARY:{_text(meeting.topic)}",
        f"DESCRIPTION:{_text(_description(meeting))}",
        f"LOCATION:{_text(where)}",
        f"STATUS:{'CANCELLED' if meeting.cancelled_reason else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _description(meeting: TechnicalWorkshop) -> str:
    agenda = [f"{item.starts:%H:%M} {item.topic}" for item in meeting.agenda.all()]
    address = f"{settings.PES_BASE_URL.rstrip('/')}{meeting.get_absolute_url()}" if settings.PES_BASE_URL else ""
    return "\n".join(line for line in (meeting.aim, *agenda, address) if line)


def _at(meeting: TechnicalWorkshop, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(meeting.on, hour))


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    return words.translate(_ESCAPED)


def _folded(line: str) -> str:
    """A long line goes on after a line break and a space, never in the middle of a character."""
    parts, part = [], ""
    for char in line:
        if len((part + char).encode()) > _WIDTH:
            parts.append(part)
            part = ""
        part += char
    return "\r\n ".join([*parts, part])
