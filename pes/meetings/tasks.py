"""The job that makes the files of an acta, on request and once it is closed: PDF and DOCX of what is written then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from pes import audit, jobs
from pes.access import demand
from pes.documents import store
from pes.documents.blocks import Document
from pes.documents.docx import docx_of
from pes.documents.pdf import Blocked, render_html
from pes.jobs import Again, Hopeless, Progress, register
from pes.meetings.document import acta_of, settled_at
from pes.models import Job, JobState, MinutesDocument, TechnicalWorkshop, User
from pes.permissions import Permission
from pes.rules.problems import refuse_if_any
from pes.rules.technical_workshops import MeetingStatus, state_problems

MINUTES_JOB = "render_minutes"
WRITTEN = (MeetingStatus.HELD, MeetingStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class Reading:
    """What an acta said, and when that was settled; None while it could change."""

    document: Document
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stored:
    """What was left on disk."""

    folder: str
    digests: dict[str, str]
    pages: int


@transaction.atomic
def request_minutes(meeting: TechnicalWorkshop, *, by: User) -> Job:
    """Ask for the files of an acta; waiting requests for the same one are one job.

    Raises PermissionDenied to who does not read the PES, or Refused: the meeting was not held.
    """
    _check(meeting, by)
    audit.record("minutes_requested", meeting, by=by, after={"meeting": str(meeting)})
    return make_files(meeting, by=by)


def make_files(meeting: TechnicalWorkshop, *, by: User) -> Job:
    """Have the files made, for a verb that has demanded its power: what is asked last is written last."""
    return jobs.enqueue(MINUTES_JOB, _key(meeting), {"version": 1, "meeting": meeting.pk}, by=by)


def making(meeting: TechnicalWorkshop) -> Job | None:
    """The job that is going to leave newer files, if one waits or runs."""
    waiting = Job.objects.filter(key=_key(meeting), state__in=(JobState.QUEUED, JobState.RUNNING))
    return waiting.order_by("pk").last()


def _key(meeting: TechnicalWorkshop) -> str:
    return f"{MINUTES_JOB}:{meeting.pk}"


def _check(meeting: TechnicalWorkshop, by: Any) -> None:
    demand(by, Permission.PES_READ, meeting)
    refuse_if_any(state_problems(meeting.status, WRITTEN, "generar su acta"))


def _meeting(job: Job) -> TechnicalWorkshop:
    rows = TechnicalWorkshop.objects.select_related("plan__sector", "held_by", "closed_by")
    return rows.get(pk=job.payload["meeting"])


def _read(job: Job) -> Reading:
    """Ask again for the power of who asked, and read the acta (AZ15)."""
    meeting = _meeting(job)
    _check(meeting, job.requested_by)
    return Reading(acta_of(meeting), settled_at(meeting))


def _make(reading: Reading, progress: Progress) -> Stored:
    """Without data inside: who signs the PDF brings it back as a file, and a PDF with files inside is refused."""
    document = reading.document
    contents = {"docx": docx_of(document)}
    html = render_to_string("pes/meeting/minutes_document.html", {"document": document})
    try:
        made = render_html(html, None, dated_at=document.dated_at)
    except Blocked as error:
        raise Hopeless(str(error)) from error
    contents["pdf"] = made.content
    progress(95)
    folder = store.store(contents)
    return Stored(folder, {suffix: store.sha256(content) for suffix, content in contents.items()}, made.pages)


def _write(job: Job, reading: Reading, stored: Stored) -> dict[str, Any]:
    """Replace the files of before; theirs go once these are committed.

    With the meeting held nobody closes it meanwhile: files older than the closing carry an earlier instant.
    """
    meeting = TechnicalWorkshop.hold(job.payload["meeting"])
    _check(meeting, job.requested_by)
    if settled_at(meeting) != reading.settled_at:
        store.remove(stored.folder)
        raise Again("el acta se cerró, o tiene otra adenda, mientras se hacían sus archivos.")
    before = MinutesDocument.objects.filter(meeting=meeting).values_list("folder", flat=True).first()
    values = {
        "folder": stored.folder,
        "digests": stored.digests,
        "content_sha256": reading.document.digest,
        "pages": stored.pages,
        "job": job,
        "made_at": timezone.now(),
    }
    made, _ = MinutesDocument.objects.update_or_create(meeting=meeting, defaults=values)
    if before:
        transaction.on_commit(partial(store.remove, before))
    audit.record("minutes_rendered", made, by=job.requested_by, after={"pdf": stored.digests["pdf"]})
    return {"pages": stored.pages}


register(MINUTES_JOB, read=_read, make=_make, write=_write, queue="reports")
