"""What was said of an activity of a road and with what it was proven."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pes.models.road import RoadActivity
from pes.models.stored_file import StoredFile
from pes.models.user import User


class ActivityReport(models.Model):
    """One report of an activity: how far it was on a day, in words; the last one says where it stands."""

    append_only: ClassVar[bool] = True

    activity = models.ForeignKey(
        RoadActivity, on_delete=models.PROTECT, related_name="reports", verbose_name="actividad"
    )
    on = models.DateField("fecha")
    progress = models.DecimalField("avance (%)", max_digits=5, decimal_places=2)
    state = models.CharField("estado", max_length=14, choices=RoadActivity.STATES)
    note = models.TextField("nota", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="reportó")
    at = models.DateTimeField("reportado")

    class Meta:
        verbose_name = "reporte de actividad"
        verbose_name_plural = "reportes de actividades"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.activity_id} {self.on:%Y-%m-%d} {self.progress}"


class ActivityEvidence(models.Model):
    """A file or an https link that proves an activity; a wrong one is withdrawn with why, and stays in the history."""

    activity = models.ForeignKey(
        RoadActivity, on_delete=models.PROTECT, related_name="evidence", verbose_name="actividad"
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="archivo"
    )
    url = models.URLField("enlace", max_length=2000, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="aportó")
    at = models.DateTimeField("aportada")
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="retiró"
    )
    withdrawn_at = models.DateTimeField("retirada", null=True, blank=True)
    reason = models.TextField("motivo del retiro", blank=True)

    class Meta:
        verbose_name = "evidencia de actividad"
        verbose_name_plural = "evidencias de actividades"
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(file__isnull=False, url="") | (Q(file__isnull=True) & ~Q(url="")),
                name="activity_evidence_is_a_file_or_a_link",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(reason="")),
                name="activity_evidence_withdrawn_with_why",
            ),
        ]

    def __str__(self) -> str:
        return str(self.file) if self.file_id else self.url
