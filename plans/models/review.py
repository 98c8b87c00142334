"""The methodological review: observations that are only added to, and the checklist of act. 4."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pes.access import Scope, ScopedQuerySet
from pes.models import User
from pes.permissions import Permission
from plans.models.goal import Goal
from plans.models.plan import PlanGestion, plan_scope
from plans.models.version import PlanVersion


class Side(models.TextChoices):
    """Who speaks in a thread of observations."""

    REVIEWER = "reviewer", "Oficina de planeación o área líder"
    TEAM = "team", "Equipo del plan"


class Observation(models.Model):
    """A thread about a plan, a goal or one of its fields (acts 5 and 6); what is said in it are its turns."""

    ACCESS: ClassVar[Scope] = plan_scope("plan__unit") | {
        Permission.PLAN_READ: ("plan__unit", "goal__central_area", "goal__template__owner")
    }
    append_only = True

    plan = models.ForeignKey(PlanGestion, on_delete=models.PROTECT, related_name="observations", verbose_name="plan")
    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="observations", verbose_name="meta"
    )
    field = models.CharField("campo", max_length=30, blank=True)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="observó")
    raised_at = models.DateTimeField("instante")

    objects: ClassVar[ScopedQuerySet[Observation]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "observación"
        verbose_name_plural = "observaciones"
        ordering = ("plan", "pk")

    def __str__(self) -> str:
        return f"Observación {self.pk}"


class ObservationTurn(models.Model):
    """One thing said in a thread: an observation, its answer, an insistence."""

    append_only = True

    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, related_name="turns")
    side = models.CharField("quién habla", max_length=8, choices=Side.choices)
    text = models.TextField("texto")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="quién")
    at = models.DateTimeField("instante")

    class Meta:
        verbose_name = "turno de una observación"
        ordering = ("observation", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="an_observation_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class ReviewCheck(models.Model):
    """The answer to one question of the checklist PG-V1 about a version that was sent."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="checks")
    item = models.CharField("pregunta", max_length=30)
    passed = models.BooleanField("cumple")
    note = models.CharField("nota", max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="revisó")
    at = models.DateTimeField("instante")

    class Meta:
        verbose_name = "verificación"
        verbose_name_plural = "verificaciones"
        ordering = ("version", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "item"], name="one_answer_per_version_and_question"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {'cumple' if self.passed else 'no cumple'}"
