"""Verbs of the marco estratégico: register, correct, add and correct its objectives (PG-02, REF-01).

An entity has one framework in force on any day: registering the next one ends the one before on the day before, and
everything else that would put two in force on a day is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from pes import audit
from pes.access import demand
from pes.dates import long_date
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.models import Objective, OrganizationUnit, StrategicFramework, StrategicObjective, UnitKind, User
from pes.models.organization import UnitQuerySet
from pes.permissions import Permission
from pes.rules.problems import Problem, refuse_if_any

EDIT = Permission.PES_EDIT
_DAY = timedelta(days=1)


def entities_read_by(user: Any) -> UnitQuerySet:
    """Entities whose framework a person reads: those of their roles, and those above their process or alcaldía."""
    units = OrganizationUnit.objects
    held = units.visible_to(user).values("pk")
    own = units.filter(pk__in=held)
    reached = Q(pk__in=held) | Q(pk__in=own.values("parent")) | Q(pk__in=own.values("parent__parent"))
    return units.filter(reached, kind=UnitKind.ENTITY)


@once("Otra persona acaba de registrar un marco que rige desde ese día.")
def register_framework(
    entity: OrganizationUnit, *, act: str, valid_from: date, valid_until: date | None, by: User
) -> StrategicFramework:
    """Enter the framework that an act adopts; the one in force until then ends the day before.

    Both days count whole; without `valid_until` it has no known end. Raises PermissionDenied, or Refused: the unit is
    not an entity, the days are in disorder, or a framework begins on that day or while the new one lasts.
    """
    demand(by, EDIT, entity)
    _hold(entity)
    framework = StrategicFramework(unit=entity, act=act.strip(), valid_from=valid_from, valid_until=valid_until)
    refuse_if_any([*_entity_problems(entity), *_term_problems(framework), *_clashes_ahead(framework)])
    for earlier in _overlapping(framework).filter(valid_from__lt=valid_from):
        _end(earlier, valid_from - _DAY, by=by)
    framework.save()
    audit.record("framework_registered", framework, by=by, after=framework_facts(framework))
    return framework


@once("Otra persona acaba de registrar un marco que rige desde ese día.")
def change_framework(
    framework: StrategicFramework, *, act: str, valid_from: date, valid_until: date | None, read: str, by: User
) -> bool:
    """Correct the act or the days of a framework; False when nothing changed.

    `read` is the fingerprint of the facts that the person was editing. Raises like `register_framework`, but ends no
    other framework: two in force on a day are refused.
    """
    demand(by, EDIT, framework)
    _hold(framework.unit)
    framework = StrategicFramework.objects.select_related("unit").get(pk=framework.pk)
    before = framework_facts(framework)
    refuse_if_stale(before, read)
    framework.act, framework.valid_from, framework.valid_until = act.strip(), valid_from, valid_until
    if framework_facts(framework) == before:
        return False
    refuse_if_any([*_term_problems(framework), *_clashes_behind(framework), *_clashes_ahead(framework)])
    framework.save()
    old, new = audit.differences(before, framework_facts(framework))
    audit.record("framework_changed", framework, by=by, before=old, after=new)
    return True


@once("Otra persona acaba de agregar un objetivo con ese número.")
def add_objective(
    framework: StrategicFramework, *, number: int, text: str, sector_objective: Objective | None, by: User
) -> StrategicObjective:
    """Enter an objective of a framework, perhaps linked to the sector objective that it feeds.

    Raises PermissionDenied, or Refused: the number is taken, or the sector objective is of another sector.
    """
    demand(by, EDIT, framework)
    made = StrategicObjective(framework=framework, number=number, text=text.strip(), sector_objective=sector_objective)
    refuse_if_any(_objective_problems(made))
    made.save()
    audit.record("framework_objective_added", made, by=by, after=objective_facts(made))
    return made


@once("Otra persona acaba de agregar un objetivo con ese número.")
def change_objective(
    objective: StrategicObjective,
    *,
    number: int,
    text: str,
    sector_objective: Objective | None,
    read: str,
    by: User,
) -> bool:
    """Correct an objective, also one that goals serve: they follow it by its row. False when nothing changed.

    `read` is the fingerprint of the facts that the person was editing. Raises like `add_objective`.
    """
    demand(by, EDIT, objective)
    held = StrategicObjective.objects.select_for_update(no_key=True, of=("self",))
    objective = held.select_related("framework__unit", "sector_objective__plan").get(pk=objective.pk)
    before = objective_facts(objective)
    refuse_if_stale(before, read)
    objective.number, objective.text, objective.sector_objective = number, text.strip(), sector_objective
    if objective_facts(objective) == before:
        return False
    refuse_if_any(_objective_problems(objective))
    objective.save()
    old, new = audit.differences(before, objective_facts(objective))
    audit.record("framework_objective_changed", objective, by=by, before=old, after=new)
    return True


def framework_facts(framework: StrategicFramework) -> dict[str, Any]:
    """What the audit keeps of a framework."""
    until = framework.valid_until.isoformat() if framework.valid_until else None
    days = {"valid_from": framework.valid_from.isoformat(), "valid_until": until}
    return {"entity": framework.unit.code, "act": framework.act, **days}


def objective_facts(objective: StrategicObjective) -> dict[str, Any]:
    """What the audit keeps of an objective of a framework."""
    linked = objective.sector_objective
    return {
        "framework": objective.framework.act,
        "number": objective.number,
        "text": objective.text,
        "sector_objective": f"{linked} ({linked.plan.period})" if linked else None,
    }


def _hold(entity: OrganizationUnit) -> None:
    """Lock the entity's row until the transaction ends: its frameworks are compared with each other."""
    OrganizationUnit.objects.select_for_update(no_key=True).get(pk=entity.pk)


def _end(framework: StrategicFramework, last: date, *, by: User) -> None:
    before = framework_facts(framework)
    framework.valid_until = last
    framework.save(update_fields=["valid_until"])
    old, new = audit.differences(before, framework_facts(framework))
    audit.record("framework_ended", framework, by=by, before=old, after=new)


def _overlapping(framework: StrategicFramework) -> Any:
    """The entity's other frameworks that are in force on some of the same days."""
    others = StrategicFramework.objects.filter(unit=framework.unit).exclude(pk=framework.pk).select_related("unit")
    found = others.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=framework.valid_from))
    if framework.valid_until is not None:
        found = found.filter(valid_from__lte=framework.valid_until)
    return found.order_by("valid_from")


def _entity_problems(entity: OrganizationUnit) -> Iterator[Problem]:
    if entity.kind != UnitKind.ENTITY:
        message = f"«{entity}» no es una entidad."
        yield Problem("framework_of_no_entity", "PG-02", message, fix="El marco se registra en su entidad.")


def _term_problems(framework: StrategicFramework) -> Iterator[Problem]:
    if framework.valid_until is not None and framework.valid_until < framework.valid_from:
        message = f"El marco terminaría el {long_date(framework.valid_until)}, antes de empezar."
        fix = f"Escriba un último día desde el {long_date(framework.valid_from)}, o déjelo vacío."
        yield Problem("framework_ends_before", "REF-01", message, fix=fix)


def _clashes_ahead(framework: StrategicFramework) -> Iterator[Problem]:
    """Frameworks that begin on the same day, or while this one would still be in force."""
    for other in _overlapping(framework).filter(valid_from__gte=framework.valid_from):
        if other.valid_from == framework.valid_from:
            message = f"«{other.act}» ya rige desde el {long_date(other.valid_from)}."
            yield Problem("framework_repeated", "REF-01", message, fix="Use otro día o corrija ese marco.")
        else:
            message = f"Se cruza con «{other.act}», que rige desde el {long_date(other.valid_from)}."
            fix = f"Termínelo a más tardar el {long_date(other.valid_from - _DAY)}."
            yield Problem("framework_overlaps", "REF-01", message, fix=fix)


def _clashes_behind(framework: StrategicFramework) -> Iterator[Problem]:
    """Frameworks that began earlier and are still in force when this one begins."""
    for other in _overlapping(framework).filter(valid_from__lt=framework.valid_from):
        until = f"hasta el {long_date(other.valid_until)}" if other.valid_until else "sin fecha final"
        message = f"Se cruza con «{other.act}», vigente {until}."
        fix = f"Corrija ese marco primero: que termine a más tardar el {long_date(framework.valid_from - _DAY)}."
        yield Problem("framework_overlaps", "REF-01", message, fix=fix)


def _objective_problems(objective: StrategicObjective) -> Iterable[Problem]:
    framework, linked = objective.framework, objective.sector_objective
    if framework.objectives.filter(number=objective.number).exclude(pk=objective.pk).exists():
        message = f"«{framework.act}» ya tiene un objetivo {objective.number}."
        yield Problem("objective_repeated", "PG-02", message, fix="Use otro número o corrija ese objetivo.")
    if linked is not None and linked.plan.sector_id != framework.unit.parent_id:
        message = f"El {str(linked).lower()} es de otro sector que «{framework.unit}»."
        yield Problem("objective_of_other_sector", "PG-02", message, fix="Elija un objetivo de su sector.")
