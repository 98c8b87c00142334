"""What a PES stands on: its strategic framework, with the act behind each statement, and the PDD it serves."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from pes.access import Scope, ScopedQuerySet
from pes.models.sector_plan import Objective, SectorPlan, sector_scope
from pes.permissions import Permission

AMOUNT: dict[str, Any] = {"max_digits": 15, "decimal_places": 2}  # pesos; SQLite keeps fifteen digits exactly


def profile_scope(sector: str, owner: str = "") -> Scope:
    """Who works in the sector reads; who holds the power on the owner (an entity, or else the sector) edits."""
    reading = sector_scope(sector)[Permission.PES_READ]
    return {Permission.PES_READ: reading, Permission.PROFILE_EDIT: (owner or sector,)}


class Sourced(models.Model):
    """The act that says it, and between which days that act is in force (REF-01)."""

    source_act = models.CharField(
        "acto que lo adopta",
        max_length=250,
        blank=True,
        help_text="Tipo, número y fecha, por ejemplo «Resolución 10 del 3 de mayo de 2021».",
    )
    valid_from = models.DateField("vigente desde", null=True, blank=True, help_text="Primer día en que rige el acto.")
    valid_until = models.DateField(
        "vigente hasta", null=True, blank=True, help_text="Último día. Vacío: sin fecha final."
    )
    repealed_by = models.CharField(
        "derogado por", max_length=250, blank=True, help_text="El acto posterior que lo derogó, si lo hay."
    )

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="%(class)s_in_force_in_order",
            ),
        ]


class StatementKind(models.TextChoices):
    """The parts of the Marco Estratégico Sectorial that are sentences (LC-07, 2.5)."""

    MISSION = "mission", "Misión"
    VISION = "vision", "Visión"
    VALUE = "value", "Valor"
    PRINCIPLE = "principle", "Principio"


class SectorStatement(Sourced):
    """A sentence of the strategic framework of a sector: its mission, its vision, a value or a principle."""

    ACCESS: ClassVar[Scope] = profile_scope("plan__sector")

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="statements", verbose_name="plan")
    kind = models.CharField(
        "clase", max_length=10, choices=StatementKind.choices, help_text="Misión, visión, valor o principio."
    )
    number = models.PositiveSmallIntegerField(
        "número", default=1, validators=[MinValueValidator(1)], help_text="El orden entre los de su clase."
    )
    name = models.CharField(
        "nombre",
        max_length=150,
        blank=True,
        help_text="De un valor o principio, por ejemplo «Transparencia»; vacío en misión y visión.",
    )
    text = models.TextField("texto", help_text="Como está en el acto.")

    objects: ClassVar[ScopedQuerySet[SectorStatement]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Sourced.Meta):
        verbose_name = "parte del marco del sector"
        verbose_name_plural = "partes del marco del sector"
        ordering = ("plan", "kind", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(fields=["plan", "kind", "number"], name="statement_number_once_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class StrategicLine(Sourced):
    """A strategic line of the sector and the objectives under it; chapter 3 has a section for each (LC-07)."""

    ACCESS: ClassVar[Scope] = profile_scope("plan__sector")

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="lines", verbose_name="plan")
    number = models.PositiveSmallIntegerField(
        "número", validators=[MinValueValidator(1)], help_text="El orden de la línea."
    )
    name = models.CharField(
        "línea estratégica",
        max_length=400,
        help_text="Como se llama en el plan; el documento le abre una sección en el capítulo 3.",
    )
    text = models.TextField("qué busca", blank=True, help_text="En dos o tres frases.")
    objectives = models.ManyToManyField(
        Objective,
        blank=True,
        related_name="lines",
        verbose_name="objetivos",
        help_text="Los del plan que están bajo esta línea.",
    )

    objects: ClassVar[ScopedQuerySet[StrategicLine]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Sourced.Meta):
        verbose_name = "línea estratégica"
        verbose_name_plural = "líneas estratégicas"
        ordering = ("plan", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(fields=["plan", "number"], name="line_number_once_per_plan"),
        ]

    def __str__(self) -> str:
        return f"Línea {self.number}"


class DevelopmentPlan(Sourced):
    """The Plan Distrital de Desarrollo (PDD) that a PES serves; an acuerdo adopts it and a later one repeals it."""

    ACCESS: ClassVar[Scope] = profile_scope("plan__sector")

    plan = models.ForeignKey(
        SectorPlan, on_delete=models.PROTECT, related_name="development_plans", verbose_name="plan"
    )
    name = models.CharField("plan de desarrollo", max_length=300, help_text="Con su nombre oficial y sus años.")

    objects: ClassVar[ScopedQuerySet[DevelopmentPlan]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Sourced.Meta):
        verbose_name = "plan de desarrollo"
        verbose_name_plural = "planes de desarrollo"
        ordering = ("plan", "valid_from", "name")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(fields=["plan", "name"], name="development_plan_once_per_plan"),
        ]

    def __str__(self) -> str:
        return self.name


class PddProgramme(models.Model):
    """A programme of the PDD, under its purpose, and the sector objectives that serve it."""

    ACCESS: ClassVar[Scope] = profile_scope("development_plan__plan__sector")

    development_plan = models.ForeignKey(
        DevelopmentPlan,
        on_delete=models.PROTECT,
        related_name="programmes",
        verbose_name="plan de desarrollo",
        help_text="El que lo contiene.",
    )
    code = models.CharField("código", max_length=20, help_text="El que tiene en el plan de desarrollo.")
    purpose = models.CharField(
        "propósito", max_length=400, blank=True, help_text="El propósito o eje al que pertenece."
    )
    name = models.CharField("programa", max_length=400, help_text="Como está en el plan de desarrollo.")
    objectives = models.ManyToManyField(
        Objective,
        blank=True,
        related_name="programmes",
        verbose_name="objetivos del sector",
        help_text="Los que aportan a este programa.",
    )

    objects: ClassVar[ScopedQuerySet[PddProgramme]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "programa del plan de desarrollo"
        verbose_name_plural = "programas del plan de desarrollo"
        ordering = ("development_plan", "code")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["development_plan", "code"], name="programme_code_once_per_pdd"),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"

    @property
    def plan(self) -> SectorPlan:
        """The PES whose PDD has it."""
        return self.development_plan.plan
