"""A meeting is held, its minutes are written and closed; closed ones change only by dated addenda (LC-03)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.edits import refuse_if_stale
from pes.files.stored import keep
from pes.meetings.facts import Minutes, Presence, attendance_facts, minutes_of, plain, presences_of, seal_of
from pes.meetings.moves import begin, move
from pes.meetings.tasks import make_files
from pes.models import (
    AgendaItem,
    FieldObservation,
    MeetingAttendee,
    MeetingDecision,
    MeetingFile,
    MinuteAddendum,
    TechnicalWorkshop,
    UnitKind,
    User,
)
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.technical_workshops import RULE, MeetingStatus, closing_problems, holding_problems, is_in_field
from pes.rules.workshops import attendance_problems

HELD = (MeetingStatus.HELD,)
ATTENDING = (MeetingStatus.SCHEDULED, MeetingStatus.HELD)
TAKING_FILES = (MeetingStatus.SCHEDULED, MeetingStatus.HELD, MeetingStatus.CLOSED)


@transaction.atomic
def record_attendance(
    meeting: TechnicalWorkshop, presences: Sequence[Presence], *, read: str, by: User, now: datetime | None = None
) -> bool:
    """Write down who came: the meeting is then held; until its minutes close the list can be corrected.

    `read` is the fingerprint of the list that the person was editing. False when nothing changed. Raises
    PermissionDenied, StaleEdit, or Refused: still to come, nobody, a position missing, an entity of another sector.
    """
    held, instant = begin(meeting, ATTENDING, "registrar su asistencia", by=by), now or timezone.now()
    before, after = attendance_facts(presences_of(held)), attendance_facts(presences)
    refuse_if_stale(before, read)
    if before == after and held.status == MeetingStatus.HELD:
        return False
    refuse_if_any(_attendance_findings(held, presences, instant))
    held.attendees.all().delete()
    MeetingAttendee.objects.bulk_create(
        MeetingAttendee(meeting=held, entity=one.entity, name=one.person.name, position=one.person.position)
        for one in presences
    )
    if held.status == MeetingStatus.SCHEDULED:
        move(held, "hold", held_by=by, held_at=instant)
        audit.record("meeting_held", held, by=by, after={"meeting": str(held)} | after)
    else:
        audit.record("meeting_attendance_corrected", held, by=by, before=before, after=after)
    return True


@transaction.atomic
def write_minutes(meeting: TechnicalWorkshop, minutes: Minutes, *, read: str, by: User) -> bool:
    """Write what was said, decided and observed of a meeting that was held. False when nothing changed.

    Raises PermissionDenied, StaleEdit, or Refused: not held, minutes closed.
    """
    held = begin(meeting, HELD, "escribir su acta", by=by)
    before, after = minutes_of(held).facts(), minutes.facts()
    refuse_if_stale(before, read)
    if before == after:
        return False
    for item in held.agenda.all():
        AgendaItem.objects.filter(pk=item.pk).update(minutes=plain(minutes.points.get(item.number, "")))
    held.decisions.all().delete()
    MeetingDecision.objects.bulk_create(
        MeetingDecision(meeting=held, number=number, text=text) for number, text in enumerate(minutes.decisions, 1)
    )
    held.observations.all().delete()
    FieldObservation.objects.bulk_create(
        FieldObservation(meeting=held, number=number, theme=theme, text=text)
        for number, (theme, text) in enumerate(minutes.observations, 1)
    )
    old, new = audit.differences(before, after)
    audit.record("minutes_written", held, by=by, before=old, after=new)
    return True


@transaction.atomic
def close_minutes(meeting: TechnicalWorkshop, *, by: User, now: datetime | None = None) -> str:
    """Close the minutes for good, have their files made, and return the SHA-256 of what they say.

    Raises PermissionDenied or Refused.
    """
    held = begin(meeting, HELD, "cerrar su acta", by=by)
    refuse_if_any(closing_findings(held))
    digest = seal_of(held)
    move(held, "close", closed_by=by, closed_at=now or timezone.now(), digest=digest)
    audit.record("minutes_closed", held, by=by, after={"meeting": str(held), "digest": digest})
    make_files(held, by=by)
    return digest


@transaction.atomic
def amend_minutes(meeting: TechnicalWorkshop, *, text: str, by: User, now: datetime | None = None) -> MinuteAddendum:
    """Add a dated addendum to closed minutes, in their files too; the same words twice running are one (WF1).

    Raises PermissionDenied, or Refused: not closed, nothing said.
    """
    held = begin(meeting, (MeetingStatus.CLOSED,), "agregar una adenda", by=by)
    said = plain(text)
    if not said:
        raise Refused([Problem("addendum_empty", RULE, "Falta la adenda.", fix="Escriba qué corrige o aclara.")])
    last = held.addenda.last()
    if last is not None and (last.text, last.by_id) == (said, by.pk):
        return last
    number = last.number + 1 if last else 1
    made = MinuteAddendum.objects.create(meeting=held, number=number, text=said, by=by, at=now or timezone.now())
    audit.record("minutes_amended", held, by=by, after={"meeting": str(held), "text": said})
    make_files(held, by=by)
    return made


@transaction.atomic
def add_file(meeting: TechnicalWorkshop, upload: UploadedFile, *, note: str, by: User) -> MeetingFile:
    """Keep a file of a meeting: what is presented, the signed list, the signed minutes; files are only added.

    Raises PermissionDenied, or Refused: cancelled, a file that is not received, no words about what it is.
    """
    held = begin(meeting, TAKING_FILES, "agregar archivos", by=by)
    if not note.strip():
        fix = "Por ejemplo: «Lista de asistencia firmada»."
        raise Refused([Problem("note_missing", RULE, "Falta decir qué es el archivo.", fix=fix)])
    kept = keep(upload, unit=held.plan.sector, by=by)
    made = MeetingFile.objects.create(meeting=held, file=kept, note=note.strip())
    audit.record("meeting_file_added", held, by=by, after={"meeting": str(held), "file": kept.display_name})
    return made


def holding_findings(meeting: TechnicalWorkshop, today: date) -> Iterator[Problem]:
    """What keeps the attendance of a meeting from being written down for the first time."""
    is_field, points = is_in_field(meeting.method), len(meeting.agenda.all())
    yield from holding_problems(on=meeting.on, today=today, points=points, is_field=is_field)


def closing_findings(meeting: TechnicalWorkshop) -> list[Problem]:
    """What the minutes lack to be closed now, warnings included."""
    empty = [item.number for item in meeting.agenda.all() if not item.minutes]
    is_field = is_in_field(meeting.method)
    found = closing_problems(
        empty_points=empty,
        decisions=len(meeting.decisions.all()),
        observations=len(meeting.observations.all()),
        is_field=is_field,
    )
    return list(found)


def _attendance_findings(
    held: TechnicalWorkshop, presences: Sequence[Presence], instant: datetime
) -> Iterator[Problem]:
    yield from holding_findings(held, timezone.localdate(instant))
    for problem in attendance_problems([one.person for one in presences]):
        yield replace(problem, rule=RULE)
    for unit in {one.entity for one in presences if one.entity is not None}:
        if unit.parent_id != held.plan.sector_id or unit.kind != UnitKind.ENTITY:
            message = f"«{unit.name}» no es una entidad del sector."
            yield Problem("entity_of_other_sector", RULE, message, fix="Escriba a esa persona en «Otros».")
