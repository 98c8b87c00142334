"""A workbook on its way into a plan: kept between its preview and the decision to apply it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from pes.access import Scope, ScopedQuerySet
from pes.models import User
from plans.models.plan import PlanGestion, plan_scope


class PlanUpload(models.Model):
    """The file that somebody previewed, and the revision of the plan that the preview compared it with (IM11)."""

    ACCESS: ClassVar[Scope] = plan_scope("plan__unit")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(PlanGestion, on_delete=models.PROTECT, related_name="uploads", verbose_name="plan")
    name = models.CharField("archivo", max_length=150)
    content = models.BinaryField("contenido")
    sha256 = models.CharField("huella SHA-256", max_length=64)
    base_revision = models.PositiveIntegerField("revisión comparada")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="quién")
    at = models.DateTimeField("instante")
    applied_at = models.DateTimeField("aplicado", null=True)

    objects: ClassVar[ScopedQuerySet[PlanUpload]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "libro cargado"
        verbose_name_plural = "libros cargados"
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.name
