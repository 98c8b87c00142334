"""The plan de gestión of a process or an alcaldía local for a vigencia."""

from __future__ import annotations

from typing import ClassVar

from django.db import models, transaction
from django.utils import timezone

from pes import audit
from pes.access import Scope, ScopedQuerySet, demand
from pes.models import Metodologia, OrganizationUnit, UnitKind, User, Vigencia
from pes.permissions import Permission
from pes.rules.problems import refuse_if_any
from plans.rules.plan_states import PlanStatus, opening_problems


class PlanLevel(models.TextChoices):
    """Which official format applies."""

    CENTRAL = "central", "Nivel central (PLE-PIN-F017)"
    LOCAL = "local", "Nivel local (PLE-PIN-F018)"


LEVEL_OF_KIND = {UnitKind.PROCESS: PlanLevel.CENTRAL, UnitKind.ALCALDIA_LOCAL: PlanLevel.LOCAL}


class PlanGestion(models.Model):
    """What a process or an alcaldía local promises for a vigencia."""

    ACCESS: ClassVar[Scope] = {Permission.PLAN_READ: ("unit",), Permission.PLAN_OPEN: ("unit",)}

    unit = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="management_plans", verbose_name="unidad"
    )
    vigencia = models.ForeignKey(Vigencia, on_delete=models.PROTECT, related_name="+", verbose_name="vigencia")
    level = models.CharField("nivel", max_length=7, choices=PlanLevel.choices)
    status = models.CharField(
        "estado", max_length=20, choices=[(PlanStatus.DRAFT.value, "Borrador")], default=PlanStatus.DRAFT.value
    )
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="abrió")
    opened_at = models.DateTimeField("abierto")

    objects: ClassVar[ScopedQuerySet[PlanGestion]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "plan de gestión"
        verbose_name_plural = "planes de gestión"
        ordering = ("-vigencia", "unit__sort_key", "unit__code")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "vigencia"], name="one_plan_per_unit_and_vigencia"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.vigencia_id}"

    @classmethod
    @transaction.atomic
    def open_all(cls, entity: OrganizationUnit, vigencia: int, *, by: User) -> int:
        """Open the plan of every active process and alcaldía of an entity that has none; return how many.

        Raises PermissionDenied, or Refused while the vigencia's methodology is not published (SM-1, act. 1).
        """
        demand(by, Permission.PLAN_OPEN, entity)
        refuse_if_any(
            opening_problems(methodology_published=Metodologia.in_force(vigencia).pk is not None, vigencia=vigencia)
        )
        Vigencia.objects.select_for_update(no_key=True).get(pk=vigencia)  # whoever opens them too waits, and opens none
        units = OrganizationUnit.objects.filter(
            pk__in=OrganizationUnit.objects.below(entity), kind__in=LEVEL_OF_KIND, is_active=True
        ).exclude(management_plans__vigencia=vigencia)
        now = timezone.now()
        plans = cls.objects.bulk_create(
            cls(unit=unit, vigencia_id=vigencia, level=LEVEL_OF_KIND[UnitKind(unit.kind)], opened_by=by, opened_at=now)
            for unit in units
        )
        for plan in plans:
            audit.record("plan_opened", plan, by=by, after={"unit": plan.unit.code, "vigencia": vigencia})
        return len(plans)
