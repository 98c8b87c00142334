"""Who is told what about a report: rows first, which the digest by e-mail and «Mi trabajo» read (JB12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from pes.access import people_with
from pes.models import User
from pes.permissions import Permission
from tracking.models import Notice, NoticeKind, QuarterReport


def tell_team(
    report: QuarterReport, kind: NoticeKind, *, now: datetime, detail: str = "", by: User | None = None
) -> int:
    """Tell everybody who fills a report in, but who did it; return how many were told."""
    return tell(report, kind, people_with(Permission.QUARTER_FILL, report.plan.unit_id), now=now, detail=detail, by=by)


def tell_reviewers(
    report: QuarterReport, kind: NoticeKind, *, now: datetime, detail: str = "", by: User | None = None
) -> int:
    """Tell the analyst to whom a report is assigned, else everybody who reviews it; return how many were told.

    An analyst who left, or reviews other units now, is told nothing: the report is then everybody's.
    """
    people = list(people_with(Permission.QUARTER_REVIEW, report.plan.unit_id))
    assigned = [person for person in people if person.pk == report.reviewer_id]
    return tell(report, kind, assigned or people, now=now, detail=detail, by=by)


def tell(
    report: QuarterReport,
    kind: NoticeKind,
    people: Iterable[User],
    *,
    now: datetime,
    detail: str = "",
    by: User | None = None,
) -> int:
    """Leave a notice for some people, but who did it; the same one twice a day is one (JB12).

    What is new in a second one of the day joins the first, and is mailed: every correction is told (WF19).
    """
    on = timezone.localdate(now)
    rows = [
        Notice(user=person, report=report, kind=kind, on=on, detail=detail[:300])
        for person in people
        if by is None or person.pk != by.pk
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if detail:
        told = Notice.objects.filter(report=report, kind=kind, on=on, user__in=[row.user_id for row in rows])
        for notice in told.exclude(detail__contains=detail[:300]).select_for_update(of=("self",), no_key=True):
            notice.detail, notice.mailed_at = f"{notice.detail} · {detail}"[:300], None
            notice.save(update_fields=["detail", "mailed_at"])
    return len(rows)
