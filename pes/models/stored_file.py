"""A file in our custody that is not evidence of a figure: an act, minutes, an attendance list, a product."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import ClassVar

from django.db import models
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.files.keeping import place_of
from pes.models.organization import OrganizationUnit
from pes.models.user import User
from pes.permissions import Permission


class StoredFile(models.Model):
    """An immutable file of a sector, an entity or a region, named by UUID, with its SHA-256.

    What it belongs to points at it. Who works in the unit reads it; whoever publishes it serves it from a page of its own.
    """

    ACCESS: ClassVar[Scope] = {Permission.PES_READ: ("unit", "unit__children", "unit__children__children")}
    append_only: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(OrganizationUnit, on_delete=models.PROTECT, related_name="files", verbose_name="unidad")
    display_name = models.CharField("nombre", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("tamaño (bytes)")
    content_type = models.CharField("tipo", max_length=100)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="aportó")
    uploaded_at = models.DateTimeField("aportado")

    objects: ClassVar[ScopedQuerySet[StoredFile]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "archivo"
        ordering = ("uploaded_at",)

    def __str__(self) -> str:
        return self.display_name

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return place_of(self.pk)

    def get_absolute_url(self) -> str:
        """The view that serves it, asking for permission every time."""
        return reverse("pes:file", args=[self.pk])
