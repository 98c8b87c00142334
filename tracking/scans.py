"""What the antivirus said of the evidence in custody, and what it has not looked at yet (UP10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from pes.files.antivirus import Scan, is_on
from tracking.models import Evidence, EvidenceKind, EvidenceScan, ScanVerdict


def note(evidence: Evidence, found: Scan | None, *, now: datetime | None = None) -> None:
    """Write down what the antivirus said; nothing when it said nothing."""
    if found is not None:
        verdict = ScanVerdict.INFECTED if found.threat else ScanVerdict.CLEAN
        EvidenceScan.objects.create(evidence=evidence, verdict=verdict, detail=found.threat, at=now or timezone.now())


def waiting() -> Iterable[Evidence]:
    """Files in custody at which no antivirus has looked; none where there is no antivirus."""
    if not is_on():
        return Evidence.objects.none()
    looked = EvidenceScan.objects.filter(evidence=OuterRef("pk"))
    return Evidence.objects.filter(~Exists(looked), kind=EvidenceKind.FILE, stored_as=None)
