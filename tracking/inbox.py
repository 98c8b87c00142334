"""What the quarterly reports leave for each person to do: derived from their states, never stored (SM-2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Min
from django.urls import reverse
from django.utils import timezone

from pes.access import holds, units_for
from pes.permissions import Permission
from plans.threads import awaiting_team
from tracking import custody
from tracking.content import readings_of
from tracking.models import Evidence, QuarterReport, ReportObservation, TechnicalCorrection
from tracking.rules.completeness import completeness
from tracking.rules.report_states import ReportStatus
from tracking.waiting import OWED, TO_ANSWER, TO_FILL, TO_TAKE, UNDER_REVIEW, Stage, of_areas, waiting_reports

SHOWN = 10  # reports named one by one; the queue has the rest
READ_AT_MOST = 2  # quarters whose completeness is read: the ones due first
_CORRECTED = (ReportStatus.IN_REVIEW, ReportStatus.RETURNED, ReportStatus.SUBMITTED, ReportStatus.VALIDATED)


def report_items(user: Any) -> Iterator[dict[str, Any]]:
    """What waits for this person in the reports of their units, areas and reviews."""
    if holds(user, Permission.QUARTER_FILL):
        yield from team_items(user)
    if holds(user, Permission.GOAL_REPORT):
        yield from area_items(user)
    if holds(user, Permission.QUARTER_REVIEW):
        yield from review_items(user)
    if holds(user, Permission.QUARTER_REOPEN):
        yield from custody_items(user)


def team_items(user: Any) -> Iterator[dict[str, Any]]:
    """The team's: reports to fill in and send, observations to answer, corrections of the OAP to look at."""
    found = list(waiting_reports(user, (TO_FILL, TO_ANSWER), Permission.QUARTER_FILL).order_by("due_on", "pk"))
    to_fill = [report for report in found if report.status in TO_FILL.statuses]
    senders = set(units_for(user, Permission.QUARTER_SUBMIT).values_list("content_object_id", flat=True))
    said = _completeness(to_fill[:SHOWN], senders)
    for report in to_fill:
        yield _item(TO_FILL, report, said.get(report.pk, ""), due_on=report.due_on)
    yield from _to_answer([report for report in found if report.status in TO_ANSWER.statuses])
    yield from _corrected(user)


def area_items(user: Any) -> Iterator[dict[str, Any]]:
    """A central area's: one thing a quarter, however many plans have the goals that it reports (PG-08); one query."""
    rows = (
        of_areas()
        .visible_to(user, Permission.GOAL_REPORT)
        .values("goal__central_area__code", "goal__central_area__name", "report__plan__vigencia", "quarter")
        .annotate(
            plans=Count("report", distinct=True),
            owed=Count("report", filter=OWED, distinct=True),
            due_on=Min("report__due_on", filter=OWED),
            opened=Min("report__opened_at", filter=OWED),
        )
        .filter(owed__gt=0)
        .order_by("due_on", "goal__central_area__code")
    )
    for row in rows:
        year, quarter = row["report__plan__vigencia"], row["quarter"]
        yield {
            "title": f"Reportar las metas de T{quarter} de {year} a cargo de {row['goal__central_area__name']}",
            "detail": f"{row['plans'] - row['owed']} de {_count(row['plans'], 'plan', 'planes')} con cifra y análisis.",
            "url": reverse("tracking:central-table", args=[row["goal__central_area__code"], year, quarter]),
            "due_on": row["due_on"],
            "since": timezone.localdate(row["opened"]),
            "kind": Permission.GOAL_REPORT.value,
        }


def review_items(user: Any) -> Iterator[dict[str, Any]]:
    """The reviewer's: sent reports nobody took, the oldest first, and those that this person has in review (AZ4)."""
    found = waiting_reports(user, (TO_TAKE, UNDER_REVIEW), Permission.QUARTER_REVIEW)
    reports = list(found.exclude(status=ReportStatus.SUBMITTED, submitted_by=user).order_by("submitted_at", "pk"))
    sent = [report for report in reports if report.status in TO_TAKE.statuses]
    for report in sent[:SHOWN]:
        late = "Llegó extemporáneo." if report.is_late else ""
        yield _item(TO_TAKE, report, late)
    if len(sent) > SHOWN:
        yield _the_rest(sent[SHOWN:])
    reopens = holds(user, Permission.QUARTER_REOPEN)
    for report in reports:
        if report.status in UNDER_REVIEW.statuses and (
            report.reviewer_id == user.pk or (reopens and _reopened(report))
        ):
            yield _item(UNDER_REVIEW, report, _whose_review(report, user))


def custody_items(user: Any) -> Iterator[dict[str, Any]]:
    """What is wrong with the evidence in custody, of what the person may see (UP12, UP14)."""
    found = custody.findings()
    if not found:
        return
    files = Evidence.objects.filter(pk__in=[one.evidence for one in found if one.evidence])
    seen = {
        pk
        for permission in (Permission.QUARTER_REVIEW, Permission.PES_READ)
        for pk in files.visible_to(user, permission).values_list("pk", flat=True)
    }
    for one in found:
        if one.evidence is None or one.evidence in seen:
            yield {
                "title": one.title,
                "detail": one.detail,
                "url": reverse("tracking:evidence", args=[one.evidence]) if one.evidence else reverse("pes:home"),
                "due_on": None,
                "since": one.since,
                "kind": "custody",
            }


def _completeness(reports: list[QuarterReport], senders: set[int]) -> dict[int, str]:
    """Report → what it lacks, of the quarters due first: the same reading as its own page."""
    quarters = [list(group) for _, group in groupby(sorted(reports, key=_place), key=_place)]
    found: dict[int, str] = {}
    for group in quarters[:READ_AT_MOST]:
        for reading in readings_of(group):
            whole = completeness(reading.measured, reading.report.quarter)
            found[reading.report.pk] = _complete_words(whole, reading.report.plan.unit_id in senders)
    return found


def _complete_words(whole: Any, sends: bool) -> str:
    if not whole.missing:
        return "Está completo: falta enviarlo." if sends else "Está completo: lo envía quien responde por el plan."
    goals = _count(whole.goals_total, "meta", "metas")
    lacking = "Falta 1 dato" if len(whole.missing) == 1 else f"Faltan {len(whole.missing)} datos"
    return f"{lacking}; {whole.goals_done} de {goals} {'completa' if whole.goals_total == 1 else 'completas'}."


def _to_answer(reports: list[QuarterReport]) -> Iterator[dict[str, Any]]:
    threads = awaiting_team(ReportObservation.objects.filter(report__in=reports)) if reports else None
    waiting: dict[int, int] = {}
    for report in threads.values_list("report", flat=True) if threads is not None else ():
        waiting[report] = waiting.get(report, 0) + 1
    for report in reports:
        count = waiting.get(report.pk, 0)
        words = (
            f"{_count(count, 'observación', 'observaciones')} por responder." if count else "Falta volver a enviarlo."
        )
        yield _item(TO_ANSWER, report, words)


def _corrected(user: Any) -> Iterator[dict[str, Any]]:
    """Reports in which the OAP changed something that is not sealed yet (WF19); one query."""
    seen = TechnicalCorrection.objects.visible_to(user, Permission.QUARTER_FILL)
    rows = (
        seen.filter(entry__report__status__in=_CORRECTED)
        .values(
            "entry__report__plan__unit__code",
            "entry__report__plan__unit__name",
            "entry__report__plan__vigencia",
            "entry__report__quarter",
        )
        .annotate(count=Count("pk"), last=Max("at"))
        .order_by("last")
    )
    for row in rows:
        code, name, year, quarter, count, last = row.values()
        changed = "1 dato" if count == 1 else f"{count} datos"
        yield {
            "title": f"Ver qué corrigió la oficina de planeación: T{quarter} de {year}, {name}",
            "detail": f"{changed} con el valor anterior, el nuevo y el motivo.",
            "url": reverse("tracking:report", args=[code, year, quarter]),
            "due_on": None,
            "since": timezone.localdate(last),
            "kind": "correction",
        }


def _the_rest(reports: list[QuarterReport]) -> dict[str, Any]:
    return {
        "title": f"Revisar {_count(len(reports), 'reporte más', 'reportes más')}",
        "detail": "La cola los tiene todos, con su espera.",
        "url": reverse("tracking:report-queue"),
        "due_on": None,
        "since": timezone.localdate(TO_TAKE.since_of(reports[0])),
        "kind": Permission.QUARTER_REVIEW.value,
    }


def _reopened(report: QuarterReport) -> bool:
    """Whether a report in review had been validated."""
    return report.validated_at is not None


def _whose_review(report: QuarterReport, user: Any) -> str:
    who = "Lo revisa usted." if report.reviewer_id == user.pk else f"Lo revisa {report.reviewer}."
    return f"Fue reabierto. {who}" if _reopened(report) else who


def _item(stage: Stage, report: QuarterReport, detail: str, *, due_on: date | None = None) -> dict[str, Any]:
    plan = report.plan
    since: datetime = stage.since_of(report)
    return {
        "title": f"{stage.words}: reporte de T{report.quarter} de {plan.vigencia_id}, {plan.unit.name}",
        "detail": detail,
        "url": report.url(stage.page),
        "due_on": due_on,
        "since": timezone.localdate(since),
        "kind": stage.permission.value,
    }


def _place(report: QuarterReport) -> tuple[int, int]:
    return report.plan.vigencia_id, report.quarter


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
