"""The close of a quarter: official results of every plan of a level, frozen run by run, and their ranking (REP-04, 05)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.models import OrganizationUnit, User
from pes.models.exact import ExactField
from pes.permissions import Permission
from pes.rules.states import FigureState
from plans.models import Goal, PlanGestion
from plans.models.plan import PlanLevel


def close_scope(entity: str) -> Scope:
    """Paths of what belongs to the close of an entity."""
    return dict.fromkeys(
        (
            Permission.PLAN_READ,
            Permission.QUARTER_CONSOLIDATE,
            Permission.COMMITTEE_RECORD,
            Permission.QUARTER_REOPEN,
            Permission.QUARTER_PUBLISH,
            Permission.REPORT_REQUEST,
            Permission.REPORT_ISSUE,
            Permission.REPORT_PUBLISH,
        ),
        (entity,),
    )


class QuarterClose(models.Model):
    """One run of the close of (entity, vigencia, quarter, level): never recomputed, only followed by another run.

    `digest` is the SHA-256 of methodology, inputs and results; the rows are in `GoalResult` and `UnitResult`.
    """

    ACCESS: ClassVar[Scope] = close_scope("entity")
    append_only: ClassVar[bool] = True

    entity = models.ForeignKey(OrganizationUnit, on_delete=models.PROTECT, related_name="+", verbose_name="entidad")
    vigencia = models.PositiveSmallIntegerField("vigencia")
    quarter = models.PositiveSmallIntegerField("trimestre")
    level = models.CharField("nivel", max_length=7, choices=PlanLevel.choices)
    run = models.PositiveSmallIntegerField("corrida")
    methodology = models.JSONField("metodología")
    excluded = models.JSONField("planes sin calificación", default=list)
    reason = models.TextField("motivo", blank=True)
    digest = models.CharField("huella SHA-256", max_length=64)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="consolidó")
    closed_at = models.DateTimeField("consolidado")

    objects: ClassVar[ScopedQuerySet[QuarterClose]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "cierre de trimestre"
        verbose_name_plural = "cierres de trimestre"
        ordering = ("-vigencia", "-quarter", "level", "-run")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["entity", "vigencia", "quarter", "level", "run"], name="one_close_per_quarter_level_and_run"
            ),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="close_quarter_between_1_and_4"),
            models.CheckConstraint(condition=Q(run=1) | ~Q(reason=""), name="a_later_close_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.vigencia} T{self.quarter} {self.get_level_display()} · corrida {self.run}"

    def get_absolute_url(self) -> str:
        """The close's page."""
        return self.url("close")

    def url(self, name: str, *args: Any) -> str:
        """A page or an act of the close, by the name of its address."""
        return reverse(f"evaluation:{name}", args=[self.entity.code, self.vigencia, self.quarter, self.level, *args])


class UnitResult(models.Model):
    """The score of a plan in a close and its place in the ranking; ratios 0–1, unrounded."""

    ACCESS: ClassVar[Scope] = {Permission.PLAN_READ: ("plan__unit",)}
    append_only: ClassVar[bool] = True

    close = models.ForeignKey(QuarterClose, on_delete=models.PROTECT, related_name="units")
    plan = models.ForeignKey(PlanGestion, on_delete=models.PROTECT, related_name="results", verbose_name="plan")
    rank = models.PositiveIntegerField("puesto", null=True)
    score = ExactField("puntaje del trimestre", null=True)
    to_date = ExactField("puntaje a la fecha", null=True)
    on_time = ExactField("puntualidad", null=True)  # of the reports due so far in the vigencia
    goals_rated = models.PositiveIntegerField("metas calificadas", default=0)
    goals_programmed = models.PositiveIntegerField("metas programadas", default=0)
    goals_with_evidence = models.PositiveIntegerField("metas con evidencia", default=0)
    counted = models.BooleanField("con reporte validado")
    is_late = models.BooleanField("extemporáneo", default=False)

    objects: ClassVar[ScopedQuerySet[UnitResult]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "resultado de una unidad"
        verbose_name_plural = "resultados de unidades"
        ordering = ("close", "rank", "plan__unit__sort_key")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["close", "plan"], name="one_result_per_close_and_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} en {self.close}"


class GoalResult(models.Model):
    """What a goal had reached at a close: amounts in its unit, ratios 0–1 unrounded (PT-05 to PT-08)."""

    ACCESS: ClassVar[Scope] = {Permission.PLAN_READ: ("goal__plan__unit", "goal__central_area")}
    append_only: ClassVar[bool] = True

    close = models.ForeignKey(QuarterClose, on_delete=models.PROTECT, related_name="goals")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="results", verbose_name="meta")
    state = models.CharField("estado", max_length=14, choices=[(state.value, state.label) for state in FigureState])
    weight = models.DecimalField("ponderación (%)", max_digits=5, decimal_places=2, null=True)
    programmed = ExactField("programado", null=True)
    achieved = ExactField("ejecutado", null=True)
    result = ExactField("resultado del trimestre", null=True)
    rating = ExactField("calificación del trimestre", null=True)
    accumulated = ExactField("ejecutado acumulado", null=True)
    progress = ExactField("avance de la vigencia", null=True)
    to_date = ExactField("cumplimiento a la fecha", null=True)
    to_date_rating = ExactField("calificación a la fecha", null=True)

    objects: ClassVar[ScopedQuerySet[GoalResult]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "resultado de una meta"
        verbose_name_plural = "resultados de metas"
        ordering = ("close", "goal")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["close", "goal"], name="one_result_per_close_and_goal"),
        ]

    def __str__(self) -> str:
        return f"{self.goal} en {self.close}"


class QuarterPublication(models.Model):
    """The act that put a run on the public page (PG-PUB; act. 13); the last one of a quarter and level is shown."""

    append_only: ClassVar[bool] = True

    close = models.OneToOneField(QuarterClose, on_delete=models.PROTECT, related_name="publication")
    note = models.TextField("nota de corrección", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="publicó")
    at = models.DateTimeField("publicado")

    class Meta:
        verbose_name = "publicación de resultados"
        verbose_name_plural = "publicaciones de resultados"
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"Publicación de {self.close}"


class CommitteeRecord(models.Model):
    """The session of the Comité Institucional that received the results, acta GDI-GPD-F030 (act. 13)."""

    append_only: ClassVar[bool] = True

    close = models.ForeignKey(QuarterClose, on_delete=models.PROTECT, related_name="committee_records")
    act = models.CharField("acta", max_length=60)
    held_on = models.DateField("fecha de la sesión")
    conclusions = models.TextField("conclusiones", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="registró")
    at = models.DateTimeField("registrada")

    class Meta:
        verbose_name = "acta del Comité"
        verbose_name_plural = "actas del Comité"
        ordering = ("-held_on", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["close", "act"], name="an_act_receives_a_close_once"),
        ]

    def __str__(self) -> str:
        return f"Acta {self.act}"


class QuarterProgress(models.Model):
    """How an open quarter goes, recomputed by a job whenever a report moves; read by screens, never official."""

    ACCESS: ClassVar[Scope] = close_scope("entity")

    entity = models.ForeignKey(OrganizationUnit, on_delete=models.PROTECT, related_name="+", verbose_name="entidad")
    vigencia = models.PositiveSmallIntegerField("vigencia")
    quarter = models.PositiveSmallIntegerField("trimestre")
    level = models.CharField("nivel", max_length=7, choices=PlanLevel.choices)
    version = models.PositiveIntegerField("versión", default=0)
    units = models.JSONField("resultados de unidades", default=list)
    computed_at = models.DateTimeField("calculado")

    objects: ClassVar[ScopedQuerySet[QuarterProgress]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "avance de un trimestre"
        verbose_name_plural = "avances de trimestres"
        ordering = ("-vigencia", "-quarter", "level")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["entity", "vigencia", "quarter", "level"], name="one_progress_per_quarter_and_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.vigencia} T{self.quarter} {self.get_level_display()}"
