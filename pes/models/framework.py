"""The marco estratégico of an entity: what its plans de gestión serve (PLE-PIN-P005 v8, policy 2; PG-02)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from pes.access import Scope, ScopedQuerySet
from pes.models.organization import OrganizationUnit
from pes.models.sector_plan import Objective
from pes.permissions import Permission


def framework_scope(entity: str) -> Scope:
    """Who works in an entity reads its framework; who edits the PES of its sector edits it."""
    reading = (entity, f"{entity}__children", f"{entity}__children__children")
    return {Permission.PES_READ: reading, Permission.PES_EDIT: (entity,)}


class FrameworkQuerySet(ScopedQuerySet["StrategicFramework"]):
    """Questions about frameworks."""

    def in_force(self, entity_id: int, vigencia: int) -> StrategicFramework | None:
        """The framework of an entity in a vigencia: the last one adopted that is valid on some day of it (PG-02)."""
        first, last = date(vigencia, 1, 1), date(vigencia, 12, 31)
        open_ended = Q(valid_until__isnull=True) | Q(valid_until__gte=first)
        return self.filter(open_ended, unit_id=entity_id, valid_from__lte=last).order_by("-valid_from").first()


class StrategicFramework(models.Model):
    """A marco estratégico adopted by an act, between two dates; a later act may repeal it (REF-01)."""

    ACCESS: ClassVar[Scope] = framework_scope("unit")

    unit = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="frameworks", verbose_name="entidad"
    )
    act = models.CharField("acto que lo adopta", max_length=250)
    valid_from = models.DateField("vigente desde")
    valid_until = models.DateField("vigente hasta", null=True, blank=True)

    objects: ClassVar[FrameworkQuerySet] = FrameworkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "marco estratégico"
        verbose_name_plural = "marcos estratégicos"
        ordering = ("unit__code", "-valid_from")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="one_framework_per_unit_and_day"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="framework_period_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.act


class StrategicObjective(models.Model):
    """An objective of the framework, optionally linked to the sector objective that it feeds."""

    ACCESS: ClassVar[Scope] = framework_scope("framework__unit")

    framework = models.ForeignKey(
        StrategicFramework, on_delete=models.PROTECT, related_name="objectives", verbose_name="marco estratégico"
    )
    number = models.PositiveSmallIntegerField("número", validators=[MinValueValidator(1)])
    text = models.TextField("objetivo")
    sector_objective = models.ForeignKey(
        Objective,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="strategic_objectives",
        verbose_name="objetivo del sector",
    )

    objects: ClassVar[ScopedQuerySet[StrategicObjective]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "objetivo estratégico de la entidad"
        verbose_name_plural = "objetivos estratégicos de la entidad"
        ordering = ("framework", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["framework", "number"], name="objective_number_once_per_framework"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"
