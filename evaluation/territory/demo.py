"""The rating of last month in the invented region: numbers only, no opinions about anybody (GP-06)."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from evaluation.models import TeamAssessment
from evaluation.territory.rating import assess_team
from pes.edits import fingerprint
from pes.models import OrganizationUnit, User
from pes.territory.demo import told as territory_told
from tracking.assistance.demo import told
from tracking.assistance.reports import advisors_of
from tracking.rules.assistance import month_before


def load(*, now: datetime) -> None:
    """Rate the team once; after `tracking.assistance.demo`."""
    region = OrganizationUnit.objects.filter(code=territory_told()["region"]["code"]).first()
    if region is None or TeamAssessment.objects.filter(unit=region).exists():
        return
    month = month_before(timezone.localdate(now))
    scores = dict(zip((one.pk for one in advisors_of(region, month)), told()["scores"], strict=True))
    coordinator = User.objects.get(email=territory_told()["coordinator"])
    said = {"scales": told()["scales"], "scores": scores, "words": {}}
    assess_team(region, month, **said, read=fingerprint({}), by=coordinator, now=now)
