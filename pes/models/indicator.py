"""Goals of the sector, investment projects, indicators and their programme by vigencia."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.models.organization import OrganizationUnit
from pes.models.sector_plan import Objective, SectorPlan, sector_scope
from pes.models.vigencia import Vigencia
from pes.permissions import Permission
from pes.rules.programming import ProgrammingType


class GoalKind(models.TextChoices):
    """The three sources of a PES goal (PES-02)."""

    SECTORIAL = "sectorial", "Meta sectorial"
    TRAZADORA = "trazadora", "Meta trazadora"
    PROYECTO = "proyecto", "Meta de proyecto"


class IndicatorTypes(models.TextChoices):
    """What an indicator looks at."""

    EFICACIA = "eficacia", "Eficacia"
    EFICIENCIA = "eficiencia", "Eficiencia"
    EFECTIVIDAD = "efectividad", "Efectividad"


class InvestmentProject(models.Model):
    """An investment project of an entity; its goals are sector goals of kind proyecto, measured monthly (REP-01)."""

    ACCESS: ClassVar[Scope] = dict.fromkeys(
        (Permission.PES_READ, Permission.PES_EDIT, Permission.PROJECT_MEASURE, Permission.PROFILE_EDIT), ("entity",)
    )

    entity = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="projects", verbose_name="entidad"
    )
    code = models.CharField("código del proyecto", max_length=30)
    name = models.CharField("nombre del proyecto", max_length=400)

    objects: ClassVar[ScopedQuerySet[InvestmentProject]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "proyecto de inversión"
        verbose_name_plural = "proyectos de inversión"
        ordering = ("entity__sort_key", "code")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["entity", "code"], name="project_code_once_per_entity"),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


class SectorGoal(models.Model):
    """A goal that serves an objective: sectorial, trazadora or of an investment project (PES-01, PES-02)."""

    ACCESS: ClassVar[Scope] = sector_scope("objective__plan__sector")

    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, related_name="goals", verbose_name="objetivo")
    kind = models.CharField("clase", max_length=12, choices=GoalKind.choices)
    code = models.CharField("código", max_length=30)
    text = models.TextField("meta")
    project = models.ForeignKey(
        InvestmentProject,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
        verbose_name="proyecto",
    )

    objects: ClassVar[ScopedQuerySet[SectorGoal]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "meta del sector"
        verbose_name_plural = "metas del sector"
        ordering = ("objective", "kind", "code")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["objective", "kind", "code"], name="goal_code_once_per_objective"),
            models.CheckConstraint(
                condition=Q(kind="proyecto") | Q(project__isnull=True), name="only_project_goals_have_a_project"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code}"


class Indicator(models.Model):
    """What is measured, how it is programmed, and who answers for it.

    `key` is the indicator's text key in workbooks and addresses (`321`, `P4`); `code` is its sectorial code, empty
    for N/A. The programming type may be unknown: the source does not state it and nothing is invented (PES-11).
    """

    ACCESS: ClassVar[Scope] = {
        **sector_scope("plan__sector"),
        Permission.INDICATOR_MEASURE: ("entity",),
        Permission.PROJECT_MEASURE: ("entity",),
    }

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="indicators", verbose_name="plan")
    goal = models.ForeignKey(SectorGoal, on_delete=models.PROTECT, related_name="indicators", verbose_name="meta")
    key = models.CharField("clave", max_length=40)
    code = models.CharField("código sectorial", max_length=30, blank=True)
    name = models.TextField("indicador")
    entity = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="indicators", verbose_name="entidad responsable"
    )
    programming_type = models.CharField(
        "tipo de programación", max_length=12, choices=[(t.value, t.label) for t in ProgrammingType]
    )
    type_was_inferred = models.BooleanField("tipo deducido de la programación (PT-20)", default=False)
    baseline = models.DecimalField("línea base", max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField("unidad de medida", max_length=80, blank=True)
    formula = models.TextField("fórmula", blank=True)
    indicator_type = models.CharField("tipo de indicador", max_length=12, choices=IndicatorTypes.choices, blank=True)
    source = models.CharField("fuente de información", max_length=400, blank=True)

    objects: ClassVar[ScopedQuerySet[Indicator]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "indicador"
        verbose_name_plural = "indicadores"
        ordering = ("plan", "goal__objective__number", "key")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "key"], name="indicator_key_once_per_plan"),
        ]

    def __str__(self) -> str:
        return f"Indicador {self.code or self.key}"

    def get_absolute_url(self) -> str:
        """The indicator's sheet."""
        return reverse("evaluation:indicator", args=[self.plan.sector.code, self.key])


class IndicatorTarget(models.Model):
    """What is programmed for a vigencia, in the indicator's unit; no row means not programmed (PT-12)."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="targets")
    vigencia = models.ForeignKey(Vigencia, on_delete=models.PROTECT, related_name="+")
    programmed = models.DecimalField("programado", max_digits=18, decimal_places=4)

    class Meta:
        verbose_name = "programación"
        verbose_name_plural = "programaciones"
        ordering = ("indicator", "vigencia")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["indicator", "vigencia"], name="one_target_per_indicator_and_vigencia"),
            models.CheckConstraint(condition=Q(programmed__gte=0), name="programmed_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.vigencia_id}: {self.programmed}"
