"""The plan year, the methodology that the OAP sets for it, and the days on which nobody works."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils import timezone

from pes import audit, registry
from pes.access import holds
from pes.models.user import User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused


class Vigencia(models.Model):
    """A calendar year for which goals are set."""

    year = models.PositiveSmallIntegerField(
        "vigencia", primary_key=True, validators=[MinValueValidator(1990), MaxValueValidator(2100)]
    )

    class Meta:
        verbose_name = "vigencia"
        ordering = ("-year",)

    def __str__(self) -> str:
        return str(self.year)


class ConstantRule(models.TextChoices):
    """How CONSTANTE accumulates (PT-11)."""

    MEAN = "PROMEDIO", "Promedio de los periodos"
    LAST = "ULTIMO", "Último reporte"


class MissingRule(models.TextChoices):
    """How a programmed figure without report rates once its term has passed (PT-17)."""

    ZERO = "CERO", "Califica 0"
    EXCLUDE = "EXCLUIR", "Se excluye y se renormalizan los pesos"


class Metodologia(models.Model):
    """The rules that the OAP sets for a vigencia (PLE-PIN-P005 v8, act. 1; REP-09), one row per version.

    Defaults are the decisions of rules §11. A published version never changes: a change is the next version.
    """

    RULE_FIELDS: ClassVar[tuple[str, ...]] = (
        "cap_percent",
        "discount_baseline",
        "constant_rule_plan",
        "constant_rule_pes",
        "missing_rule",
        "lights_enabled",
        "light_red_to",
        "light_yellow_to",
        "light_green_to",
        "technical_weight",
    )

    vigencia = models.ForeignKey(Vigencia, on_delete=models.PROTECT, related_name="methodologies")
    version = models.PositiveSmallIntegerField("versión")
    cap_percent = models.DecimalField(
        "tope de calificación (%)",
        max_digits=6,
        decimal_places=2,
        default=Decimal("100.00"),
        help_text="Un resultado mayor se muestra completo y califica hasta este tope (PT-14).",
    )
    discount_baseline = models.BooleanField(
        "descontar la línea base en CRECIENTE",
        default=False,
        help_text="Si se activa, el avance se mide desde la línea base registrada (PT-03).",
    )
    constant_rule_plan = models.CharField(
        "CONSTANTE en planes de gestión", max_length=10, choices=ConstantRule.choices, default=ConstantRule.MEAN
    )
    constant_rule_pes = models.CharField(
        "CONSTANTE en el PES", max_length=10, choices=ConstantRule.choices, default=ConstantRule.LAST
    )
    missing_rule = models.CharField(
        "sin reporte al consolidar", max_length=10, choices=MissingRule.choices, default=MissingRule.ZERO
    )
    lights_enabled = models.BooleanField("usar semáforo", default=True)
    light_red_to = models.DecimalField("rojo hasta (%)", max_digits=6, decimal_places=2, default=Decimal("50.00"))
    light_yellow_to = models.DecimalField(
        "amarillo hasta (%)", max_digits=6, decimal_places=2, default=Decimal("75.00")
    )
    light_green_to = models.DecimalField("verde hasta (%)", max_digits=6, decimal_places=2, default=Decimal("125.00"))
    technical_weight = models.DecimalField(
        "peso del grupo de metas técnicas (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Opcional: por ejemplo 80 para técnicas y 20 para transversales. Vacío: sin grupos.",
    )
    memo = models.CharField("memorando que la comunica", max_length=120, blank=True)
    published_at = models.DateTimeField("publicada", null=True, blank=True, editable=False)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "metodología"
        ordering = ("-vigencia", "-version")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["vigencia", "version"], name="methodology_version_once"),
            models.CheckConstraint(
                condition=Q(
                    light_red_to__lt=models.F("light_yellow_to"), light_yellow_to__lt=models.F("light_green_to")
                ),
                name="lights_in_order",
            ),
            models.CheckConstraint(condition=Q(cap_percent__gte=100), name="cap_is_at_least_100"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="methodology_published_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """How results name it: vigencia and version."""
        return f"{self.vigencia_id}-v{self.version}"

    @classmethod
    def in_force(cls, year: int) -> Metodologia:
        """The last published version of a vigencia, else an unsaved one with the decided defaults, version 0."""
        found = cls.objects.filter(vigencia_id=year, published_at__isnull=False).order_by("-version").first()
        return found or cls(vigencia_id=year, version=0)

    @classmethod
    def next_draft(cls, year: int) -> Metodologia:
        """An unsaved next version that starts from the one in force."""
        current = cls.in_force(year)
        last = cls.objects.filter(vigencia_id=year).aggregate(last=Max("version"))["last"] or 0
        copied = {name: getattr(current, name) for name in cls.RULE_FIELDS}
        return cls(vigencia_id=year, version=last + 1, **copied)

    @transaction.atomic
    def publish(self, *, by: User) -> None:
        """Put the version in force, once; what is published never changes (REP-09).

        Raises PermissionDenied, or Refused when this version or a later one is published already.
        """
        if not holds(by, Permission.METHODOLOGY_MANAGE):
            raise PermissionDenied(f"Necesita el permiso «{Permission.METHODOLOGY_MANAGE.label}».")
        Vigencia.objects.select_for_update(no_key=True).get(pk=self.vigencia_id)
        before = type(self).in_force(self.vigencia_id)
        if before.version >= self.version:
            message = f"La metodología {before.label} ya está publicada y no cambia."
            raise Refused([Problem("already_published", "REP-09", message, fix="Prepare la versión siguiente.")])
        self.published_at, self.published_by = timezone.now(), by
        self.save()
        audit.record("methodology_published", self, by=by, before=before.facts(), after=self.facts())
        list(registry.collect("methodology_published", self, by))

    def facts(self) -> dict[str, Any]:
        """The rules as plain text values."""
        return {"label": self.label, "memo": self.memo} | {name: str(getattr(self, name)) for name in self.RULE_FIELDS}


class NonWorkingDay(models.Model):
    """A day off by decree that no calendar package knows (CAL-05)."""

    on = models.DateField("día", unique=True)
    reason = models.CharField("motivo", max_length=200)
    act = models.CharField("acto administrativo", max_length=200, blank=True)

    class Meta:
        verbose_name = "día no hábil"
        verbose_name_plural = "días no hábiles"
        ordering = ("-on",)

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.reason}"
