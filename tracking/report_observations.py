"""Observations to a report: who may say what, and when (PLE-PIN-P005 v8, act. 10 and 11; PG-08)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import can, demand
from pes.models import User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.threads import text_problems
from plans.models import Side
from plans.threads import add_turn, awaiting_team, begun_before, field_unknown, last_turn_if_same
from tracking.models import GoalReport, QuarterReport, ReportObservation, ReportObservationTurn
from tracking.rules.goal_reports import ENTRY_FIELDS, EVIDENCE
from tracking.rules.report_states import CENTRAL_EDITABLE, EDITABLE, ReportStatus

PLACES = {field.name: field.label for field in ENTRY_FIELDS} | {EVIDENCE: "Evidencias"}


@transaction.atomic
def raise_observation(
    report: QuarterReport,
    entry: GoalReport | None,
    field: str,
    text: str,
    *,
    by: User,
    now: datetime | None = None,
) -> ReportObservation:
    """Begin a thread about the report, a goal of it or one of its fields; saying the same twice begins one (WF1).

    The OAP observes what it has in review. Raises PermissionDenied, or Refused: wrong moment (SM-2), another report's
    goal or no such field (AZ10), no text.
    """
    demand(by, Permission.QUARTER_REVIEW, report)
    held = QuarterReport.hold(report.pk)
    _refuse_moment(held)
    refuse_if_any([*_place_problems(held, entry, field), *text_problems(text, "SM-2")])
    place = {"report": held, "entry": entry, "field": field, "raised_by": by}
    repeated = begun_before(ReportObservation.objects.filter(**place), text, by=by)
    if repeated is not None:
        return repeated
    instant = now or timezone.now()
    made = ReportObservation.objects.create(**place, raised_at=instant)
    add_turn(made, Side.REVIEWER, text, by=by, now=instant)
    goal = entry.goal.number if entry else None
    said = {"report": str(held), "goal": goal, "field": field, "text": text.strip()}
    audit.record("report_observed", made, by=by, after=said)
    return made


@transaction.atomic
def answer(
    observation: ReportObservation, text: str, *, by: User, now: datetime | None = None
) -> ReportObservationTurn:
    """Add a turn: the team answers while it has the report, the OAP insists while it reviews it.

    A central area answers about the goals that it reports, also during the review: until then it completes them
    (PG-08). Raises PermissionDenied, or Refused: not one's turn (SM-2), no text.
    """
    held = QuarterReport.hold(observation.report_id)
    side = _side(held, observation.entry, by)
    refuse_if_any(text_problems(text, "SM-2"))
    repeated = last_turn_if_same(observation, side, text, by=by)
    if repeated is not None:
        return cast(ReportObservationTurn, repeated)
    made: ReportObservationTurn = add_turn(observation, side, text, by=by, now=now or timezone.now())
    audit.record("report_observation_answered", observation, by=by, after={"report": str(held), "text": made.text})
    return made


def unanswered(report: QuarterReport) -> int:
    """How many threads of a report await the team's answer; one query."""
    return awaiting_team(ReportObservation.objects.filter(report=report)).count()


def _side(held: QuarterReport, entry: GoalReport | None, by: User) -> Side:
    """For whom a person speaks now about a goal, or about the whole report."""
    team = can(by, Permission.QUARTER_FILL, held)
    reviewer = can(by, Permission.QUARTER_REVIEW, held)
    area = entry is not None and can(by, Permission.GOAL_REPORT, entry)
    if not (team or reviewer or area):
        raise PermissionDenied("Solo responden quien diligencia el reporte y quien lo revisa.")
    if (team and held.status in EDITABLE) or (area and held.status in CENTRAL_EDITABLE):
        return Side.TEAM
    if reviewer:
        _refuse_moment(held)
        return Side.REVIEWER
    message = f"El reporte está en estado «{ReportStatus(held.status).label}»: el equipo no responde ahora."
    fix = "Se responde cuando la oficina de planeación lo devuelve."
    raise Refused([Problem("not_your_turn", "SM-2", message, fix=fix)])


def _refuse_moment(held: QuarterReport) -> None:
    """The OAP speaks while the report is in its hands."""
    if held.status != ReportStatus.IN_REVIEW:
        message = f"El reporte está en estado «{ReportStatus(held.status).label}»: no se observa ahora."
        raise Refused([Problem("not_under_review", "SM-2", message, fix="Se observa mientras está en revisión.")])


def _place_problems(report: QuarterReport, entry: GoalReport | None, field: str) -> Iterator[Problem]:
    if entry is not None and entry.report_id != report.pk:
        yield Problem("goal_unknown", "AZ10", "La meta no está en el reporte.", fix="Vuelva a cargar la página.")
    if field and (entry is None or field not in PLACES):
        yield field_unknown()
