"""Mesas de trabajo: who met, when, about what, and what was agreed (PLE-PIN-P005 v8, act. 2)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.models.organization import OrganizationUnit
from pes.models.user import User
from pes.models.vigencia import Vigencia
from pes.permissions import Permission


class WorkshopQuerySet(ScopedQuerySet["Workshop"]):
    """Questions about mesas de trabajo."""

    def of(self, unit_id: int, vigencia: int) -> WorkshopQuerySet:
        """Those in which a unit prepared its plan of a vigencia (guard of SM-1: at least one)."""
        return self.filter(units=unit_id, vigencia=vigencia)


class Workshop(models.Model):
    """A mesa de trabajo in which the proposal of one or more plans was prepared, with its minutes."""

    ACCESS: ClassVar[Scope] = {
        Permission.PLAN_READ: ("entity", "units"),
        Permission.WORKSHOP_REGISTER: ("entity",),
    }

    entity = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="workshops", verbose_name="entidad"
    )
    vigencia = models.ForeignKey(Vigencia, on_delete=models.PROTECT, related_name="+", verbose_name="vigencia")
    held_on = models.DateField("fecha")
    topic = models.CharField("asunto", max_length=250)
    minutes = models.TextField("acta")
    units = models.ManyToManyField(OrganizationUnit, related_name="attended_workshops", verbose_name="unidades")
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="registró")
    registered_at = models.DateTimeField("registrada")

    objects: ClassVar[WorkshopQuerySet] = WorkshopQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "mesa de trabajo"
        verbose_name_plural = "mesas de trabajo"
        ordering = ("-held_on", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["entity", "vigencia", "held_on", "topic"], name="one_workshop_per_day_and_topic"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d} {self.topic}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("pes:workshop", args=[self.pk])


class WorkshopAttendee(models.Model):
    """Somebody who signed the attendance of a mesa de trabajo."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="attendees")
    name = models.CharField("nombre", max_length=150, blank=True)
    position = models.CharField("cargo o calidad", max_length=150)

    class Meta:
        verbose_name = "asistente"
        verbose_name_plural = "asistentes"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name or self.position
