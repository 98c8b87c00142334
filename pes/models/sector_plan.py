"""The plan estratégico sectorial and its objectives."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.models.organization import OrganizationUnit
from pes.permissions import Permission


def sector_scope(sector: str) -> Scope:
    """Paths of what belongs to a sector, given the path to it.

    Power comes from a role on the sector (or above). Reading also comes from a role on any of its entities,
    processes or alcaldías: who works in the sector sees its PES.
    """
    powers = (
        Permission.PES_EDIT,
        Permission.WEIGHTS_EDIT,
        Permission.WEIGHTS_LOCK,
        Permission.CUTOFF_CONSOLIDATE,
        Permission.REPORT_REQUEST,
        Permission.REPORT_ISSUE,
        Permission.REPORT_PUBLISH,
        Permission.ROAD_MANAGE,
        Permission.PHASE_CLOSE,
        Permission.SURVEY_MANAGE,
        Permission.DOCUMENT_PRESENT,
        Permission.PES_ADOPT,
        Permission.PES_PUBLISH,
        Permission.ACCOUNTABILITY_MANAGE,
        Permission.WORKSHOP_REGISTER,
    )
    reading = (sector, f"{sector}__children", f"{sector}__children__children")
    taking_part = (sector, f"{sector}__children")  # the links of each entity, too
    return {
        Permission.PES_READ: reading,
        Permission.DOFA_TAKE_PART: reading,
        Permission.ROAD_REPORT: taking_part,
        Permission.DOCUMENT_WRITE: taking_part,
        Permission.DOCUMENT_OBSERVE: taking_part,
        Permission.DOCUMENT_APPROVE: taking_part,
        Permission.IMPROVEMENT_MANAGE: taking_part,
        **dict.fromkeys(powers, (sector,)),
    }


class SectorPlan(models.Model):
    """The PES of a sector: what its entities pursue together over four years of government (five vigencias)."""

    ACCESS: ClassVar[Scope] = sector_scope("sector")

    sector = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="sector_plans", verbose_name="sector"
    )
    name = models.CharField("nombre", max_length=250)
    first_vigencia = models.PositiveSmallIntegerField("primera vigencia", validators=[MinValueValidator(1990)])
    last_vigencia = models.PositiveSmallIntegerField("última vigencia")
    consolidated_through = models.DateField(
        "consolidado hasta",
        null=True,
        editable=False,
        help_text="Fecha del último corte consolidado; la escribe evaluation.",
    )

    objects: ClassVar[ScopedQuerySet[SectorPlan]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "plan estratégico sectorial"
        verbose_name_plural = "planes estratégicos sectoriales"
        ordering = ("sector__sort_key", "-first_vigencia")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sector", "first_vigencia"], name="one_plan_per_sector_and_period"),
            models.CheckConstraint(condition=Q(last_vigencia__gte=F("first_vigencia")), name="plan_period_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def hold(cls, pk: int) -> SectorPlan:
        """The plan with its row locked until the transaction ends.

        Every verb that changes or freezes a plan's figures takes it first: one order of locks, so nothing slips in
        between what was checked and what is frozen, and nobody waits in a circle (JB15).
        """
        return cls.objects.select_for_update(no_key=True).get(pk=pk)

    @property
    def vigencias(self) -> range:
        """The calendar years that the plan touches (PES-06): a list, never fixed columns."""
        return range(self.first_vigencia, self.last_vigencia + 1)

    @property
    def period(self) -> str:
        """«2020–2024»."""
        return f"{self.first_vigencia}–{self.last_vigencia}"

    def get_absolute_url(self) -> str:
        """The PES page of its sector."""
        return reverse("pes:plan", args=[self.sector.code])


class Objective(models.Model):
    """A strategic objective of the sector; its compliance is the weighted mean of its indicators (PES-04)."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="objectives", verbose_name="plan")
    number = models.PositiveSmallIntegerField("número", validators=[MinValueValidator(1)])
    text = models.TextField("objetivo")

    objects: ClassVar[ScopedQuerySet[Objective]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "objetivo estratégico"
        verbose_name_plural = "objetivos estratégicos"
        ordering = ("plan", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "number"], name="objective_number_once_per_plan"),
        ]

    def __str__(self) -> str:
        return f"Objetivo {self.number}"

    def get_absolute_url(self) -> str:
        """The objective's page."""
        return reverse("evaluation:objective", args=[self.plan.sector.code, self.number])
