"""What the tables of the phases of a PES stand on: one PES under way that has everything, and people around it.

Its first phase is open; it has meetings to come, held and closed, a DOFA board, a survey that is open, a document
presented to the entities, an act of adoption, a profile and resources. The head entity answers for what has an owner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone

from pes.approval.acts import ActDraft
from pes.approval.adopting import record_earlier
from pes.approval.observing import observe
from pes.approval.presenting import present
from pes.edits import fingerprint
from pes.meetings.commitments import Undertaking, add_commitment
from pes.meetings.minutes import add_file
from pes.meetings.scheduling import schedule_meeting
from pes.models import (
    ActivityEvidence,
    ActKind,
    AdministrativeAct,
    Adoption,
    Commitment,
    DocumentSection,
    DofaBoard,
    DofaGroup,
    DofaNote,
    DraftFiles,
    EntityObservation,
    EntityProblem,
    InvestmentProject,
    Job,
    MeetingFile,
    MinutesDocument,
    OrganizationUnit,
    PaperBatch,
    ResourceUpload,
    RoadActivity,
    SectionComment,
    SectorActor,
    SectorPlan,
    SectorStatement,
    Survey,
    SurveyText,
    TechnicalWorkshop,
    UnitKind,
    User,
    VersionFiles,
)
from pes.participation.answering import answer
from pes.participation.boards import BoardFacts, open_board
from pes.participation.notes import add_note
from pes.participation.paper import Count, record_count
from pes.permissions import Role
from pes.profile.records import add_record
from pes.profile.resources import money_facts, record_resources
from pes.roads.opening import open_plan
from pes.roads.reporting import report_progress
from pes.rules.resources import Money
from pes.rules.surveys import OptionLine
from pes.rules.technical_workshops import AgendaPoint
from pes.writing.comments import comment_section
from pes.writing.structure import open_document
from pes.writing.texts import write_section
from tests import make, people
from tests.meeting_makers import AGENDA, held, programme, whole_meeting
from tests.once import once
from tests.people import Cast
from tests.pes import road_world, survey_makers
from tests.tracking.files import pdf

FIRST = 2024
MARCH = datetime(2026, 3, 12, 15, tzinfo=UTC)
# Where somebody holds a role: on the sector, on the entity that answers for things, on another, on a process of the first.
RELATIONS = ("sector", "entity", "second", "process")


@dataclass(frozen=True)
class Stage:
    """A PES with one of each thing that a route is about."""

    them: Cast
    plan: SectorPlan
    planned: TechnicalWorkshop
    held: TechnicalWorkshop
    closed: TechnicalWorkshop
    board: DofaBoard
    survey: Survey

    @property
    def places(self) -> dict[str, OrganizationUnit]:
        """The unit of each relation."""
        them = self.them
        return {"sector": them.sector, "entity": them.head, "second": them.second_entity, "process": them.process}

    def somebody(self, role: Role, relation: str) -> User:
        """Somebody new with a role there, and a second factor."""
        return people.with_second_factor(people.person(f"{role.value} {relation}", role, self.places[relation]))

    def thing(self, name: Any, user: User | None) -> Any:
        """What a name stands for in an address; what names nothing stands for itself."""
        return THINGS[name](self, user) if name in THINGS else name

    def section(self, entity: OrganizationUnit | None) -> DocumentSection:
        """The first section of an entity, or of nobody that somebody writes."""
        rows = DocumentSection.objects.filter(chapter__document__plan=self.plan, entity=entity)
        return (rows.filter(key="background") if entity is None else rows.order_by("pk")).first()


def stage(them: Cast | None = None, mark: str = "") -> Stage:
    """Everything, made by verbs; every text that somebody writes ends with `mark`."""
    them = them or people.cast()
    plan = traced(them, mark)
    profiled(plan, them, mark)
    planned = schedule_meeting(plan, said(them, mark, "Por venir", on=date(2026, 4, 9)), by=them.ana)
    minuted = held(plan, them, topic=f"Celebrada{mark}", agenda=agenda(mark), on=date(2026, 3, 5))
    owner = Undertaking(f"Enviar las cifras.{mark}", date(2026, 4, 30), owner_entity=them.head)
    add_commitment(minuted, owner, by=them.ana)
    add_file(minuted, upload(f"lista{mark}.pdf"), note=f"Lista firmada{mark}", by=them.ana)
    closed = whole_meeting(plan, them, topic=f"Cerrada{mark}", agenda=agenda(mark))
    found = Stage(them, plan, planned, minuted, closed, voiced(plan, them, mark), asked(plan, them, mark))
    written(found, mark)
    stored(found)
    return found


def said(them: Cast, mark: str, topic: str, **more: Any) -> Any:
    """The programme of a meeting."""
    words = {"topic": f"{topic}{mark}", "aim": f"Acordar.{mark}", "place": f"Sala 1{mark}"}
    return programme(them, **words, agenda=agenda(mark), **more)


def agenda(mark: str) -> tuple[AgendaPoint, ...]:
    """Two points, marked."""
    return tuple(replace(point, topic=f"{point.topic}{mark}") for point in AGENDA)


def traced(them: Cast, mark: str) -> SectorPlan:
    """A PES whose first phase is programmed; the head entity has reported one of its activities."""
    for year in range(FIRST, FIRST + 5):
        make.vigencia(year)
    plan = open_plan(them.sector, name=f"PES 2024–2028{mark}", first_vigencia=FIRST, by=them.ana, now=MARCH)
    road_world.program(road_world.World(them, plan, plan.road), "F1", begins=date(2026, 2, 2), entity=them.head)
    activity = RoadActivity.objects.filter(phase__road=plan.road, weight=None).order_by("pk").first()
    words = {"note": f"Se avanzó.{mark}", "links": [f"https://ejemplo.invalid/acta{mark.strip()}"]}
    report_progress(activity, Decimal(40), **words, by=them.elena, on=date(2026, 3, 10))
    return plan


def profiled(plan: SectorPlan, them: Cast, mark: str) -> None:
    """What the sector says of itself, and the head entity of its problems, actors and money."""
    make.objective(plan=plan, text=f"Construir la paz{mark}")
    vision = {"kind": "vision", "number": 1, "text": f"Ser mejores{mark}", "source_act": f"Resolución 1{mark}"}
    add_record(SectorStatement(plan=plan), {**vision, "valid_from": date(2024, 6, 1)}, by=them.ana)
    problem = {"entity": them.head, "number": 1, "theme": f"Datos{mark}", "text": f"Faltan datos{mark}"}
    add_record(EntityProblem(plan=plan), problem, by=them.elena)
    actor = {"name": f"Ciudadanía{mark}", "kind": "society", "entity": them.head, "role": f"Veeduría{mark}"}
    add_record(SectorActor(plan=plan), actor, by=them.elena)
    for entity, code in ((them.head, "7800"), (them.second_entity, "7801")):
        project = InvestmentProject.objects.create(entity=entity, code=code, name=f"Gobierno abierto{mark}")
        spent = Money(Decimal(1000), Decimal(800), Decimal(400), date(2026, 2, 28), f"Predis{mark}")
        record_resources(project, 2026, spent, read=fingerprint(money_facts(Money())), by=them.ana)


def voiced(plan: SectorPlan, them: Cast, mark: str) -> DofaBoard:
    """A board that collects notes: one alone, one in a group."""
    board = open_board(plan, BoardFacts(f"DOFA{mark}", date(2026, 3, 12), f"¿Qué falta?{mark}"), by=them.ana)
    group = DofaGroup.objects.create(board=board, quadrant="fortaleza", name=f"Personas{mark}")
    first = add_note(board, quadrant="fortaleza", text=f"Equipo unido{mark}", by=them.elena)
    DofaNote.objects.filter(pk=first.pk).update(group=group)
    add_note(board, quadrant="debilidad", text=f"Datos dispersos{mark}", by=them.elena)
    return board


def asked(plan: SectorPlan, them: Cast, mark: str) -> Survey:
    """A survey that is open, with an answer in line, in its own words, and a count on paper."""
    options = (OptionLine(f"Parques{mark}"), OptionLine(f"Colegios{mark}"), survey_makers.OTHER)
    words = {"title": f"Prioridades{mark}", "question": f"¿Qué va primero?{mark}", "options": options}
    days = {"opens_on": date(2026, 3, 1), "closes_on": date(2026, 3, 31)}
    survey = survey_makers.survey(plan, them.ana, **words, **days)
    answer(survey, browser="uno", ticket=f"uno {plan.pk}", chosen=[3], text=f"Más árboles{mark}")
    count = Count(f"Plaza{mark}", date(2026, 3, 5), f"ACTA-01{mark}", 10, {1: 6, 2: 4})
    record_count(survey, count, by=them.ana)
    return survey


def written(found: Stage, mark: str) -> None:
    """A document with two sections written and a comment, adopted before the tool, presented again and observed."""
    them, plan = found.them, found.plan
    open_document(plan, by=them.ana)
    common, own = found.section(None), found.section(them.head)
    write_section(common, f"<p>El sector nació para coordinar.{mark}</p>", read=common.revision, by=them.ana)
    write_section(own, f"<p>La entidad orienta.{mark}</p>", read=own.revision, by=them.elena)
    comment_section(own, f"Falta la fuente.{mark}", by=them.elena)
    act = ActDraft(ActKind.RESOLUCION, "12", 2025, issued_on=date(2025, 5, 2), subject=f"Adopta{mark}")
    record_earlier(plan, act, file=upload(f"acto{mark}.pdf"), note=f"Anterior{mark}", by=them.jorge)
    version = present(plan, respond_by=date(2026, 3, 30), note=f"Primera{mark}", by=them.ana)
    observe(version, them.head, section="", text=f"Falta una cifra.{mark}", by=them.elena)
    write_section(common, f"<p>El sector coordina.{mark}</p>", read=common.revision + 1, by=them.ana)
    present(plan, respond_by=date(2026, 4, 15), note=f"Segunda{mark}", by=them.ana)


def stored(found: Stage) -> None:
    """Small files where rendered ones would be: rendering them is proven elsewhere."""
    job, version = Job.objects.order_by("pk").last(), found.plan.versions.get(number=1)
    for model, place in (
        (DraftFiles, {"plan": found.plan}),
        (VersionFiles, {"version": version}),
        (MinutesDocument, {"meeting": found.closed}),
    ):
        folder = f"{model.__name__}-{found.plan.pk}".lower()
        contents = {"pdf": b"%PDF-1.7", "docx": b"PK", "json": b"{}", "html": b"<main></main>"}
        digests = {suffix: sha256(content).hexdigest() for suffix, content in contents.items()}
        row = {"folder": folder, "digests": digests, "content_sha256": "0" * 64, "job": job, "made_at": timezone.now()}
        made = model.objects.create(**place, **row)
        made.path("pdf").parent.mkdir(parents=True)
        for suffix, content in contents.items():
            made.path(suffix).write_bytes(content)
    DofaBoard.objects.filter(pk=found.board.pk).update(folder=f"draftfiles-{found.plan.pk}")


def upload(name: str = "acto.pdf") -> SimpleUploadedFile:
    """A small PDF."""
    return SimpleUploadedFile(name, pdf())


def kept(found: Stage, user: User) -> ResourceUpload:
    """A workbook of resources that the person sent."""
    own = {"name": "libro.xlsx", "content": b"no soy un libro", "sha256": "0" * 64, "base": "0" * 64}
    return ResourceUpload.objects.create(plan=found.plan, by=user, at=timezone.now(), **own)


def build(blocker: Any, folder: Path, make_it: Callable[[], Any] = stage) -> Iterator[Any]:
    """A world for a whole module, with a folder of its own for what is in custody."""
    with override_settings(MEDIA_ROOT=folder, EVIDENCE_MAX_DISK_PERCENT=101):
        yield from once(make_it, blocker, MARCH)


def abroad(mine: Cast, mark: str) -> Cast:
    """The same people in the other sector, where even the units are called after the mark."""
    for unit in (mine.other_sector, mine.other_entity):
        OrganizationUnit.objects.filter(pk=unit.pk).update(name=f"{unit.name}{mark}")
        unit.refresh_from_db()
    second = people.unit("X-SEG", UnitKind.ENTITY, mine.other_sector, f"Segunda Ajena{mark}")
    process = people.unit("X-PRO", UnitKind.PROCESS, mine.other_entity, f"Proceso Ajeno{mark}")
    return replace(
        mine,
        sector=mine.other_sector,
        head=mine.other_entity,
        second_entity=second,
        process=process,
        ana=people.person(f"Analista{mark}", Role.ANALISTA_OAP, mine.other_sector),
        jorge=people.person(f"Jefe{mark}", Role.JEFE_OAP, mine.other_sector),
        elena=people.person(f"Enlace{mark}", Role.ENLACE_ENTIDAD, mine.other_entity),
    )


def _of(model: Any, **where: str) -> Callable[[Stage, User | None], Any]:
    """The id of the first row of a model that belongs to the PES."""
    ((path, _),) = where.items()
    return lambda stage, user: model.objects.filter(**{path: stage.plan}).order_by("pk").first().pk


# What a route needs in its address, by name.
THINGS: dict[Any, Callable[[Stage, User | None], Any]] = {
    "slug": lambda stage, user: stage.them.sector.code,
    "head": lambda stage, user: stage.them.head.code,
    "activity": lambda stage, user: (
        ActivityEvidence.objects.filter(activity__phase__road__plan=stage.plan).first().activity_id
    ),
    "proof": _of(ActivityEvidence, activity__phase__road__plan=""),
    "planned": lambda stage, user: stage.planned.pk,
    "held": lambda stage, user: stage.held.pk,
    "closed": lambda stage, user: stage.closed.pk,
    "commitment": _of(Commitment, meeting__plan=""),
    "board": lambda stage, user: stage.board.pk,
    "note": _of(DofaNote, board__plan=""),
    "group": _of(DofaGroup, board__plan=""),
    "survey": lambda stage, user: stage.survey.pk,
    "text": _of(SurveyText, response__survey__plan=""),
    "batch": _of(PaperBatch, survey__plan=""),
    "token": lambda stage, user: stage.survey.token,
    "chapter": lambda stage, user: stage.section(None).chapter_id,
    "common": lambda stage, user: stage.section(None).pk,
    "own": lambda stage, user: stage.section(stage.them.head).pk,
    "comment": _of(SectionComment, section__chapter__document__plan=""),
    "observation": _of(EntityObservation, version__plan=""),
    "act": _of(AdministrativeAct, adoption__plan=""),
    "adoption": _of(Adoption, plan=""),
    "statement": _of(SectorStatement, plan=""),
    "problem": _of(EntityProblem, plan=""),
    "upload": lambda stage, user: kept(stage, user or stage.them.ana).pk,
    "file": lambda stage, user: MeetingFile.objects.filter(meeting=stage.held).first().file_id,
}
