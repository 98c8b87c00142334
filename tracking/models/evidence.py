"""Evidence: the file or link that proves a figure."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.models import User
from pes.models.sector_plan import sector_scope
from pes.permissions import Permission
from tracking.models.measurement import Measurement


class EvidenceKind(models.TextChoices):
    """A file in our custody, or an address that is not."""

    FILE = "file", "Archivo"
    LINK = "link", "Enlace (no custodiado)"


class Evidence(models.Model):
    """An immutable file (named by UUID, SHA-256 kept) or an https link that the server never fetches (UP15)."""

    ACCESS: ClassVar[Scope] = {
        **sector_scope("measurement__indicator__plan__sector"),
        Permission.INDICATOR_MEASURE: ("measurement__indicator__entity",),
        Permission.PROJECT_MEASURE: ("measurement__indicator__entity",),
    }
    append_only: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measurement = models.ForeignKey(
        Measurement, on_delete=models.PROTECT, related_name="evidence", verbose_name="medición"
    )
    kind = models.CharField("clase", max_length=4, choices=EvidenceKind.choices)
    display_name = models.CharField("nombre", max_length=200)
    url = models.URLField("enlace", max_length=1000, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("tamaño (bytes)", default=0)
    content_type = models.CharField("tipo", max_length=100, blank=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="aportó")
    uploaded_at = models.DateTimeField("aportada")

    objects: ClassVar[ScopedQuerySet[Evidence]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "evidencia"
        ordering = ("uploaded_at",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind="file", url="") & ~Q(sha256="") | Q(kind="link", sha256="") & ~Q(url=""),
                name="evidence_is_a_file_or_a_link",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def path(self) -> Path:
        """Where the file lies: evidencias/<2 hex>/<2 hex>/<uuid>."""
        name = self.pk.hex
        return Path(settings.MEDIA_ROOT) / "evidencias" / name[:2] / name[2:4] / name

    def get_absolute_url(self) -> str:
        """The one view that serves it, asking for permission every time."""
        return reverse("tracking:evidence", args=[self.pk])
