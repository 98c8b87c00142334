"""What a goal reached in a quarter: a narrow row of figures, and its words beside it 1:1."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pes.access import Scope, ScopedQuerySet
from pes.models import User
from pes.permissions import Permission
from plans.models import Goal
from tracking.models.report import QuarterReport, report_scope


class GoalReport(models.Model):
    """The figures of a goal in a quarter, in its unit; NULL is not reported and never 0 (PT-12).

    With `numerator` and `denominator` the executed amount is their quotient (PT-16b) and `achieved` stays NULL. The
    row is scanned by every calculation: its words live in `GoalNarrative`. `supplied_at` is when the central area that
    reports the goal first gave its figure (PG-08).
    """

    ACCESS: ClassVar[Scope] = report_scope("report__plan__unit") | {
        Permission.PLAN_READ: ("report__plan__unit", "goal__central_area"),
        Permission.GOAL_REPORT: ("goal__central_area",),
    }

    report = models.ForeignKey(QuarterReport, on_delete=models.PROTECT, related_name="entries", verbose_name="reporte")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="entries", verbose_name="meta")
    quarter = models.PositiveSmallIntegerField("trimestre")  # its report's, so that one join gives the fact
    achieved = models.DecimalField("ejecutado", max_digits=18, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField("numerador", max_digits=18, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField("denominador", max_digits=18, decimal_places=4, null=True, blank=True)
    revision = models.PositiveIntegerField("revisión", default=0, editable=False)
    changed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="última mano"
    )
    changed_at = models.DateTimeField("cambiado", null=True)
    supplied_at = models.DateTimeField("suministrado por el área central", null=True)

    objects: ClassVar[ScopedQuerySet[GoalReport]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "reporte de una meta"
        verbose_name_plural = "reportes de metas"
        ordering = ("report", "goal__position", "goal__number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["goal", "quarter"], name="one_entry_per_goal_and_quarter"),
            models.CheckConstraint(
                condition=(Q(numerator__isnull=True) | Q(numerator__gte=0))
                & (Q(denominator__isnull=True) | Q(denominator__gte=0)),
                name="terms_are_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal} T{self.quarter}"


class GoalNarrative(models.Model):
    """What the figure means, in words (PG-R1, PG-R2): of the quarter, of the year so far, and what needs explaining."""

    entry = models.OneToOneField(GoalReport, on_delete=models.CASCADE, primary_key=True, related_name="narrative")
    analysis = models.TextField("análisis del trimestre", blank=True)
    delay_causes = models.TextField("causas del retraso", blank=True)
    accumulated_analysis = models.TextField("análisis del acumulado", blank=True)
    explanation = models.TextField("explicación", blank=True)  # PT-13, PT-14, PT-15, PT-16

    class Meta:
        verbose_name = "análisis de una meta"
        verbose_name_plural = "análisis de metas"

    def __str__(self) -> str:
        return self.analysis[:80]


class TeamComment(models.Model):
    """What the members of a team tell each other about a goal; the OAP does not read it."""

    ACCESS: ClassVar[Scope] = {Permission.QUARTER_FILL: ("entry__report__plan__unit",)}
    append_only: ClassVar[bool] = True

    entry = models.ForeignKey(GoalReport, on_delete=models.PROTECT, related_name="comments", verbose_name="meta")
    text = models.TextField("comentario")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="quién")
    at = models.DateTimeField("instante")

    objects: ClassVar[ScopedQuerySet[TeamComment]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "comentario del equipo"
        verbose_name_plural = "comentarios del equipo"
        ordering = ("entry", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="a_comment_says_something"),
        ]

    def __str__(self) -> str:
        return self.text
