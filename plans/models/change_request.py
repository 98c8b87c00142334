"""Requests to modify or eliminate a goal of a published plan, and the prior opinions they need (SM-3; policy 9)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.dates import long_instant
from pes.models import OrganizationUnit, User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused
from pes.rules.transitions import transition_for
from plans.models.goal import Goal
from plans.models.plan import plan_scope
from plans.rules.change_states import OPEN, TRANSITIONS, ChangeStatus
from plans.rules.changes import ChangeKind, Ground, OpinionKind


class ChangeRequest(models.Model):
    """What a leader asks to change in a goal, why, and how far the request has come."""

    ACCESS: ClassVar[Scope] = plan_scope("goal__plan__unit") | {
        Permission.PLAN_READ: ("goal__plan__unit", "opinions__unit"),
        Permission.OPINION_GIVE: ("opinions__unit",),
    }

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="change_requests", verbose_name="meta")
    kind = models.CharField("qué se pide", max_length=9, choices=[(k.value, k.label) for k in ChangeKind])
    status = models.CharField(
        "estado",
        max_length=20,
        choices=[(s.value, s.label) for s in ChangeStatus],
        default=ChangeStatus.DRAFT.value,
    )
    ground = models.CharField(
        "causal", max_length=15, choices=[(g.value, g.label) for g in Ground], default=Ground.ORDINARY.value
    )
    justification = models.TextField("justificación técnica o legal", blank=True)
    memo = models.CharField("memorando o correo", max_length=120, blank=True)
    base = models.JSONField("meta como estaba", default=dict, editable=False)
    proposed = models.JSONField("campos propuestos", default=dict)
    local_office = models.ForeignKey(
        OrganizationUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="dependencia que da el concepto local",
    )
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="preparó")
    made_at = models.DateTimeField("preparada")
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="radicó")
    filed_at = models.DateTimeField("radicada", null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="decidió")
    decided_at = models.DateTimeField("decidida", null=True)
    decision_reason = models.TextField("motivo de la decisión", blank=True)
    applied_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="aplicó")
    applied_at = models.DateTimeField("aplicada", null=True)
    hola_case = models.CharField("caso HOLA", max_length=60, blank=True)
    hola_on = models.DateField("fecha del caso HOLA", null=True, blank=True)

    objects: ClassVar[ScopedQuerySet[ChangeRequest]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "solicitud de cambio"
        verbose_name_plural = "solicitudes de cambio"
        ordering = ("-pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["goal"],
                condition=Q(status__in=sorted(status.value for status in OPEN)),
                name="one_open_request_per_goal",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_decision_has_an_author",
            ),
            models.CheckConstraint(
                condition=Q(status="applied", applied_by__isnull=False, applied_at__isnull=False, hola_on__isnull=False)
                | (~Q(status="applied") & Q(applied_by__isnull=True, applied_at__isnull=True)),
                name="an_applied_request_has_a_case",
            ),
        ]

    def __str__(self) -> str:
        return f"Solicitud {self.pk}"

    def get_absolute_url(self) -> str:
        """The request's page."""
        return self.url("request")

    def url(self, name: str) -> str:
        """The request's page or one of its acts, by the name of its address."""
        return reverse(f"plans:{name}", args=[self.pk])

    def hold(self) -> None:
        """Lock the row until the transaction ends and read it again; its plan has been locked before (JB15)."""
        ChangeRequest.objects.select_for_update(no_key=True).filter(pk=self.pk).first()
        self.refresh_from_db()

    def move(self, verb: str, **values: Any) -> None:
        """Take one edge of SM-3, if the request is still where it starts; the verb has asked for power and rules."""
        step = transition_for(TRANSITIONS, verb)
        moved = ChangeRequest.objects.filter(pk=self.pk, status__in=step.sources)
        count = moved.update(status=step.target, **values)
        self.refresh_from_db()
        if count != 1:
            raise Refused([self.moved_on()])

    def moved_on(self) -> Problem:
        """Why an act comes too early or too late: where the request stands, and who took it there (WF2)."""
        message = f"La solicitud está en estado «{ChangeStatus(self.status).label}» y desde ahí no se puede hacer esto."
        if self.decided_by is not None:
            message += f" La decidió {self.decided_by} el {long_instant(self.decided_at)}."
        return Problem("invalid_transition", "SM-3", message, fix="Vuelva a cargar la página.")


class Opinion(models.Model):
    """The prior opinion that a request needs from the leading process or from a local office (PG-09f, PG-09g)."""

    request = models.ForeignKey(
        ChangeRequest, on_delete=models.PROTECT, related_name="opinions", verbose_name="solicitud"
    )
    kind = models.CharField("concepto", max_length=11, choices=[(k.value, k.label) for k in OpinionKind])
    unit = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="+", verbose_name="quién conceptúa"
    )
    is_favourable = models.BooleanField("favorable", null=True)
    text = models.TextField("concepto", blank=True)
    memo = models.CharField("memorando o correo", max_length=120, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="conceptuó")
    at = models.DateTimeField("instante", null=True)

    class Meta:
        verbose_name = "concepto previo"
        verbose_name_plural = "conceptos previos"
        ordering = ("request", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "kind"], name="one_opinion_of_each_kind"),
            models.CheckConstraint(
                condition=Q(is_favourable__isnull=True, by__isnull=True, at__isnull=True)
                | Q(is_favourable__isnull=False, by__isnull=False, at__isnull=False),
                name="an_opinion_has_an_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} de {self.unit}"
