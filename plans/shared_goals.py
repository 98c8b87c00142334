"""Goals that a leading area writes once and assigns to many plans (PLE-PIN-P005 v8, policies 4 and 8; PG-04, PG-08).

The common fields live in the template and are copied to each plan, so that a plan is read in one place. They change
together, in every plan that is not official yet; what is official changes only by request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.models import OrganizationUnit, UnitKind, User, Vigencia
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.programming import normalise_programmed
from plans.coherence import findings_of
from plans.editing import NewGoal, Value, put_goals, touch
from plans.models import Goal, GoalTemplate, PlanGestion, QuarterTarget
from plans.rules.fields import COMMON, GOAL_FIELDS
from plans.rules.goals import GoalKind, GoalStatus
from plans.rules.plan_states import EDITABLE, NOT_OFFICIAL, PlanStatus
from plans.rules.values import check, read, show

EDIT = Permission.GOAL_TEMPLATE_EDIT
# A validated plan has nobody left to share the goal's weight among the others (SM-1).
WITHDRAWABLE = NOT_OFFICIAL - {PlanStatus.VALIDATED}
NAMES = tuple(field.name for field in GOAL_FIELDS if field.common)


@transaction.atomic
def write(owner: OrganizationUnit, vigencia: int, *, by: User, values: Mapping[str, Value]) -> GoalTemplate:
    """Write a goal to be shared; `values` by field name. Raises PermissionDenied, or Refused with the problems."""
    demand(by, EDIT, owner)
    refuse_if_any(value_problems(values))
    Vigencia.objects.get_or_create(year=vigencia)
    template = GoalTemplate(owner=owner, vigencia_id=vigencia, made_by=by, made_at=timezone.now())
    _put(template, values)
    template.save()
    audit.record("shared_goal_written", template, by=by, after={"owner": owner.code, **texts_of(template)})
    return template


@transaction.atomic
def change(template: GoalTemplate, *, by: User, values: Mapping[str, Value], read_revision: int | None = None) -> int:
    """Change common fields here and in every plan that is not official; return in how many plans.

    `read_revision` is the revision that the person saw. Raises PermissionDenied, or Refused: WF3, a value's problem, a
    validated plan that would no longer cohere and that nobody may write any more (SM-1, AZ14).
    """
    demand(by, EDIT, template)
    held = _hold(template)
    refuse_if_any([*_stale(held, read_revision), *value_problems(values), *_kind_problems(held, values)])
    before = texts_of(held)
    _put(held, values)
    after = texts_of(held)
    if before == after:
        return 0
    held.revision += 1
    held.save()
    goals, broken = _goals_in(held, NOT_OFFICIAL), []
    for goal in goals:
        had = _incoherences(goal)
        _copy(held, goal)
        touch(goal.plan)
        broken += [_breaks(goal, problem) for problem in _incoherences(goal) if problem not in had]
    refuse_if_any(broken)
    old, new = audit.differences(before, after)
    audit.record("shared_goal_changed", held, by=by, before=old, after={**new, "plans": len(goals)})
    return len(goals)


@transaction.atomic
def assign(
    template: GoalTemplate, units: Iterable[OrganizationUnit], *, by: User, values: Mapping[str, Value] | None = None
) -> int:
    """Put the goal into the plans of some units, with the same first programme and weight; return into how many.

    Plans that have it already are left alone. All or none: Raises Refused naming every plan that cannot take it (AZ14).
    """
    demand(by, EDIT, template)
    template, chosen = _hold(template), list(units)
    first = {name: value for name, value in (values or {}).items() if name not in COMMON}
    problems = [found for unit in chosen for found in _unit_problems(template, unit)]
    plans = {plan.unit_id: plan for plan in _held_plans(template.vigencia_id, [unit.pk for unit in chosen])}
    problems += [found for unit in chosen for found in _plan_problems(unit, plans.get(unit.pk), template.vigencia_id)]
    refuse_if_any(problems)
    have = set(template.goals.in_force().values_list("plan_id", flat=True))
    waiting = [plans[unit.pk] for unit in chosen if plans[unit.pk].pk not in have]
    for plan in waiting:
        goal = put_goals(plan, [NewGoal({**common_values(template), **first})])[0]
        Goal.objects.filter(pk=goal.pk).update(template=template)
        touch(plan)
    if waiting:
        codes = [plan.unit.code for plan in waiting]
        audit.record(
            "shared_goal_assigned", template, by=by, after={"units": codes, **{n: show(n, v) for n, v in first.items()}}
        )
    return len(waiting)


@transaction.atomic
def withdraw(template: GoalTemplate, units: Sequence[OrganizationUnit], *, by: User, reason: str) -> int:
    """Take the goal out of the plans of some units that are not validated yet; return out of how many."""
    demand(by, EDIT, template)
    if not reason.strip():
        raise Refused([Problem("reason_missing", "PG-08", "Falta el motivo.", fix="Diga por qué se retira la meta.")])
    template = _hold(template)
    goals = [goal for goal in _goals_in(template, WITHDRAWABLE) if goal.plan.unit in units]
    for goal in goals:
        Goal.objects.filter(pk=goal.pk).update(status=GoalStatus.REMOVED)
        touch(goal.plan)
    if goals:
        codes = [goal.plan.unit.code for goal in goals]
        audit.record("shared_goal_withdrawn", template, by=by, before={"units": codes}, reason=reason)
    return len(goals)


def value_problems(values: Mapping[str, Value]) -> list[Problem]:
    """What is wrong with common values: a field that is not common, a value out of its range, a goal that is not
    shared."""
    problems = [
        Problem(
            "field_not_common", "PG-08", f"«{name}» lo escribe cada plan.", fix="Déjelo fuera de la meta compartida."
        )
        for name in values
        if name not in COMMON
    ]
    problems += [found for name, value in values.items() if name in COMMON and (found := check(name, value))]
    if values.get("kind", GoalKind.TRANSVERSAL) == GoalKind.TECNICA:
        message = "Una meta técnica es de un solo plan y no se comparte."
        problems.append(Problem("tecnica_not_shared", "PG-08", message, fix="Elija transversal o local."))
    if "text" in values and not str(values["text"] or "").strip():
        problems.append(
            Problem("text_missing", "PG-V1", "Falta el texto de la meta.", fix="Escriba el resultado esperado.")
        )
    return problems


def common_values(template: GoalTemplate) -> dict[str, Value]:
    """What the template gives to every plan, by field name."""
    found: dict[str, Value] = {name: read(name, getattr(template, name)) for name in NAMES if name != "central_area"}
    return found | {"central_area": template.central_area.code if template.central_area else None}


def texts_of(template: GoalTemplate) -> dict[str, str]:
    """The template's content as people read it."""
    return {name: show(name, value) for name, value in common_values(template).items() if value}


def may_have(template: GoalTemplate) -> Any:
    """Units whose plans the goal may be assigned to: of the leading area's entity; a local one only to alcaldías."""
    kinds = (
        [UnitKind.ALCALDIA_LOCAL] if template.kind == GoalKind.LOCAL else [UnitKind.PROCESS, UnitKind.ALCALDIA_LOCAL]
    )
    units = OrganizationUnit.objects.filter(parent=_entity(template.owner), kind__in=kinds, is_active=True)
    return units.order_by("kind", "sort_key", "code")


def _entity(unit: OrganizationUnit) -> OrganizationUnit | None:
    found: OrganizationUnit | None = unit
    while found is not None and found.kind != UnitKind.ENTITY:
        found = found.parent
    return found


def _put(template: GoalTemplate, values: Mapping[str, Value]) -> None:
    for name, value in values.items():
        if name == "central_area":
            template.central_area = _area(template, value)
        else:
            setattr(template, name, value or "")


def _area(template: GoalTemplate, code: Any) -> OrganizationUnit | None:
    if not code:
        return None
    found = OrganizationUnit.objects.filter(parent=_entity(template.owner), code__iexact=code, is_active=True).first()
    if found is None:
        message = f"«{code}» no es el código de una unidad activa de la entidad."
        raise Refused([Problem("unit_unknown", "PG-08", message, fix="Elija una unidad de la lista.")])
    return found


def _stale(template: GoalTemplate, read: int | None) -> list[Problem]:
    if read is None or read == template.revision:
        return []
    message = "Otra persona cambió la meta mientras usted la escribía; nada se ha sobrescrito."
    return [Problem("stale_edit", "WF3", message, fix="Compare con lo vigente y guarde de nuevo.")]


def _kind_problems(template: GoalTemplate, values: Mapping[str, Value]) -> list[Problem]:
    """A goal that processes have cannot become local."""
    if values.get("kind") != GoalKind.LOCAL:
        return []
    if not template.goals.in_force().exclude(plan__unit__kind=UnitKind.ALCALDIA_LOCAL).exists():
        return []
    message = "La meta está en planes de procesos: no puede ser local."
    return [Problem("local_in_processes", "PG-08", message, fix="Retírela de esos planes o déjela transversal.")]


def _unit_problems(template: GoalTemplate, unit: OrganizationUnit) -> list[Problem]:
    if may_have(template).filter(pk=unit.pk).exists():
        return []
    message = f"«{unit}» no puede tener esta meta."
    fix = "Una meta local es de alcaldías; una transversal, de procesos y alcaldías de la misma entidad."
    return [Problem("unit_out_of_reach", "PG-04", message, fix=fix)]


def _plan_problems(unit: OrganizationUnit, plan: PlanGestion | None, vigencia: int) -> list[Problem]:
    if plan is None:
        message = f"El plan de «{unit}» para {vigencia} no está abierto."
        return [Problem("plan_missing", "SM-1", message, fix="Ábralo antes de asignarle metas.")]
    if plan.status in EDITABLE:
        return []
    message = f"El plan de «{unit}» está en estado «{PlanStatus(plan.status).label}» y no admite metas nuevas."
    return [Problem("plan_not_editable", "SM-1", message, fix="Espere a que la OAP lo devuelva, o déjelo por fuera.")]


def _hold(template: GoalTemplate) -> GoalTemplate:
    """The template as it is now, locked until the transaction ends, always before its plans (JB15): a plan that gets
    the goal gets the words in force, and a change of words reaches every plan that has it."""
    return GoalTemplate.objects.select_for_update(of=("self",), no_key=True).get(pk=template.pk)


def _held_plans(vigencia: int, units: Sequence[int]) -> list[PlanGestion]:
    """The plans, held in the order of their ids, as every verb does (JB15)."""
    ids = PlanGestion.objects.filter(vigencia=vigencia, unit__in=units).order_by("pk").values_list("pk", flat=True)
    return [PlanGestion.hold(pk) for pk in list(ids)]


def _goals_in(template: GoalTemplate, states: Iterable[PlanStatus]) -> list[Goal]:
    """The template's goals whose plans are in some states, with their plans held."""
    goals = template.goals.filter(status=GoalStatus.ACTIVE).select_related("plan").order_by("plan_id")
    wanted = []
    for goal in goals:
        goal.plan = PlanGestion.hold(goal.plan_id)
        if goal.plan.status in set(states):
            wanted.append(goal)
    return wanted


def _incoherences(goal: Goal) -> list[Problem]:
    """What blocks a validated plan because of this goal; of other plans, nothing: their team or the OAP mends them."""
    if goal.plan.status != PlanStatus.VALIDATED:
        return []
    found = findings_of(goal.plan)
    return [one.as_sentence() for one in found if one.goal == goal.number and one.problem.blocking]


def _breaks(goal: Goal, problem: Problem) -> Problem:
    message = f"El plan de «{goal.plan.unit}» ya está validado y dejaría de ser coherente. {problem.message}"
    fix = "Deje ese dato como está: después de publicado el plan, la meta cambia con una solicitud."
    return Problem("validated_plan_breaks", "SM-1", message, fix=fix)


def _copy(template: GoalTemplate, goal: Goal) -> None:
    """Common fields into a plan's goal; its quarters follow the type (PT-12)."""
    for name in NAMES:
        setattr(goal, name, getattr(template, name))
    goal.save(update_fields=list(NAMES))
    for target in QuarterTarget.objects.filter(goal=goal):
        stored = normalise_programmed(goal.programming_type, target.programmed)
        if stored != target.programmed:
            QuarterTarget.objects.filter(pk=target.pk).update(programmed=stored)
