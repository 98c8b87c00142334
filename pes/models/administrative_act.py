"""Administrative acts: what was decided, by which act, and while it is in force (LC-06, REF-01)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from pes.access import Scope, ScopedQuerySet
from pes.models.organization import OrganizationUnit
from pes.models.stored_file import StoredFile
from pes.models.user import User
from pes.permissions import Permission

READING = ("unit", "unit__children", "unit__children__children")


class ActKind(models.TextChoices):
    """What an act is called; the guide admits others than a resolution (LC-06)."""

    RESOLUCION = "resolucion", "Resolución"
    CIRCULAR = "circular", "Circular"
    ACUERDO = "acuerdo", "Acuerdo"
    DECRETO = "decreto", "Decreto"
    OTRO = "otro", "Otro"


class AdministrativeAct(models.Model):
    """An act of a sector or an entity: number, date, file, and from when to when it is in force (REF-01).

    Of an old act perhaps only its year is known: then it counts as in force from the last day of that year.
    """

    ACCESS: ClassVar[Scope] = {Permission.PES_READ: READING, Permission.PES_ADOPT: ("unit",)}

    unit = models.ForeignKey(OrganizationUnit, on_delete=models.PROTECT, related_name="acts", verbose_name="unidad")
    kind = models.CharField("tipo", max_length=10, choices=ActKind.choices)
    other_kind = models.CharField("cuál", max_length=60, blank=True)
    number = models.CharField("número", max_length=30)
    year = models.PositiveSmallIntegerField("año", validators=[MinValueValidator(1990)])
    issued_on = models.DateField("fecha", null=True, blank=True)
    issuer = models.CharField("quién la expide", max_length=250, blank=True)
    subject = models.CharField("asunto", max_length=500, blank=True)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="archivo"
    )
    link = models.URLField("enlace", max_length=1000, blank=True)
    valid_from = models.DateField("vigente desde", null=True, blank=True)
    valid_until = models.DateField("vigente hasta", null=True, blank=True)
    repealed_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeals", verbose_name="derogado por"
    )
    repealed_on = models.DateField("derogado desde", null=True, blank=True)
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="registró")
    registered_at = models.DateTimeField("registrado")

    objects: ClassVar[ScopedQuerySet[AdministrativeAct]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "acto administrativo"
        verbose_name_plural = "actos administrativos"
        ordering = ("-year", "-issued_on", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "kind", "other_kind", "number", "year"], name="one_act_per_kind_number_and_year"
            ),
            models.CheckConstraint(
                condition=Q(repealed_by__isnull=True, repealed_on__isnull=True)
                | Q(repealed_by__isnull=False, repealed_on__isnull=False),
                name="a_repealed_act_says_by_which_and_when",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="act_validity_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_name} {self.number} de {self.year}"

    @property
    def kind_name(self) -> str:
        """«Resolución», or what another kind is called."""
        return self.other_kind if self.kind == ActKind.OTRO else self.get_kind_display()

    @property
    def earliest_day(self) -> date:
        """The first day on which it may have been issued; of an act without a known day, the first of its year."""
        return self.issued_on or date(self.year, 1, 1)

    @property
    def latest_day(self) -> date:
        """The last day on which it may have been issued; of an act without a known day, the last of its year."""
        return self.issued_on or date(self.year, 12, 31)

    @property
    def begins_on(self) -> date:
        """The first day on which it surely is in force; of an act without a known day, the last of its year."""
        return self.valid_from or self.latest_day

    def is_in_force(self, on: date) -> bool:
        """Whether it is in force on a day; the day of its repeal it no longer is (REF-01)."""
        ended = self.valid_until is not None and on > self.valid_until
        repealed = self.repealed_on is not None and on >= self.repealed_on
        return self.begins_on <= on and not ended and not repealed


class ActCorrection(models.Model):
    """An act was entered wrongly and everybody could read it: what it said before, and why it was mended (AZ13).

    `before` has the earlier values of the facts that changed; the file that was replaced stays in custody.
    """

    ACCESS: ClassVar[Scope] = {Permission.PES_READ: tuple(f"act__{path}" for path in READING)}
    append_only: ClassVar[bool] = True

    act = models.ForeignKey(
        AdministrativeAct, on_delete=models.PROTECT, related_name="corrections", verbose_name="acto"
    )
    reason = models.TextField("motivo de la corrección")
    before = models.JSONField("decía antes", default=dict)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="archivo anterior"
    )
    renames = models.BooleanField("cambia lo que el documento dice del acto")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="corrigió")
    made_at = models.DateTimeField("corregido")

    objects: ClassVar[ScopedQuerySet[ActCorrection]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "corrección de un acto administrativo"
        verbose_name_plural = "correcciones de actos administrativos"
        ordering = ("act", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_correction_of_an_act_says_why"),
        ]

    def __str__(self) -> str:
        return self.reason[:60]
