"""Roads: phases, steps, activities and hitos with who, when, how far and with what proof (rules LC-01, LC-02, GP-01)."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.models.organization import OrganizationUnit
from pes.models.sector_plan import SectorPlan, sector_scope
from pes.models.user import User
from pes.permissions import Permission
from pes.rules.gates import GateCondition
from pes.rules.road_states import ActivityState
from pes.rules.roads import TO_COMPLETE, ActivityKind

NO_APPLICABLE = ActivityState.NOT_APPLICABLE.value


def road_scope(unit: str) -> Scope:
    """Paths of what belongs to a road, given the path to its unit: a sector, or a region of territorial roads."""
    return {
        **sector_scope(unit),
        Permission.TERRITORY_READ: (unit,),
        Permission.TERRITORY_MANAGE: (unit,),
        Permission.HITO_REPORT: (unit,),
    }


class Road(models.Model):
    """The road that a sector walks to its PES, or that a territorial entity walks: made from a template, then its own."""

    ACCESS: ClassVar[Scope] = road_scope("unit")

    unit = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="roads", verbose_name="sector o región"
    )
    plan = models.OneToOneField(
        SectorPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="road", verbose_name="PES"
    )
    name = models.CharField("nombre", max_length=250)
    template = models.SlugField("plantilla", max_length=60)
    source = models.TextField("fuente", blank=True)
    is_weighted = models.BooleanField("tiene pesos", default=False)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="abrió")
    opened_at = models.DateTimeField("abierto")

    objects: ClassVar[ScopedQuerySet[Road]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "camino"
        ordering = ("unit__sort_key", "name", "pk")

    def __str__(self) -> str:
        return self.name


class RoadPhase(models.Model):
    """A phase of a road with the gate that closes it; `after` has the codes of the phases it waits for (LC-01)."""

    ACCESS: ClassVar[Scope] = road_scope("road__unit")

    road = models.ForeignKey(Road, on_delete=models.PROTECT, related_name="phases", verbose_name="camino")
    code = models.CharField("código", max_length=10)
    number = models.PositiveSmallIntegerField("número")
    name = models.CharField("nombre", max_length=250)
    purpose = models.TextField("propósito", blank=True)
    doubt = models.TextField("duda de la fuente", blank=True)
    after = models.JSONField("espera a", default=list)
    weight = models.DecimalField("peso (%)", max_digits=5, decimal_places=2, null=True, blank=True)
    gate = models.CharField("puerta", max_length=10, blank=True)
    conditions = models.JSONField("condiciones de la puerta", default=list)
    participants = models.JSONField("participantes", default=list)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cerró"
    )
    closed_at = models.DateTimeField("cerrada", null=True, blank=True)

    objects: ClassVar[ScopedQuerySet[RoadPhase]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "fase del camino"
        verbose_name_plural = "fases del camino"
        ordering = ("road", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["road", "code"], name="one_phase_per_code_and_road"),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True, closed_at__isnull=True)
                | Q(closed_by__isnull=False, closed_at__isnull=False),
                name="phase_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def gate_conditions(self) -> list[GateCondition]:
        """What its gate asks for, in the template's order."""
        return [GateCondition(one["code"], one["text"]) for one in self.conditions]


class RoadStep(models.Model):
    """A step of a phase."""

    phase = models.ForeignKey(RoadPhase, on_delete=models.PROTECT, related_name="steps", verbose_name="fase")
    code = models.CharField("código", max_length=20)
    number = models.PositiveSmallIntegerField("número")
    name = models.TextField("nombre")
    note = models.CharField("nota", max_length=250, blank=True)

    class Meta:
        verbose_name = "paso del camino"
        verbose_name_plural = "pasos del camino"
        ordering = ("phase", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["phase", "code"], name="one_step_per_code_and_phase"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RoadActivity(models.Model):
    """A line of a road: an activity, a transversal activity, an expected product or a weighted hito.

    `weight` in percentage points of the phase, `progress` 0–100 (GP-04). `text` is empty where the source lost the
    name of a hito (GP-03).
    """

    ACCESS: ClassVar[Scope] = road_scope("phase__road__unit")
    KINDS: ClassVar[list[tuple[str, str]]] = [(kind.value, kind.label) for kind in ActivityKind]
    STATES: ClassVar[list[tuple[str, str]]] = [(state.value, state.label) for state in ActivityState]

    phase = models.ForeignKey(RoadPhase, on_delete=models.PROTECT, related_name="activities", verbose_name="fase")
    step = models.ForeignKey(
        RoadStep, on_delete=models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="paso"
    )
    code = models.CharField("código", max_length=20)
    number = models.PositiveSmallIntegerField("número")
    kind = models.CharField("clase", max_length=11, choices=KINDS)
    text = models.TextField("texto", blank=True)
    doubt = models.TextField("duda de la fuente", blank=True)
    weight = models.DecimalField("peso en la fase (%)", max_digits=5, decimal_places=2, null=True, blank=True)
    progress = models.DecimalField(
        "avance (%)",
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    state = models.CharField("estado", max_length=14, choices=STATES, default=ActivityState.NOT_STARTED.value)
    reason = models.TextField("por qué no aplica", blank=True)
    planned_from = models.DateField("inicio previsto", null=True, blank=True)
    planned_until = models.DateField("fin previsto", null=True, blank=True)
    started_on = models.DateField("empezó", null=True, blank=True)
    done_on = models.DateField("terminó", null=True, blank=True)
    person = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="road_activities",
        verbose_name="responsable",
    )
    entity = models.ForeignKey(
        OrganizationUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="road_activities",
        verbose_name="entidad responsable",
    )

    objects: ClassVar[ScopedQuerySet[RoadActivity]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "actividad del camino"
        verbose_name_plural = "actividades del camino"
        ordering = ("phase", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["phase", "code"], name="one_activity_per_code_and_phase"),
            models.CheckConstraint(condition=Q(progress__gte=0, progress__lte=100), name="activity_progress_0_to_100"),
            models.CheckConstraint(
                condition=Q(planned_from__isnull=True, planned_until__isnull=True)
                | Q(planned_from__isnull=False, planned_until__isnull=False, planned_until__gte=F("planned_from")),
                name="activity_planned_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False, progress=100)
                | (~Q(state="done") & Q(done_on__isnull=True)),
                name="activity_done_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=NO_APPLICABLE) | ~Q(reason=""), name="activity_not_applicable_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def title(self) -> str:
        """Its text; a hito whose name the source lost stays «por completar» (GP-03)."""
        return self.text or f"{ActivityKind(self.kind).label} {self.code} ({TO_COMPLETE})"

    def get_absolute_url(self) -> str:
        """Its page, for the activities of a PES."""
        plan = self.phase.road.plan
        assert plan is not None  # territorial hitos have pages of their own
        return reverse("pes:road-activity", args=[plan.sector.code, plan.first_vigencia, self.pk])
