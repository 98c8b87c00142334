"""Technical corrections: what the OAP changes in the figures and words of a team, both kept with the reason (PG-R5).

It is an act of the review, with its trace: who corrects may validate the report afterwards. Who filled in or sent the
report may not, whatever their role (AZ4).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand, people_with
from pes.models import User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from plans.rules.values import tidy
from tracking.content import reading_of
from tracking.filling import Value, eliminated_problems, put_entry, shown, state_problems
from tracking.lifecycle import ask_for_progress
from tracking.models import GoalReport, NoticeKind, QuarterReport, TechnicalCorrection
from tracking.notices import tell, tell_team
from tracking.rules.goal_reports import ENTRY_BY_NAME
from tracking.rules.report_states import ReportStatus
from tracking.rules.report_steps import correction_problems

UNDER_CORRECTION = frozenset({ReportStatus.IN_REVIEW})


@transaction.atomic
def correct(
    entry: GoalReport, field: str, value: Value, *, reason: str, by: User, now: datetime | None = None
) -> TechnicalCorrection:
    """Change one field of a goal in a report under review, and tell its team (WF19); central areas' goals too.

    Raises PermissionDenied, or Refused: not in review (SM-2), no such field (AZ10), no reason, nothing changes, or a
    value that does not fit with the others (PT-16b).
    """
    demand(by, Permission.QUARTER_REVIEW, entry)
    instant = now or timezone.now()
    held = QuarterReport.hold(entry.report_id)
    refuse_if_any([*state_problems(held, UNDER_CORRECTION), *eliminated_problems(entry)])
    if field not in ENTRY_BY_NAME:
        raise Refused([Problem("field_unknown", "AZ10", "Ese campo no existe.", fix="Elija un campo de la lista.")])
    reading = reading_of(held, today=timezone.localdate(instant))
    found = reading.goal(entry.goal.number)
    assert found is not None  # its row belongs to the report
    clean = tidy(value) if isinstance(value, str) else value
    refuse_if_any(correction_problems(found.goal, held.quarter, field, clean, reason=reason))
    before, after = shown(getattr(found.goal.entry(held.quarter), field)), shown(clean)
    put_entry(reading.entries[entry.goal.number], {field: clean}, by=by, now=instant)
    held.touch()
    made = TechnicalCorrection.objects.create(
        entry=entry, field=field, before=before, after=after, reason=reason.strip(), by=by, at=instant
    )
    _trace(made, held)
    return made


def _trace(made: TechnicalCorrection, report: QuarterReport) -> None:
    """What the audit keeps, who is told, and what is computed again."""
    goal = made.entry.goal.number
    said = {"report": str(report), "goal": goal, made.field: made.after}
    audit.record(
        "entry_corrected", made.entry, by=made.by, before={made.field: made.before}, after=said, reason=made.reason
    )
    detail = f"Meta {goal}, {ENTRY_BY_NAME[made.field].label.lower()}: {made.reason}"
    tell_team(report, NoticeKind.CORRECTED, now=made.at, detail=detail, by=made.by)
    area = made.entry.goal.central_area_id
    if area is not None:
        people = people_with(Permission.GOAL_REPORT, area)
        tell(report, NoticeKind.CORRECTED, people, now=made.at, detail=detail, by=made.by)
    ask_for_progress([report], by=made.by)
