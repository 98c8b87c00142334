"""Returning a report in one act: what is missing of the whole is observed as it goes back (act. 11)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pes.models import User
from tracking.lifecycle import send_back
from tracking.models import QuarterReport
from tracking.report_observations import raise_observation


@transaction.atomic
def return_report(report: QuarterReport, text: str, *, by: User, now: datetime | None = None) -> None:
    """Observe the whole report, if there is something to say of it, and return it; both or neither.

    Raises as `raise_observation` and `send_back`.
    """
    if text.strip():
        raise_observation(report, None, "", text, by=by, now=now)
    send_back(report, by=by, now=now)
