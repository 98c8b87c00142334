"""Invented progress of the two roads of the demonstration: Gobierno in phase 2, Gestión Pública with its PES adopted.

Phases are closed with the verb and so only when every part of their gate has its facts: called after the demonstration
of the other parts it closes what can be closed, and called again it goes on from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from pes.edits import fingerprint
from pes.models import OrganizationUnit, Road, RoadActivity, RoadPhase, SectorPlan, User
from pes.permissions import Role
from pes.roads.opening import open_road
from pes.roads.phases import close_phase
from pes.roads.reporting import report_progress, state_of
from pes.roads.schedule import Programme, programme_phase, schedule_facts, schedule_of
from pes.roads.templates import BY_CONTRIBUTIONS, SIX_PHASES
from pes.rules.numbers import HUNDRED
from pes.rules.problems import Refused
from pes.rules.road_states import PhaseState
from pes.rules.roads import ActivityKind

PROOF = "https://documentos.ejemplo.invalid/pes/{sector}/{code}"
MORNING = time(10, 0)
LATE = ("F2.T2",)  # so that the demonstration shows one


@dataclass(frozen=True)
class Course:
    """How a phase went: from and until which day, when it was closed, and how far what was not finished got."""

    begins: date
    ends: date
    closed_on: date | None = None
    halfway: dict[str, str] | None = None  # code → percentage; whatever is not here is finished
    is_begun: bool = True


def load(*, now: datetime) -> None:
    """Both roads, as far as their gates allow today."""
    today = timezone.localdate(now)
    _walk("gestion-publica", 2020, _adopted(today), today, BY_CONTRIBUTIONS)
    latest = SectorPlan.objects.filter(sector__code="gobierno").order_by("-first_vigencia").first()
    if latest is not None:
        _walk("gobierno", latest.first_vigencia, _being_written(today), today)


def _adopted(today: date) -> dict[str, Course]:
    """The PES that was adopted at the end of 2020 and is carried out, followed and evaluated at once."""
    until = date(2024, 12, 31)
    running = {
        "F4": {"F4.P6.A1": "90"},
        "F5": {"F5.P3.A1": "80", "F5.P3.A3": "60", "F5.R4": "50"},
        "F6": {"F6.P3.A1": "75", "F6.P4.A1": "0", "F6.R3": "75", "F6.R4": "0", "F6.R5": "0"},
    }
    return {
        "F1": Course(date(2020, 6, 16), date(2020, 8, 14), date(2020, 8, 18)),
        "F2": Course(date(2020, 8, 19), date(2020, 10, 30), date(2020, 11, 3)),
        "F3": Course(date(2020, 11, 4), date(2020, 12, 22), date(2020, 12, 29)),
        **{
            code: Course(date(2021, 1, 4), min(until, today + timedelta(days=60)), None, far)
            for code, far in running.items()
        },
    }


def _being_written(today: date) -> dict[str, Course]:
    """The PES that is being written now."""

    def day(offset: int) -> date:
        return today + timedelta(days=offset)

    far = {"F2.P3.A1": "60", "F2.T2": "40", "F2.T3": "25", "F2.T4": "10", "F2.T5": "0", "F2.R2": "50"}
    far |= {"F2.R3": "0", "F2.R4": "0", "F2.R5": "30"}
    return {
        "F1": Course(day(-170), day(-72), day(-65)),
        "F2": Course(day(-62), day(40), None, far),
        "F3": Course(day(45), day(110), is_begun=False),
        **{code: Course(day(115), day(480), is_begun=False) for code in ("F4", "F5", "F6")},
    }


def _walk(sector: str, first: int, courses: dict[str, Course], today: date, made_by: str = SIX_PHASES) -> None:
    plan = SectorPlan.objects.filter(sector__code=sector, first_vigencia=first).select_related("sector").first()
    analyst = _somebody(Role.ANALISTA_OAP, sector)
    chief = _somebody(Role.JEFE_OAP)
    if plan is None or analyst is None or chief is None:
        return
    opened = _instant(courses["F1"].begins - timedelta(days=7))
    road = open_road(made_by, unit=plan.sector, plan=plan, name=f"Camino de {plan.name}", by=analyst, now=opened)
    phases = list(RoadPhase.objects.filter(road=road).order_by("number"))
    for phase in phases:  # all of them first: the first gate asks for the dates of the second phase, too
        _program(road, phase, courses[phase.code], analyst)
    for phase in phases:
        course = courses[phase.code]
        if course.is_begun and state_of(phase) is not PhaseState.WAITING:
            _report(phase, course, analyst, sector, today)
            _close(phase, course, chief)


def _program(road: Road, phase: RoadPhase, course: Course, analyst: User) -> None:
    """Days one after another, answered for by the OAP and the links of the entities in turn."""
    rows = list(schedule_of(phase))
    if phase.closed_at is not None or any(one.planned_from for one in rows):
        return
    turns = _answering(road, analyst)
    step = (course.ends - course.begins) / max(len(rows), 1)
    wanted = {}
    for place, one in enumerate(rows):
        begins = course.begins + step * place * 7 // 10
        ends = min(begins + step * 3, course.ends)
        if one.code in (course.halfway or {}) and one.code not in LATE:
            ends = course.ends
        person, entity = turns[place % len(turns)]
        wanted[one.pk] = Programme(begins, ends, person, entity)
    programme_phase(phase, wanted, read=fingerprint(schedule_facts(rows)), by=analyst)


def _report(phase: RoadPhase, course: Course, analyst: User, sector: str, today: date) -> None:
    far = course.halfway or {}
    for one in RoadActivity.objects.filter(phase=phase, reports__isnull=True).order_by("number"):
        percentage = Decimal(far.get(one.code, HUNDRED))
        on = min(one.planned_until or course.ends, today)
        if not percentage:
            continue
        if percentage < HUNDRED:
            on = min((one.planned_from or course.begins) + timedelta(days=20), today)
        begun = min(one.planned_from or course.begins, on)
        report_progress(one, min(percentage, Decimal(10)), note="Se inició.", by=analyst, on=begun, now=_instant(begun))
        links = [PROOF.format(sector=sector, code=one.code.lower())] if percentage == HUNDRED else []
        report_progress(one, percentage, note=_told(one, percentage), by=analyst, on=on, links=links, now=_instant(on))


def _close(phase: RoadPhase, course: Course, chief: User) -> None:
    if course.closed_on is not None and phase.closed_at is None:
        try:
            close_phase(phase, by=chief, now=_instant(course.closed_on))
        except Refused:
            return  # a part of the demonstration is not there yet: the road waits for it, as it would for a sector


def _told(one: RoadActivity, percentage: Decimal) -> str:
    if percentage < HUNDRED:
        return "Avanza con las entidades del sector; falta consolidar."
    if one.kind == ActivityKind.PRODUCT:
        return "Producto entregado y archivado."
    return "Realizada con las entidades del sector."


def _answering(road: Road, analyst: User) -> Sequence[tuple[User | None, OrganizationUnit | None]]:
    entities = OrganizationUnit.objects.entities_of(road.unit).filter(is_active=True)[:3]
    return [(analyst, None), *((_somebody(Role.ENLACE_ENTIDAD, one.code), one) for one in entities)]


def _somebody(role: Role, unit: str = "") -> User | None:
    """The first person of the demonstration with a role, on a unit (code) if one is given."""
    people = User.objects.filter(memberships__role=role, is_active=True, is_service=False)
    return (people.filter(memberships__unit__code=unit) if unit else people).order_by("pk").first()


def _instant(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, MORNING))
