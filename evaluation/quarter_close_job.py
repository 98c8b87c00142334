"""The job that closes a quarter: read at one moment, folded without the database, written in one transaction (JB15).

The write takes its locks in one order – entity, plans, reports – looks that nothing moved since it read, and if
something did it is done again from the start. A run is made once: a second message finds its number taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from evaluation.models import QuarterClose
from evaluation.plan_facts import ReportStates, goal_rows, goals_with_evidence, plans_of, report_states
from evaluation.quarter_closes import CLOSE_JOB, CloseRequest, close_facts
from evaluation.quarter_lines import head_of, write_results
from evaluation.quarter_progress import ask_for_quarter
from evaluation.quarter_results import QuarterResults, digest_of, results_of
from evaluation.rules.plan_compliance import GoalRow
from evaluation.rules.quarter_close import consolidation_problems
from pes import audit
from pes.access import demand
from pes.jobs import Again, Progress, register
from pes.models import Job, Metodologia, OrganizationUnit, User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.quarters import QuarterPolicy
from pes.rules.transitions import transition_for
from plans.lifecycle import note_all_consolidated
from plans.models import PlanGestion
from tracking.content import policy_of
from tracking.lifecycle import TRACES
from tracking.models import QuarterReport
from tracking.rules.report_states import TRANSITIONS, ReportStatus


class ReportsMoved(Again):
    """A report or a plan changed while the results were computed: they are computed again, as often as need be."""


@dataclass(frozen=True)
class Reading:
    """A level at one moment: everything that its results are folded from."""

    request: CloseRequest
    states: ReportStates
    rows: list[GoalRow]
    evidence: frozenset[tuple[int, int]]
    policy: QuarterPolicy
    methodology: dict[str, Any]


def read(request: CloseRequest) -> Reading:
    """Everything that a run is computed from; five queries."""
    place, quarter = request.place, request.quarter
    methodology = Metodologia.in_force(place.vigencia)
    return Reading(
        request=request,
        states=report_states(place, quarter, request.today),
        rows=list(goal_rows(place, quarter)),
        evidence=goals_with_evidence(place, range(quarter, quarter + 1)),
        policy=policy_of(methodology),
        methodology=methodology.facts(),
    )


def make(reading: Reading) -> QuarterResults:
    """The results; no database."""
    return results_of(reading.states, reading.rows, reading.evidence, reading.policy, reading.request.quarter)


def write(reading: Reading, results: QuarterResults, *, by: User) -> QuarterClose:
    """Write a run whole – results, ranking, the reports that it makes official, the note on their plans.

    In the caller's transaction. Raises PermissionDenied, Refused when the run is made already or may not be made any
    more, ReportsMoved when something changed since it was read.
    """
    request = reading.request
    entity = _hold(request)
    _check(entity, request, by)
    if report_states(request.place, request.quarter, request.today) != reading.states:
        raise ReportsMoved("Los reportes o los planes cambiaron mientras se calculaba.")
    close = _freeze(entity, reading, results, by)
    taken = _take_in(reading)
    _note_settled(request)
    _trace(close, taken, by)
    ask_for_quarter(entity.pk, request.place.vigencia, request.quarter, by=by)
    return close


def _hold(request: CloseRequest) -> OrganizationUnit:
    entity = OrganizationUnit.objects.select_for_update(of=("self",), no_key=True).get(pk=request.place.entity)
    plans = PlanGestion.objects.filter(pk__in=plans_of(request.place).order_by().values("pk")).order_by("pk")
    held = [plan.pk for plan in plans.only("pk").select_for_update(no_key=True)]
    reports = QuarterReport.objects.filter(plan__in=held, quarter=request.quarter).order_by("pk")
    list(reports.only("pk").select_for_update(no_key=True))
    return entity


def _check(entity: OrganizationUnit, request: CloseRequest, by: User) -> None:
    """Ask again for power and rules, when the job starts and when it delivers (AZ15)."""
    demand(by, Permission.QUARTER_CONSOLIDATE, entity)
    facts = close_facts(request.place, request.quarter, request.today)
    if facts.last_run + 1 != request.run:
        message = f"La corrida {request.run} de este trimestre ya se hizo."
        raise Refused([Problem("run_made_already", "WF1", message, fix="Vuelva a cargar la página.")])
    refuse_if_any(consolidation_problems(facts, today=request.today, reason=request.reason))


def _freeze(entity: OrganizationUnit, reading: Reading, results: QuarterResults, by: User) -> QuarterClose:
    request = reading.request
    close = QuarterClose(
        entity=entity, vigencia=request.place.vigencia, quarter=request.quarter, level=request.place.level,
        run=request.run, methodology=reading.methodology, excluded=results.excluded, reason=request.reason,
        closed_by=by, closed_at=request.at,
    )  # fmt: skip
    close.digest = digest_of(head_of(close), results.units, results.goals)
    close.save(force_insert=True)
    write_results(close, results)
    return close


def _note_settled(request: CloseRequest) -> None:
    """Note how far each plan is through (SM-1): every quarter until then accepted, or never sent in a term that is over.

    What waits for its review, or was reopened, holds back the quarters after it too, and the run that takes it in notes
    them all: a plan is not closed while its first quarter is being corrected.
    """
    closed = QuarterClose.objects.filter(entity=request.place.entity, vigencia=request.place.vigencia)
    quarters = set(closed.filter(level=request.place.level).values_list("quarter", flat=True))
    states = report_states(request.place, max(quarters), request.today)
    going = {plan.pk for plan in states.plans}
    for quarter in range(1, max(quarters) + 1):
        found = ((plan, states.report(plan, quarter)) for plan in going)
        going = {plan for plan, report in found if report is None or report.is_settled(request.today)}
        if quarter in quarters:
            note_all_consolidated(going, quarter)


def _take_in(reading: Reading) -> list[int]:
    """Make every validated report of the level consolidated (SM-2); return their ids."""
    step = transition_for(TRANSITIONS, "consolidate")
    of_quarter = (report for _, report in reading.states.of_quarter(reading.request.quarter))
    taken = [report.pk for report in of_quarter if report is not None and report.status in step.sources]
    moved = QuarterReport.objects.filter(pk__in=taken, status__in=step.sources).update(
        status=step.target, revision=F("revision") + 1, consolidated_at=reading.request.at
    )
    if moved != len(taken):
        raise ReportsMoved("Los reportes cambiaron mientras se consolidaban.")
    return taken


def _trace(close: QuarterClose, taken: Iterable[int], by: User) -> None:
    taken = list(taken)
    said = {"run": close.run, "digest": close.digest, "reports": len(taken), "excluded": len(close.excluded)}
    audit.record("quarter_closed", close, by=by, after={"close": str(close), **said}, reason=close.reason)
    state = {"state": ReportStatus.CONSOLIDATED.label, "run": close.run, "digest": close.digest}
    for pk in taken:
        audit.record(TRACES["consolidate"], QuarterReport(pk=pk), by=by, after=state)


def _requester(job: Job) -> User:
    if job.requested_by is None:
        raise LookupError(f"job {job.pk} was asked for by nobody")
    return job.requested_by


def _read(job: Job) -> Reading:
    request = CloseRequest.of(job)
    _check(OrganizationUnit.objects.get(pk=request.place.entity), request, _requester(job))
    return read(request)


def _make(reading: Reading, progress: Progress) -> QuarterResults:
    return make(reading)


def _write(job: Job, reading: Reading, results: QuarterResults) -> dict[str, Any]:
    close = write(reading, results, by=_requester(job))
    return {"run": close.run, "units": len(results.units), "goals": len(results.goals)}


register(CLOSE_JOB, read=_read, make=_make, write=_write)
