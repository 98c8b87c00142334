"""The log of what was done with each territorial entity: visits, calls, quick questions (rules GP-05, GP-06)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.models import RoadActivity, StoredFile, TerritorialEntity, User
from pes.models.territory import territory_scope
from tracking.rules.assistance import Kind, month_after


class AssistanceQuerySet(ScopedQuerySet["Assistance"]):
    """Questions about the log."""

    def in_force(self) -> AssistanceQuerySet:
        """What counts: neither corrected by a later row nor taken back."""
        return self.filter(correction__isnull=True, is_void=False)

    def of_month(self, month: date) -> AssistanceQuerySet:
        """What was done in a month, given its first day."""
        return self.filter(held_on__gte=month, held_on__lt=month_after(month))


class Assistance(models.Model):
    """One assistance; what was wrong in it is corrected, or taken back, by another row that says why."""

    ACCESS: ClassVar[Scope] = territory_scope("entity__region")
    KINDS: ClassVar[list[tuple[str, str]]] = [(one.value, one.label) for one in Kind]
    append_only: ClassVar[bool] = True

    entity = models.ForeignKey(
        TerritorialEntity, on_delete=models.PROTECT, related_name="assistances", verbose_name="entidad"
    )
    advisor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assistances", verbose_name="asesor(a)")
    held_on = models.DateField("fecha")
    kind = models.CharField("clase", max_length=9, choices=KINDS)
    theme = models.CharField("tema", max_length=150, blank=True)
    minutes = models.PositiveSmallIntegerField("duración (minutos)", null=True)
    participants = models.PositiveSmallIntegerField("participantes", null=True)
    summary = models.TextField("qué se hizo", max_length=3000)
    agreements = models.TextField("acuerdos", max_length=3000, blank=True)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="lista o soporte"
    )
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="correction", verbose_name="corrige"
    )
    reason = models.CharField("motivo de la corrección", max_length=500, blank=True)
    is_void = models.BooleanField("la anula", default=False)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="registró")
    recorded_at = models.DateTimeField("registrada")

    objects: ClassVar[AssistanceQuerySet] = AssistanceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "asistencia"
        ordering = ("-held_on", "-pk")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["held_on"], name="assistance_by_day")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, reason="", is_void=False)
                | (Q(corrects__isnull=False) & ~Q(reason="")),
                name="assistance_correction_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{Kind(self.kind).label}, {self.held_on:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("tracking:assistance", args=[self.pk])


class AssistanceHito(models.Model):
    """A hito that an assistance was about."""

    append_only: ClassVar[bool] = True

    assistance = models.ForeignKey(Assistance, on_delete=models.PROTECT, related_name="hitos")
    hito = models.ForeignKey(RoadActivity, on_delete=models.PROTECT, related_name="assistances", verbose_name="hito")

    class Meta:
        verbose_name = "hito de una asistencia"
        verbose_name_plural = "hitos de las asistencias"
        ordering = ("assistance", "hito")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assistance", "hito"], name="one_hito_once_per_assistance"),
        ]

    def __str__(self) -> str:
        return f"Asistencia {self.assistance_id}: hito {self.hito_id}"
