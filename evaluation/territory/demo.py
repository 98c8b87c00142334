"""The rating of last month in the invented region: numbers only, no opinions about anybody (GP-06)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from evaluation.models import TeamAssessment
from evaluation.territory.rating import assess_team
from pes.edits import fingerprint
from pes.models import OrganizationUnit, User
from pes.territory.demo import told as territory_told
from tracking.assistance.demo import told
from tracking.assistance.report_page import was_late
from tracking.assistance.reports import advisors_of
from tracking.models import AdvisorReport
from tracking.rules.assistance import month_before


def load(*, now: datetime) -> None:
    """Rate the team once; after `tracking.assistance.demo`."""
    region = OrganizationUnit.objects.filter(code=territory_told()["region"]["code"]).first()
    if region is None or TeamAssessment.objects.filter(unit=region).exists():
        return
    month = month_before(timezone.localdate(now))
    scores = {one.pk: told()["scores"][one.email] for one in advisors_of(region, month)}
    coordinator = User.objects.get(email=territory_told()["coordinator"])
    said = {"scales": _scales(region, month, timezone.localdate(now)), "scores": scores, "words": {}}
    assess_team(region, month, **said, read=fingerprint({}), by=coordinator, now=now)


def _scales(region: OrganizationUnit, month: date, today: date) -> dict[str, int]:
    """Questions 1 to 3; punctuality is about the very reports that Monitoreo 360 counts beside it."""
    scales = dict(told()["scales"])
    if any(was_late(one, today) for one in AdvisorReport.objects.filter(unit=region, month=month)):
        scales["punctuality"] = told()["punctuality_with_a_late_report"]
    return scales
