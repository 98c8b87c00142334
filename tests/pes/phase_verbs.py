"""Every verb of the phases of a PES, and the row of the table that says who may: the power is the same by any way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pes.approval
import pes.meetings
import pes.participation
import pes.profile
import pes.roads
import pes.writing
from pes.approval import acts, adopting, deciding, files, observing, presenting
from pes.approval.acts import ActDraft
from pes.meetings import commitments, convening, minutes, scheduling, tasks
from pes.meetings.commitments import Undertaking
from pes.meetings.facts import Minutes
from pes.models import (
    ActivityEvidence,
    ActKind,
    Adoption,
    Commitment,
    CommitteeDecision,
    DofaGroup,
    DofaNote,
    EntityObservation,
    EntityProblem,
    InvestmentProject,
    PaperBatch,
    PublicationChannel,
    RoadActivity,
    SectionComment,
    SurveyText,
    User,
    Verdict,
)
from pes.participation import boards, notes, paper, surveys
from pes.participation.boards import BoardFacts
from pes.participation.paper import Count
from pes.profile import records, resource_import, resources
from pes.roads import opening, phases, reporting, schedule
from pes.rules.resources import Money
from pes.writing import assignment, structure, texts
from pes.writing import comments as margin
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


def problem(stage: Stage) -> EntityProblem:
    """A problem of the head entity."""
    return of(EntityProblem, stage, "plan")


def project(stage: Stage) -> InvestmentProject:
    """A project of the head entity."""
    return InvestmentProject.objects.get(entity=stage.them.head)


def count(stage: Stage) -> PaperBatch:
    """The count on paper."""
    return of(PaperBatch, stage, "survey__plan")


def a_book(stage: Stage, by: User) -> Any:
    """A workbook of the person's, kept without asking."""
    return resource_import.ResourceUpload.objects.get(pk=stage.thing("upload", by))


LATER = ActDraft(ActKind.RESOLUCION, "13", 2026, issued_on=TODAY)
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
WRITING: dict[str, tuple[str, Act]] = {
    "writing.structure.open_document": ("pes:document-open", lambda s, by: structure.open_document(s.plan, by=by)),
    "writing.structure.renew_structure": (
        "pes:document-renew",
        lambda s, by: structure.renew_structure(s.plan.document, by=by),
    ),
    "writing.structure.rename_chapter": (
        "pes:chapter-rename",
        lambda s, by: structure.rename_chapter(s.section(None).chapter, title="Otro", read=STALE, by=by),
    ),
    "writing.assignment.assign_sections": (
        "pes:document-assign",
        lambda s, by: assignment.assign_sections(s.plan.document, {}, read=STALE, by=by),
    ),
    "writing.texts.write_section": (
        "pes:section-save",
        lambda s, by: texts.write_section(s.section(s.them.head), "<p>Otro</p>", read=0, by=by),
    ),
    "writing.texts.restore_text": (
        "pes:section-restore",
        lambda s, by: texts.restore_text(s.section(s.them.head), 1, read=0, by=by),
    ),
    "writing.texts.finish_section": (
        "pes:section-finish",
        lambda s, by: texts.finish_section(s.section(s.them.head), by=by),
    ),
    "writing.texts.resume_section": (
        "pes:section-resume",
        lambda s, by: texts.resume_section(s.section(s.them.head), by=by),
    ),
    "writing.comments.comment_section": (
        "pes:section-comment",
        lambda s, by: margin.comment_section(s.section(s.them.head), "Falta.", by=by),
    ),
    "writing.comments.answer_comment": (
        "pes:comment-answer",
        lambda s, by: margin.answer_comment(comment(s), "Está.", by=by),
    ),
    "writing.comments.resolve_comment": (
        "pes:comment-resolve",
        lambda s, by: margin.resolve_comment(comment(s), by=by),
    ),
    "writing.comments.reopen_comment": ("pes:comment-reopen", lambda s, by: margin.reopen_comment(comment(s), by=by)),
}


def comment(stage: Stage) -> SectionComment:
    """The thread that Elena began."""
    return of(SectionComment, stage, "section__chapter__document__plan")


def last(stage: Stage) -> Any:
    """The version that stands before the entities."""
    return stage.plan.versions.get(number=2)


def observation(stage: Stage) -> EntityObservation:
    """What the head entity observed."""
    return of(EntityObservation, stage, "version__plan")


def adoption(stage: Stage) -> Adoption:
    """The adoption of before the tool."""
    return of(Adoption, stage, "plan")


APPROVAL: dict[str, tuple[str, Act]] = {
    "approval.presenting.present": (
        "pes:approval-present",
        lambda s, by: presenting.present(s.plan, respond_by=date(2026, 4, 20), by=by),
    ),
    "approval.presenting.withdraw": (
        "pes:approval-withdraw",
        lambda s, by: presenting.withdraw(last(s).round, reason=WHY, by=by),
    ),
    "approval.observing.acknowledge": (
        "pes:approval-read",
        lambda s, by: observing.acknowledge(last(s), s.them.head, by=by),
    ),
    "approval.observing.observe": (
        "pes:approval-observe",
        lambda s, by: observing.observe(last(s), s.them.head, section="", text="Falta.", by=by),
    ),
    "approval.observing.insist": (
        "pes:approval-insist",
        lambda s, by: observing.insist(observation(s), text="Falta.", by=by),
    ),
    "approval.observing.answer": (
        "pes:approval-answer",
        lambda s, by: observing.answer(observation(s), verdict=Verdict.DECLINED, text="No procede.", by=by),
    ),
    "approval.deciding.request_approval": (
        "pes:approval-request",
        lambda s, by: deciding.request_approval(last(s), by=by),
    ),
    "approval.deciding.approve": (
        "pes:approval-approve",
        lambda s, by: deciding.approve(last(s), s.them.head, by=by),
    ),
    "approval.deciding.decline": (
        "pes:approval-decline",
        lambda s, by: deciding.decline(last(s), s.them.head, reason=WHY, by=by),
    ),
    "approval.deciding.record_session": (
        "pes:approval-session",
        lambda s, by: deciding.record_session(
            last(s), held_on=TODAY, decision=CommitteeDecision.ENDORSED, note="", minutes=upload(), by=by
        ),
    ),
    "approval.adopting.adopt": (
        "pes:approval-adopt",
        lambda s, by: adopting.adopt(last(s), LATER, file=upload(), by=by),
    ),
    "approval.adopting.record_earlier": (
        "pes:approval-earlier",
        lambda s, by: adopting.record_earlier(s.plan, LATER, by=by),
    ),
    "approval.adopting.publish": (
        "pes:approval-publish",
        lambda s, by: adopting.publish(
            adoption(s), channel=PublicationChannel.WEB, url="https://ejemplo.invalid/pes", published_on=TODAY, by=by
        ),
    ),
    "approval.acts.register_act": (
        "pes:approval-earlier",
        lambda s, by: acts.register_act(s.them.sector, LATER, is_earlier=True, by=by),
    ),
    "approval.acts.repeal": (
        "pes:approval-repeal",
        lambda s, by: acts.repeal(adoption(s).act, repealed_by=adoption(s).act, on=TODAY, by=by),
    ),
    "approval.files.ask_draft": ("pes:version-draft-ask", lambda s, by: files.ask_draft(s.plan, by=by)),
    "approval.files.ask_version_files": (
        "pes:version-files-ask",
        lambda s, by: files.ask_version_files(last(s), by=by),
    ),
}
PROFILE: dict[str, tuple[str, Act]] = {
    "profile.records.add_record": (
        "pes:profile-edit",
        lambda s, by: records.add_record(
            EntityProblem(plan=s.plan), {"entity": s.them.head, "number": 2, "theme": "Otro", "text": "Otro"}, by=by
        ),
    ),
    "profile.records.change_record": (
        "pes:profile-edit",
        lambda s, by: records.change_record(problem(s), records.facts_of(problem(s)), read=STALE, by=by),
    ),
    "profile.records.remove_record": (
        "pes:profile-remove",
        lambda s, by: records.remove_record(problem(s), reason=WHY, by=by),
    ),
    "profile.resources.record_resources": (
        "pes:profile-edit",
        lambda s, by: resources.record_resources(project(s), 2026, Money(), read=STALE, by=by),
    ),
    "profile.resource_import.keep_upload": (
        "pes:resources-book (sending)",
        lambda s, by: resource_import.keep_upload(s.plan, upload("libro.xlsx"), by=by),
    ),
}
# Called by verbs that have asked already, by the forms in front of them, or writing only what verbs of theirs write.
INSIDE = {
    "approval.observing.begin",
    "meetings.convening.ask_to_mail",
    "meetings.moves.begin",
    "profile.resource_import.apply_upload",
    "profile.resource_import.preview",
}
PACKAGES = (pes.approval, pes.meetings, pes.participation, pes.profile, pes.roads, pes.writing)
