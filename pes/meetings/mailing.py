"""The e-mail that convenes, or calls off: a durable job, so that a mail server that is down delays it and never loses it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from pes.dates import long_date
from pes.jobs import Progress, register
from pes.meetings.convening import MAIL_JOB
from pes.meetings.facts import what_it_is
from pes.meetings.icalendar import icalendar_of
from pes.models import Job, MeetingInvitation, TechnicalWorkshop
from pes.rules.technical_workshops import MeetingStatus

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to somebody invited."""

    invitation: int
    message: EmailMultiAlternatives


def _read(job: Job) -> list[Letter]:
    """The letters that wait: of a meeting to come, to who was not told; of a cancelled one, to who was.

    None when the meeting went on to another state since they were asked for.
    """
    meeting = TechnicalWorkshop.objects.select_related("plan__sector").get(pk=job.payload["meeting"])
    if meeting.status != job.payload["status"]:
        return []
    is_off = meeting.status == MeetingStatus.CANCELLED
    rows = meeting.invitations.filter(mailed_at__isnull=not is_off, person__is_active=True)
    rows, calendar = rows.select_related("person").order_by("pk"), icalendar_of(meeting)
    return [Letter(row.pk, _message(meeting, row, calendar)) for row in rows]


def _make(letters: list[Letter], progress: Progress) -> list[int]:
    """Send them; the ids of those that went out. One address that is refused does not stop the others."""
    sent = []
    for done, letter in enumerate(letters, 1):
        try:
            letter.message.send()
        except Exception:
            log.warning("No salió la convocatoria %s.", letter.invitation, exc_info=True)
        else:
            sent.append(letter.invitation)
        progress(100 * done // (len(letters) + 1))
    if letters and not sent:
        raise ConnectionError("El servidor de correo no recibió ninguna convocatoria.")
    return sent


def _write(job: Job, letters: list[Letter], sent: list[int]) -> dict[str, Any]:
    if job.payload["status"] == MeetingStatus.SCHEDULED:
        MeetingInvitation.objects.filter(pk__in=sent).update(mailed_at=timezone.now())
    return {"sent": len(sent), "failed": len(letters) - len(sent)}


def _message(meeting: TechnicalWorkshop, row: MeetingInvitation, calendar: bytes) -> EmailMultiAlternatives:
    person = row.person
    assert person is not None  # the query asks for it
    context = {
        "person": person,
        "meeting": meeting,
        "day": long_date(meeting.on),
        "what": what_it_is(meeting),
        "agenda": [f"{item.starts:%H:%M} {item.topic}" for item in meeting.agenda.all()],
        "url": f"{settings.PES_BASE_URL.rstrip('/')}{meeting.get_absolute_url()}",
        "institution": settings.PES_INSTITUTION,
    }
    is_off = meeting.status == MeetingStatus.CANCELLED
    what = "Se canceló una reunión del PES" if is_off else "Convocatoria a una reunión del PES"
    subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{what}"
    template = "emails/meeting_cancelled.txt" if is_off else "emails/meeting_invitation.txt"
    text = render_to_string(template, context)
    message = EmailMultiAlternatives(subject, text, None, [person.email])
    message.attach("invitacion.ics", calendar.decode(), "text/calendar")
    return message


register(MAIL_JOB, read=_read, make=_make, write=_write)
