"""What holds a PES back, and what is done about it (S0, F5.3 and F6.3; REP-02, REP-03)."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from evaluation.rules.improvement_states import ActionKind, ActionStatus, BottleneckStatus, Severity
from pes.access import Scope, ScopedQuerySet
from pes.models import Indicator, InvestmentProject, Objective, OrganizationUnit, SectorPlan, StoredFile, User
from pes.models.sector_plan import sector_scope
from pes.permissions import Permission


class Bottleneck(models.Model):
    """A cuello de botella: what holds an objective, an indicator or a project back, since when and why.

    `unit` is who looks after it: an entity, or the sector itself.
    """

    ACCESS: ClassVar[Scope] = {**sector_scope("plan__sector"), Permission.IMPROVEMENT_MANAGE: ("unit",)}

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="bottlenecks", verbose_name="plan")
    unit = models.ForeignKey(OrganizationUnit, on_delete=models.PROTECT, related_name="+", verbose_name="a cargo de")
    title = models.CharField("qué frena", max_length=250)
    cause = models.TextField("causa")
    severity = models.CharField("gravedad", max_length=6, choices=[(s.value, s.label) for s in Severity])
    since = models.DateField("desde")
    objective = models.ForeignKey(
        Objective, on_delete=models.PROTECT, null=True, related_name="bottlenecks", verbose_name="objetivo"
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, null=True, related_name="bottlenecks", verbose_name="indicador"
    )
    project = models.ForeignKey(
        InvestmentProject, on_delete=models.PROTECT, null=True, related_name="bottlenecks", verbose_name="proyecto"
    )
    status = models.CharField(
        "estado", max_length=6, choices=[(s.value, s.label) for s in BottleneckStatus], default=BottleneckStatus.OPEN
    )
    solution = models.TextField("cómo se superó", blank=True)
    solved_on = models.DateField("superado el", null=True)
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="registró")
    registered_at = models.DateTimeField("registrado")

    objects: ClassVar[ScopedQuerySet[Bottleneck]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "cuello de botella"
        verbose_name_plural = "cuellos de botella"
        ordering = ("plan", "since", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(objective__isnull=False) | Q(indicator__isnull=False) | Q(project__isnull=False),
                name="bottleneck_holds_something_back",
            ),
            models.CheckConstraint(
                condition=Q(status="open", solved_on__isnull=True, solution="")
                | (Q(status="solved", solved_on__isnull=False) & ~Q(solution="")),
                name="a_solved_bottleneck_says_how",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page, with its actions."""
        return self.url("bottleneck")

    def url(self, name: str) -> str:
        """A page or an act of it, by the name of its address in `evaluation`."""
        return reverse(f"evaluation:{name}", args=[self.plan.sector.code, self.plan.first_vigencia, self.pk])


class ImprovementAction(models.Model):
    """What somebody does about a bottleneck until a date: an improvement action or a plan de choque."""

    ACCESS: ClassVar[Scope] = {
        **sector_scope("bottleneck__plan__sector"),
        Permission.IMPROVEMENT_MANAGE: ("bottleneck__unit",),
    }

    bottleneck = models.ForeignKey(
        Bottleneck, on_delete=models.PROTECT, related_name="actions", verbose_name="cuello de botella"
    )
    kind = models.CharField("clase", max_length=11, choices=[(k.value, k.label) for k in ActionKind])
    text = models.TextField("acción")
    expected_effect = models.TextField("efecto esperado")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="responsable")
    starts_on = models.DateField("empieza")
    due_on = models.DateField("vence")
    status = models.CharField(
        "estado", max_length=9, choices=[(s.value, s.label) for s in ActionStatus], default=ActionStatus.OPEN
    )
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="registró")
    registered_at = models.DateTimeField("registrada")
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="terminó")
    done_on = models.DateField("terminada el", null=True)
    verified_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="verificó"
    )
    verified_on = models.DateField("verificada el", null=True)
    discard_reason = models.TextField("por qué se descartó", blank=True)

    objects: ClassVar[ScopedQuerySet[ImprovementAction]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "acción de mejora"
        verbose_name_plural = "acciones de mejora"
        ordering = ("due_on", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(due_on__gte=models.F("starts_on")), name="action_days_in_order"),
            models.CheckConstraint(
                condition=~Q(status__in=("done", "verified")) | Q(done_by__isnull=False, done_on__isnull=False),
                name="a_finished_action_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=(Q(status="verified", verified_on__isnull=False) & ~Q(verified_by=models.F("owner")))
                | (~Q(status="verified") & Q(verified_by__isnull=True, verified_on__isnull=True)),
                name="an_action_is_verified_by_another",
            ),
            models.CheckConstraint(
                condition=(Q(status="discarded") & ~Q(discard_reason=""))
                | (~Q(status="discarded") & Q(discard_reason="")),
                name="a_discarded_action_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        """Its page, with its follow-up."""
        return self.url("action")

    def url(self, name: str) -> str:
        """A page or an act of it, by the name of its address in `evaluation`."""
        plan = self.bottleneck.plan
        return reverse(f"evaluation:{name}", args=[plan.sector.code, plan.first_vigencia, self.pk])


class ActionFollowUp(models.Model):
    """What had been done of an action at an instant, with proof if there is any."""

    ACCESS: ClassVar[Scope] = {
        **sector_scope("action__bottleneck__plan__sector"),
        Permission.IMPROVEMENT_MANAGE: ("action__bottleneck__unit",),
    }
    append_only: ClassVar[bool] = True

    action = models.ForeignKey(ImprovementAction, on_delete=models.PROTECT, related_name="follow_ups")
    progress = models.PositiveSmallIntegerField("avance (%)", validators=[MinValueValidator(0), MaxValueValidator(100)])
    text = models.TextField("qué se hizo")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="archivo")
    link = models.CharField("enlace", max_length=1000, blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="registró")
    written_at = models.DateTimeField("registrado")

    objects: ClassVar[ScopedQuerySet[ActionFollowUp]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "seguimiento de una acción"
        verbose_name_plural = "seguimientos de acciones"
        ordering = ("action", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="action_progress_up_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.progress} %: {self.text[:60]}"
