"""Whether a file in custody may be handed over, and what is handed over (UP6, UP10, UP13, UP14)."""

from __future__ import annotations

import logging
from typing import Any

from pes.access import can
from pes.files import antivirus
from pes.files.keeping import digest_of
from pes.models import User
from pes.permissions import Permission
from tracking.goal_evidence import may_add
from tracking.models import Evidence, EvidenceKind, EvidenceScan, ScanVerdict
from tracking.models.measurement import measuring_permission

log = logging.getLogger(__name__)
QUARANTINE = "El antivirus encontró una amenaza en este archivo: quedó en cuarentena y no se descarga."
PENDING = "El antivirus todavía no ha analizado este archivo: por ahora solo lo descarga el equipo que lo aportó."
ALTERED = "El archivo guardado hoy no da la huella con la que se recibió."


def find(user: Any, pk: Any) -> Evidence | None:
    """A file that a person may read: by the PES for a measurement, by the plan for a goal; never one taken back."""
    rows = Evidence.objects.filter(pk=pk, kind=EvidenceKind.FILE, withdrawal__isnull=True)
    rows = rows.select_related("measurement__indicator__goal", "entry__goal", "entry__report")
    readable = (rows.visible_to(user, power).first() for power in (Permission.PES_READ, Permission.PLAN_READ))
    return next((found for found in readable if found is not None), None)


def blocked(found: Evidence, user: User) -> str:
    """Why a file is not handed over to a person who may read it; empty when it is."""
    verdict = _last_verdict(found)
    if verdict == ScanVerdict.INFECTED:
        return QUARANTINE
    if verdict is None and antivirus.is_on() and not _is_of_the_team(found, user):
        return PENDING
    if digest_of(found.path) != found.sha256:
        log.error("La evidencia %s no da su huella SHA-256.", found.pk)
        return ALTERED
    return ""


def _last_verdict(found: Evidence) -> str | None:
    looks = EvidenceScan.objects.filter(evidence=found.stored_as_id or found.pk).order_by("-pk")
    return looks.values_list("verdict", flat=True).first()


def _is_of_the_team(found: Evidence, user: User) -> bool:
    if found.uploaded_by_id == user.pk:
        return True
    if found.entry is not None:
        return may_add(found.entry, user)
    assert found.measurement is not None  # the table insists on one of the two
    return can(user, measuring_permission(found.measurement.indicator), found.measurement)
