"""The jobs that make the files of the document: a draft that replaces the earlier one, or those of a frozen version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.approval.files import DRAFT_JOB, VERSION_JOB, Reading, draft_reading, make_files, version_reading
from pes.documents import store
from pes.documents.pdf import Blocked
from pes.jobs import Hopeless, Progress, register
from pes.models import Adoption, DraftFiles, Job, PesVersion, SectorPlan, VersionFiles
from pes.permissions import Permission


@dataclass(frozen=True, slots=True)
class Stored:
    """What `_make` left on disk."""

    folder: str
    digests: dict[str, str]
    pages: int


def _read_draft(job: Job) -> Reading:
    return draft_reading(_plan(job))


def _read_version(job: Job) -> Reading:
    version = _version(job)
    adoption = Adoption.objects.select_related("act").filter(pk=job.payload["adoption"]).first()
    return version_reading(version, adoption)


def _plan(job: Job) -> SectorPlan:
    """The plan of a draft; who asked is asked again for power, when the job starts and when it delivers (AZ15)."""
    plan = SectorPlan.objects.select_related("sector").get(pk=job.payload["plan"])
    demand(job.requested_by, Permission.DOCUMENT_WRITE, plan)
    return plan


def _version(job: Job) -> PesVersion:
    version = PesVersion.objects.select_related("plan__sector", "round").get(pk=job.payload["pes_version"])
    demand(job.requested_by, Permission.PES_READ, version)
    return version


def _make(reading: Reading, progress: Progress) -> Stored:
    """Render and store the files; what cannot be laid out fails at once and says why (PD3)."""
    try:
        made = make_files(reading, progress)
    except Blocked as error:
        raise Hopeless(str(error)) from error
    progress(97)  # whoever took too long is told here, and leaves no files
    folder = store.store(made.contents)
    return Stored(folder, {suffix: store.sha256(content) for suffix, content in made.contents.items()}, made.pages)


def _values(job: Job, reading: Reading, stored: Stored) -> dict[str, Any]:
    return {
        "folder": stored.folder, "digests": stored.digests, "content_sha256": reading.digest, "pages": stored.pages,
        "job": job, "made_at": timezone.now(),
    }  # fmt: skip


def _write_draft(job: Job, reading: Reading, stored: Stored) -> dict[str, Any]:
    """Replace the draft; the files of the one before go once this one is committed."""
    plan = _plan(job)
    before = DraftFiles.objects.filter(plan=plan).values_list("folder", flat=True).first()
    DraftFiles.objects.update_or_create(plan=plan, defaults=_values(job, reading, stored))
    if before:
        transaction.on_commit(partial(store.remove, before))
    said = {"plan": str(plan), "pdf": stored.digests["pdf"]}
    audit.record("pes_draft_made", plan, by=job.requested_by, after=said)
    return {"pages": stored.pages}


def _write_version(job: Job, reading: Reading, stored: Stored) -> dict[str, Any]:
    """Keep the files of a version; another job that was faster has made the same ones."""
    version = _version(job)
    place = {
        "version": version, "adoption_id": reading.adoption or None, "correction_id": reading.correction or None
    }  # fmt: skip
    if VersionFiles.objects.filter(**place).exists():
        store.remove(stored.folder)
        return {"pages": stored.pages}
    made = VersionFiles.objects.create(**place, **_values(job, reading, stored))
    said = {"version": version.number, "digest": reading.digest, "pdf": stored.digests["pdf"]}
    audit.record("pes_version_files_made", made, by=job.requested_by, after=said)
    return {"pages": stored.pages}


register(DRAFT_JOB, read=_read_draft, make=_make, write=_write_draft, queue="reports")
register(VERSION_JOB, read=_read_version, make=_make, write=_write_version, queue="reports")
