"""What a person was told about a report, once a day at most and of each kind (CAL-07, JB12)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from pes.models import User
from tracking.models.report import QuarterReport


class NoticeKind(models.TextChoices):
    """Why a person hears of a report."""

    OPENED = "opened", "Se abrió el reporte"
    DUE_5 = "due_5", "Vence en cinco días"
    DUE_3 = "due_3", "Vence en tres días"
    DUE_1 = "due_1", "Vence mañana"
    DUE_TODAY = "due_today", "Vence hoy"
    OVERDUE = "overdue", "Está vencido"
    EXTENDED = "extended", "Se prorrogó el plazo"
    SUBMITTED = "submitted", "Fue enviado"
    RETURNED = "returned", "Fue devuelto"
    CORRECTED = "corrected", "La oficina de planeación corrigió un dato"
    VALIDATED = "validated", "Fue validado"
    REOPENED = "reopened", "Fue reabierto"


class Notice(models.Model):
    """One thing to tell a person, and when the e-mail that told it left; the row comes before the message (JB12)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices", verbose_name="persona")
    report = models.ForeignKey(QuarterReport, on_delete=models.PROTECT, related_name="notices", verbose_name="reporte")
    kind = models.CharField("motivo", max_length=10, choices=NoticeKind.choices)
    on = models.DateField("día")
    detail = models.CharField("detalle", max_length=300, blank=True)
    mailed_at = models.DateTimeField("enviado por correo", null=True)

    class Meta:
        verbose_name = "aviso"
        ordering = ("-on", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "report", "kind", "on"], name="one_notice_a_day_of_each_kind"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["on"], condition=models.Q(mailed_at__isnull=True), name="notices_to_mail")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.report}"
