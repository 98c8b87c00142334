"""Verbs of the advisors' monthly reports: open them, send, receive, return (GP-06)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.models import AdvisorAssignment, OrganizationUnit, User
from pes.rules.problems import refuse_if_any
from pes.rules.texts import one_line, tidy
from pes.rules.transitions import transition_for
from tracking.assistance.figures import figures_of
from tracking.models import AdvisorReport
from tracking.rules.advisor_report import TRANSITIONS, answer_problems, sending_problems
from tracking.rules.assistance import month_after


@transaction.atomic
def open_reports(month: date, *, now: datetime | None = None) -> int:
    """Open the report of a month of everybody who advised in each region; how many were not there yet."""
    made = 0
    for unit, advisor in sorted(owed(month)):
        report, is_new = AdvisorReport.objects.get_or_create(
            unit_id=unit, advisor_id=advisor, month=month, defaults={"opened_at": now or timezone.now()}
        )
        if is_new:
            audit.record("advisor_report_opened", report, by=None, after={"month": month.isoformat()})
        made += is_new
    return made


def owed(month: date) -> set[tuple[int, int]]:
    """(Region, advisor) pairs (ids) that must report on a month and have no report yet: who advised, some day of it."""
    ends = month_after(month)
    rows = AdvisorAssignment.objects.filter(Q(until__isnull=True) | Q(until__gt=month), starts_on__lt=ends)
    active = rows.filter(advisor__is_active=True).values_list("entity__region", "advisor").distinct().order_by()
    there = AdvisorReport.objects.filter(month=month).values_list("unit", "advisor")
    return set(active) - set(there)


@transaction.atomic
def send_report(
    report: AdvisorReport, *, narrative: str, difficulties: str = "", by: User, now: datetime | None = None
) -> AdvisorReport:
    """Send one's report: its figures are frozen as the log says them now. The same again changes nothing (WF1).

    Raises PermissionDenied, or Refused.
    """
    step = transition_for(TRANSITIONS, "submit")
    demand(by, step.permission, report)
    held, at = _hold(report), now or timezone.now()
    said = {"narrative": tidy(narrative), "difficulties": tidy(difficulties)}
    if held.status == step.target and held.advisor_id == by.pk and _says(held) == said:
        return held
    problems = sending_problems(
        status=held.status, month=held.month, today=timezone.localdate(at), is_own=held.advisor_id == by.pk, **said
    )
    refuse_if_any(problems)
    held.narrative, held.difficulties = said["narrative"], said["difficulties"]
    held.figures = figures_of([held])[held.pk].stored()
    held.status, held.sent_at, held.first_sent_at = step.target, at, held.first_sent_at or at
    held.save()
    audit.record("advisor_report_sent", held, by=by, after={"month": held.month.isoformat()})
    return held


@transaction.atomic
def receive_report(report: AdvisorReport, *, by: User, now: datetime | None = None) -> AdvisorReport:
    """Take a report as good; the own one is taken by somebody else. Raises PermissionDenied, or Refused."""
    held = _answered(report, "receive", by)
    held.received_by, held.received_at = by, now or timezone.now()
    held.save()
    audit.record("advisor_report_received", held, by=by, after={"month": held.month.isoformat()})
    return held


@transaction.atomic
def return_report(report: AdvisorReport, *, reason: str, by: User) -> AdvisorReport:
    """Give a report back to be completed, with why. Raises PermissionDenied, or Refused."""
    held = _answered(report, "send_back", by, reason=one_line(reason))
    held.save()
    audit.record("advisor_report_returned", held, by=by, reason=held.return_reason)
    return held


def advisors_of(unit: OrganizationUnit, month: date) -> list[User]:
    """Who advised entities of a region some day of a month, by name."""
    ends = month_after(month)
    rows = AdvisorAssignment.objects.filter(
        Q(until__isnull=True) | Q(until__gt=month), starts_on__lt=ends, entity__region=unit
    )
    return list(User.objects.filter(pk__in=rows.order_by().values("advisor")).order_by("full_name", "pk"))


def _says(held: AdvisorReport) -> dict[str, str]:
    return {"narrative": held.narrative, "difficulties": held.difficulties}


def _hold(report: AdvisorReport) -> AdvisorReport:
    rows = AdvisorReport.objects.select_for_update(no_key=True, of=("self",)).select_related("unit", "advisor")
    return rows.get(pk=report.pk)


def _answered(report: AdvisorReport, verb: str, by: User, *, reason: str = "") -> AdvisorReport:
    """The report, held, in the state an answer leaves it in; whoever asks saves it."""
    step = transition_for(TRANSITIONS, verb)
    demand(by, step.permission, report)
    held = _hold(report)
    refuse_if_any(answer_problems(verb, status=held.status, reason=reason, is_own=held.advisor_id == by.pk))
    held.status, held.return_reason = step.target, reason
    return held
