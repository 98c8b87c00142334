"""The job that makes the PDF of Monitoreo 360, on request and for who asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from evaluation.models import MonitoringFiles
from evaluation.territory.files import document_of, workbook_of
from evaluation.territory.monitoring import levels_of
from pes import audit, jobs
from pes.documents import store
from pes.documents.blocks import Document
from pes.documents.html import html_of
from pes.documents.pdf import Blocked, render_html
from pes.jobs import Hopeless, Progress
from pes.models import Job, OrganizationUnit, UnitKind, User
from pes.permissions import Permission

KIND = "render_monitoring"


@dataclass(frozen=True, slots=True)
class Reading:
    """The document and the workbook inside it."""

    document: Document
    workbook: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """What was left on disk."""

    folder: str
    digests: dict[str, str]
    pages: int


def regions_seen(user: Any, code: str = "") -> list[OrganizationUnit]:
    """The regions that a person reads, or the one with a code; empty when it is none of theirs."""
    rows = OrganizationUnit.objects.visible_to(user, Permission.TERRITORY_READ).filter(kind=UnitKind.REGION)
    return list((rows.filter(code=code) if code else rows).order_by("sort_key", "code"))


def rated_by(user: Any) -> set[int]:
    """The units (ids) whose ratings a person reads."""
    rows = OrganizationUnit.objects.visible_to(user, Permission.ADVISOR_RATE)
    return set(rows.values_list("pk", flat=True))


@transaction.atomic
def request_files(region: str, month: date, *, by: User) -> Job:
    """Ask for the PDF of a region (code; blank: all that the person reads) and month; waiting requests are one job.

    Raises PermissionDenied.
    """
    if not regions_seen(by, region):
        raise PermissionDenied("Usted no consulta esa región.")
    audit.record("monitoring_requested", None, by=by, after={"region": region, "month": month.isoformat()})
    payload = {"region": region, "month": month.isoformat(), "user": by.pk}
    return jobs.enqueue(KIND, f"{KIND}:{by.pk}:{region}:{month:%Y-%m}", payload, by=by)


def _read(job: Job) -> Reading:
    """Read the levels as who asked sees them now (AZ15)."""
    user, month, at = job.requested_by, date.fromisoformat(job.payload["month"]), timezone.now()
    regions = regions_seen(user, job.payload["region"])
    if not regions:
        raise Hopeless("Ya no puede leer esa región.")
    levels = levels_of(regions, month, timezone.localdate(at), rated=rated_by(user))
    place = regions[0].name if len(regions) == 1 else f"{len(regions)} regiones"
    return Reading(document_of(levels, place, month, at), workbook_of(levels, at))


def _make(reading: Reading, progress: Progress) -> Stored:
    try:
        made = render_html(
            html_of(reading.document), reading.workbook, dated_at=reading.document.dated_at,
            description=f"Datos: {reading.document.full_title}",
        )  # fmt: skip
    except Blocked as error:
        raise Hopeless(str(error)) from error
    progress(95)
    contents = {"pdf": made.content, "xlsx": reading.workbook}
    folder = store.store(contents)
    return Stored(folder, {suffix: store.sha256(content) for suffix, content in contents.items()}, made.pages)


def _write(job: Job, reading: Reading, stored: Stored) -> dict[str, Any]:
    """Replace the files of before; theirs go once these are committed."""
    said = {"owner": job.requested_by, "region": job.payload["region"], "month": job.payload["month"]}
    before = MonitoringFiles.objects.filter(**said).values_list("folder", flat=True).first()
    values = {
        "folder": stored.folder,
        "digests": stored.digests,
        "content_sha256": reading.document.digest,
        "pages": stored.pages,
        "job": job,
        "made_at": timezone.now(),
    }
    made, _ = MonitoringFiles.objects.update_or_create(**said, defaults=values)
    if before:
        transaction.on_commit(partial(store.remove, before))
    audit.record("monitoring_rendered", made, by=job.requested_by, after={"pdf": stored.digests["pdf"]})
    return {"pages": stored.pages, "files": made.pk}


jobs.register(KIND, read=_read, make=_make, write=_write, queue="reports")
