"""Who answers for a goal of the sector or for an indicator (S0, phase 5)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pes.access import Scope, ScopedQuerySet
from pes.models import Indicator, SectorGoal, SectorPlan, User
from pes.models.sector_plan import sector_scope


class Responsibility(models.Model):
    """The one person who answers for a goal or for an indicator of a PES; a change stays in the audit trail."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="responsibilities", verbose_name="plan")
    goal = models.OneToOneField(
        SectorGoal, on_delete=models.CASCADE, null=True, related_name="responsibility", verbose_name="meta"
    )
    indicator = models.OneToOneField(
        Indicator, on_delete=models.CASCADE, null=True, related_name="responsibility", verbose_name="indicador"
    )
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="responsable")
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="asignó")
    assigned_at = models.DateTimeField("asignado")

    objects: ClassVar[ScopedQuerySet[Responsibility]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "responsable"
        verbose_name_plural = "responsables"
        ordering = ("plan", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(goal__isnull=False, indicator__isnull=True) | Q(goal__isnull=True, indicator__isnull=False),
                name="responsible_for_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.goal or self.indicator}"
