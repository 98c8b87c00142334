"""Every verb of the territory: who may call it, from where, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from evaluation.territory import rating, tasks
from pes.edits import fingerprint
from pes.models import TerritoryUpload, User
from pes.roads.templates import GOVERNMENT_TO_PLAN
from pes.territory import assignments, book_import, entities, graduation, opening, schedules, segments
from tests.matrix import Who
from tests.matrix_walk import Act
from tests.territory_world import FIRST, TODAY, facts
from tests.tracking.territory_matrix_world import (
    ASESOR,
    LINK,
    MANAGERS,
    MAY,
    NEAR,
    RATERS,
    READERS,
    RELATIONS,
    REPORTERS,
    WALKERS,
    Stage,
    kept,
)
from tracking.assistance import checks, log, perception, reports
from tracking.models import LessonKind
from tracking.rules.assistance import Kind
from tracking.rules.perception import VARIABLES
from tracking.territory import lessons, reporting

Call = Callable[[Stage, User], Any]
PHASE_I, PHASE_II = GOVERNMENT_TO_PLAN
QUESTION = log.Said(TODAY, Kind.QUESTION.value, theme="Presupuesto", summary="Se respondió.")


def act(who: Who, call: Call, code: str = "done", **more: Any) -> Act:
    """A verb about something of the region."""
    return Act(call, who, NEAR, code, **more)


def sent_book(stage: Stage, by: User) -> object:
    """A workbook of entities."""
    return book_import.keep_upload(SimpleUploadedFile("libro.xlsx", b"no soy un libro"), by=by)


def applied_book(stage: Stage, by: User) -> object:
    """A workbook that somebody sent."""
    return book_import.apply_upload(TerritoryUpload.objects.get(pk=kept(stage, by)), by=by)


def changed_entity(stage: Stage, by: User) -> bool:
    """The same entity with a partner."""
    before = entities.facts_of(stage.entity)
    return entities.change_entity(stage.entity, replace(before, partner="ART"), read=fingerprint(before.said()), by=by)


def moved_entity(stage: Stage, by: User) -> bool:
    """The same entity, in the region beside: which takes the power there too."""
    before = entities.facts_of(stage.entity)
    after = replace(before, region=stage.beside)
    return entities.change_entity(stage.entity, after, read=fingerprint(before.said()), by=by)


def excepted(stage: Stage, by: User) -> object:
    """A graduation before phase I is complete."""
    region = stage.here.region
    second = schedules.create_schedule(region, template_code=PHASE_II, first_year=FIRST, by=stage.here.coordinador)
    return graduation.graduate(stage.start, second, reason="Plan adoptado por decreto", by=by)


def begun(stage: Stage, by: User) -> object:
    """The schedule of the next government."""
    return schedules.create_schedule(stage.here.region, template_code=PHASE_I, first_year=FIRST + 4, by=by)


def dated(stage: Stage, by: User) -> bool:
    """A month more in the schedule."""
    read = fingerprint(schedules.month_facts(stage.schedule))
    return schedules.write_months(stage.schedule, {"1": date(2025, 3, 1)}, read=read, by=by)


def written_list(stage: Stage, by: User) -> object:
    """The checklist of another hito."""
    said = {"template_code": PHASE_I, "code": "1", "product": "Acta", "items": "Fecha\nFirma"}
    return checks.write_checklist(stage.here.region, **said, by=by)


def checked(stage: Stage, by: User) -> object:
    """The product again."""
    answers = {1: "met", 2: "met"}
    return checks.check_product(
        stage.entity, stage.hito(), stage.checklist, answers, quality="Mejor.", link=LINK, by=by
    )


def told(stage: Stage, by: User) -> object:
    """Another lesson."""
    return lessons.write_lesson(stage.entity, kind=LessonKind.LESSON, title="Otra", text="Se aprendió.", by=by)


def interviewed(stage: Stage, by: User) -> bool:
    """What an entity answered by telephone."""
    return perception.record_interview(stage.survey.drawn.get(), dict.fromkeys(VARIABLES, 4), by=by)


def drawn(stage: Stage, by: User) -> object:
    """The sample that is drawn already: it stays."""
    closes = date(2025, 6, 30)
    return perception.draw_sample(stage.here.region, MAY, margin=Decimal(10), closes_on=closes, by=by)


OF_PES: dict[str, Act] = {
    "assignments.assign": act(
        MANAGERS,
        lambda stage, by: assignments.assign(stage.entity, advisor=stage.here.coordinador, starts_on=TODAY, by=by),
    ),
    "book_import.keep_upload": Act(sent_book, MANAGERS, RELATIONS, is_about_something=False),
    "book_import.apply_upload": Act(applied_book, MANAGERS, RELATIONS, is_about_something=False),
    "entities.register_entity": act(
        MANAGERS, lambda stage, by: entities.register_entity(facts(stage.here.region, "52207"), by=by)
    ),
    "entities.change_entity": act(MANAGERS, changed_entity),
    "entities.change_entity (to another region)": Act(moved_entity, MANAGERS, ("entity", "sector")),
    "graduation.graduate": act(
        MANAGERS,
        lambda stage, by: graduation.graduate(stage.start, stage.schedule, reason="Por decreto", by=by),
        "foreign_schedule",
    ),
    "graduation.graduate (an exception)": act(RATERS, excepted),
    "opening.ask_to_open": act(MANAGERS, lambda stage, by: opening.ask_to_open(stage.segment, stage.schedule, by=by)),
    "opening.open_roads": act(MANAGERS, lambda stage, by: opening.open_roads([stage.entity], stage.schedule, by=by)),
    "schedules.create_schedule": act(MANAGERS, begun),
    "schedules.write_months": act(MANAGERS, dated),
    "segments.create_segment": act(
        MANAGERS, lambda stage, by: segments.create_segment(stage.here.region, name="Otro", by=by)
    ),
}
OF_TRACKING: dict[str, Act] = {
    "territory.reporting.report_hito": act(
        REPORTERS,
        lambda stage, by: reporting.report_hito(stage.hito(), Decimal(60), on=TODAY, by=by),
    ),
    "territory.lessons.write_lesson": act(REPORTERS, told),
    "territory.lessons.publish_lesson": act(MANAGERS, lambda stage, by: lessons.publish_lesson(stage.lesson, by=by)),
    "territory.lessons.withdraw_lesson": act(
        MANAGERS, lambda stage, by: lessons.withdraw_lesson(stage.published, reason="Un dato.", by=by)
    ),
    "assistance.log.log_assistance": act(WALKERS, lambda stage, by: log.log_assistance(stage.entity, QUESTION, by=by)),
    "assistance.log.correct_assistance": act(
        WALKERS,
        lambda stage, by: log.correct_assistance(stage.assistance, QUESTION, reason="Un error.", by=by),
        others=dict.fromkeys(ASESOR, "not_own"),
    ),
    "assistance.log.void_assistance": act(
        WALKERS,
        lambda stage, by: log.void_assistance(stage.assistance, reason="No fue.", by=by),
        others=dict.fromkeys(ASESOR, "not_own"),
    ),
    "assistance.checks.write_checklist": act(MANAGERS, written_list),
    "assistance.checks.check_product": act(WALKERS, checked),
    "assistance.checks.review_check": act(
        RATERS, lambda stage, by: checks.review_check(stage.check, decision="accepted", by=by)
    ),
    "assistance.perception.draw_sample": act(MANAGERS, drawn),
    "assistance.perception.record_interview": act(MANAGERS, interviewed),
    "assistance.reports.send_report": act(
        WALKERS, lambda stage, by: reports.send_report(stage.draft, narrative="Se avanzó.", by=by), "not_own"
    ),
    "assistance.reports.receive_report": act(RATERS, lambda stage, by: reports.receive_report(stage.report, by=by)),
    "assistance.reports.return_report": act(
        RATERS, lambda stage, by: reports.return_report(stage.report, reason="Falta mayo.", by=by)
    ),
}
OF_EVALUATION: dict[str, Act] = {
    "territory.rating.assess_team": act(
        RATERS,
        lambda stage, by: rating.assess_team(
            stage.here.region, MAY, scales={}, scores={}, words={}, read="0" * 16, by=by
        ),
        "stale_edit",
    ),
    "territory.tasks.request_files": act(
        READERS, lambda stage, by: tasks.request_files(stage.here.region.code, MAY, by=by)
    ),
}
# What only tells, and what the verbs above call once they have asked.
INSIDE = {"book_import.preview", "entities.refuse_unless_managed", "opening.make_roads"}
