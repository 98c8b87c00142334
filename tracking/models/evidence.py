"""Evidence: the file or link that proves a figure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.files.keeping import place_of
from pes.models import User
from pes.models.sector_plan import sector_scope
from pes.permissions import Permission
from tracking.models.entry import GoalReport
from tracking.models.measurement import Measurement
from tracking.models.report import report_scope


class EvidenceKind(models.TextChoices):
    """A file in our custody, or an address that is not."""

    FILE = "file", "Archivo"
    LINK = "link", "Enlace (no custodiado)"


class EvidenceQuerySet(ScopedQuerySet["Evidence"]):
    """Questions about evidence."""

    def current(self) -> EvidenceQuerySet:
        """The last version of each, unless it was withdrawn."""
        return self.filter(withdrawal__isnull=True, replaced_by__isnull=True)

    def in_force(self) -> EvidenceQuerySet:
        """What proves something today: current, and not in quarantine (UP10)."""
        infected = EvidenceScan.objects.filter(verdict=ScanVerdict.INFECTED, evidence=OuterRef("kept_at"))
        return self.current().alias(kept_at=Coalesce("stored_as", "pk")).filter(~Exists(infected))

    def count_in_force(self, entries: Iterable[int]) -> dict[int, int]:
        """How many files and links prove each of these reported goals; those without any are missing."""
        found = self.in_force().filter(entry__in=list(entries)).order_by().values_list("entry")
        return dict(found.annotate(count=Count("pk")))


class Evidence(models.Model):
    """An immutable file (named by UUID, SHA-256 kept) or an https link that the server never fetches (UP15).

    It proves a measurement of the PES, or what a goal of a plan reports of a quarter. Another version of it `replaces`
    the one before, which stays. The same bytes are kept once in a plan: `stored_as` is the row that has them (UP8).
    """

    ACCESS: ClassVar[Scope] = {
        **sector_scope("measurement__indicator__plan__sector"),
        **report_scope("entry__report__plan__unit"),
        Permission.INDICATOR_MEASURE: ("measurement__indicator__entity",),
        Permission.PROJECT_MEASURE: ("measurement__indicator__entity",),
        Permission.PLAN_READ: ("entry__report__plan__unit", "entry__goal__central_area"),
        Permission.GOAL_REPORT: ("entry__goal__central_area",),
    }
    append_only: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measurement = models.ForeignKey(
        Measurement, on_delete=models.PROTECT, null=True, related_name="evidence", verbose_name="medición"
    )
    entry = models.ForeignKey(
        GoalReport, on_delete=models.PROTECT, null=True, related_name="evidence", verbose_name="meta reportada"
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by", verbose_name="versión anterior"
    )
    stored_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="mismo archivo que"
    )
    kind = models.CharField("clase", max_length=4, choices=EvidenceKind.choices)
    display_name = models.CharField("nombre", max_length=200)
    url = models.URLField("enlace", max_length=1000, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("tamaño (bytes)", default=0)
    content_type = models.CharField("tipo", max_length=100, blank=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="aportó")
    uploaded_at = models.DateTimeField("aportada")

    objects: ClassVar[EvidenceQuerySet] = EvidenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "evidencia"
        ordering = ("uploaded_at",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind="file", url="") & ~Q(sha256="") | Q(kind="link", sha256="") & ~Q(url=""),
                name="evidence_is_a_file_or_a_link",
            ),
            models.CheckConstraint(
                condition=Q(measurement__isnull=False, entry__isnull=True)
                | Q(measurement__isnull=True, entry__isnull=False),
                name="evidence_proves_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def path(self) -> Path:
        """Where the file lies: evidencias/<2 hex>/<2 hex>/<uuid>."""
        return place_of(self.stored_as_id or self.pk)

    def get_absolute_url(self) -> str:
        """The one view that serves it, asking for permission every time."""
        return reverse("tracking:evidence", args=[self.pk])


class EvidenceWithdrawal(models.Model):
    """Evidence that its author took back before it was ever sent (WF21); the row and the file stay."""

    append_only: ClassVar[bool] = True

    evidence = models.OneToOneField(
        Evidence, on_delete=models.PROTECT, primary_key=True, related_name="withdrawal", verbose_name="evidencia"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="retiró")
    at = models.DateTimeField("instante")

    class Meta:
        verbose_name = "retiro de una evidencia"
        verbose_name_plural = "retiros de evidencias"

    def __str__(self) -> str:
        return f"Retiro de {self.evidence}"


class ScanVerdict(models.TextChoices):
    """What the antivirus said of a file in custody (UP10)."""

    CLEAN = "clean", "Sin amenazas"
    INFECTED = "infected", "En cuarentena"


class EvidenceScan(models.Model):
    """One look of the antivirus at a file; a file without any waits for analysis when there is a scanner (UP10)."""

    append_only: ClassVar[bool] = True

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="scans", verbose_name="evidencia")
    verdict = models.CharField("resultado", max_length=8, choices=ScanVerdict.choices)
    detail = models.CharField("detalle", max_length=200, blank=True)
    at = models.DateTimeField("instante")

    class Meta:
        verbose_name = "análisis de una evidencia"
        verbose_name_plural = "análisis de evidencias"
        ordering = ("evidence", "pk")

    def __str__(self) -> str:
        return f"{self.evidence}: {self.get_verdict_display()}"
