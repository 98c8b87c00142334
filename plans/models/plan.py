"""The plan de gestión of a process or an alcaldía local for a vigencia, and its way through SM-1."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from pes import audit
from pes.access import Scope, ScopedQuerySet, demand
from pes.models import Metodologia, OrganizationUnit, StrategicFramework, UnitKind, User, Vigencia
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.transitions import transition_for
from plans.rules.goals import Instrument
from plans.rules.plan_states import EDITABLE, NOT_OFFICIAL, TRANSITIONS, PlanStatus, opening_problems


class PlanLevel(models.TextChoices):
    """Which official format applies."""

    CENTRAL = "central", "Nivel central (PLE-PIN-F017)"
    LOCAL = "local", "Nivel local (PLE-PIN-F018)"


LEVEL_OF_KIND = {UnitKind.PROCESS: PlanLevel.CENTRAL, UnitKind.ALCALDIA_LOCAL: PlanLevel.LOCAL}
ON_ITS_UNIT = (
    Permission.PLAN_READ,
    Permission.PLAN_OPEN,
    Permission.PLAN_EDIT,
    Permission.PLAN_SUBMIT,
    Permission.PLAN_REVIEW,
    Permission.PLAN_PUBLISH,
    Permission.PLAN_CLOSE,
    Permission.CONSULTATION_MANAGE,
    Permission.CONSULTATION_WAIVE,
    Permission.CHANGE_FILE,
    Permission.CHANGE_STUDY,
    Permission.CHANGE_DECIDE,
)


def plan_scope(unit: str) -> Scope:
    """Paths of what belongs to a plan, given the path to its unit."""
    return dict.fromkeys(ON_ITS_UNIT, (unit,))


class PlanGestion(models.Model):
    """What a process or an alcaldía local promises for a vigencia (PLE-PIN-P005 v8; formats F017 and F018)."""

    ACCESS: ClassVar[Scope] = plan_scope("unit")

    unit = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="management_plans", verbose_name="unidad"
    )
    vigencia = models.ForeignKey(Vigencia, on_delete=models.PROTECT, related_name="+", verbose_name="vigencia")
    level = models.CharField("nivel", max_length=7, choices=PlanLevel.choices)
    status = models.CharField(
        "estado",
        max_length=20,
        choices=[(status.value, status.label) for status in PlanStatus],
        default=PlanStatus.DRAFT.value,
    )
    process_objective = models.TextField("objetivo del proceso", blank=True)
    scope = models.TextField("alcance", blank=True)
    leader = models.CharField("líder", max_length=250, blank=True)
    instruments = models.JSONField("instrumentos con que se articula", default=list, blank=True)
    articulation_detail = models.TextField("cómo se articula", blank=True)
    revision = models.PositiveIntegerField("revisión", default=0, editable=False)  # grows with every change
    edition = models.PositiveIntegerField("versión publicada", default=0, editable=False)
    consolidated_quarter = models.PositiveSmallIntegerField(
        "último trimestre consolidado", default=0, editable=False, help_text="Lo escribe evaluation."
    )
    hola_case = models.CharField("caso HOLA", max_length=60, blank=True)
    hola_on = models.DateField("fecha del caso HOLA", null=True, blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="abrió")
    opened_at = models.DateTimeField("abierto")
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="envió")
    submitted_at = models.DateTimeField("enviado", null=True)
    validated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="validó")
    validated_at = models.DateTimeField("validado", null=True)
    official_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="oficializó"
    )
    official_at = models.DateTimeField("oficializado", null=True)
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="publicó"
    )
    published_at = models.DateTimeField("publicado", null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="cerró")
    closed_at = models.DateTimeField("cerrado", null=True)

    objects: ClassVar[ScopedQuerySet[PlanGestion]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "plan de gestión"
        verbose_name_plural = "planes de gestión"
        ordering = ("-vigencia", "unit__sort_key", "unit__code")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "vigencia"], name="one_plan_per_unit_and_vigencia"),
            models.CheckConstraint(condition=Q(consolidated_quarter__lte=4), name="four_quarters_a_year"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review", "with_observations"])
                | Q(validated_by__isnull=False, validated_at__isnull=False),
                name="validated_plan_has_a_validator",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["official", "published", "closed"])
                | (Q(official_by__isnull=False, official_at__isnull=False, hola_on__isnull=False) & ~Q(hola_case="")),
                name="official_plan_has_a_case",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["published", "closed"])
                | Q(published_by__isnull=False, published_at__isnull=False, edition__gte=1),
                name="published_plan_has_an_edition",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.vigencia_id}"

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return self.url("plan")

    def url(self, name: str, *args: Any) -> str:
        """A page or an act of the plan, by the name of its address."""
        return reverse(f"plans:{name}", args=[self.unit.code, self.vigencia_id, *args])

    @property
    def is_editable(self) -> bool:
        """Whether its goals may be written (SM-1)."""
        return self.status in EDITABLE

    @property
    def chosen_instruments(self) -> tuple[Instrument, ...]:
        """The other instruments it is articulated with (PG-03)."""
        return tuple(Instrument(value) for value in self.instruments)

    def framework(self) -> StrategicFramework | None:
        """The marco estratégico that its goals must serve (PG-02)."""
        return StrategicFramework.objects.in_force(self.unit.parent_id or self.unit_id, self.vigencia_id)

    @cached_property
    def framework_to_serve(self) -> int | None:
        """Id of the framework that its goals must serve while it is not official; afterwards they keep theirs (PG-02).

        A goal that still points to another one, because the framework changed meanwhile, serves none.
        """
        if self.status not in NOT_OFFICIAL:
            return None
        framework = self.framework()
        return framework.pk if framework else None

    @classmethod
    @transaction.atomic
    def open_all(cls, entity: OrganizationUnit, vigencia: int, *, by: User) -> int:
        """Open the plan of every active process and alcaldía of an entity that has none; return how many.

        Raises PermissionDenied, or Refused while the vigencia's methodology is not published (SM-1, act. 1).
        """
        demand(by, Permission.PLAN_OPEN, entity)
        units = OrganizationUnit.objects.filter(
            pk__in=OrganizationUnit.objects.below(entity), kind__in=LEVEL_OF_KIND, is_active=True
        )
        return len(cls._open(units, vigencia, by=by))

    @classmethod
    @transaction.atomic
    def open_own(cls, unit: OrganizationUnit, vigencia: int, *, by: User) -> PlanGestion:
        """Open the plan of one process or alcaldía, or return the one that is open (SM-1: R3/R4)."""
        demand(by, Permission.PLAN_OPEN, unit)
        if unit.kind not in LEVEL_OF_KIND:
            message = f"«{unit}» no es un proceso ni una alcaldía local: no tiene plan de gestión."
            raise Refused([Problem("no_plan_for_unit", "SM-1", message, fix="Elija un proceso o una alcaldía local.")])
        cls._open(OrganizationUnit.objects.filter(pk=unit.pk), vigencia, by=by)
        return cls.objects.select_related("unit").get(unit=unit, vigencia=vigencia)

    @classmethod
    def _open(cls, units: models.QuerySet[OrganizationUnit], vigencia: int, *, by: User) -> list[PlanGestion]:
        refuse_if_any(
            opening_problems(methodology_published=Metodologia.in_force(vigencia).pk is not None, vigencia=vigencia)
        )
        Vigencia.objects.select_for_update(no_key=True).get(pk=vigencia)  # whoever opens them too waits, and opens none
        now = timezone.now()
        plans = cls.objects.bulk_create(
            cls(unit=unit, vigencia_id=vigencia, level=LEVEL_OF_KIND[UnitKind(unit.kind)], opened_by=by, opened_at=now)
            for unit in units.exclude(management_plans__vigencia=vigencia)
        )
        for plan in plans:
            audit.record("plan_opened", plan, by=by, after={"unit": plan.unit.code, "vigencia": vigencia})
        return plans

    @classmethod
    def hold(cls, pk: int) -> PlanGestion:
        """The plan with its row locked until the transaction ends: one order of locks for all its verbs (JB15)."""
        return cls.objects.select_related("unit").select_for_update(of=("self",), no_key=True).get(pk=pk)

    def move(self, verb: str, **values: Any) -> None:
        """Take one edge of SM-1, if the plan is still where it starts; the verb has asked for power and rules."""
        step = transition_for(TRANSITIONS, verb)
        moved = PlanGestion.objects.filter(pk=self.pk, status__in=step.sources).update(
            status=step.target, revision=models.F("revision") + 1, **values
        )
        self.refresh_from_db()
        if moved != 1:
            label = PlanStatus(self.status).label
            message = f"El plan está en estado «{label}» y desde ahí no se puede hacer esto."
            raise Refused([Problem("invalid_transition", "SM-1", message, fix="Vuelva a cargar la página.")])
