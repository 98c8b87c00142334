"""Writing a plan: cells, goals, order and identification. Screens, imports and the command line come through here.

A plan is written while it is a draft or has observations (SM-1). The common fields of a shared goal belong to the
leading area (PG-08). What a person saw travels with each change: somebody else's work is never overwritten (WF3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from pes import audit
from pes.access import demand
from pes.models import AuditEvent, OrganizationUnit, StrategicObjective, User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.programming import normalise_programmed
from plans.content import goal_facts, quarters_of
from plans.models import Goal, PlanGestion, QuarterTarget
from plans.rules.fields import BY_NAME, COMMON, QUARTER_NAMES
from plans.rules.goals import GoalFacts, GoalStatus, Instrument
from plans.rules.plan_states import PlanStatus
from plans.rules.values import check, show, value_of

Value = Any  # what plans.rules.values.read gives: text, Decimal, enum, number of an objective, code of a unit, None


@dataclass(frozen=True, slots=True)
class CellChange:
    """A new value for a field of a goal; `was` is the text that the person saw, None when they saw nothing."""

    goal: int
    field: str
    value: Value
    was: str | None = None


@dataclass(frozen=True, slots=True)
class NewGoal:
    """A goal to add; without a number it takes the next one. Values that came through `values.read` are `read`."""

    values: Mapping[str, Value] = field(default_factory=dict)
    number: int | None = None
    read: bool = False


@dataclass(frozen=True, slots=True)
class CellConflict:
    """A cell that somebody else changed meanwhile: what it holds now, as text."""

    goal: int
    field: str
    theirs: str


class StaleCells(Refused):
    """Cells changed since they were read; `conflicts` says which and what they hold (WF3)."""

    def __init__(self, conflicts: Iterable[CellConflict]) -> None:
        self.conflicts = tuple(conflicts)
        names = ", ".join(f"{BY_NAME[one.field].label} de la meta {one.goal}" for one in self.conflicts)
        message = f"Otra persona cambió mientras usted escribía: {names}. Nada se ha sobrescrito."
        super().__init__([Problem("stale_edit", "WF3", message, fix="Compare los dos valores y escriba el que queda.")])


@transaction.atomic
def change_goals(plan: PlanGestion, changes: Sequence[CellChange], *, by: User) -> None:
    """Write some cells, all or none.

    Raises PermissionDenied; StaleCells (WF3); Refused: not editable (SM-1), unknown goal, a field of the leading area
    (PG-08, AZ3), a value out of its range, an objective or a unit that is not there (AZ10).
    """
    held = hold_for_editing(plan, by=by)
    before, after = put_cells(held, changes)
    if after:
        touch(held)
        audit.record("goals_changed", held, by=by, before=before, after=after)


@transaction.atomic
def add_goal(plan: PlanGestion, *, by: User, values: Mapping[str, Value] | None = None, block: str = "") -> Goal:
    """Add a goal at the end, empty unless values are given. Raises as change_goals.

    `block` is the sender's own name for what it sends, by which it is known when it comes again (WF1).
    """
    held = hold_for_editing(plan, by=by)
    goal = put_goals(held, [NewGoal(values or {})])[0]
    touch(held)
    after = {"plan": str(held), "number": goal.number, **texts(values or {})}
    audit.record("goal_written", goal, by=by, after=after | ({"block": block} if block else {}))
    return goal


def added_before(plan: PlanGestion, block: str, *, by: User) -> list[int]:
    """Numbers of the goals that the person added to a held plan with a block that now comes again (WF1)."""
    events = AuditEvent.objects.filter(verb="goal_written", actor=by, after__block=block)
    goals = [int(pk) for pk in events.values_list("object_id", flat=True)]
    return list(plan.goals.filter(pk__in=goals).order_by("number").values_list("number", flat=True))


@transaction.atomic
def remove_goal(goal: Goal, *, by: User, reason: str = "") -> None:
    """Take a goal out of a plan that is still being written; it can be restored. Raises as change_goals."""
    held = hold_for_editing(goal.plan, by=by)
    refuse_if_any(shared_problems(goal, "quitarla"))
    moved = Goal.objects.filter(pk=goal.pk, status=GoalStatus.ACTIVE, first_reported_at=None)
    if moved.update(status=GoalStatus.REMOVED) != 1:
        message = "La meta ya no está en el plan, o tiene seguimiento y no se puede quitar."
        raise Refused([Problem("goal_not_removable", "PG-09h", message, fix="Vuelva a cargar la página.")])
    touch(held)
    audit.record("goal_removed_from_plan", goal, by=by, before={"number": goal.number}, reason=reason)


@transaction.atomic
def restore_goal(goal: Goal, *, by: User) -> None:
    """Put a goal back that was taken out while the plan was written. Raises as change_goals.

    What the leading area took out, it puts back: its words may be others by now (PG-08).
    """
    held = hold_for_editing(goal.plan, by=by)
    refuse_if_any(shared_problems(goal, "volver a ponerla"))
    if Goal.objects.filter(pk=goal.pk, status=GoalStatus.REMOVED).update(status=GoalStatus.ACTIVE):
        touch(held)
        audit.record("goal_restored", goal, by=by, after={"number": goal.number})


@transaction.atomic
def reorder(plan: PlanGestion, numbers: Sequence[int], *, by: User) -> None:
    """Put the goals in an order: exactly the plan's goals, each once. Raises as change_goals."""
    held = hold_for_editing(plan, by=by)
    rows = {goal.number: goal for goal in held.goals.in_force()}
    if sorted(numbers) != sorted(rows):
        message = "Las metas del plan cambiaron mientras usted las ordenaba."
        raise Refused([Problem("stale_order", "WF3", message, fix="Vuelva a cargar la página y ordénelas otra vez.")])
    before = [goal.number for goal in sorted(rows.values(), key=lambda goal: goal.position)]
    if list(numbers) == before:
        return
    for position, number in enumerate(numbers, 1):
        rows[number].position = position
    Goal.objects.bulk_update(rows.values(), ["position"])
    touch(held)
    audit.record("goals_reordered", held, by=by, before={"order": before}, after={"order": list(numbers)})


@transaction.atomic
def change_identification(plan: PlanGestion, *, by: User, **values: Any) -> bool:
    """Write the identification block (process objective, scope, leader, articulation); False when nothing changed.

    Raises PermissionDenied, or Refused: not editable. Who edits what they have read comes by `correct_identification`.
    """
    held = hold_for_editing(plan, by=by)
    changed = put_identification(held, values)
    if not changed[1]:
        return False
    touch(held)
    audit.record("plan_identified", held, by=by, before=changed[0], after=changed[1])
    return True


def hold_for_editing(plan: PlanGestion, *, by: User) -> PlanGestion:
    """The plan, held for this transaction, if the person may write it and it may be written."""
    demand(by, Permission.PLAN_EDIT, plan)
    held = PlanGestion.hold(plan.pk)
    if not held.is_editable:
        message = f"El plan está en estado «{PlanStatus(held.status).label}» y sus metas no se pueden escribir."
        fix = "Después de publicado, una meta cambia con una solicitud; antes, cuando la OAP la devuelve."
        raise Refused([Problem("plan_not_editable", "SM-1", message, fix=fix)])
    return held


def touch(plan: PlanGestion) -> None:
    """Count a change of the plan."""
    PlanGestion.objects.filter(pk=plan.pk).update(revision=F("revision") + 1)
    plan.refresh_from_db(fields=["revision"])


def put_cells(
    plan: PlanGestion, changes: Sequence[CellChange], *, by_request: bool = False
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write cells of a held plan; the texts before and after, by goal and field. No audit: the verb that calls does.

    `by_request` is for an approved request, on which the leading area gave its opinion: common fields too (PG-09f).
    """
    rows = _rows(plan, {change.goal for change in changes})
    programmes = quarters_of(row.pk for row in rows.values())
    framework = plan.framework_to_serve
    seen = {number: goal_facts(row, programmes[row.pk], framework) for number, row in rows.items()}
    _refuse_stale(changes, seen)
    refuse_if_any(found for change in changes for found in _cell_problems(rows[change.goal], change, by_request))
    resolved = _Resolver(plan)
    for change in changes:
        resolved.put(rows[change.goal], programmes[rows[change.goal].pk], change.field, change.value)
    refuse_if_any(resolved.problems)
    now = {number: goal_facts(row, _normal(row, programmes[row.pk]), framework) for number, row in rows.items()}
    touched = {number for number in rows if now[number] != seen[number]}
    _save([rows[number] for number in touched], programmes)
    return _changed_texts({number: (seen[number], now[number]) for number in sorted(touched)})


def put_goals(plan: PlanGestion, new: Sequence[NewGoal]) -> list[Goal]:
    """Add goals to a held plan, in their order, with their four quarters. No audit: the verb that calls does."""
    last = plan.goals.aggregate(number=Max("number"), position=Max("position"))
    number, position = last["number"] or 0, last["position"] or 0
    resolved, goals, programmes = _Resolver(plan), [], []
    for place, one in enumerate(new, 1):
        number = one.number if one.number is not None else number + 1
        goal, quarters = Goal(plan=plan, number=number, position=position + place), dict.fromkeys((1, 2, 3, 4))
        for name, value in one.values.items():
            refuse_if_any(found for found in (None if one.read else check(name, value),) if found)
            resolved.put(goal, quarters, name, value)
        goals.append(goal)
        programmes.append(_normal(goal, quarters))
    refuse_if_any(resolved.problems)
    made = Goal.objects.bulk_create(goals)
    QuarterTarget.objects.bulk_create(
        QuarterTarget(goal=goal, quarter=quarter, programmed=amount)
        for goal, quarters in zip(made, programmes, strict=True)
        for quarter, amount in quarters.items()
    )
    return made


def put_identification(plan: PlanGestion, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write the identification of a held plan; what differs, before and after. No audit: the verb that calls does."""
    before = identification_facts(plan)
    for name in ("process_objective", "scope", "leader", "articulation_detail"):
        if name in values:
            setattr(plan, name, str(values[name]).strip())
    if "instruments" in values:
        chosen = {Instrument(value) for value in values["instruments"]}
        plan.instruments = [instrument.value for instrument in Instrument if instrument in chosen]
    plan.save(update_fields=["process_objective", "scope", "leader", "articulation_detail", "instruments"])
    return audit.differences(before, identification_facts(plan))


def identification_facts(plan: PlanGestion) -> dict[str, Any]:
    """The block as the audit and its form name it."""
    return {
        "process_objective": plan.process_objective,
        "scope": plan.scope,
        "leader": plan.leader,
        "instruments": list(plan.instruments),
        "articulation_detail": plan.articulation_detail,
    }


def texts(values: Mapping[str, Value]) -> dict[str, str]:
    """Values as people read them."""
    return {name: show(name, value) for name, value in values.items() if show(name, value)}


def shared_problems(goal: Goal, verb: str) -> list[Problem]:
    """A goal of the leading area is not the plan's to take away (PG-08)."""
    if goal.template_id is None:
        return []
    message = f"La meta {goal.number} es compartida: solo el área que la lidera puede {verb}."
    return [Problem("shared_goal", "PG-08", message, fix="Pídaselo al área que la lidera.")]


class _Resolver:
    """Puts values into rows; objectives and units are looked up once."""

    def __init__(self, plan: PlanGestion) -> None:
        self.plan = plan
        self.problems: list[Problem] = []
        self._objectives: dict[int, StrategicObjective] | None = None
        self._units: dict[str, OrganizationUnit] | None = None

    def put(self, goal: Goal, quarters: dict[int, Decimal | None], name: str, value: Value) -> None:
        """Set one field."""
        if name in QUARTER_NAMES:
            quarters[QUARTER_NAMES.index(name) + 1] = value
        elif name == "objective":
            goal.strategic_objective = self._objective(goal, value)
        elif name == "central_area":
            goal.central_area = self._unit(goal, value)
        elif name in {"weight", "baseline", "magnitude"}:
            setattr(goal, name, value)
        else:
            setattr(goal, name, value or "")

    def _objective(self, goal: Goal, number: int | None) -> StrategicObjective | None:
        if self._objectives is None:
            framework = self.plan.framework()
            self._objectives = {o.number: o for o in framework.objectives.all()} if framework else {}
        if number is not None and number not in self._objectives:
            message = f"Meta {goal.number}: el objetivo estratégico {number} no está en el marco estratégico vigente."
            fix = f"Use uno de estos números: {', '.join(map(str, self._objectives)) or 'aún no hay ninguno'}."
            self.problems.append(Problem("objective_unknown", "PG-02", message, fix=fix))
        return self._objectives.get(number) if number is not None else None

    def _unit(self, goal: Goal, code: str | None) -> OrganizationUnit | None:
        if self._units is None:
            entity = self.plan.unit.parent_id
            found = OrganizationUnit.objects.filter(parent=entity, is_active=True)
            self._units = {unit.code.casefold(): unit for unit in found}
        if code and code.casefold() not in self._units:
            message = f"Meta {goal.number}: «{code}» no es el código de una unidad activa de la entidad."
            self.problems.append(Problem("unit_unknown", "PG-08", message, fix="Elija una unidad de la lista."))
        return self._units.get(code.casefold()) if code else None


def _rows(plan: PlanGestion, numbers: set[int]) -> dict[int, Goal]:
    found = plan.goals.in_force().filter(number__in=numbers).select_related("strategic_objective", "central_area")
    rows = {goal.number: goal for goal in found}
    missing = sorted(numbers - rows.keys())
    if missing:
        message = f"La meta {missing[0]} no está en el plan."
        raise Refused([Problem("goal_unknown", "AZ10", message, fix="Vuelva a cargar la página.")])
    return rows


def _refuse_stale(changes: Sequence[CellChange], seen: Mapping[int, GoalFacts]) -> None:
    conflicts = [
        CellConflict(change.goal, change.field, current)
        for change in changes
        if change.was is not None
        and (current := show(change.field, value_of(seen[change.goal], change.field))) != change.was
        and current != show(change.field, change.value)  # both wrote the same: nothing is lost
    ]
    if conflicts:
        raise StaleCells(conflicts)


def _cell_problems(goal: Goal, change: CellChange, by_request: bool) -> Iterable[Problem]:
    if goal.status != GoalStatus.ACTIVE:
        message = f"La meta {goal.number} está eliminada y no cambia."
        yield Problem("goal_eliminated", "PG-09h", message, fix="Deje la fila como está.")
    elif goal.template_id is not None and change.field in COMMON and not by_request:
        message = f"«{BY_NAME[change.field].label}» de la meta {goal.number} lo escribe el área que lidera la meta."
        yield Problem("shared_field", "PG-08", message, fix="Pida el cambio al área que la lidera.")
    problem = check(change.field, change.value)
    if problem is not None:
        yield problem


def _normal(goal: Goal, quarters: dict[int, Decimal | None]) -> dict[int, Decimal | None]:
    """The quarters as they are stored: 0 is not programmed, except when the goal counts down (PT-12)."""
    for quarter, amount in quarters.items():
        quarters[quarter] = normalise_programmed(goal.programming_type, amount)
    return quarters


def _save(goals: Sequence[Goal], programmes: Mapping[int, Mapping[int, Decimal | None]]) -> None:
    stored = [name for name in BY_NAME if name not in (*QUARTER_NAMES, "objective")]
    for goal in goals:
        goal.save(update_fields=["strategic_objective", *stored])
    rows = list(QuarterTarget.objects.filter(goal__in=[goal.pk for goal in goals]))
    changed = [row for row in rows if row.programmed != programmes[row.goal_id][row.quarter]]
    for row in changed:
        row.programmed = programmes[row.goal_id][row.quarter]
    if changed:
        QuarterTarget.objects.bulk_update(changed, ["programmed"], batch_size=500)


def _changed_texts(pairs: Mapping[int, tuple[GoalFacts, GoalFacts]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Goal → field → text, before and after, with only what differs."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for number, (old, new) in pairs.items():
        both = [
            {name: show(name, value_of(facts, name)) for name in BY_NAME if value_of(old, name) != value_of(new, name)}
            for facts in (old, new)
        ]
        before[str(number)], after[str(number)] = both
    return before, after
