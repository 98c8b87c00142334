"""Verbs of the territory's entities: write one or many, with their universe and their ecosystems (GP-07)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.models import (
    AdvisorAssignment,
    EntityEcosystem,
    OrganizationUnit,
    Road,
    TerritorialEntity,
    UnitKind,
    User,
)
from pes.permissions import Permission
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.territory import entity_problems, universe_of

MANAGE = Permission.TERRITORY_MANAGE
_TWICE = "Ya hay una entidad con ese código DANE."


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """Everything that is written of a territorial entity; its universe follows."""

    code: str
    name: str
    kind: str
    department: str
    region: OrganizationUnit
    investment: bool | None = None
    fiscal: bool | None = None
    results: bool | None = None
    partner: str = ""
    ecosystems: frozenset[str] = frozenset()

    @property
    def variables(self) -> tuple[bool | None, bool | None, bool | None]:
        """The three of its universe."""
        return self.investment, self.fiscal, self.results

    def said(self) -> dict[str, Any]:
        """As the audit keeps it."""
        return {
            "dane_code": self.code,
            "name": self.name,
            "kind": self.kind,
            "department": self.department,
            "region": self.region.code,
            "universe": universe_of(*self.variables),
            "partner": self.partner,
            "ecosystems": sorted(self.ecosystems),
        }


@once(_TWICE)
def register_entity(facts: EntityFacts, *, by: User) -> TerritorialEntity:
    """Write a new entity. Raises PermissionDenied, or Refused: its code is not one, or is taken."""
    refuse_unless_managed([facts.region], by=by)
    refuse_if_any(facts_problems(facts))
    (made,) = put_entities([facts])
    audit.record("territory_entity_registered", made, by=by, after=facts.said())
    return made


@transaction.atomic
def change_entity(entity: TerritorialEntity, facts: EntityFacts, *, read: str, by: User) -> bool:
    """Correct what is known of an entity; its code stays. False when nothing changed.

    `read` is the fingerprint of `facts_of(entity).said()` that the person was editing. Moved to another region, its
    roads go with it and who advised it there no longer does. Raises PermissionDenied, StaleEdit or Refused.
    """
    held = TerritorialEntity.objects.select_for_update(no_key=True, of=("self",)).select_related("region")
    entity = held.get(pk=entity.pk)
    refuse_unless_managed([entity.region, facts.region], by=by)
    before = facts_of(entity)
    refuse_if_stale(before.said(), read)
    if facts == before:
        return False
    refuse_if_any(facts_problems(facts))
    rewrite_entities([(entity, facts)])
    old, new = audit.differences(before.said(), facts.said())
    audit.record("territory_entity_changed", entity, by=by, before=old, after=new)
    return True


def facts_of(entity: TerritorialEntity) -> EntityFacts:
    """What is stored of an entity."""
    return EntityFacts(
        entity.dane_code, entity.name, entity.kind, entity.department, entity.region, entity.high_investment,
        entity.high_fiscal, entity.high_results, entity.partner,
        frozenset(one.ecosystem for one in entity.ecosystems.all()),
    )  # fmt: skip


def facts_problems(facts: EntityFacts) -> Iterable[Problem]:
    """What keeps an entity from being written."""
    yield from entity_problems(
        code=facts.code, kind=facts.kind, name=facts.name, department=facts.department, facts=facts.variables
    )
    if facts.region.kind != UnitKind.REGION:
        message = f"{facts.region} no es una región."
        yield Problem("not_a_region", "GP-05", message, fix="Elija una región; las crea quien administra unidades.")


def managed_regions(user: User) -> Any:
    """The regions that a person manages."""
    found = OrganizationUnit.objects.visible_to(user, MANAGE)
    return found.filter(kind=UnitKind.REGION, is_active=True).order_by("sort_key", "code")


def refuse_unless_managed(regions: Iterable[OrganizationUnit], *, by: User) -> None:
    """Raise PermissionDenied unless the person manages every one of the regions; one query."""
    wanted = {region.pk for region in regions}
    held = OrganizationUnit.objects.visible_to(by, MANAGE).filter(pk__in=wanted).values_list("pk", flat=True)
    if wanted - set(held):
        raise PermissionDenied(f"{MANAGE.label}: usted no tiene este permiso en esa región.")


def put_entities(rows: Sequence[EntityFacts]) -> list[TerritorialEntity]:
    """INSERT entities with their ecosystems; the caller has judged them."""
    made = TerritorialEntity.objects.bulk_create([_filled(TerritorialEntity(), facts) for facts in rows])
    _put_ecosystems(list(zip(made, rows, strict=True)))
    return made


def rewrite_entities(rows: Sequence[tuple[TerritorialEntity, EntityFacts]]) -> None:
    """UPDATE entities with their ecosystems, and what hangs from the region of those that move."""
    moved = [(entity, facts.region) for entity, facts in rows if entity.region_id != facts.region.pk]
    changed = [_filled(entity, facts) for entity, facts in rows]
    TerritorialEntity.objects.bulk_update(changed, _FIELDS, batch_size=200)
    EntityEcosystem.objects.filter(entity__in=[entity.pk for entity, _ in rows]).delete()
    _put_ecosystems(rows)
    for entity, region in moved:
        Road.objects.filter(entity_road__entity=entity).update(unit=region)
        AdvisorAssignment.objects.open().filter(entity=entity).update(until=timezone.localdate())


_FIELDS = ["name", "kind", "department", "region", "high_investment", "high_fiscal", "high_results", "partner"]


def _filled(entity: TerritorialEntity, facts: EntityFacts) -> TerritorialEntity:
    entity.dane_code, entity.name, entity.kind = facts.code, facts.name.strip(), facts.kind
    entity.department, entity.region, entity.partner = facts.department.strip(), facts.region, facts.partner
    entity.high_investment, entity.high_fiscal, entity.high_results = facts.variables
    return entity


def _put_ecosystems(rows: Sequence[tuple[TerritorialEntity, EntityFacts]]) -> None:
    EntityEcosystem.objects.bulk_create(
        EntityEcosystem(entity=entity, ecosystem=one) for entity, facts in rows for one in sorted(facts.ecosystems)
    )
