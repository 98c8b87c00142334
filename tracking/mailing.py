"""The digest by e-mail: one message a person and day, with everything that person was told and not yet written (JB12).

At most once, on purpose. The notices are claimed (`mailed_at`) and committed together with the end of the job, and the
message leaves after that commit: a worker killed in between loses one digest, whose matter is still in «Mi trabajo»,
and never sends one twice. A server that refuses the message gives the notices back, and the next hour tries again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from pes.access import grants_in_force
from pes.dates import countdown, long_date
from pes.models import User
from pes.permissions import Permission
from tracking.models import Notice, NoticeKind
from tracking.rules.reminders import Reminder
from tracking.waiting import OWED, TO_FILL, of_areas

log = logging.getLogger(__name__)

TOLD_FOR = timedelta(days=7)  # what could not be written within a week is old news
_REMINDERS = list(Reminder)
_URGENCY = {kind: place for place, kind in enumerate((Reminder.OVERDUE, Reminder.DUE_TODAY, Reminder.DUE_1))}


def deliverable(on: date) -> QuerySet[Notice]:
    """What may be written to people on a day: news of the last week, reminders of this day that are still true.

    Only to who is active and holds today the power that the notice was about (AU6, AZ15). Each row says as whom the
    person is written to: `fills`, `reviews` or `reports` for a central area.
    """
    mine = grants_in_force().filter(user=OuterRef("user"))
    on_unit = mine.filter(content_object=OuterRef("report__plan__unit"))
    of_mine = of_areas().filter(report=OuterRef("report")).filter(_held_by(OuterRef(OuterRef("user"))))
    rows = Notice.objects.filter(mailed_at=None, on__gt=on - TOLD_FOR, on__lte=on, user__is_active=True).annotate(
        fills=Exists(on_unit.filter(permission__codename=Permission.QUARTER_FILL.value)),
        reviews=Exists(on_unit.filter(permission__codename=Permission.QUARTER_REVIEW.value)),
        reports=Exists(of_mine),
        owes=Exists(of_mine.filter(OWED)),
    )
    to_fill = Q(fills=True, report__status__in=TO_FILL.statuses)
    return rows.filter(
        Q(kind__in=_REMINDERS, on=on) & (to_fill | Q(owes=True))
        | ~Q(kind__in=_REMINDERS) & (Q(fills=True) | Q(reviews=True) | Q(reports=True))
    )


def people_to_write(on: date) -> list[int]:
    """Ids of the people who wait for a digest and had none today; one query."""
    waiting = deliverable(on).exclude(user__in=_written_on(on).values("user"))
    return list(waiting.order_by("user").values_list("user", flat=True).distinct())


@transaction.atomic
def send_digest(user: int, *, now: datetime) -> int:
    """Claim what a person waits to hear and send it once the claim is committed; return how many notices it tells."""
    on = timezone.localdate(now)
    person = User.objects.select_for_update(no_key=True).get(pk=user)
    if _written_on(on).filter(user=person).exists():
        return 0
    rows = list(deliverable(on).filter(user=person).select_related("report__plan__unit").order_by("on", "pk"))
    if not rows:
        return 0
    claimed = [row.pk for row in rows]
    Notice.objects.filter(pk__in=claimed).update(mailed_at=now)
    transaction.on_commit(partial(_send, digest(person, rows, on), claimed, now), robust=True)
    return len(rows)


def digest(person: User, rows: Sequence[Notice], on: date) -> EmailMultiAlternatives:
    """The message: plain text, and the same as simple HTML; its subject says nothing about anybody (DA7)."""
    lines = [_line(row, on) for row in sorted(rows, key=_order)]
    context = {"person": person, "lines": lines, "url": _absolute("/"), "institution": settings.PES_INSTITUTION}
    subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}Novedades de sus reportes trimestrales"
    message = EmailMultiAlternatives(
        subject, render_to_string("emails/report_digest.txt", context), None, [person.email]
    )
    message.attach_alternative(render_to_string("emails/report_digest.html", context), "text/html")
    return message


def _send(message: EmailMultiAlternatives, claimed: list[int], at: datetime) -> None:
    try:
        message.send()
    except Exception:
        log.warning("No salió un correo con %s avisos; se intentará en la próxima hora.", len(claimed), exc_info=True)
        Notice.objects.filter(pk__in=claimed, mailed_at=at).update(mailed_at=None)


def _line(row: Notice, on: date) -> dict[str, str]:
    report = row.report
    plan = report.plan
    verb = "Venció" if on > report.due_on else "Vence"
    due = f"{verb} el {long_date(report.due_on)} ({_lower(countdown(report.due_on, on))})."
    is_reminder = row.kind in _REMINDERS
    return {
        "title": f"{NoticeKind(row.kind).label}: {plan.unit.name}, T{report.quarter} de {plan.vigencia_id}",
        "detail": due if is_reminder or row.kind in (NoticeKind.OPENED, NoticeKind.EXTENDED) else "",
        "words": " ".join(row.detail.split()),
        "url": _absolute(_path(row)),
    }


def _path(row: Notice) -> str:
    """The page where the person acts: the team's, the reviewer's, or the table of an area."""
    if row.fills:  # type: ignore[attr-defined]
        return row.report.url("report")
    return row.report.url("report-review") if row.reviews else reverse("tracking:central-goals")  # type: ignore[attr-defined]


def _order(row: Notice) -> tuple[int, date, int]:
    return _URGENCY.get(row.kind, len(_URGENCY)), row.report.due_on, row.pk  # type: ignore[call-overload]


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _absolute(path: str) -> str:
    return f"{settings.PES_BASE_URL.rstrip('/')}{path}"


def _written_on(on: date) -> QuerySet[Notice]:
    return Notice.objects.filter(mailed_at__date=on)


def _held_by(user: OuterRef) -> Q:
    """Rows of an area on which a person may report today."""
    held = grants_in_force().filter(
        user=user, permission__codename=Permission.GOAL_REPORT.value, content_object=OuterRef("goal__central_area")
    )
    return Q(Exists(held))
