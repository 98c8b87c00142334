"""The monthly report of who advises: figures from the log, a narrative, and who received it (rule GP-06)."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.models import OrganizationUnit, User
from pes.models.territory import territory_scope
from tracking.rules.advisor_report import ReportState, due_on


class AdvisorReport(models.Model):
    """The report of a person on a month in a region; its figures are frozen when it is sent."""

    ACCESS: ClassVar[Scope] = territory_scope("unit")
    STATES: ClassVar[list[tuple[str, str]]] = [(one.value, one.label) for one in ReportState]

    unit = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="advisor_reports", verbose_name="región"
    )
    advisor = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="advisor_reports", verbose_name="asesor(a)"
    )
    month = models.DateField("mes")
    status = models.CharField("estado", max_length=8, choices=STATES, default=ReportState.DRAFT.value)
    narrative = models.TextField("qué se hizo y qué sigue", max_length=6000, blank=True)
    difficulties = models.TextField("dificultades", max_length=3000, blank=True)
    figures: models.JSONField[Any, Any] = models.JSONField("cifras al enviarlo", null=True)
    opened_at = models.DateTimeField("abierto")
    first_sent_at = models.DateTimeField("enviado por primera vez", null=True)
    sent_at = models.DateTimeField("enviado", null=True)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="recibió")
    received_at = models.DateTimeField("recibido", null=True)
    return_reason = models.CharField("motivo de la devolución", max_length=1000, blank=True)

    objects: ClassVar[ScopedQuerySet[AdvisorReport]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "informe mensual de asesoría"
        verbose_name_plural = "informes mensuales de asesoría"
        ordering = ("-month", "unit__sort_key", "advisor__full_name")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "advisor", "month"], name="one_advisor_report_per_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="advisor_month_is_its_first_day"),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "returned")) | Q(sent_at__isnull=False, figures__isnull=False),
                name="a_sent_report_has_its_figures",
            ),
        ]

    def __str__(self) -> str:
        return f"Informe {self.month:%Y-%m} de {self.advisor_id}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("tracking:advisor-report", args=[self.pk])

    @property
    def due_on(self) -> date:
        """The last day to send it (GP-06)."""
        return due_on(self.month)
