"""Evidence into custody: temporary file, fsync, rename, and only then its row (architecture, Files)."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.models import User
from pes.rules.problems import refuse_if_any
from tracking.inspection import inspect
from tracking.models import Evidence, EvidenceKind, Measurement
from tracking.models.measurement import measuring_permission
from tracking.rules.evidence import MEDIA_TYPES, display_name, file_problems, link_problems, suffix_of

CHUNK = 1024 * 1024


def attach_file(measurement: Measurement, upload: UploadedFile, *, by: User) -> Evidence:
    """Keep a file as evidence of a measurement, named by UUID, with its SHA-256.

    Raises PermissionDenied, or Refused with the problems; then neither row nor file is left behind.
    """
    demand(by, measuring_permission(measurement.indicator), measurement)
    evidence = Evidence(
        measurement=measurement,
        kind=EvidenceKind.FILE,
        display_name=display_name(upload.name or ""),
        size=upload.size or 0,
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    waiting = _write(upload)
    try:
        evidence.sha256 = digest_of(waiting)
        _refuse_or_inspect(evidence, waiting)
        evidence.content_type = MEDIA_TYPES[suffix_of(evidence.display_name)]
        _settle(waiting, evidence.path)
    finally:
        waiting.unlink(missing_ok=True)
    try:
        return _save(evidence, by)
    except BaseException:
        evidence.path.unlink(missing_ok=True)
        raise


def attach_link(measurement: Measurement, url: str, *, by: User, name: str = "") -> Evidence:
    """Keep an https link as text; the server never fetches it and it is not in custody (UP15)."""
    demand(by, measuring_permission(measurement.indicator), measurement)
    refuse_if_any(link_problems(url))
    return _save(
        Evidence(
            measurement=measurement,
            kind=EvidenceKind.LINK,
            url=url,
            display_name=display_name(name) if name else url[:200],
            uploaded_by=by,
            uploaded_at=timezone.now(),
        ),
        by,
    )


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_or_inspect(evidence: Evidence, path: Path) -> None:
    kept = Evidence.objects.filter(measurement=evidence.measurement, kind=EvidenceKind.FILE)
    refuse_if_any(
        file_problems(
            name=evidence.display_name,
            size=evidence.size,
            limit=settings.EVIDENCE_MAX_BYTES,
            files=kept.count(),
            total=kept.aggregate(total=Sum("size"))["total"] or 0,
            repeated=kept.filter(sha256=evidence.sha256).exists(),
        )
    )
    inspect(path, suffix_of(evidence.display_name))


@transaction.atomic
def _save(evidence: Evidence, by: User) -> Evidence:
    evidence.save(force_insert=True)
    said = {"name": evidence.display_name, "evidence": str(evidence.pk), "sha256": evidence.sha256, "url": evidence.url}
    audit.record("evidence_attached", evidence.measurement, by=by, after=said)
    return evidence


def _write(upload: UploadedFile) -> Path:
    """The upload in a temporary file beside its final place, on disk and not only in a cache."""
    folder = Path(settings.MEDIA_ROOT) / "evidencias" / "entrada"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / uuid.uuid4().hex
    with path.open("xb") as file:
        for chunk in upload.chunks(CHUNK):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    return path


def _settle(waiting: Path, final: Path) -> None:
    final.parent.mkdir(parents=True, exist_ok=True)
    waiting.rename(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
