"""Verbs of the mesas de trabajo: register one, correct it with a reason (PLE-PIN-P005 v8, act. 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.models import OrganizationUnit, UnitKind, User, Vigencia, Workshop, WorkshopAttendee
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.workshops import Attendee, attendance_problems, content_problems, day_problems, outsiders_problems

REGISTER = Permission.WORKSHOP_REGISTER
UNIT_KINDS = (UnitKind.PROCESS, UnitKind.ALCALDIA_LOCAL)
_TWICE = "Ya hay una mesa de ese día con ese asunto, para la misma vigencia."


@dataclass(frozen=True)
class Meeting:
    """What is written down of a mesa de trabajo; the vigencia is that of the plans it prepared."""

    vigencia: Vigencia
    held_on: date
    topic: str
    units: Sequence[OrganizationUnit]
    attendees: Sequence[Attendee]
    minutes: str

    def facts(self) -> dict[str, Any]:
        """What the audit keeps of it."""
        return {
            "vigencia": self.vigencia.pk,
            "held_on": self.held_on.isoformat(),
            "topic": self.topic.strip(),
            "units": sorted(unit.code for unit in self.units),
            "attendees": [str(person) for person in self.attendees],
            "minutes": plain(self.minutes),
        }


@once(_TWICE)
def register_workshop(entity: OrganizationUnit, meeting: Meeting, *, by: User) -> Workshop:
    """Enter a mesa de trabajo of an entity; sent twice in every word by the same person, it is the first one (WF1).

    Raises PermissionDenied, or Refused: still to come, without units of the entity, attendance or minutes, or another
    one of that day has the same topic.
    """
    demand(by, REGISTER, entity)
    OrganizationUnit.objects.select_for_update(no_key=True).get(pk=entity.pk)
    refuse_if_any(_problems(entity, meeting))
    same = _same_day_and_topic(entity, meeting).first()
    if same is not None:
        if same.registered_by_id == by.pk and workshop_facts(same) == meeting.facts():
            return same
        raise Refused([_repeated()])
    workshop = Workshop(entity=entity, registered_by=by, registered_at=timezone.now())
    _write(workshop, meeting)
    audit.record("workshop_registered", workshop, by=by, after={"entity": entity.code} | meeting.facts())
    return workshop


@once(_TWICE)
def correct_workshop(workshop: Workshop, meeting: Meeting, *, reason: str, read: str, by: User) -> bool:
    """Correct what was written down, with why; the entity stays. False when nothing changed.

    `read` is the fingerprint of the facts that the person was editing. Raises like `register_workshop`.
    """
    demand(by, REGISTER, workshop)
    held = Workshop.objects.select_for_update(no_key=True, of=("self",)).select_related("entity", "vigencia")
    workshop = held.get(pk=workshop.pk)
    before, after = workshop_facts(workshop), meeting.facts()
    refuse_if_stale(before, read)
    if after == before:
        return False
    refuse_if_any(_problems(workshop.entity, meeting))
    if _same_day_and_topic(workshop.entity, meeting).exclude(pk=workshop.pk).exists():
        raise Refused([_repeated()])
    _write(workshop, meeting)
    old, new = audit.differences(before, after)
    audit.record("workshop_corrected", workshop, by=by, before=old, after=new, reason=reason)
    return True


def units_of(entity: OrganizationUnit) -> Any:
    """The processes and alcaldías that may take part in a mesa of an entity."""
    found = OrganizationUnit.objects.filter(parent=entity, kind__in=UNIT_KINDS)
    return found.order_by("-kind", "sort_key", "code")


def workshop_facts(workshop: Workshop) -> dict[str, Any]:
    """What a stored mesa says, named as `Meeting.facts` names it."""
    people = [Attendee(one.name, one.position) for one in workshop.attendees.all()]
    units = list(workshop.units.all())
    stored = Meeting(workshop.vigencia, workshop.held_on, workshop.topic, units, people, workshop.minutes)
    return stored.facts()


def plain(text: str) -> str:
    """Prose with one kind of line break, as it is stored: a browser sends two characters, a command one."""
    return "\n".join(text.splitlines()).strip()


def _problems(entity: OrganizationUnit, meeting: Meeting) -> Iterable[Problem]:
    yield from day_problems(meeting.held_on, timezone.localdate())
    yield from content_problems(topic=meeting.topic, minutes=meeting.minutes, unit_count=len(meeting.units))
    yield from attendance_problems(meeting.attendees)
    strangers = (unit.name for unit in meeting.units if unit.parent_id != entity.pk or unit.kind not in UNIT_KINDS)
    yield from outsiders_problems(strangers, entity.name)


def _same_day_and_topic(entity: OrganizationUnit, meeting: Meeting) -> Any:
    topic = meeting.topic.strip()
    return Workshop.objects.filter(
        entity=entity, vigencia=meeting.vigencia, held_on=meeting.held_on, topic=topic
    ).select_related("vigencia")


def _repeated() -> Problem:
    fix = "Si fue otra, distíngala en el asunto, por ejemplo con la hora o la unidad; si es la misma, corríjala."
    return Problem("workshop_repeated", "WF1", _TWICE, fix=fix)


def _write(workshop: Workshop, meeting: Meeting) -> None:
    workshop.vigencia, workshop.held_on, workshop.topic = meeting.vigencia, meeting.held_on, meeting.topic.strip()
    workshop.minutes = plain(meeting.minutes)
    workshop.save()
    workshop.units.set(meeting.units)
    workshop.attendees.all().delete()
    people = [WorkshopAttendee(workshop=workshop, name=p.name, position=p.position) for p in meeting.attendees]
    WorkshopAttendee.objects.bulk_create(people)
