"""Verbs of writing, approving and profiling a PES, with the row of the table that says who may; what verbs call."""

from __future__ import annotations

from datetime import date
from typing import Any

import pes.approval
import pes.meetings
import pes.participation
import pes.profile
import pes.roads
import pes.writing
from pes.approval import acts, adopting, correcting, deciding, files, observing, presenting
from pes.approval.acts import ActDraft
from pes.models import (
    ActKind,
    Adoption,
    CommitteeDecision,
    EntityObservation,
    EntityProblem,
    InvestmentProject,
    PublicationChannel,
    SectionComment,
    Verdict,
)
from pes.profile import records, resource_import, resources
from pes.rules.resources import Money
from pes.writing import assignment, structure, texts
from pes.writing import comments as margin
from tests.pes.phase_verbs import STALE, TODAY, WHY, Act, of
from tests.pes.phase_world import Stage, upload

LATER = ActDraft(ActKind.RESOLUCION, "13", 2026, issued_on=TODAY)
EARLIER = ActDraft(ActKind.RESOLUCION, "11", 2024)


def problem(stage: Stage) -> EntityProblem:
    """A problem of the head entity."""
    return of(EntityProblem, stage, "plan")


def project(stage: Stage) -> InvestmentProject:
    """A project of the head entity."""
    return InvestmentProject.objects.get(entity=stage.them.head)


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
        lambda s, by: adopting.record_earlier(s.plan, EARLIER, by=by),
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
    "approval.correcting.correct_act": (
        "pes:approval-correct",
        lambda s, by: correcting.correct_act(adoption(s).act, EARLIER, read=STALE, reason=WHY, by=by),
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
    "meetings.tasks.make_files",
    "profile.resource_import.apply_upload",
    "profile.resource_import.preview",
}
PACKAGES = (pes.approval, pes.meetings, pes.participation, pes.profile, pes.roads, pes.writing)
