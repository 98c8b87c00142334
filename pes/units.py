"""The organisation's tree: add, change, deactivate. The projection of memberships follows in the same transaction."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.models import Membership, OrganizationUnit, UnitKind, User
from pes.models.organization import PARENT_KINDS
from pes.permissions import Permission
from pes.rules.problems import Problem, refuse_if_any

MANAGE = Permission.UNITS_MANAGE
FIELDS = ("name", "acronym", "parent", "process_class", "is_head", "mission", "vision", "platform_act", "sort_key")


@once("Otra persona acaba de crear una unidad con ese código o esa cabeza de sector.")
def add(*, by: User, code: str, kind: str, parent: OrganizationUnit, **values: Any) -> OrganizationUnit:
    """Add a unit under another one. Raises PermissionDenied, or Refused with the problems."""
    demand(by, MANAGE, parent)
    unit = OrganizationUnit(code=code, kind=kind, parent=parent, **values)
    refuse_if_any(problems(unit))
    unit.save()
    Membership.project_all()
    audit.record("unit_added", unit, by=by, after=facts(unit))
    return unit


@transaction.atomic
def change(unit: OrganizationUnit, *, by: User, **values: Any) -> None:
    """Change a unit's texts, its head mark or its place; code and kind never change, other records name them."""
    locked = OrganizationUnit.objects.select_for_update().get(pk=unit.pk)
    demand(by, MANAGE, locked)
    before, place = facts(locked), locked.parent_id
    for name in FIELDS:
        if name in values:
            setattr(locked, name, values[name])
    if locked.parent_id != place and locked.parent is not None:
        demand(by, MANAGE, locked.parent)
    refuse_if_any(problems(locked))
    locked.save()
    if locked.parent_id != place:
        Membership.project_all()
    if facts(locked) != before:
        audit.record("unit_changed", locked, by=by, before=before, after=facts(locked))


@transaction.atomic
def deactivate(unit: OrganizationUnit, *, by: User, reason: str) -> None:
    """Take a unit out of use; what it did stays."""
    demand(by, MANAGE, unit)
    refuse_if_any(deactivation_problems(unit))
    if OrganizationUnit.objects.filter(pk=unit.pk, is_active=True).update(is_active=False):
        audit.record(
            "unit_deactivated", unit, by=by, before={"is_active": True}, after={"is_active": False}, reason=reason
        )


@transaction.atomic
def reactivate(unit: OrganizationUnit, *, by: User, reason: str) -> None:
    """Put a unit back in use."""
    demand(by, MANAGE, unit)
    if OrganizationUnit.objects.filter(pk=unit.pk, is_active=False).update(is_active=True):
        audit.record(
            "unit_reactivated", unit, by=by, before={"is_active": False}, after={"is_active": True}, reason=reason
        )


def problems(unit: OrganizationUnit) -> list[Problem]:
    """What the tree does not allow: a wrong level, a cycle, a class of process, two heads."""
    return [*_place_problems(unit), *_class_problems(unit), *_head_problems(unit)]


def deactivation_problems(unit: OrganizationUnit) -> list[Problem]:
    """Why a unit cannot go out of use: active units below it."""
    below = unit.children.filter(is_active=True).count()
    if not below:
        return []
    message = f"«{unit}» tiene {below} {'unidad activa' if below == 1 else 'unidades activas'} debajo."
    return [Problem("active_children", "ORG-01", message, fix="Desactívelas o trasládelas primero.")]


def facts(unit: OrganizationUnit) -> dict[str, Any]:
    """What the audit keeps."""
    values = {name: getattr(unit, name) for name in ("code", "kind", *FIELDS) if name != "parent"}
    return values | {"parent": unit.parent.code if unit.parent else None}


def _place_problems(unit: OrganizationUnit) -> list[Problem]:
    allowed = PARENT_KINDS[unit.kind]
    if not allowed or unit.parent is None:
        return []  # the district; the database refuses the rest
    if unit.parent.kind not in allowed:
        names = " o ".join(f"«{UnitKind(kind).label}»" for kind in allowed)
        message = f"Una unidad de clase «{UnitKind(unit.kind).label}» no puede depender de «{unit.parent}»."
        return [Problem("parent_kind", "ORG-01", message, fix=f"Elija una unidad de clase {names}.")]
    if unit.pk and unit.parent_id in OrganizationUnit.objects.below(unit):
        return [Problem("cycle", "ORG-01", "Una unidad no puede depender de sí misma.", fix="Elija otra unidad.")]
    return []


def _class_problems(unit: OrganizationUnit) -> list[Problem]:
    if not unit.process_class or unit.kind == UnitKind.PROCESS:
        return []
    message = "Solo un proceso es misional, estratégico, de apoyo o de evaluación."
    return [Problem("class_kind", "ORG-03", message, fix="Deje vacía la clase de proceso.")]


def _head_problems(unit: OrganizationUnit) -> list[Problem]:
    if not unit.is_head:
        return []
    if unit.kind != UnitKind.ENTITY:
        message = "Solo una entidad puede ser cabeza de sector."
        return [Problem("head_kind", "ORG-02", message, fix="Quite la marca de cabeza de sector.")]
    other = OrganizationUnit.objects.filter(parent_id=unit.parent_id, is_head=True).exclude(pk=unit.pk).first()
    if other is None:
        return []
    return [Problem("two_heads", "ORG-02", f"La cabeza de este sector es «{other}».", fix="Quite primero esa marca.")]
