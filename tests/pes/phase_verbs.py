"""Verbs of the road, the meetings and the participation, each with the row of the table that says who may call it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from pes.meetings import commitments, convening, minutes, scheduling, tasks
from pes.meetings.commitments import Undertaking
from pes.meetings.facts import Minutes
from pes.models import (
    ActivityEvidence,
    Commitment,
    DofaGroup,
    DofaNote,
    PaperBatch,
    RoadActivity,
    SurveyText,
    User,
)
from pes.participation import boards, notes, paper, surveys
from pes.participation.boards import BoardFacts
from pes.participation.paper import Count
from pes.roads import opening, phases, reporting, schedule
from tests.pes.phase_world import Stage, said, upload
from tests.pes.survey_makers import asked

TODAY = date(2026, 3, 12)
STALE = "0" * 16
Act = Callable[[Stage, User], Any]


def of(model: Any, stage: Stage, path: str) -> Any:
    """The first row of a model that belongs to the PES."""
    return model.objects.filter(**{path: stage.plan}).order_by("pk").first()


def activity(stage: Stage) -> RoadActivity:
    """The activity that the head entity answers for and has reported."""
    return of(ActivityEvidence, stage, "activity__phase__road__plan").activity


def commitment(stage: Stage) -> Commitment:
    """What the head entity owes."""
    return of(Commitment, stage, "meeting__plan")


def count(stage: Stage) -> PaperBatch:
    """The count on paper."""
    return of(PaperBatch, stage, "survey__plan")


COUNTED = Count("Parque", date(2026, 3, 6), "ACTA-02", 5, {1: 5})
WHY = "Fue un error"
# Each verb: the row of `phase_rows` whose people it asks for, and how it is called.
VERBS: dict[str, tuple[str, Act]] = {
    "roads.opening.open_plan": (
        "pes:plan-open",
        lambda s, by: opening.open_plan(s.them.sector, name="Otro", first_vigencia=2028, by=by),
    ),
    "roads.opening.open_road": (
        "pes:road-trace",
        lambda s, by: opening.open_road(opening.SIX_PHASES, unit=s.them.sector, plan=s.plan, name="Camino", by=by),
    ),
    "roads.phases.close_phase": (
        "pes:road-phase-close",
        lambda s, by: phases.close_phase(s.plan.road.phases.get(code="F1"), by=by),
    ),
    "roads.schedule.programme_phase": (
        "pes:road-schedule",
        lambda s, by: schedule.programme_phase(s.plan.road.phases.get(code="F1"), {}, read=STALE, by=by),
    ),
    "roads.reporting.report_progress": (
        "pes:road-activity-report",
        lambda s, by: reporting.report_progress(activity(s), Decimal(50), by=by),
    ),
    "roads.reporting.attach_evidence": (
        "pes:road-activity-evidence",
        lambda s, by: reporting.attach_evidence(activity(s), links=["https://ejemplo.invalid/c"], by=by),
    ),
    "roads.reporting.withdraw_evidence": (
        "pes:road-evidence-withdraw",
        lambda s, by: reporting.withdraw_evidence(activity(s).evidence.first(), reason=WHY, by=by),
    ),
    "roads.reporting.set_aside": (
        "pes:road-activity-aside",
        lambda s, by: reporting.set_aside(activity(s), reason=WHY, by=by),
    ),
    "roads.reporting.resume": (
        "pes:road-activity-again",
        lambda s, by: reporting.resume(activity(s), reason=WHY, by=by),
    ),
    "meetings.scheduling.schedule_meeting": (
        "pes:meeting-new",
        lambda s, by: scheduling.schedule_meeting(s.plan, said(s.them, "", "Otra", on=date(2026, 4, 20)), by=by),
    ),
    "meetings.scheduling.change_meeting": (
        "pes:meeting-edit",
        lambda s, by: scheduling.change_meeting(s.planned, said(s.them, "", "Otra"), read=STALE, by=by),
    ),
    "meetings.scheduling.cancel_meeting": (
        "pes:meeting-cancel",
        lambda s, by: scheduling.cancel_meeting(s.planned, reason=WHY, by=by),
    ),
    "meetings.convening.invite": (
        "pes:meeting-guests",
        lambda s, by: convening.invite(s.planned, [s.them.elena], [], by=by),
    ),
    "meetings.convening.convene": ("pes:meeting-convene", lambda s, by: convening.convene(s.planned, by=by)),
    "meetings.minutes.record_attendance": (
        "pes:meeting-attendance",
        lambda s, by: minutes.record_attendance(s.held, [], read=STALE, by=by),
    ),
    "meetings.minutes.write_minutes": (
        "pes:meeting-minutes",
        lambda s, by: minutes.write_minutes(s.held, Minutes({}, [], []), read=STALE, by=by),
    ),
    "meetings.minutes.close_minutes": ("pes:meeting-close", lambda s, by: minutes.close_minutes(s.held, by=by)),
    "meetings.minutes.amend_minutes": (
        "pes:meeting-addendum",
        lambda s, by: minutes.amend_minutes(s.closed, text="Se aclara.", by=by),
    ),
    "meetings.minutes.add_file": (
        "pes:meeting-file",
        lambda s, by: minutes.add_file(s.held, upload(), note="", by=by),
    ),
    "meetings.tasks.request_minutes": ("pes:meeting-document", lambda s, by: tasks.request_minutes(s.closed, by=by)),
    "meetings.commitments.add_commitment": (
        "pes:meeting-commit",
        lambda s, by: commitments.add_commitment(s.held, Undertaking("Otro", TODAY, owner=s.them.elena), by=by),
    ),
    "meetings.commitments.remove_commitment": (
        "pes:commitment-remove",
        lambda s, by: commitments.remove_commitment(commitment(s), by=by),
    ),
    "meetings.commitments.note": (
        "pes:commitment-note",
        lambda s, by: commitments.note(commitment(s), text="Va bien.", by=by),
    ),
    "meetings.commitments.fulfil": (
        "pes:commitment-fulfil",
        lambda s, by: commitments.fulfil(commitment(s), text="Hecho.", by=by),
    ),
    "meetings.commitments.reopen": (
        "pes:commitment-reopen",
        lambda s, by: commitments.reopen(commitment(s), reason=WHY, by=by),
    ),
    "meetings.commitments.drop": (
        "pes:commitment-withdraw",
        lambda s, by: commitments.drop(commitment(s), reason=WHY, by=by),
    ),
    "meetings.commitments.reschedule": (
        "pes:commitment-reschedule",
        lambda s, by: commitments.reschedule(commitment(s), due_on=date(2026, 5, 30), reason=WHY, by=by),
    ),
    "participation.boards.open_board": (
        "pes:dofa-new",
        lambda s, by: boards.open_board(s.plan, BoardFacts("Otro", TODAY, "¿Qué falta?"), by=by),
    ),
    "participation.boards.correct_board": (
        "pes:dofa-edit",
        lambda s, by: boards.correct_board(s.board, BoardFacts("Otro", TODAY), read=STALE, by=by),
    ),
    "participation.boards.move_board": (
        "pes:dofa-group-phase",
        lambda s, by: boards.move_board(s.board, "group", by=by),
    ),
    "participation.boards.ask_picture": ("pes:dofa-pdf-make", lambda s, by: boards.ask_picture(s.board, by=by)),
    "participation.notes.add_note": (
        "pes:dofa-note-new",
        lambda s, by: notes.add_note(s.board, quadrant="amenaza", text="Menos", by=by),
    ),
    "participation.notes.correct_note": (
        "pes:dofa-note-edit",
        lambda s, by: notes.correct_note(of(DofaNote, s, "board__plan"), text="Otra", by=by),
    ),
    "participation.notes.withdraw_note": (
        "pes:dofa-note-withdraw",
        lambda s, by: notes.withdraw_note(of(DofaNote, s, "board__plan"), by=by),
    ),
    "participation.notes.add_group": (
        "pes:dofa-group-new",
        lambda s, by: notes.add_group(s.board, quadrant="amenaza", name="Recursos", by=by),
    ),
    "participation.notes.rename_group": (
        "pes:dofa-group-edit",
        lambda s, by: notes.rename_group(of(DofaGroup, s, "board__plan"), name="Otro", by=by),
    ),
    "participation.notes.dissolve_group": (
        "pes:dofa-group-dissolve",
        lambda s, by: notes.dissolve_group(of(DofaGroup, s, "board__plan"), by=by),
    ),
    "participation.notes.move_notes": (
        "pes:dofa-notes-move",
        lambda s, by: notes.move_notes(s.board, notes=[1], group=None, quadrant="amenaza", by=by),
    ),
    "participation.notes.give_vote": (
        "pes:dofa-vote",
        lambda s, by: notes.give_vote(s.board, note=of(DofaNote, s, "board__plan"), by=by),
    ),
    "participation.notes.take_vote": (
        "pes:dofa-vote-back",
        lambda s, by: notes.take_vote(s.board, note=of(DofaNote, s, "board__plan"), by=by),
    ),
    "participation.surveys.prepare_survey": (
        "pes:survey-new",
        lambda s, by: surveys.prepare_survey(s.plan, asked(title="Otra"), by=by),
    ),
    "participation.surveys.correct_survey": (
        "pes:survey-edit",
        lambda s, by: surveys.correct_survey(s.survey, asked(), read=STALE, by=by),
    ),
    "participation.surveys.open_survey": ("pes:survey-open", lambda s, by: surveys.open_survey(s.survey, by=by)),
    "participation.surveys.close_survey": ("pes:survey-close", lambda s, by: surveys.close_survey(s.survey, by=by)),
    "participation.surveys.reopen_survey": (
        "pes:survey-reopen",
        lambda s, by: surveys.reopen_survey(s.survey, closes_on=date(2026, 4, 30), reason=WHY, by=by),
    ),
    "participation.surveys.publish_survey": (
        "pes:survey-publish",
        lambda s, by: surveys.publish_survey(s.survey, by=by),
    ),
    "participation.surveys.moderate": (
        "pes:survey-text-show",
        lambda s, by: surveys.moderate(of(SurveyText, s, "response__survey__plan"), shown=True, by=by),
    ),
    "participation.paper.record_count": (
        "pes:survey-count-new",
        lambda s, by: paper.record_count(s.survey, COUNTED, by=by),
    ),
    "participation.paper.correct_count": (
        "pes:survey-count-edit",
        lambda s, by: paper.correct_count(count(s), COUNTED, reason=WHY, read=STALE, by=by),
    ),
    "participation.paper.withdraw_count": (
        "pes:survey-count-withdraw",
        lambda s, by: paper.withdraw_count(count(s), reason=WHY, by=by),
    ),
}
