"""SM-2: the verbs that take a quarterly report from open to validated (PLE-PIN-P005 v8, act. 8 to 11; rules §5.3).

Each asks for power, holds the report, looks whether the edge exists from where it stands, asks the rules, takes the
edge with a conditional UPDATE, freezes what others must be able to rely on, and leaves its trace. Consolidating and
publishing are acts on a whole level: they are in the app to the right.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NoReturn

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from pes import audit, jobs
from pes.access import demand
from pes.calendar_co import non_working_days
from pes.dates import long_instant
from pes.models import AuditEvent, User
from pes.permissions import Permission
from pes.rules.calendar import quarter_end, report_due_on
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.transitions import transition_for
from plans.content import digest_of
from plans.lifecycle import AlreadyDone
from plans.models import Goal, PlanGestion
from plans.rules.goals import GoalStatus
from plans.rules.plan_states import PlanStatus
from tracking import notices
from tracking.content import Reading, content_of, reading_of
from tracking.models import DueExtension, GoalNarrative, GoalReport, NoticeKind, QuarterReport, ReportVersion
from tracking.report_observations import unanswered
from tracking.rules.report_states import TRANSITIONS, ReportStatus
from tracking.rules.report_steps import (
    extension_problems,
    latest_extension,
    reopening_problems,
    resubmission_problems,
    send_back_problems,
    submission_problems,
    validation_problems,
)

# Verb of SM-2 → how the audit trail calls it; its sentence is in pes/audit_sentences.py.
TRACES = {
    "submit": "report_submitted",
    "resubmit": "report_resubmitted",
    "take": "report_taken",
    "send_back": "report_sent_back",
    "validate": "report_validated",
    "reopen": "report_reopened",
    "consolidate": "report_consolidated",
    "publish": "report_made_public",
}
WRITING = ("entry_written", "report_imported", "evidence_attached", "evidence_withdrawn")
PROGRESS_JOB = "compute_quarter"


@transaction.atomic
def open_reports(vigencia: int, quarter: int, *, now: datetime | None = None) -> int:
    """Open the report of every published plan that has none for a quarter that has ended; return how many (CAL-01).

    The system's own act, once each. The due date is stored: later calendar law does not move it (WF15). Raises
    ValueError while the quarter has not ended.
    """
    instant = now or timezone.now()
    if timezone.localdate(instant) <= quarter_end(vigencia, quarter):
        raise ValueError(f"quarter {quarter} of {vigencia} has not ended")
    due = report_due_on(vigencia, quarter, non_working_days([vigencia, vigencia + 1]))
    waiting = PlanGestion.objects.filter(vigencia=vigencia, status=PlanStatus.PUBLISHED).exclude(
        reports__quarter=quarter
    )
    plans = list(waiting.select_for_update(no_key=True).order_by("pk"))
    reports = [
        QuarterReport(plan=plan, quarter=quarter, legal_due_on=due, due_on=due, opened_at=instant) for plan in plans
    ]
    QuarterReport.objects.bulk_create(reports)
    _add_rows(reports)
    for report in QuarterReport.objects.filter(pk__in=[one.pk for one in reports]).select_related("plan__unit"):
        audit.record("report_opened", report, by=None, after={"report": str(report), "due_on": due.isoformat()})
        notices.tell_team(report, NoticeKind.OPENED, now=instant)
    return len(reports)


@transaction.atomic
def submit(report: QuarterReport, *, by: User, seen: int | None = None, now: datetime | None = None) -> ReportVersion:
    """Send the report to the OAP, for the first time or with its observations answered (act. 9 and 11).

    Only who answers for the plan, or a delegate (PG-R4, AZ5). `now` is when the whole request had come in: it decides
    whether the report is late, at its first sending and for ever (WF14, WF16). `seen` is the revision that the person had
    on screen. Raises PermissionDenied, AlreadyDone, or Refused with what is missing or what changed since it was seen.
    """
    instant = now or timezone.now()
    held = _hold(report, "submit", by)
    again = held.status == ReportStatus.RETURNED
    verb = "resubmit" if again else "submit"
    _demand_source(held, verb, by)
    _refuse_if_moved(held, seen)
    reading = reading_of(held, today=timezone.localdate(instant))
    refuse_if_any(problems_of(reading, verb, by=by))
    first = {} if again else {"first_submitted_at": instant, "is_late": timezone.localdate(instant) > held.due_on}
    held.move(verb, submitted_by=by, submitted_at=instant, **first)
    if reading.is_new_to_a_goal:
        goals = held.plan.goals.exclude(status=GoalStatus.REMOVED)
        goals.filter(first_reported_at=None).update(first_reported_at=instant)
    version = _freeze(reading, ReportVersion.Event.SUBMITTED, by, instant, is_first=not again)
    _trace(held, verb, by, version, late=held.is_late)
    notices.tell_reviewers(held, NoticeKind.SUBMITTED, now=instant, by=by)
    ask_for_progress([held], by=by)
    return version


@transaction.atomic
def take(report: QuarterReport, *, by: User, now: datetime | None = None) -> None:
    """Begin the review; who takes it is its analyst (act. 10). Raises PermissionDenied, AlreadyDone or Refused."""
    held = _begin(report, "take", by)
    held.move("take", reviewer=by, taken_at=now or timezone.now())
    _trace(held, "take", by)


@transaction.atomic
def send_back(report: QuarterReport, *, by: User, now: datetime | None = None) -> None:
    """Return the report with its observations (act. 11). Raises PermissionDenied, AlreadyDone, or Refused: none waits."""
    instant = now or timezone.now()
    held = _begin(report, "send_back", by)
    refuse_if_any(problems_of(reading_of(held), "send_back", by=by))
    held.move("send_back", returned_at=instant)
    _trace(held, "send_back", by)
    notices.tell_team(held, NoticeKind.RETURNED, now=instant, by=by)
    ask_for_progress([held], by=by)


@transaction.atomic
def validate(report: QuarterReport, *, by: User, seen: int | None = None, now: datetime | None = None) -> ReportVersion:
    """Accept the report: its figures count from now on (act. 11; PG-R5). Who took part in it does not (AZ4).

    `seen` is the revision that the person had on screen: a figure that a central area changed meanwhile was not reviewed.
    Raises PermissionDenied, AlreadyDone, or Refused: goals of central areas incomplete (PG-08), observations unanswered,
    another revision.
    """
    instant = now or timezone.now()
    held = _begin(report, "validate", by)
    _refuse_if_moved(held, seen)
    reading = reading_of(held, today=timezone.localdate(instant))
    refuse_if_any(problems_of(reading, "validate", by=by))
    held.move("validate", validated_by=by, validated_at=instant)
    version = _freeze(reading, ReportVersion.Event.VALIDATED, by, instant)
    _trace(held, "validate", by, version)
    notices.tell_team(held, NoticeKind.VALIDATED, now=instant, by=by)
    ask_for_progress([held], by=by)
    return version


@transaction.atomic
def reopen(report: QuarterReport, *, reason: str, by: User, now: datetime | None = None) -> None:
    """Bring an accepted report back to the review, with a reason (WF18); what was frozen stays as it is.

    Raises PermissionDenied, AlreadyDone, or Refused: no reason, a closed plan.
    """
    instant = now or timezone.now()
    held = _begin(report, "reopen", by)
    refuse_if_any(reopening_problems(reason, plan_is_closed=held.plan.status == PlanStatus.CLOSED))
    held.move("reopen", taken_at=instant)
    _trace(held, "reopen", by, reason=reason.strip())
    notices.tell_team(held, NoticeKind.REOPENED, now=instant, detail=reason.strip(), by=by)
    notices.tell_reviewers(held, NoticeKind.REOPENED, now=instant, detail=reason.strip(), by=by)
    ask_for_progress([held], by=by)


@transaction.atomic
def extend(report: QuarterReport, *, to: date, reason: str, by: User, now: datetime | None = None) -> None:
    """Give a report that was not sent more days, with a reason, to a business day (CAL-01).

    Raises PermissionDenied or Refused.
    """
    instant = now or timezone.now()
    demand(by, Permission.QUARTER_EXTEND, report)
    held = QuarterReport.hold(report.pk)
    held.plan.refresh_from_db(fields=["consolidated_quarter"])  # a close that ended while this waited wrote it
    refuse_if_any(
        extension_problems(
            status=ReportStatus(held.status),
            due_on=held.due_on,
            latest=latest_extension(held.legal_due_on),
            to=to,
            today=timezone.localdate(instant),
            is_closed=held.plan.consolidated_quarter >= held.quarter,
            reason=reason,
            holidays=non_working_days([to.year, to.year + 1]),
        )
    )
    DueExtension.objects.create(
        report=held, from_due_on=held.due_on, to_due_on=to, reason=reason.strip(), by=by, at=instant
    )
    said = {"report": str(held), "due_on": to.isoformat()}
    audit.record("report_extended", held, by=by, before={"due_on": held.due_on.isoformat()}, after=said, reason=reason)
    QuarterReport.objects.filter(pk=held.pk).update(due_on=to)
    held.touch()
    notices.tell_team(held, NoticeKind.EXTENDED, now=instant, detail=reason.strip(), by=by)


def problems_of(reading: Reading, verb: str, *, by: User) -> list[Problem]:
    """What keeps a verb of SM-2 from being done now by a person who holds its permission, warnings included."""
    report, rows = reading.report, reading.measured
    if verb == "submit":
        return submission_problems(rows, report.quarter)
    if verb == "resubmit":
        return resubmission_problems(rows, report.quarter, unanswered=unanswered(report))
    if verb == "send_back":
        return send_back_problems(unanswered(report))
    if verb == "validate":
        return validation_problems(
            rows,
            report.quarter,
            unanswered=unanswered(report),
            actor_took_part=took_part(report, by),
        )
    return []


def took_part(report: QuarterReport, by: User) -> bool:
    """Whether a person sent the report at any time, or wrote any of its figures or words (AZ4)."""
    if report.versions.filter(event=ReportVersion.Event.SUBMITTED, by=by).exists():
        return True
    entries = [str(pk) for pk in report.entries.values_list("pk", flat=True)]
    written = AuditEvent.objects.filter(object_type="tracking.goalreport", object_id__in=entries, verb__in=WRITING)
    return written.filter(actor=by).exists()


def ask_for_progress(reports: Iterable[QuarterReport], *, by: User | None) -> None:
    """Have the open quarter of some reports computed again; waiting requests for the same quarter are one."""
    places = {(one.plan.unit.parent_id or one.plan.unit_id, one.plan.vigencia_id, one.quarter) for one in reports}
    for entity, vigencia, quarter in sorted(places):
        payload = {"entity": entity, "vigencia": vigencia, "quarter": quarter}
        jobs.enqueue(PROGRESS_JOB, f"{PROGRESS_JOB}:{entity}:{vigencia}:{quarter}", payload, by=by)


def last_acts(report: QuarterReport) -> list[AuditEvent]:
    """Every step of a report, the last one first, with who took it; one query."""
    events = AuditEvent.objects.filter(object_type="tracking.quarterreport", object_id=str(report.pk))
    verbs = ["report_opened", "report_extended", *TRACES.values()]
    return list(events.filter(verb__in=verbs).select_related("actor").order_by("-pk"))


def _begin(report: QuarterReport, verb: str, by: User) -> QuarterReport:
    """The report, held, if the person may and the edge begins where the report stands (WF4)."""
    held = _hold(report, verb, by)
    _demand_source(held, verb, by)
    return held


def _hold(report: QuarterReport, verb: str, by: User) -> QuarterReport:
    """The report, held, if the person may."""
    permission = transition_for(TRANSITIONS, verb).permission
    if permission is None:
        raise LookupError(f"{verb!r} is the system's own")
    demand(by, permission, report)
    return QuarterReport.hold(report.pk)


def _demand_source(held: QuarterReport, verb: str, by: User) -> None:
    """The edge begins where the report stands, or it is told where it stands."""
    if held.status not in transition_for(TRANSITIONS, verb).sources:
        _refuse_state(held, verb, by)


def _refuse_if_moved(held: QuarterReport, seen: int | None) -> None:
    """Nobody signs figures that were not on the page: the last change is named (WF3, WF4)."""
    if seen is None or held.revision == seen:
        return
    message = "El reporte cambió después de que usted abrió la página."
    last = held.entries.exclude(changed_at=None).select_related("goal", "changed_by").order_by("-changed_at").first()
    if last is not None and last.changed_at is not None:
        message += (
            f" Lo último escrito es la meta {last.goal.number}: {last.changed_by}, {long_instant(last.changed_at)}."
        )
    raise Refused([Problem("report_changed", "WF3", message, fix="Revíselo como está ahora y confirme otra vez.")])


def _refuse_state(held: QuarterReport, verb: str, by: User) -> NoReturn:
    """Tell where the report stands, who brought it there and when (WF2); the same person hears that it is done (WF1)."""
    label = ReportStatus(held.status).label
    last = last_acts(held)[:1]
    same = {TRACES["submit"], TRACES["resubmit"]} if verb in {"submit", "resubmit"} else {TRACES[verb]}
    if last and last[0].verb in same and last[0].actor_id == by.pk:
        message = f"Usted ya lo hizo el {long_instant(last[0].at)}: el reporte está en estado «{label}»."
        raise AlreadyDone([Problem("already_done", "WF1", message, fix="No hace falta repetirlo.")])
    message = f"El reporte está en estado «{label}» y desde ahí no se puede hacer esto."
    if last and last[0].actor is not None:
        message += f" Lo llevó ahí {last[0].actor} el {long_instant(last[0].at)}."
    raise Refused([Problem("invalid_transition", "SM-2", message, fix="Vuelva a cargar la página.")])


def _add_rows(reports: Iterable[QuarterReport]) -> None:
    """A row of figures and one of words for each goal that a plan shows."""
    by_plan = {report.plan_id: report for report in reports}
    goals = Goal.objects.filter(plan__in=by_plan).exclude(status=GoalStatus.REMOVED)
    rows = GoalReport.objects.bulk_create(
        (
            GoalReport(report=by_plan[goal.plan_id], goal=goal, quarter=by_plan[goal.plan_id].quarter)
            for goal in goals.only("pk", "plan_id").iterator(2000)
        ),
        batch_size=1000,
    )
    GoalNarrative.objects.bulk_create((GoalNarrative(entry=row) for row in rows), batch_size=1000)


def _freeze(
    reading: Reading, event: ReportVersion.Event, by: User, now: datetime, *, is_first: bool = False
) -> ReportVersion:
    """Keep what the report says now, word for word, with its digest; the report must be held."""
    content = content_of(reading)
    last = 0 if is_first else reading.report.versions.aggregate(last=Max("number"))["last"] or 0
    return ReportVersion.objects.create(
        report=reading.report, number=last + 1, event=event, content=content, digest=digest_of(content), at=now, by=by
    )


def _trace(
    report: QuarterReport,
    verb: str,
    by: User,
    version: ReportVersion | None = None,
    reason: str = "",
    late: bool | None = None,
) -> None:
    """What the audit keeps of a step: where the report arrived, and the version that was frozen."""
    after: dict[str, object] = {"report": str(report), "state": ReportStatus(report.status).label}
    if version is not None:
        after |= {"version": version.number, "digest": version.digest}
    if late is not None:
        after["late"] = late
    audit.record(TRACES[verb], report, by=by, after=after, reason=reason)
