"""The viability check of a PES: what people answered, and each run, frozen (DNP, requirements for a viable plan)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from evaluation.rules.viability_terms import Answer, Requirement
from evaluation.serial import digest
from pes.access import Scope, ScopedQuerySet
from pes.models import SectorPlan, User, Vigencia
from pes.models.sector_plan import sector_scope


class ViabilityAnswer(models.Model):
    """What somebody answered to the question of a requirement; the last one counts, the earlier ones stay."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")
    append_only: ClassVar[bool] = True

    plan = models.ForeignKey(
        SectorPlan, on_delete=models.PROTECT, related_name="viability_answers", verbose_name="plan"
    )
    requirement = models.CharField("requisito", max_length=20, choices=[(r.value, r.label) for r in Requirement])
    answer = models.CharField("respuesta", max_length=6, choices=[(a.value, a.label) for a in Answer])
    text = models.TextField("explicación")
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="respondió")
    answered_at = models.DateTimeField("respondido")

    objects: ClassVar[ScopedQuerySet[ViabilityAnswer]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "respuesta de viabilidad"
        verbose_name_plural = "respuestas de viabilidad"
        ordering = ("plan", "requirement", "-pk")

    def __str__(self) -> str:
        return f"{self.get_requirement_display()}: {self.get_answer_display()}"


class ViabilityCheck(models.Model):
    """A run of the check for a vigencia: requirements, findings and answers as they stood, never changed."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")
    append_only: ClassVar[bool] = True

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="viability_checks", verbose_name="plan")
    run = models.PositiveSmallIntegerField("corrida")
    vigencia = models.ForeignKey(Vigencia, on_delete=models.PROTECT, related_name="+")
    result = models.JSONField("resultado")
    digest = models.CharField("huella SHA-256", max_length=64)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="revisó")
    checked_at = models.DateTimeField("revisado")

    objects: ClassVar[ScopedQuerySet[ViabilityCheck]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "revisión de viabilidad"
        verbose_name_plural = "revisiones de viabilidad"
        ordering = ("plan", "-run")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "run"], name="viability_run_once_per_plan"),
        ]

    def __str__(self) -> str:
        return f"Revisión {self.run} de {self.plan}"

    @property
    def is_intact(self) -> bool:
        """Whether the result still gives its digest."""
        return digest(self.result) == self.digest
