"""Periodic reports: drafts that may be made again, issued editions that never change, and their publication."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from evaluation.models.cutoff import Snapshot
from pes.access import Scope, ScopedQuerySet
from pes.models import Job, SectorPlan, User
from pes.models.sector_plan import sector_scope


class ReportKind(models.TextChoices):
    """The periodic reports of a sector (REP-01…03)."""

    MONTHLY = "monthly", "Mensual"
    SEMIANNUAL = "semiannual", "Semestral"
    ANNUAL = "annual", "Anual"


class SectorReport(models.Model):
    """What a draft and an issued edition share: whose report, which period, and the stored files."""

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name="plan")
    kind = models.CharField("clase", max_length=10, choices=ReportKind.choices)
    period = models.CharField("periodo", max_length=7)
    folder = models.CharField(max_length=40, unique=True)
    pdf_sha256 = models.CharField("SHA-256 del PDF", max_length=64)
    xlsx_sha256 = models.CharField("SHA-256 del XLSX", max_length=64)
    context_sha256 = models.CharField("SHA-256 de los datos", max_length=64)
    pages = models.PositiveIntegerField("páginas")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}"

    def path(self, suffix: str) -> Path:
        """Where a file of the report lies; `suffix` is pdf, xlsx or html."""
        return Path(settings.MEDIA_ROOT) / "informes" / self.folder / f"informe.{suffix}"


class ReportDraft(SectorReport):
    """The latest draft of a period, marked «Borrador»; asking again replaces it."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("generado")

    objects: ClassVar[ScopedQuerySet[ReportDraft]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "borrador de informe"
        ordering = ("plan", "kind", "-period")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "kind", "period"], name="one_draft_per_period"),
        ]


class IssuedReport(SectorReport):
    """An issued edition: stored files with digest and snapshot, never recomputed; a correction is edition 2."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")
    append_only: ClassVar[bool] = True

    edition = models.PositiveSmallIntegerField("edición")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="reports")
    reason = models.TextField("motivo de la corrección", blank=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="emitió")
    issued_at = models.DateTimeField("emitido")

    objects: ClassVar[ScopedQuerySet[IssuedReport]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "informe emitido"
        ordering = ("plan", "kind", "-period", "-edition")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "kind", "period", "edition"], name="edition_once_per_period"),
            models.CheckConstraint(condition=Q(edition=1) | ~Q(reason=""), name="a_correction_has_a_reason"),
        ]

    def get_absolute_url(self) -> str:
        """The report's page."""
        return reverse("evaluation:report", args=[self.plan.sector.code, self.kind, self.period])


class ReportPublication(models.Model):
    """An issued edition was made public."""

    ACCESS: ClassVar[Scope] = sector_scope("report__plan__sector")
    append_only: ClassVar[bool] = True

    report = models.OneToOneField(IssuedReport, on_delete=models.PROTECT, related_name="publication")
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="publicó")
    published_at = models.DateTimeField("publicado")

    objects: ClassVar[ScopedQuerySet[ReportPublication]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "publicación"
        ordering = ("-published_at",)

    def __str__(self) -> str:
        return str(self.report)
