"""Frozen states of a plan: what was sent, validated, made official and published, word for word."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from pes.access import Scope, ScopedQuerySet
from pes.models import User
from plans.models.plan import PlanGestion, plan_scope


class VersionEvent(models.TextChoices):
    """What froze a version."""

    SUBMITTED = "submitted", "Enviada a revisión"
    OFFICIAL = "official", "Oficializada"
    PUBLISHED = "published", "Publicada"
    RENEWED = "renewed", "Ajustada por solicitud"


class PlanVersion(models.Model):
    """The whole content of a plan at an act, with its digest; never changed, only followed by another."""

    ACCESS: ClassVar[Scope] = plan_scope("plan__unit")
    append_only = True

    plan = models.ForeignKey(PlanGestion, on_delete=models.PROTECT, related_name="versions", verbose_name="plan")
    number = models.PositiveIntegerField("versión")
    event = models.CharField("acto", max_length=10, choices=VersionEvent.choices)
    edition = models.PositiveIntegerField("versión publicada", default=0)
    content = models.JSONField("contenido")
    digest = models.CharField("huella", max_length=64)
    note = models.CharField("nota", max_length=500, blank=True)
    at = models.DateTimeField("instante")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="quién")

    objects: ClassVar[ScopedQuerySet[PlanVersion]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "versión del plan"
        verbose_name_plural = "versiones del plan"
        ordering = ("plan", "-number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} versión {self.number}"
