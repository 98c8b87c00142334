"""What the tables of permissions of the territory stand on: one region that has everything, and the signed-off table.

Entities, their roads and who advises them; reports of hitos, lessons, assistances, products, perception and the monthly
reports of the advisors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from pes.models import (
    ActivityEvidence,
    EntityRoad,
    HitoSchedule,
    OrganizationUnit,
    TerritorialEntity,
    TerritorySegment,
    TerritoryUpload,
    UnitKind,
    User,
)
from pes.permissions import Role
from pes.roads.templates import GOVERNMENT_TO_PLAN
from pes.territory.assignments import assign
from pes.territory.opening import open_roads
from pes.territory.schedules import create_schedule
from pes.territory.segments import create_segment
from tests import people
from tests.matrix import OAP, Row, Sent, Who, at
from tests.territory_world import FIRST, NOW, TODAY, Territory, territory
from tests.tracking.proofs import png
from tracking.assistance.checks import check_product, write_checklist
from tracking.assistance.log import Said, log_assistance
from tracking.assistance.perception import draw_sample, link_of
from tracking.assistance.reports import open_reports, send_report
from tracking.models import (
    AdvisorReport,
    Assistance,
    LessonKind,
    PerceptionSurvey,
    ProductCheck,
    ProductChecklist,
    TerritoryLesson,
)
from tracking.rules.assistance import Kind
from tracking.territory.lessons import publish_lesson, write_lesson

# Where somebody holds a role: on the region, on the entity that coordinates it, on the sector, on a region beside it.
NEAR = ("region", "entity", "sector")
RELATIONS = (*NEAR, "beside")
WALKERS = frozenset({Role.ASESOR_TERRITORIAL, Role.COORDINADOR_REGIONAL})
READERS = OAP | WALKERS | {Role.CONTROL_INTERNO, Role.DIRECTIVO}
MANAGERS = OAP | {Role.COORDINADOR_REGIONAL}
REPORTERS = OAP | WALKERS
RATERS = frozenset({Role.JEFE_OAP, Role.COORDINADOR_REGIONAL})
ASESOR = frozenset({Role.ASESOR_TERRITORIAL})
MAY, APRIL = date(2025, 5, 1), date(2025, 4, 1)
LINK = "https://ejemplo.invalid/acta"


@dataclass(frozen=True)
class Stage:
    """A region with an entity on its road and one of each thing that is kept of it."""

    here: Territory
    beside: OrganizationUnit
    entity: TerritorialEntity
    start: EntityRoad
    schedule: HitoSchedule
    segment: TerritorySegment
    proof: ActivityEvidence
    lesson: TerritoryLesson
    published: TerritoryLesson
    assistance: Assistance
    checklist: ProductChecklist
    check: ProductCheck
    survey: PerceptionSurvey
    report: AdvisorReport
    draft: AdvisorReport

    @property
    def places(self) -> dict[str, OrganizationUnit]:
        """The unit of each relation."""
        region = self.here.region
        above = {"entity": region.parent, "sector": region.parent.parent}  # type: ignore[union-attr]
        return {"region": region, **above, "beside": self.beside}

    def hito(self, code: str = "10") -> Any:
        """A hito of the entity's road."""
        return self.here.hito(self.entity.dane_code, code)

    def thing(self, name: Any, user: User | None) -> Any:
        """What a name stands for in an address; what names nothing stands for itself."""
        if name in THINGS:
            return THINGS[name](self, user)
        return getattr(self, name.removeprefix("the ")).pk if str(name).startswith("the ") else name

    def somebody(self, role: Role, relation: str) -> User:
        """Somebody new with a role there, and a second factor."""
        return people.with_second_factor(people.person(f"{role.value} {relation}", role, self.places[relation]))


def stage(here: Territory | None = None, mark: str = "", code: str = "52019") -> Stage:
    """Everything, made by verbs on the 15th of June of 2025; every text that somebody writes ends with `mark`."""
    here = here or territory()
    entity, asesora, coordinador = here.entities[code], here.asesora, here.coordinador
    beside = people.unit(f"junto-{here.region.code}", UnitKind.REGION, here.region.parent, f"Junto{mark}")
    for one in (here.cast.jorge, here.cast.ana):
        for membership in one.memberships.all():
            membership.project()  # the regions are new to their grants
    segment = create_segment(here.region, name=f"Foco{mark}", by=coordinador)
    here.report(code, "10", 40, note=f"Taller.{mark}", links=[LINK])
    proof = ActivityEvidence.objects.get(activity=here.hito(code, "10"))
    lessons = [lesson(here, entity, f"{title}{mark}") for title in ("Mesas por vereda", "Minga")]
    publish_lesson(lessons[1], by=coordinador)
    said = Said(
        date(2025, 5, 20), Kind.IN_PERSON.value, theme=f"Presupuesto{mark}", minutes=60, participants=5,
        summary=f"Se revisó.{mark}", agreements=f"Volver.{mark}",
    )  # fmt: skip
    assistance = log_assistance(entity, said, by=asesora)
    items = {"template_code": GOVERNMENT_TO_PLAN[0], "code": "10", "items": f"Portada{mark}\nFirma{mark}"}
    checklist = write_checklist(here.region, product=f"Diagnóstico{mark}", **items, by=coordinador)
    answers = {1: "met", 2: "not_met"}
    check = check_product(
        entity, here.hito(code, "10"), checklist, answers, quality=f"Bien.{mark}", link=LINK, by=asesora
    )
    survey = draw_sample(here.region, MAY, margin=Decimal(10), closes_on=date(2025, 6, 30), by=coordinador)
    draft, report = (monthly(asesora, month) for month in (APRIL, MAY))
    send_report(report, narrative=f"Se avanzó.{mark}", difficulties=f"Vías.{mark}", by=asesora)
    report.refresh_from_db()
    return Stage(
        here, beside, entity, entity.roads.get(stage=1), here.schedule, segment, proof, *lessons, assistance, checklist,
        check, survey, report, draft,
    )  # fmt: skip


def lesson(here: Territory, entity: TerritorialEntity, title: str) -> TerritoryLesson:
    """A success case that the advisor tells, with a picture."""
    picture = SimpleUploadedFile("taller.png", png(), content_type="image/png")
    said = {"kind": LessonKind.SUCCESS, "title": title, "text": f"Se oyó a todos: {title}."}
    return write_lesson(entity, **said, upload=picture, by=here.asesora)


def monthly(advisor: User, month: date) -> AdvisorReport:
    """The report of an advisor on a month, opened."""
    open_reports(month)
    return AdvisorReport.objects.get(advisor=advisor, month=month)


def abroad(mine: Territory, mark: str) -> Territory:
    """The territory of the other sector, where even the region and the entity are called after the mark."""
    for unit in (mine.foreign, mine.cast.other_entity):
        OrganizationUnit.objects.filter(pk=unit.pk).update(name=f"{unit.name}{mark}")
        unit.refresh_from_db()
    entity = mine.entities["54109"]
    TerritorialEntity.objects.filter(pk=entity.pk).update(name=f"Bucarasica{mark}")
    entity.refresh_from_db()
    coordinador = mine.stranger
    asesora = people.person(f"Asesora Ajena{mark}", Role.ASESOR_TERRITORIAL, mine.foreign)
    schedule = create_schedule(mine.foreign, template_code=GOVERNMENT_TO_PLAN[0], first_year=FIRST, by=coordinador)
    assign(entity, advisor=asesora, coordinator=coordinador, starts_on=date(2025, 1, 10), by=coordinador, now=NOW)
    open_roads([entity], schedule, by=coordinador, now=NOW)
    return replace(
        mine, region=mine.foreign, asesora=asesora, coordinador=coordinador, schedule=schedule,
        entities={"54109": entity},
    )  # fmt: skip


def kept(stage: Stage, user: User) -> Any:
    """A workbook that the person sent."""
    own = {"name": "libro.xlsx", "content": b"no soy un libro", "sha256": "0" * 64, "base": "0" * 64}
    return TerritoryUpload.objects.create(**own, by=user, at=timezone.now()).pk


# What a route needs in its address, by name.
THINGS: dict[Any, Callable[[Stage, User | None], Any]] = {
    "dane": lambda stage, user: stage.entity.dane_code,
    "region": lambda stage, user: stage.here.region.code,
    "hito": lambda stage, user: stage.hito().pk,
    "upload": lambda stage, user: kept(stage, user or stage.here.coordinador),
    "link": lambda stage, user: link_of(stage.survey.drawn.get()).rstrip("/").rpartition("/")[2],
}


def listing(who: Who, status: int = 200, sent: Sent = None, args: tuple[Any, ...] = ()) -> Row:
    """A page or an act that is about nobody's object: each one finds their own there."""
    return Row(args, who, RELATIONS, at(RELATIONS, who), status, sent)


def near(who: Who, *args: Any, status: int = 200, sent: Sent = None, door: Who | None = None, **more: Any) -> Row:
    """A page or an act about something of the region, for who passes the door and works in it or above."""
    return Row(args, who if door is None else door, NEAR, at(NEAR, who), status, sent, **more)


def of_mine(status: int = 200, sent: Sent = None, door: Who = READERS, other: int = 404) -> Row:
    """A page or an act about the report of an advisor: only who rates sees another's."""
    name = "the report" if door != WALKERS else "the draft"
    return near(door, name, status=status, sent=sent, partly=(door - RATERS, other))


REPORTED: Mapping[str, Any] = {"percentage": "45,5", "on": TODAY.isoformat(), "note": "Taller"}
WHY = {"reason": "Hay un error."}
FILE = {"file": SimpleUploadedFile("libro.xlsx", b"no soy un libro")}
TABLE: dict[str, Row] = {
    "pes:territory": listing(READERS),
    "pes:territory-export": listing(READERS),
    "pes:territory-reference": listing(READERS),
    "pes:territory-book": listing(MANAGERS),
    "pes:territory-book (sending)": listing(MANAGERS, 302, FILE),
    "pes:territory-form": listing(MANAGERS),
    "pes:territory-preview": listing(MANAGERS, args=("upload",)),
    "pes:territory-apply": listing(MANAGERS, 409, {}, ("upload",)),
    "pes:territory-entity-new": listing(MANAGERS),
    "pes:territory-entity-new (registering)": listing(MANAGERS, 422, {"name": "Otra"}),
    "pes:territory-entity-edit": near(MANAGERS, "dane"),
    "pes:territory-entity-edit (saving)": near(MANAGERS, "dane", status=422, sent={"name": "Otra"}),
    "pes:territory-setup": listing(MANAGERS),
    "pes:territory-segment": listing(MANAGERS, 422, {}),
    "pes:territory-schedule-open": listing(MANAGERS, 422, {}),
    "pes:territory-open": listing(MANAGERS, 422, {}),
    "pes:territory-schedule": near(READERS, "the schedule"),
    "pes:territory-schedule-save": near(MANAGERS, "the schedule", status=409, sent={"read": "0" * 16}),
    "pes:territory-advisor": near(READERS, "dane"),
    "pes:territory-assign": near(MANAGERS, "dane", status=422, sent={}),
    "pes:territory-graduate": near(MANAGERS, "dane", "the start", status=302, sent={}),
    "tracking:territory-progress": listing(READERS),
    "tracking:territory-region": near(READERS, "region"),
    "tracking:territory-entity": near(READERS, "dane"),
    "tracking:territory-road-export": near(READERS, "dane"),
    "tracking:territory-hito": near(READERS, "dane", "hito"),
    "tracking:territory-hito-report": near(REPORTERS, "dane", "hito", status=302, sent=REPORTED, door=READERS),
    "tracking:territory-evidence-withdraw": near(
        REPORTERS, "dane", "hito", "the proof", status=302, sent=WHY, door=READERS
    ),
    "tracking:territory-lesson": near(REPORTERS, "dane"),
    "tracking:territory-lesson (telling)": near(REPORTERS, "dane", status=422, sent={"title": "Otra"}),
    "tracking:territory-lessons": listing(READERS),
    "tracking:territory-lesson-publish": near(MANAGERS, "the lesson", status=302, sent={}),
    "tracking:territory-lesson-withdraw": near(MANAGERS, "the published", status=302, sent=WHY),
    "tracking:assistances": listing(READERS),
    "tracking:assistances-export": listing(READERS),
    "tracking:assistance-quick": listing(WALKERS, 422, {}),
    "tracking:assistance-new": listing(WALKERS),
    "tracking:assistance": near(READERS, "the assistance"),
    "tracking:assistance-correct": near(WALKERS, "the assistance"),
    "tracking:assistance-correct (correcting)": near(WALKERS, "the assistance", status=422, sent=WHY),
    "tracking:assistance-void": near(WALKERS, "the assistance", status=302, sent=WHY, partly=(ASESOR, 422)),
    "tracking:products": listing(READERS),
    "tracking:checklist-write": listing(MANAGERS, 422, {}),
    "tracking:entity-products": near(READERS, "dane"),
    "tracking:product-apply": near(WALKERS, "dane", "hito"),
    "tracking:product-apply (checking)": near(WALKERS, "dane", "hito", status=422, sent={"quality": "Bien."}),
    "tracking:product-check": near(READERS, "the check"),
    "tracking:product-review": near(RATERS, "the check", status=302, sent={"decision": "accepted"}),
    "tracking:perception": listing(READERS),
    "tracking:perception-draw": listing(MANAGERS, 422, {}),
    "tracking:perception-survey": near(READERS, "the survey"),
    "tracking:perception-interview": near(MANAGERS, "the survey", 1),
    "tracking:perception-interview (typing)": near(MANAGERS, "the survey", 1, status=422, sent={"comment": "Bien."}),
    "evaluation:monitoring": listing(READERS),
    "evaluation:monitoring-workbook": listing(READERS),
    "evaluation:monitoring-request": listing(READERS, 302, {}),
    "evaluation:monitoring-file": listing(READERS, 404, None, (0,)),  # each one takes only what they asked for
    "evaluation:rating": listing(READERS),
    "evaluation:rating-form": near(RATERS, "region", "2025-05"),
    "evaluation:rating-form (rating)": near(RATERS, "region", "2025-05", status=422, sent={"reason": "Un error."}),
    "tracking:advisor-reports": listing(READERS),
    "tracking:advisor-report": of_mine(),
    "tracking:advisor-report-send": of_mine(422, {"narrative": "Se avanzó."}, WALKERS),
    "tracking:advisor-report-receive": of_mine(302, {}, RATERS),
    "tracking:advisor-report-return": of_mine(302, WHY, RATERS),
}
# Open to everybody: what each address answers to whom has no account.
OPEN: dict[str, tuple[tuple[Any, ...], int]] = {
    "tracking:public-lessons": ((), 200),
    "tracking:public-lesson-file": (("the published",), 200),
    "tracking:public-lesson-file (untold)": (("the lesson",), 404),
    "tracking:public-perception": (("link",), 200),
    "tracking:public-perception (invented)": (("1:inventado",), 404),
}
