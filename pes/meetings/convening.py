"""Who is invited to a meeting, and its convening: people with an account are told by e-mail, guests by other means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pes import audit, jobs
from pes.duplicates import once
from pes.meetings.moves import begin, move, sources_of
from pes.meetings.people import people_of
from pes.models import MeetingInvitation, TechnicalWorkshop, User
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.technical_workshops import RULE, convening_problems, is_in_field
from pes.rules.workshops import Attendee, attendance_problems

MAIL_JOB = "mail_meeting"


@once("Otra persona cambiaba los invitados.")
def invite(
    meeting: TechnicalWorkshop, people: Iterable[User], guests: Sequence[Attendee], *, by: User
) -> tuple[int, int]:
    """Make these the people and guests invited; who stays keeps what was sent. Returns how many came in and went out.

    Raises PermissionDenied, or Refused: somebody who does not work in the sector, a guest without position.
    """
    held = begin(meeting, sources_of("convene"), "cambiar sus invitados", by=by)
    wanted = {person.pk: person for person in people}
    allowed = set(people_of(held.plan).filter(pk__in=wanted).values_list("pk", flat=True))
    strangers = [person for pk, person in wanted.items() if pk not in allowed]
    refuse_if_any([*map(_stranger, strangers), *(attendance_problems(guests) if guests else ())])
    asked = [MeetingInvitation(meeting=held, person=person) for person in wanted.values()]
    asked += [MeetingInvitation(meeting=held, guest_name=one.name, guest_position=one.position) for one in guests]
    before = {_who(row): row.pk for row in held.invitations.all()}
    new = [row for row in asked if _who(row) not in before]
    gone = before.keys() - {_who(row) for row in asked}
    if gone or new:
        MeetingInvitation.objects.filter(pk__in=[before[who] for who in gone]).delete()
        MeetingInvitation.objects.bulk_create(new)
        said = {"people": len(wanted), "guests": [str(one) for one in guests]}
        audit.record("meeting_invited", held, by=by, after=said)
    return len(new), len(gone)


@transaction.atomic
def convene(meeting: TechnicalWorkshop, *, by: User, now: datetime | None = None) -> int:
    """Convene: everybody with an account who has not been told of the programme as it is now gets it by e-mail.

    Returns to how many it goes. Raises PermissionDenied, or Refused: no agenda, entity or guest, or the day has passed.
    """
    instant = now or timezone.now()
    held = begin(meeting, sources_of("convene"), "convocar", by=by)
    today, is_field = timezone.localdate(instant), is_in_field(held.method)
    told = {"points": held.agenda.count(), "entities": held.entities.count(), "invited": held.invitations.count()}
    refuse_if_any(convening_problems(on=held.on, today=today, is_field=is_field, **told))
    waiting = held.invitations.filter(person__isnull=False, mailed_at=None).count()
    if held.convened_at is not None and not waiting:
        return 0  # a second click tells nobody twice (WF1)
    move(held, "convene", convened_by=by, convened_at=instant)
    audit.record("meeting_convened", held, by=by, after={"meeting": str(held), "people": waiting})
    if waiting:
        ask_to_mail(held, by=by)
    return waiting


def ask_to_mail(meeting: TechnicalWorkshop, *, by: User) -> None:
    """Leave the letters of a meeting to their job: that it is convened, or that it is cancelled."""
    key = f"{MAIL_JOB}:{meeting.pk}:{meeting.status}"
    jobs.enqueue(MAIL_JOB, key, {"version": 1, "meeting": meeting.pk, "status": meeting.status}, by=by)


def _who(row: MeetingInvitation) -> tuple[int | None, str, str]:
    return row.person_id, row.guest_name, row.guest_position


def _stranger(person: User) -> Problem:
    message = f"{person} no trabaja en el sector."
    return Problem("person_of_other_sector", RULE, message, fix="Invítele como persona externa, con su cargo.")
