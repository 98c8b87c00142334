"""A workbook on its way in: kept between its preview and the decision to apply it (IM11)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from pes.models.user import User


class UploadedWorkbook(models.Model):
    """The file that somebody previewed; what it is for, and what it was compared with, each kind says."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("archivo", max_length=150)
    content = models.BinaryField("contenido")
    sha256 = models.CharField("huella SHA-256", max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="quién")
    at = models.DateTimeField("instante")
    applied_at = models.DateTimeField("aplicado", null=True)

    class Meta:
        abstract = True
        verbose_name = "libro cargado"
        verbose_name_plural = "libros cargados"
        ordering: ClassVar[tuple[str, ...]] = ("-at",)

    def __str__(self) -> str:
        return self.name
