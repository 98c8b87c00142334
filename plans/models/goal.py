"""The goals of a plan de gestión and their quarterly programme; goals that a leading area writes once for many plans."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from pes.access import Scope, ScopedQuerySet
from pes.models import OrganizationUnit, StrategicObjective, User, Vigencia
from pes.permissions import Permission
from pes.rules.programming import ProgrammingType
from plans.models.plan import PlanGestion, plan_scope
from plans.rules.goals import GoalKind, GoalStatus, IndicatorKind

PROGRAMMING_TYPES = [(kind.value, kind.label) for kind in ProgrammingType]


class GoalTexts(models.Model):
    """What a goal says and how it is measured: the same columns in a plan and in a template (§5.4)."""

    kind = models.CharField(
        "tipo de meta", max_length=11, choices=[(k.value, k.label) for k in GoalKind], default=GoalKind.TECNICA.value
    )
    text = models.TextField("meta", blank=True)
    indicator = models.TextField("indicador", blank=True)
    numerator = models.TextField("numerador", blank=True)
    denominator = models.TextField("denominador", blank=True)
    unit = models.CharField("unidad de medida", max_length=60, blank=True)
    indicator_type = models.CharField(
        "tipo de indicador", max_length=11, choices=[(k.value, k.label) for k in IndicatorKind], blank=True
    )
    programming_type = models.CharField("tipo de programación", max_length=11, choices=PROGRAMMING_TYPES, blank=True)
    deliverable = models.TextField("entregable", blank=True)
    source = models.TextField("fuente de información", blank=True)
    verification = models.TextField("medio de verificación", blank=True)
    central_area = models.ForeignKey(
        OrganizationUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="área central que reporta",
    )

    class Meta:
        abstract = True


class GoalTemplate(GoalTexts):
    """A transversal or local goal, written once by the leading area and assigned to many plans (PG-04, PG-08)."""

    ACCESS: ClassVar[Scope] = {Permission.PLAN_READ: ("owner",), Permission.GOAL_TEMPLATE_EDIT: ("owner",)}

    owner = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="goal_templates", verbose_name="área que la lidera"
    )
    vigencia = models.ForeignKey(Vigencia, on_delete=models.PROTECT, related_name="+", verbose_name="vigencia")
    revision = models.PositiveIntegerField("revisión", default=0, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="escribió")
    made_at = models.DateTimeField("escrita")

    objects: ClassVar[ScopedQuerySet[GoalTemplate]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "meta compartida"
        verbose_name_plural = "metas compartidas"
        ordering = ("-vigencia", "owner__code", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind__in=["transversal", "local"]), name="shared_goals_are_not_tecnicas"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class GoalQuerySet(ScopedQuerySet["Goal"]):
    """Questions about goals."""

    def in_force(self) -> GoalQuerySet:
        """Those a plan shows: all but the removed ones, in their order."""
        return self.exclude(status=GoalStatus.REMOVED).order_by("position", "number")


class Goal(GoalTexts):
    """A goal of a plan: amounts in its own unit, weight in percentage points.

    `number` is the key of the official form and never changes; `position` is the order of the rows.
    """

    ACCESS: ClassVar[Scope] = {
        **plan_scope("plan__unit"),
        Permission.PLAN_READ: ("plan__unit", "central_area", "template__owner"),
        Permission.GOAL_ANNOTATE: ("central_area", "template__owner"),
    }

    plan = models.ForeignKey(PlanGestion, on_delete=models.PROTECT, related_name="goals", verbose_name="plan")
    number = models.PositiveIntegerField("No. meta", validators=[MinValueValidator(1)])
    position = models.PositiveIntegerField("orden")
    strategic_objective = models.ForeignKey(
        StrategicObjective,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
        verbose_name="objetivo estratégico",
    )
    weight = models.DecimalField("ponderación (%)", max_digits=5, decimal_places=2, null=True, blank=True)
    baseline = models.DecimalField("línea base", max_digits=18, decimal_places=4, null=True, blank=True)
    magnitude = models.DecimalField("magnitud total", max_digits=18, decimal_places=4, null=True, blank=True)
    responsible = models.CharField("dependencia responsable", max_length=250, blank=True)
    articulation = models.CharField("articulación", max_length=250, blank=True)
    status = models.CharField(
        "estado", max_length=10, choices=[(s.value, s.label) for s in GoalStatus], default=GoalStatus.ACTIVE.value
    )
    template = models.ForeignKey(
        GoalTemplate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
        verbose_name="meta compartida",
    )
    first_reported_at = models.DateTimeField(
        "con seguimiento desde", null=True, editable=False, help_text="Lo escribe tracking (PG-09h)."
    )

    objects: ClassVar[GoalQuerySet] = GoalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "meta"
        verbose_name_plural = "metas"
        ordering = ("plan", "position", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "number"], name="goal_number_once_per_plan"),
            models.UniqueConstraint(
                fields=["plan", "template"],
                condition=Q(template__isnull=False) & ~Q(status="removed"),
                name="shared_goal_once_per_plan",
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=0, weight__lte=100),
                name="goal_weight_between_0_and_100",
            ),
            models.CheckConstraint(
                condition=~Q(status="removed") | Q(first_reported_at__isnull=True),
                name="followed_goals_are_not_removed",
            ),
        ]

    def __str__(self) -> str:
        return f"Meta {self.number}"

    def get_absolute_url(self) -> str:
        """The goal's sheet."""
        return self.plan.url("goal", self.number)

    @property
    def leading_unit(self) -> OrganizationUnit | None:
        """Who leads a goal that is not only the plan's (PG-09f): its author, else the area that reports it."""
        return self.template.owner if self.template is not None else self.central_area


class QuarterTarget(models.Model):
    """What a goal programmes for a quarter, in its unit; NULL is not programmed and never 0 (PT-12)."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="targets", verbose_name="meta")
    quarter = models.PositiveSmallIntegerField("trimestre", validators=[MinValueValidator(1), MaxValueValidator(4)])
    programmed = models.DecimalField("programado", max_digits=18, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = "programación trimestral"
        ordering = ("goal", "quarter")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["goal", "quarter"], name="one_target_per_goal_and_quarter"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="quarter_between_1_and_4"),
        ]

    def __str__(self) -> str:
        return f"{self.goal} T{self.quarter}"
