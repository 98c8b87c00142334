"""The jobs of the quarterly reports: open them, remind their teams, write the digests (CAL-01, CAL-07, JB7, JB12).

The planner asks the database which periods are due and unmade, so that a beat that slept catches up once and two beats
do nothing twice: the keys are those of the periods, and each write does what is still missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils import timezone

from pes import jobs
from pes.models import Job
from pes.rules.calendar import quarter_end
from plans.models import PlanGestion
from plans.rules.plan_states import PlanStatus
from tracking import lifecycle, mailing, reminders
from tracking.models import QuarterReport

OPEN_JOB, REMIND_JOB, DIGEST_JOB = "open_reports", "remind_reports", "send_digest"
DIGEST_HOUR = 7  # in Bogotá; who is told of something later in the day reads it the next morning


def plan_openings(today: date) -> Iterator[str]:
    """Ask for the reports of every quarter that has ended and of which a published plan has none (JB7); two queries."""
    for vigencia, quarter in unopened(today):
        payload = {"vigencia": vigencia, "quarter": quarter}
        yield jobs.enqueue(OPEN_JOB, f"{OPEN_JOB}:{vigencia}:{quarter}", payload).key


def unopened(today: date) -> list[tuple[int, int]]:
    """(vigencia, quarter 1–4) of the quarters that ended before today and lack a report, the oldest first."""
    published = PlanGestion.objects.filter(status=PlanStatus.PUBLISHED)
    plans = dict(published.values_list("vigencia").annotate(count=Count("pk")).order_by("vigencia"))
    rows = QuarterReport.objects.filter(plan__status=PlanStatus.PUBLISHED).values_list("plan__vigencia", "quarter")
    opened = {(vigencia, quarter): count for vigencia, quarter, count in rows.annotate(count=Count("pk")).order_by()}
    return [
        (vigencia, quarter)
        for vigencia, count in plans.items()
        for quarter in (1, 2, 3, 4)
        if quarter_end(vigencia, quarter) < today and opened.get((vigencia, quarter), 0) < count
    ]


def plan_reminders(today: date) -> Iterator[str]:
    """Ask for the reminders of today that nobody has had yet."""
    if reminders.notices_of(today):
        yield jobs.enqueue(REMIND_JOB, f"{REMIND_JOB}:{today.isoformat()}", {"on": today.isoformat()}).key


def plan_digests(today: date) -> Iterator[str]:
    """Ask for a message to everybody who was told something, once a day and not before people are up."""
    if timezone.localtime().hour < DIGEST_HOUR:
        return
    for person in mailing.people_to_write(today):
        yield jobs.enqueue(DIGEST_JOB, f"{DIGEST_JOB}:{person}", {"user": person}).key


def _write_opening(job: Job, context: Any, made: Any) -> dict[str, Any]:
    return {"opened": lifecycle.open_reports(job.payload["vigencia"], job.payload["quarter"])}


def _write_reminders(job: Job, context: Any, made: Any) -> dict[str, Any]:
    """Leave today's notices; those of a day that has passed meanwhile would count the days wrong."""
    on = date.fromisoformat(job.payload["on"])
    return {"told": reminders.remind(on) if on == timezone.localdate() else 0}


def _write_digest(job: Job, context: Any, made: Any) -> dict[str, Any]:
    return {"notices": mailing.send_digest(job.payload["user"], now=timezone.now())}


def _nothing(*_: Any) -> None:
    """These jobs have nothing to read or to make: all of them is their write."""


for kind, write in ((OPEN_JOB, _write_opening), (REMIND_JOB, _write_reminders), (DIGEST_JOB, _write_digest)):
    jobs.register(kind, read=_nothing, make=_nothing, write=write)
