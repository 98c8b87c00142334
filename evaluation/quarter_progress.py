"""How an open quarter goes: the figures that screens read while nothing is official, computed by a job.

`QuarterProgress.units` is a list, in the order of the organisation, with a plan in each place; see `ProgressUnit`. Its
`version` grows with every write, so that what is drawn from it may be kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, Max, Q
from django.utils import timezone

from evaluation.models import QuarterProgress
from evaluation.plan_facts import Place, ReportStates, goal_rows, goals_with_evidence, report_states
from evaluation.quarter_results import Unit, units_by_quarter
from evaluation.rules.plan_compliance import GoalRow, fold
from pes import jobs, registry
from pes.jobs import Progress, register
from pes.models import Job, User
from pes.rules.quarters import QuarterPolicy
from plans.models.plan import PlanLevel
from tracking.content import policy_for
from tracking.lifecycle import PROGRESS_JOB
from tracking.models import QuarterReport

QUARTERS = 4


class ProgressUnit(NamedTuple):
    """A plan in an open quarter; ratios unrounded, `None` where nothing can be rated.

    `status` is of its report, blank without one; `counts` says that it is official. `on_time` is the part of its
    reports due so far in the vigencia that were sent in time. `rated`, `programmed`, `reported` and `with_evidence`
    count goals that are not eliminated: those in the score, and of the quarter.
    """

    plan: int
    unit: str
    name: str
    status: str
    due_on: date | None
    is_late: bool
    counts: bool
    score: Decimal | None
    to_date: Decimal | None
    on_time: Decimal | None
    rated: int
    programmed: int
    reported: int
    with_evidence: int


@dataclass(frozen=True)
class Reading:
    """The plans of an entity and vigencia at one moment, from T1 to the last quarter with reports."""

    states: ReportStates
    rows: list[GoalRow]
    evidence: frozenset[tuple[int, int]]
    policy: QuarterPolicy
    quarters: range


def units_of(progress: QuarterProgress) -> list[ProgressUnit]:
    """What is stored, as values."""
    return [ProgressUnit(**{name: _value(name, told) for name, told in row.items()}) for row in progress.units]


def ask_for_quarter(entity: int, vigencia: int, quarter: int, *, by: User | None) -> Job:
    """Have an open quarter and those after it computed again; waiting requests for the same quarter are one."""
    payload = {"entity": entity, "vigencia": vigencia, "quarter": quarter}
    return jobs.enqueue(PROGRESS_JOB, f"{PROGRESS_JOB}:{entity}:{vigencia}:{quarter}", payload, by=by)


def ask_when_terms_pass(today: date) -> Iterator[str]:
    """Ask for quarters that were opened, or whose terms passed, since they were computed: pending is now missing (PT-17)."""
    known = {
        (row.entity_id, row.vigencia, row.quarter): timezone.localdate(row.computed_at)
        for row in QuarterProgress.objects.order_by().only("entity_id", "vigencia", "quarter", "computed_at")
    }
    recent = QuarterReport.objects.filter(due_on__gte=today - timedelta(days=366)).order_by()
    places = recent.values_list("plan__unit__parent", "plan__vigencia", "quarter")
    for *place, passed_on in places.annotate(passed_on=Max("due_on", filter=Q(due_on__lt=today))):
        computed = known.get(tuple(place))
        if computed is None or (passed_on is not None and computed <= passed_on):
            yield ask_for_quarter(*place, by=None).key


def _read(job: Job) -> Reading:
    place = Place(job.payload["entity"], job.payload["vigencia"])
    states = report_states(place, QUARTERS, timezone.localdate())
    first, last = job.payload["quarter"], max((quarter for _, quarter in states.reports), default=0)
    quarters = range(first, last + 1)
    return Reading(
        states=states,
        rows=list(goal_rows(place, last)) if quarters else [],
        evidence=goals_with_evidence(place, quarters),
        policy=policy_for(place.vigencia),
        quarters=quarters,
    )


def _make(reading: Reading, progress: Progress) -> dict[int, list[Unit]]:
    last = reading.quarters.stop - 1
    folded = fold(reading.rows, reading.states.terms(last), reading.policy, reading.evidence)
    return units_by_quarter(reading.states, folded, reading.quarters)


def _write(job: Job, reading: Reading, made: dict[int, list[Unit]]) -> dict[str, Any]:
    entity, vigencia, now = job.payload["entity"], job.payload["vigencia"], timezone.now()
    for quarter, units in made.items():
        for level in PlanLevel.values:
            told = [_told(unit) for unit in units if unit.plan.level == level]
            QuarterProgress.objects.update_or_create(
                entity_id=entity, vigencia=vigencia, quarter=quarter, level=level,
                defaults={"units": told, "computed_at": now, "version": F("version") + 1},
                create_defaults={"units": told, "computed_at": now, "version": 1},
            )  # fmt: skip
    return {"quarters": list(reading.quarters)}


def _told(unit: Unit) -> dict[str, Any]:
    """A plan as JSON: exact figures as text."""
    report, figure = unit.report, unit.figure
    found = ProgressUnit(
        plan=unit.plan.pk, unit=unit.plan.code, name=unit.plan.name, status=report.status if report else "",
        due_on=report.due_on if report else None, is_late=unit.is_late, counts=unit.counts,
        score=figure.score, to_date=figure.to_date, on_time=unit.on_time, rated=figure.rated,
        programmed=figure.programmed, reported=figure.reported, with_evidence=figure.with_evidence,
    )  # fmt: skip
    return {name: _text(value) for name, value in found._asdict().items()}


def _text(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def _value(name: str, told: Any) -> Any:
    if told is None or name not in _READ:
        return told
    return _READ[name](told)


_READ: dict[str, Any] = {"due_on": date.fromisoformat, "score": Decimal, "to_date": Decimal, "on_time": Decimal}

register(PROGRESS_JOB, read=_read, make=_make, write=_write)
registry.provide("planner", ask_when_terms_pass)
