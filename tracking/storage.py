"""Evidence of a measurement into custody, and what the row of any evidence says of its file or link."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.files import antivirus
from pes.files.keeping import digest_of, judge, received, settle
from pes.models import User
from pes.rules.files import MEDIA_TYPES, display_name, link_problems, suffix_of
from pes.rules.problems import refuse_if_any
from tracking.models import Evidence, EvidenceKind, Measurement
from tracking.models.measurement import measuring_permission
from tracking.rules.evidence import Kept, quota_problems, repeated_problem
from tracking.scans import note


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
        judge(evidence.display_name, evidence.size, waiting, problems)
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


@transaction.atomic
def _save(evidence: Evidence, by: User, scan: antivirus.Scan | None) -> Evidence:
    evidence.save(force_insert=True)
    note(evidence, scan)
    said = {"name": evidence.display_name, "evidence": str(evidence.pk), "sha256": evidence.sha256, "url": evidence.url}
    audit.record("evidence_attached", evidence.measurement, by=by, after=said)
    return evidence
