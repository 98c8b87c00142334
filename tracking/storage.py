"""Evidence into custody: temporary file, fsync, rename, and only then its row (architecture, Files)."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.models import User
from pes.rules.problems import Problem, refuse_if_any
from tracking import antivirus
from tracking.inspection import inspect
from tracking.models import Evidence, EvidenceKind, Measurement
from tracking.models.measurement import measuring_permission
from tracking.rules.evidence import (
    MEDIA_TYPES,
    Kept,
    disk_problem,
    display_name,
    file_problems,
    link_problems,
    quota_problems,
    repeated_problem,
    suffix_of,
)

log = logging.getLogger(__name__)
CHUNK = 1024 * 1024


def attach_file(measurement: Measurement, upload: UploadedFile, *, by: User) -> Evidence:
    """Keep a file as evidence of a measurement, named by UUID, with its SHA-256.

    Raises PermissionDenied, or Refused with the problems; then neither row nor file is left behind.
    """
    demand(by, measuring_permission(measurement.indicator), measurement)
    with received(upload) as waiting:
        evidence = Evidence(measurement=measurement, **facts_of(upload, waiting), uploaded_by=by)
        evidence.uploaded_at = timezone.now()
        kept = Evidence.objects.filter(measurement=measurement, kind=EvidenceKind.FILE)
        total = kept.aggregate(total=Sum("size"))["total"] or 0
        problems = quota_problems(Kept(kept.count(), total), evidence.size, of="Una medición")
        if kept.filter(sha256=evidence.sha256).exists():
            problems.append(repeated_problem(evidence.display_name, "esta medición"))
        judge(evidence, waiting, problems)
        scan = antivirus.scan(waiting)
        settle(waiting, evidence.path)
    try:
        return _save(evidence, by, scan)
    except BaseException:
        evidence.path.unlink(missing_ok=True)
        raise


def attach_link(measurement: Measurement, url: str, *, by: User, name: str = "") -> Evidence:
    """Keep an https link as text; the server never fetches it and it is not in custody (UP15)."""
    demand(by, measuring_permission(measurement.indicator), measurement)
    refuse_if_any(link_problems(url))
    evidence = Evidence(measurement=measurement, **link_facts(url, name), uploaded_by=by, uploaded_at=timezone.now())
    return _save(evidence, by, None)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def root() -> Path:
    """The folder of all evidence."""
    return Path(settings.MEDIA_ROOT) / "evidencias"


def incoming() -> Path:
    """The folder where files wait until they are judged."""
    return root() / "entrada"


@contextmanager
def received(upload: UploadedFile) -> Iterator[Path]:
    """The upload in a temporary file beside its final place, on disk and not only in a cache; gone at the end.

    Raises Refused while the disk is almost full (UP9).
    """
    incoming().mkdir(parents=True, exist_ok=True)
    refuse_full_disk()
    path = incoming() / uuid.uuid4().hex
    try:
        with path.open("xb") as file:
            for chunk in upload.chunks(CHUNK):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        yield path
    finally:
        path.unlink(missing_ok=True)


def facts_of(upload: UploadedFile, waiting: Path) -> dict[str, Any]:
    """What the row of a file says of it."""
    name = display_name(upload.name or "")
    media = MEDIA_TYPES.get(suffix_of(name), "")
    size = upload.size or 0
    return {
        "kind": EvidenceKind.FILE,
        "display_name": name,
        "size": size,
        "content_type": media,
        "sha256": digest_of(waiting),
    }


def link_facts(url: str, name: str) -> dict[str, Any]:
    """What the row of a link says of it; its name is what the person calls it, else its address."""
    return {"kind": EvidenceKind.LINK, "url": url, "display_name": display_name(name) if name else url[:200]}


def judge(evidence: Evidence, waiting: Path, problems: list[Problem] | None = None) -> None:
    """Raise Refused for what is wrong with a file, from outside and then from inside."""
    outside = file_problems(name=evidence.display_name, size=evidence.size, limit=settings.EVIDENCE_MAX_BYTES)
    refuse_if_any([*outside, *(problems or [])])
    inspect(waiting, suffix_of(evidence.display_name))


def settle(waiting: Path, final: Path) -> None:
    """Give a file its place for ever; the folder that names it is on disk too."""
    final.parent.mkdir(parents=True, exist_ok=True)
    waiting.rename(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def disk_used() -> int:
    """How full the disk of the evidence is, as a whole percentage 0–100."""
    place = next(path for path in (root(), *root().parents) if path.exists())
    usage = shutil.disk_usage(place)
    return 100 * usage.used // (usage.used + usage.free)


def refuse_full_disk() -> None:
    """Raise Refused, and tell the log, when the disk is almost full: what is typed must still fit (UP9)."""
    used = disk_used()
    problems = disk_problem(used, settings.EVIDENCE_MAX_DISK_PERCENT)
    if problems:
        log.error("El disco de evidencias está al %s %%: no se reciben archivos.", used)
    refuse_if_any(problems)


@transaction.atomic
def _save(evidence: Evidence, by: User, scan: antivirus.Scan | None) -> Evidence:
    evidence.save(force_insert=True)
    antivirus.note(evidence, scan)
    said = {"name": evidence.display_name, "evidence": str(evidence.pk), "sha256": evidence.sha256, "url": evidence.url}
    audit.record("evidence_attached", evidence.measurement, by=by, after=said)
    return evidence
