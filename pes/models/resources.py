"""Money and work of an investment project in a vigencia: its resources and its action plan (phase 4)."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from pes.access import Scope, ScopedQuerySet
from pes.models.indicator import InvestmentProject
from pes.models.profile import AMOUNT, profile_scope
from pes.models.sector_plan import SectorPlan
from pes.models.uploaded_workbook import UploadedWorkbook
from pes.models.vigencia import Vigencia


class ProjectResource(models.Model):
    """Pesos of a project in a vigencia: programmed, committed and paid up to a cut-off; no row, nothing is known."""

    ACCESS: ClassVar[Scope] = profile_scope("project__entity__parent", "project__entity")

    project = models.ForeignKey(
        InvestmentProject, on_delete=models.PROTECT, related_name="resources", verbose_name="proyecto"
    )
    vigencia = models.ForeignKey(Vigencia, on_delete=models.PROTECT, related_name="+", verbose_name="vigencia")
    programmed = models.DecimalField("programado", **AMOUNT)
    committed = models.DecimalField("comprometido", **AMOUNT, null=True, blank=True)
    paid = models.DecimalField("pagado", **AMOUNT, null=True, blank=True)
    cutoff_on = models.DateField("corte", null=True, blank=True)
    source = models.CharField("fuente", max_length=250, blank=True)

    objects: ClassVar[ScopedQuerySet[ProjectResource]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "recursos de un proyecto"
        verbose_name_plural = "recursos de los proyectos"
        ordering = ("project__entity__sort_key", "project__code", "vigencia")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["project", "vigencia"], name="one_resource_per_project_and_vigencia"),
            models.CheckConstraint(
                condition=Q(programmed__gte=0)
                & (Q(committed__isnull=True) | Q(committed__gte=0))
                & (Q(paid__isnull=True) | Q(paid__gte=0)),
                name="resources_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(paid__isnull=True) | Q(committed__isnull=False, paid__lte=F("committed")),
                name="paid_is_within_committed",
            ),
            models.CheckConstraint(
                condition=Q(committed__isnull=True) | (Q(cutoff_on__isnull=False) & ~Q(source="")),
                name="execution_has_cutoff_and_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.code} {self.vigencia_id}"


class ResourceUpload(UploadedWorkbook):
    """A workbook of resources that somebody previewed, and the state it was compared with; forgotten after a day."""

    ACCESS: ClassVar[Scope] = profile_scope("plan__sector")

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="+", verbose_name="plan")
    base = models.CharField("huella de lo comparado", max_length=64)
    changed = models.PositiveIntegerField("filas que cambió", default=0)

    objects: ClassVar[ScopedQuerySet[ResourceUpload]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(UploadedWorkbook.Meta):
        verbose_name = "libro de recursos cargado"
        verbose_name_plural = "libros de recursos cargados"


class ActivityStatus(models.TextChoices):
    """How an activity of the action plan stands; lateness follows from its days, and is not stored."""

    PENDING = "pending", "Por iniciar"
    ONGOING = "ongoing", "En curso"
    DONE = "done", "Cumplida"
    CANCELLED = "cancelled", "Cancelada"


class PlannedActivity(models.Model):
    """An activity of the action plan of an entity for a vigencia, under the project that pays for it (F4.P1)."""

    ACCESS: ClassVar[Scope] = profile_scope("project__entity__parent", "project__entity")

    project = models.ForeignKey(
        InvestmentProject,
        on_delete=models.PROTECT,
        related_name="activities",
        verbose_name="proyecto",
        help_text="El que la paga.",
    )
    vigencia = models.ForeignKey(Vigencia, on_delete=models.PROTECT, related_name="+", verbose_name="vigencia")
    number = models.PositiveSmallIntegerField(
        "número", validators=[MinValueValidator(1)], help_text="El orden dentro del proyecto."
    )
    text = models.TextField("actividad", help_text="Qué se hará.")
    responsible = models.CharField("responsable", max_length=250, help_text="La dependencia o el cargo.")
    starts_on = models.DateField("empieza", help_text="Primer día.")
    ends_on = models.DateField("termina", help_text="Último día; después, si no está cumplida, se marca atrasada.")
    product = models.CharField("producto", max_length=400, help_text="Qué queda hecho, para poder comprobarlo.")
    amount = models.DecimalField(
        "recursos", **AMOUNT, null=True, blank=True, help_text="Pesos de la vigencia; vacío si no se conocen."
    )
    status = models.CharField(
        "estado",
        max_length=9,
        choices=ActivityStatus.choices,
        default=ActivityStatus.PENDING,
        help_text="La tardanza la calcula la herramienta.",
    )
    done_on = models.DateField("cumplida el", null=True, blank=True, help_text="Solo si está cumplida.")

    objects: ClassVar[ScopedQuerySet[PlannedActivity]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "actividad del plan de acción"
        verbose_name_plural = "actividades del plan de acción"
        ordering = ("project__entity__sort_key", "project__code", "vigencia", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["project", "vigencia", "number"], name="activity_number_once_per_project"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="activity_days_in_order"),
            models.CheckConstraint(
                condition=Q(status="done", done_on__isnull=False) | (~Q(status="done") & Q(done_on__isnull=True)),
                name="done_activity_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="activity_amount_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"Actividad {self.number}"
