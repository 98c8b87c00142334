"""Who may write what in a document: the head of sector everything, an entity its own, anybody what they were given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied

from pes.access import can
from pes.models import DocumentSection, OrganizationUnit, SectorPlan
from pes.permissions import Permission

WRITE = Permission.DOCUMENT_WRITE
NOT_YOURS = "Escribe esta sección la cabeza de sector, su entidad o quien la tiene asignada."


@dataclass(frozen=True, slots=True)
class Powers:
    """What a person may do in the document of one PES; `entities` are the ones the person writes for."""

    user: int
    everywhere: bool
    leads: bool
    comments: bool
    entities: frozenset[int]

    def writes(self, section: DocumentSection) -> bool:
        """Whether the person may write a section."""
        theirs = section.entity_id in self.entities or section.responsible_id == self.user
        return self.everywhere or (bool(self.entities) and theirs)


def powers_of(user: Any, plan: SectorPlan) -> Powers:
    """A person's powers in a document, read now: a constant number of queries, whatever the sections."""
    units = OrganizationUnit.objects
    everywhere = can(user, WRITE, plan.sector)
    rows = units.visible_to(user, WRITE).filter(parent=plan.sector_id).values_list("pk", flat=True)
    entities = frozenset(rows)
    observes = bool(entities) or everywhere or can(user, Permission.DOCUMENT_OBSERVE, plan)
    return Powers(user.pk, everywhere, can(user, Permission.DOCUMENT_PRESENT, plan), observes, entities)


def demand_writing(user: Any, section: DocumentSection) -> None:
    """Raise PermissionDenied unless the person may write the section."""
    if not powers_of(user, section.plan).writes(section):
        raise PermissionDenied(NOT_YOURS)


def demand_commenting(user: Any, section: DocumentSection) -> None:
    """Raise PermissionDenied unless the person takes part in the document."""
    if not powers_of(user, section.plan).comments:
        raise PermissionDenied("Comentan el documento quienes lo escriben y los enlaces de las entidades del sector.")
