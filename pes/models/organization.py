"""The organisation: district → sector → entity → process | alcaldía local | office."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pes.access import Scope, ScopedQuerySet
from pes.permissions import Permission


class UnitKind(models.TextChoices):
    """What a unit is; the tree's levels follow from it."""

    DISTRICT = "district", "Distrito"
    SECTOR = "sector", "Sector"
    ENTITY = "entity", "Entidad"
    PROCESS = "process", "Proceso"
    ALCALDIA_LOCAL = "alcaldia_local", "Alcaldía local"
    OFFICE = "office", "Dependencia"
    REGION = "region", "Región"


class ProcessClass(models.TextChoices):
    """Where a process stands in the map of processes; the reports of the year follow this order (REP-07)."""

    MISIONAL = "misional", "Misional"
    ESTRATEGICO = "estrategico", "Estratégico"
    APOYO = "apoyo", "De apoyo"
    EVALUACION = "evaluacion", "De evaluación"


PARENT_KINDS: dict[str, tuple[str, ...]] = {
    UnitKind.DISTRICT: (),
    UnitKind.SECTOR: (UnitKind.DISTRICT,),
    UnitKind.ENTITY: (UnitKind.SECTOR,),
    UnitKind.PROCESS: (UnitKind.ENTITY,),
    UnitKind.ALCALDIA_LOCAL: (UnitKind.ENTITY,),
    UnitKind.OFFICE: (UnitKind.ENTITY, UnitKind.OFFICE),
    UnitKind.REGION: (UnitKind.ENTITY,),
}


class UnitQuerySet(ScopedQuerySet["OrganizationUnit"]):
    """Questions about units."""

    def sectors(self) -> UnitQuerySet:
        """The sectors, in their usual order."""
        return self.filter(kind=UnitKind.SECTOR).order_by("sort_key", "code")

    def entities_of(self, sector: OrganizationUnit) -> UnitQuerySet:
        """The entities of a sector, its head first."""
        return self.filter(parent=sector, kind=UnitKind.ENTITY).order_by("-is_head", "sort_key", "code")

    def below(self, unit: OrganizationUnit) -> list[int]:
        """Ids of a unit and everything under it; one query over the whole (small) tree."""
        children: dict[int | None, list[int]] = {}
        for pk, parent in OrganizationUnit.objects.values_list("pk", "parent_id"):
            children.setdefault(parent, []).append(pk)
        found = [unit.pk]
        for pk in found:  # grows while it is walked
            found.extend(children.get(pk, ()))
        return found


class OrganizationUnit(models.Model):
    """A sector, an entity, a process, an alcaldía local or an office, with its platform (mission, vision)."""

    ACCESS: ClassVar[Scope] = dict.fromkeys(Permission, ("pk",))

    code = models.SlugField("código", max_length=60, unique=True)
    name = models.CharField("nombre", max_length=250)
    acronym = models.CharField("sigla", max_length=30, blank=True)
    kind = models.CharField("clase", max_length=20, choices=UnitKind.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="depende de"
    )
    process_class = models.CharField("clase de proceso", max_length=11, choices=ProcessClass.choices, blank=True)
    is_head = models.BooleanField("cabeza de sector", default=False)
    mission = models.TextField("misión", blank=True)
    vision = models.TextField("visión", blank=True)
    platform_act = models.CharField("acto que adopta misión y visión", max_length=250, blank=True)
    sort_key = models.PositiveIntegerField("orden", default=0)
    is_active = models.BooleanField("activa", default=True)

    objects: ClassVar[UnitQuerySet] = UnitQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "unidad"
        verbose_name_plural = "unidades"
        ordering = ("sort_key", "code")
        default_permissions = ()
        permissions: ClassVar[list[tuple[str, str]]] = [(p.value, p.label) for p in Permission]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["parent"], condition=Q(is_head=True), name="one_head_per_sector"),
            models.CheckConstraint(
                condition=Q(kind="district", parent__isnull=True) | (~Q(kind="district") & Q(parent__isnull=False)),
                name="only_the_district_has_no_parent",
            ),
            models.CheckConstraint(
                condition=Q(process_class="") | Q(kind="process"), name="only_processes_have_a_class"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """The acronym when there is one."""
        return self.acronym or self.name
