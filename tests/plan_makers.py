"""Plans de gestión made the way the product does: every step is a verb, taken by somebody who may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pes.access import can
from pes.frameworks import add_objective, register_framework
from pes.models import Metodologia, OrganizationUnit, StrategicFramework, UnitKind, User, Vigencia, Workshop
from pes.permissions import ROLES, Permission, Role
from pes.rules.programming import ProgrammingType
from pes.rules.workshops import Attendee
from pes.workshops import Meeting, register_workshop
from plans import checklist, lifecycle, observations
from plans.consultations import waive
from plans.editing import add_goal, change_identification
from plans.models import PlanGestion
from plans.rules.goals import GoalKind, IndicatorKind, Instrument
from plans.rules.plan_states import PlanStatus, ReviewItem
from tests import people

GOAL: Mapping[str, Any] = {
    "objective": 1,
    "text": "Atender 100 solicitudes de la ciudadanía durante la vigencia",
    "kind": GoalKind.TECNICA,
    "indicator": "Solicitudes atendidas",
    "numerator": "Número de solicitudes atendidas",
    "unit": "Solicitudes",
    "indicator_type": IndicatorKind.EFICACIA,
    "programming_type": ProgrammingType.SUMA,
    **{f"t{quarter}": Decimal(25) for quarter in (1, 2, 3, 4)},
    "magnitude": Decimal(100),
    "deliverable": "Informe trimestral",
    "source": "Sistema de gestión documental",
    "verification": "Reporte del sistema",
    "responsible": "Equipo del proceso",
    "articulation": "PES",
}
IDENTIFICATION: Mapping[str, Any] = {
    "process_objective": "Orientar la gestión de la entidad",
    "scope": "Toda la entidad",
    "leader": "Líder del proceso",
    "instruments": [Instrument.PES],
    "articulation_detail": "Aporta al objetivo 1 del plan sectorial",
}
OPINION = "Falta precisar el alcance."
CASE, CASE_ON = "HOLA-2022-001", date(2022, 2, 1)
_WAY = (
    PlanStatus.DRAFT,
    PlanStatus.IN_REVIEW,
    PlanStatus.VALIDATED,
    PlanStatus.OFFICIAL,
    PlanStatus.PUBLISHED,
    PlanStatus.CLOSED,
)


def management_plan(
    *,
    unit: OrganizationUnit,
    by: User | None = None,
    vigencia: int = 2022,
    status: str = "published",
    goals: int | Sequence[Mapping[str, Any]] = 1,
) -> PlanGestion:
    """A plan that its leader (`by`, else who leads the unit) and the OAP took to a state of SM-1.

    `goals` says how many, or what differs from `GOAL` in each (keys are names of columns). Who reviews and who waives
    the consultation are the people of the unit's sector, made when there is nobody.
    """
    leader = by or holder(Permission.PLAN_SUBMIT, unit)
    plan = draft(unit=unit, by=leader, vigencia=vigencia, goals=goals)
    if status == PlanStatus.WITH_OBSERVATIONS:
        send(plan, by=leader)
        return observed(plan)
    for step in _WAY[1 : _WAY.index(PlanStatus(status)) + 1]:
        _STEPS[step](plan, by=leader)
    return again(plan)


def draft(
    *, unit: OrganizationUnit, by: User, vigencia: int = 2022, goals: int | Sequence[Mapping[str, Any]] = 1
) -> PlanGestion:
    """A plan in draft with its goals, its mesa de trabajo, and the framework and methodology that it needs."""
    prepare(unit, vigencia)
    plan = PlanGestion.open_own(unit, vigencia, by=by)
    change_identification(plan, by=by, **IDENTIFICATION)
    given: Sequence[Mapping[str, Any]] = [{} for _ in range(goals)] if isinstance(goals, int) else goals
    for share, own in zip(shares(len(given)), given, strict=True):
        add_goal(plan, by=by, values={**GOAL, "weight": share, **own})
    return again(plan)


def prepare(unit: OrganizationUnit, vigencia: int) -> None:
    """The methodology, the framework and the mesa de trabajo of a unit, where they are missing."""
    entity = unit.parent
    assert entity is not None
    head = holder(Permission.PES_EDIT, entity)
    year = Vigencia.objects.get_or_create(year=vigencia)[0]
    if Metodologia.in_force(vigencia).pk is None:
        Metodologia.next_draft(vigencia).publish(by=holder(Permission.METHODOLOGY_MANAGE, entity))
    if StrategicFramework.objects.in_force(entity.pk, vigencia) is None:
        act, since = "Resolución 1 de 2020", date(2020, 1, 1)
        adopted = register_framework(entity, act=act, valid_from=since, valid_until=None, by=head)
        for number in (1, 2, 3):
            text = f"Objetivo estratégico {number}"
            add_objective(adopted, number=number, text=text, sector_objective=None, by=head)
    if not Workshop.objects.of(unit.pk, vigencia).exists():
        there, topic = [Attendee("", "Promotora de mejora")], f"Formulación de {unit.code}"
        meeting = Meeting(year, date(2022, 1, 20), topic, [unit], there, "Se acordaron las metas.")
        register_workshop(entity, meeting, by=holder(Permission.WORKSHOP_REGISTER, entity))


def send(plan: PlanGestion, *, by: User) -> None:
    """The leader sends the plan."""
    lifecycle.submit(plan, by=by)


def observed(plan: PlanGestion, text: str = OPINION) -> PlanGestion:
    """The analyst observes the plan's first goal and returns the plan."""
    analyst = holder(Permission.PLAN_REVIEW, plan.unit)
    observations.raise_observation(plan, plan.goals.in_force().first(), "text", text, by=analyst)
    lifecycle.send_back(plan, by=analyst)
    return again(plan)


def checked(plan: PlanGestion, *, by: User) -> None:
    """The analyst answers the checklist: everything is met."""
    asked = [item for item in ReviewItem if not item.is_automatic]
    checklist.check(plan, {item: checklist.Answer(passed=True) for item in asked}, by=by)


def validated(plan: PlanGestion, *, by: User) -> None:
    """The analyst checks and validates the plan; `by`, its leader, does not."""
    analyst = holder(Permission.PLAN_REVIEW, plan.unit, but=by)
    checked(plan, by=analyst)
    lifecycle.validate(plan, by=analyst)


def waived(plan: PlanGestion) -> None:
    """The Jefe OAP exempts the plan from the consultation."""
    head = holder(Permission.CONSULTATION_WAIVE, plan.unit)
    waive(plan, reason="La norma que lo origina ya fue consultada", by=head)


def made_official(plan: PlanGestion, *, by: User) -> None:
    """The leader makes the plan official, without consultation."""
    waived(plan)
    lifecycle.make_official(plan, hola_case=CASE, hola_on=CASE_ON, by=by)


def published(plan: PlanGestion, *, by: User) -> None:
    """The OAP publishes the plan; `by`, its leader, does not."""
    lifecycle.publish(plan, by=holder(Permission.PLAN_PUBLISH, plan.unit, but=by))


def closed(plan: PlanGestion, *, by: User) -> None:
    """The OAP closes the plan, its fourth quarter consolidated."""
    lifecycle.note_consolidated(plan, 4)
    lifecycle.close(plan, by=holder(Permission.PLAN_CLOSE, plan.unit, but=by))


_STEPS = {
    PlanStatus.IN_REVIEW: send,
    PlanStatus.VALIDATED: validated,
    PlanStatus.OFFICIAL: made_official,
    PlanStatus.PUBLISHED: published,
    PlanStatus.CLOSED: closed,
}


def again(plan: PlanGestion) -> PlanGestion:
    """The plan as it stands now."""
    return PlanGestion.objects.select_related("unit__parent").get(pk=plan.pk)


def shares(count: int) -> list[Decimal]:
    """Weights of equal goals: they sum 100,00, and the last one takes what is left over."""
    each = (Decimal(100) / count).quantize(Decimal("0.01")) if count else Decimal(0)
    return [each] * (count - 1) + [100 - each * (count - 1)] if count else []


def holder(permission: Permission, unit: OrganizationUnit, but: User | None = None) -> User:
    """The first person who may do something on a unit; made when there is nobody."""
    for user in User.objects.filter(is_active=True, is_service=False).order_by("pk"):
        if user != but and can(user, permission, unit):
            return user
    role = next(role for role in _RANKS if permission in ROLES[role].permissions)
    if role is Role.LIDER_PROCESO and unit.kind == UnitKind.ALCALDIA_LOCAL:
        role = Role.ALCALDE_LOCAL
    return people.person(f"{role.label} de {unit.code}", role, unit)


_RANKS = (Role.LIDER_PROCESO, Role.ANALISTA_OAP, Role.JEFE_OAP)
