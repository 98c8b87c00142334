"""Closing a quarter: the act of consolidating, and what it depends on (SM-2; PLE-PIN-P005 v8, act. 12).

The act asks for power and rules and leaves a job, which `quarter_close_job` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from evaluation.models import QuarterClose
from evaluation.plan_facts import Place, PlanFact, ReportStates, report_states
from evaluation.rules.quarter_close import CloseFacts, consolidation_problems
from pes import audit, jobs
from pes.access import demand
from pes.calendar_co import non_working_days
from pes.models import Job, JobState, OrganizationUnit, User
from pes.permissions import Permission
from pes.rules.calendar import report_due_on
from pes.rules.problems import refuse_if_any
from tracking.rules.report_states import ReportStatus

CLOSE_JOB = "close_quarter"


@dataclass(frozen=True, slots=True)
class CloseRequest:
    """What a job of the close was asked to do."""

    place: Place
    quarter: int
    run: int
    reason: str
    at: datetime

    @classmethod
    def of(cls, job: Job) -> CloseRequest:
        """The request in a job's payload."""
        said = job.payload
        place = Place(said["entity"], said["vigencia"], said["level"])
        return cls(place, said["quarter"], said["run"], said["reason"], datetime.fromisoformat(said["at"]))

    @property
    def today(self) -> date:
        """The day of the act in Bogotá: what is overdue is overdue then."""
        return timezone.localdate(self.at)

    def payload(self) -> dict[str, Any]:
        """Ids, words of the act and the version of this shape (JB11)."""
        entity, vigencia, level = self.place
        where = {"entity": entity, "vigencia": vigencia, "quarter": self.quarter, "level": level}
        return {"version": 1, **where, "run": self.run, "reason": self.reason, "at": self.at.isoformat()}


@transaction.atomic
def consolidate(
    entity: OrganizationUnit,
    vigencia: int,
    quarter: int,
    level: str,
    *,
    by: User,
    reason: str = "",
    now: datetime | None = None,
) -> Job:
    """Ask for the next run of the close of a level; the job that does it, or the one that is doing it already.

    Raises PermissionDenied, or Refused: the term runs, nothing new since the last run, a later run without reason.
    """
    demand(by, Permission.QUARTER_CONSOLIDATE, entity)
    place, instant = Place(entity.pk, vigencia, level), now or timezone.now()
    OrganizationUnit.objects.select_for_update(of=("self",), no_key=True).get(pk=entity.pk)
    busy = close_jobs(place, quarter).filter(state__in=(JobState.QUEUED, JobState.RUNNING)).first()
    if busy is not None:
        return busy
    facts = close_facts(place, quarter, timezone.localdate(instant))
    refuse_if_any(consolidation_problems(facts, today=timezone.localdate(instant), reason=reason))
    asked = CloseRequest(place, quarter, facts.last_run + 1, reason.strip() if facts.last_run else "", instant)
    said = {"vigencia": vigencia, "quarter": quarter, "level": level, "run": asked.run}
    audit.record("quarter_close_requested", entity, by=by, after=said, reason=asked.reason)
    return jobs.enqueue(CLOSE_JOB, _key(place, quarter), asked.payload(), by=by)


def close_jobs(place: Place, quarter: int) -> QuerySet[Job]:
    """The jobs that were asked to close a quarter of a level, the newest first."""
    return Job.objects.filter(kind=CLOSE_JOB, key=_key(place, quarter)).order_by("-pk")


def closes_of(place: Place, quarter: int) -> QuerySet[QuarterClose]:
    """The runs of a quarter and level, the last one first."""
    found = QuarterClose.objects.filter(entity=place.entity, vigencia=place.vigencia, level=place.level)
    return found.filter(quarter=quarter).order_by("-run")


def last_runs(among: QuerySet[QuarterClose] | None = None) -> QuerySet[QuarterClose]:
    """The last run of each close; of some runs, if they are given."""
    runs = QuarterClose.objects.all() if among is None else among
    later = runs.filter(
        entity=OuterRef("entity"), vigencia=OuterRef("vigencia"), quarter=OuterRef("quarter"), level=OuterRef("level"),
        run__gt=OuterRef("run"),
    )  # fmt: skip
    return runs.filter(~Exists(later))


def close_facts(place: Place, quarter: int, today: date, states: ReportStates | None = None) -> CloseFacts:
    """The quarter of a level as the rules of its close see it."""
    states = states or report_states(place, quarter, today)
    units = states.of_quarter(quarter)
    opened = [(plan, report) for plan, report in units if report is not None]
    owing = [plan.name for plan, report in units if not (report is not None and report.counts)]
    extended = [plan.name for plan, report in opened if not report.counts and today <= report.due_on]
    closed = QuarterClose.objects.filter(entity=place.entity, vigencia=place.vigencia, level=place.level)
    found = closed.order_by().values_list("quarter").annotate(last=Max("run"), at=Max("closed_at"))
    runs = {number: (last, at) for number, last, at in found}
    ended = [report.due_on for _, report in opened if not report.counts and report.due_on < today]
    return CloseFacts(
        quarter=quarter,
        due_on=states.legal_due_on.get(quarter) or _due_on(place.vigencia, quarter),
        reports=len(opened),
        fresh=sum(report.status == ReportStatus.VALIDATED for _, report in opened),
        last_run=runs[quarter][0] if quarter in runs else 0,
        waiting=[name for name in owing if name not in extended],
        extended=extended,
        unsettled=[f"{plan.name} (T{at})" for at in range(1, quarter) for plan in _not_official(states, at)],
        has_previous=quarter == 1 or quarter - 1 in runs,
        is_outdated=outdated_since(quarter, {number: at for number, (_, at) in runs.items()}, max(ended, default=None))
        is not None,
    )


def outdated_since(quarter: int, closed_at: Mapping[int, datetime], ended: date | None) -> date | None:
    """The day since which the last run of a quarter leaves out what it would take; None while it does not.

    `closed_at` says when each quarter of the level was closed last; `ended` is the last due date that has passed of
    the reports of this one that do not count (PT-17).
    """
    last_at = closed_at.get(quarter)
    if last_at is None:
        return None
    found = [timezone.localdate(at) for number, at in closed_at.items() if number < quarter and at > last_at]
    if ended is not None and ended >= timezone.localdate(last_at):
        found.append(ended + timedelta(days=1))
    return min(found, default=None)


def _not_official(states: ReportStates, quarter: int) -> list[PlanFact]:
    return [plan for plan, report in states.of_quarter(quarter) if report is not None and not report.counts]


def _key(place: Place, quarter: int) -> str:
    return f"{CLOSE_JOB}:{place.entity}:{place.vigencia}:{quarter}:{place.level}"


def _due_on(vigencia: int, quarter: int) -> date:
    return report_due_on(vigencia, quarter, non_working_days([vigencia, vigencia + 1]))
