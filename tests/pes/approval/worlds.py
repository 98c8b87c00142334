"""A sector with two entities, each with its link, and a document with something written in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from pes.approval.acts import ActDraft
from pes.approval.adopting import adopt
from pes.approval.deciding import approve, record_session, request_approval
from pes.approval.observing import acknowledge
from pes.approval.presenting import present
from pes.approval.succession import in_force
from pes.approval.versions import adoptions_of
from pes.models import ActKind, Adoption, CommitteeDecision, DocumentSection, PesVersion, Road, SectorPlan, User
from pes.permissions import Role
from pes.roads.opening import open_road
from pes.roads.templates import SIX_PHASES
from pes.writing.structure import open_document
from pes.writing.texts import write_section
from tests import make
from tests.people import Cast, cast, person
from tests.tracking.files import pdf


@dataclass(frozen=True)
class World:
    """The cast, the plan, and the link of the second entity; `now` is the instant of everything that is done."""

    who: Cast
    plan: SectorPlan
    second_link: User
    now: datetime

    @property
    def day(self) -> date:
        return timezone.localdate(self.now)

    @property
    def links(self) -> tuple[User, User]:
        return self.who.elena, self.second_link

    @property
    def entities(self) -> tuple:
        return self.who.head, self.who.second_entity


def world() -> World:
    who = cast()
    plan = make.plan(sector=who.sector)
    second = person("Sara Segunda", Role.ENLACE_ENTIDAD, who.second_entity)
    open_document(plan, by=who.ana)
    made = World(who, plan, second, timezone.now())
    write(made, "background", "<p>El sector nació para coordinar.</p>")
    return made


def write(made: World, key: str, html: str, by: User | None = None) -> None:
    """Put a text in a section of the document."""
    section = DocumentSection.objects.get(chapter__document__plan=made.plan, key=key)
    write_section(section, html, read=section.revision, by=by or made.who.ana)


def upload(name: str = "acto.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf())


def presented(made: World, **values: object) -> PesVersion:
    facts = {"respond_by": made.day + timedelta(days=10), "by": made.who.ana, "now": made.now} | values
    return present(made.plan, **facts)


def requested(made: World) -> PesVersion:
    version = presented(made)
    for entity, link in zip(made.entities, made.links, strict=True):
        acknowledge(version, entity, by=link, now=made.now)
    request_approval(version, by=made.who.ana, now=made.now)
    return version


def approved(made: World) -> PesVersion:
    version = requested(made)
    for entity, link in zip(made.entities, made.links, strict=True):
        approve(version, entity, by=link, now=made.now)
    return version


def endorsed(made: World) -> PesVersion:
    version = approved(made)
    record_session(
        version, held_on=made.day, decision=CommitteeDecision.ENDORSED, note="", minutes=upload("acta.pdf"),
        by=made.who.ana, now=made.now,
    )  # fmt: skip
    return version


def act(made: World, number: str = "12") -> ActDraft:
    return ActDraft(kind=ActKind.RESOLUCION, number=number, year=made.day.year, issued_on=made.day)


def adopted(plan: SectorPlan, on: date) -> Adoption | None:
    """What is in force of a PES on a day."""
    return in_force(adoptions_of(plan), on)


def road(plan: SectorPlan, by: User) -> Road:
    """The road of six phases of a plan, with none of them closed."""
    return open_road(SIX_PHASES, unit=plan.sector, plan=plan, name="Camino", by=by)


def adopted_pes(made: World) -> Adoption:
    return adopt(endorsed(made), act(made), file=upload(), by=made.who.jorge, now=made.now)
