"""The bare transaction that sending a report is measured against."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from pes import audit
from pes.models import User
from tracking.models import QuarterReport
from tracking.rules.report_states import ReportStatus


@transaction.atomic
def bare_submission(pk: int, by: int) -> None:
    """Two reads, an update, the audit's row: it asks no rule, freezes nothing and tells nobody."""
    person, report, now = User.objects.get(pk=by), QuarterReport.objects.get(pk=pk), timezone.now()
    sent = {"submitted_by": person, "submitted_at": now, "first_submitted_at": now}
    QuarterReport.objects.filter(pk=report.pk, status=ReportStatus.OPEN).update(
        status=ReportStatus.SUBMITTED, revision=F("revision") + 1, **sent
    )
    audit.record("report_submitted", report, by=person, after={"state": ReportStatus.SUBMITTED.label})
