"""The review of a report: what was sent, what the OAP observed, and what it corrected (PG-R5; act. 10 and 11)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pes.access import Scope, ScopedQuerySet
from pes.models import User
from pes.permissions import Permission
from plans.models import Side
from tracking.models.entry import GoalReport
from tracking.models.report import QuarterReport, report_scope


class ReportVersion(models.Model):
    """The whole content of a report when it was sent or validated, with its digest; only followed by another."""

    ACCESS: ClassVar[Scope] = report_scope("report__plan__unit")
    append_only: ClassVar[bool] = True

    class Event(models.TextChoices):
        """What froze a version."""

        SUBMITTED = "submitted", "Enviado"
        VALIDATED = "validated", "Validado"

    report = models.ForeignKey(QuarterReport, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("versión")
    event = models.CharField("acto", max_length=10, choices=Event.choices)
    content = models.JSONField("contenido")
    digest = models.CharField("huella", max_length=64)
    at = models.DateTimeField("instante")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="quién")

    objects: ClassVar[ScopedQuerySet[ReportVersion]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "versión del reporte"
        verbose_name_plural = "versiones del reporte"
        ordering = ("report", "-number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["report", "number"], name="report_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report} versión {self.number}"


class ReportObservation(models.Model):
    """A thread about a report, or about one of its goals and a field of it; what is said in it are its turns."""

    ACCESS: ClassVar[Scope] = report_scope("report__plan__unit") | {
        Permission.PLAN_READ: ("report__plan__unit", "entry__goal__central_area"),
        Permission.GOAL_REPORT: ("entry__goal__central_area",),
    }
    append_only: ClassVar[bool] = True

    report = models.ForeignKey(QuarterReport, on_delete=models.PROTECT, related_name="observations")
    entry = models.ForeignKey(GoalReport, on_delete=models.PROTECT, null=True, blank=True, related_name="observations")
    field = models.CharField("campo", max_length=30, blank=True)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="observó")
    raised_at = models.DateTimeField("instante")

    objects: ClassVar[ScopedQuerySet[ReportObservation]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "observación a un reporte"
        verbose_name_plural = "observaciones a reportes"
        ordering = ("report", "pk")

    def __str__(self) -> str:
        return f"Observación {self.pk} al reporte"


class ReportObservationTurn(models.Model):
    """One thing said in a thread: an observation, its answer, an insistence."""

    append_only: ClassVar[bool] = True

    observation = models.ForeignKey(ReportObservation, on_delete=models.PROTECT, related_name="turns")
    side = models.CharField("quién habla", max_length=8, choices=Side.choices)
    text = models.TextField("texto")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="quién")
    at = models.DateTimeField("instante")

    class Meta:
        verbose_name = "turno de una observación a un reporte"
        ordering = ("observation", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="a_report_observation_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class TechnicalCorrection(models.Model):
    """A figure or a word of the team that the OAP changed in the review: both stay, with the reason (WF19)."""

    ACCESS: ClassVar[Scope] = report_scope("entry__report__plan__unit")
    append_only: ClassVar[bool] = True

    entry = models.ForeignKey(GoalReport, on_delete=models.PROTECT, related_name="corrections", verbose_name="meta")
    field = models.CharField("campo", max_length=30)
    before = models.TextField("decía", blank=True)
    after = models.TextField("dice", blank=True)
    reason = models.TextField("motivo")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="corrigió")
    at = models.DateTimeField("instante")

    objects: ClassVar[ScopedQuerySet[TechnicalCorrection]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "corrección técnica"
        verbose_name_plural = "correcciones técnicas"
        ordering = ("entry", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_technical_correction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.field}"
