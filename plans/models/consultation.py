"""The citizen consultation of a proposal (PLE-PIN-P005 v8, policy 7; PG-07b)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from pes.access import Scope, ScopedQuerySet
from pes.models import User
from plans.models.plan import PlanGestion, plan_scope


class Consultation(models.Model):
    """The record of a consultation between two dates, or of why the Jefe OAP waived it."""

    ACCESS: ClassVar[Scope] = plan_scope("plan__unit")

    plan = models.OneToOneField(PlanGestion, on_delete=models.PROTECT, related_name="consultation", verbose_name="plan")
    opens_on = models.DateField("abre", null=True, blank=True)
    closes_on = models.DateField("cierra", null=True, blank=True)
    channel = models.CharField("canales", max_length=250, blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="abrió")
    opened_at = models.DateTimeField("abierta", null=True)
    waiver_reason = models.TextField("motivo de la exención", blank=True)
    waived_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="eximió")
    waived_at = models.DateTimeField("eximida", null=True)

    objects: ClassVar[ScopedQuerySet[Consultation]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "consulta ciudadana"
        verbose_name_plural = "consultas ciudadanas"
        ordering = ("-opens_on", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True, closes_on__isnull=True, opened_by__isnull=True)
                | Q(closes_on__gte=F("opens_on"), opened_by__isnull=False, opened_at__isnull=False),
                name="consultation_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(waived_by__isnull=True, waived_at__isnull=True, waiver_reason="")
                | (Q(waived_by__isnull=False, waived_at__isnull=False) & ~Q(waiver_reason="")),
                name="a_waiver_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Consulta de {self.plan}"


class Contribution(models.Model):
    """What a citizen said about the proposal, and the answer it got; shown to everybody once answered."""

    ACCESS: ClassVar[Scope] = plan_scope("consultation__plan__unit")

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="contributions", verbose_name="consulta"
    )
    author_name = models.CharField("nombre", max_length=120, blank=True)
    text = models.TextField("aporte")
    channel = models.CharField("canal", max_length=120)
    received_at = models.DateTimeField("recibido")
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="transcribió"
    )
    withheld_reason = models.CharField("por qué no se publica", max_length=250, blank=True)
    answer = models.TextField("respuesta", blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="respondió"
    )
    answered_at = models.DateTimeField("respondido", null=True)

    objects: ClassVar[ScopedQuerySet[Contribution]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "aporte ciudadano"
        verbose_name_plural = "aportes ciudadanos"
        ordering = ("consultation", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer="")),
                name="an_answer_has_an_author",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
