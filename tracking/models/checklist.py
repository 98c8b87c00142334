"""The checklist of a hito's product, each time it was applied, and what the coordinator said of it (GP-05, level 2)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.models import OrganizationUnit, RoadActivity, StoredFile, TerritorialEntity, User
from pes.models.territory import territory_scope
from tracking.rules.checklist import Answer, Decision


class ProductChecklist(models.Model):
    """What the product of a hito must have, for a region; a change of it is another edition, the last one applies."""

    ACCESS: ClassVar[Scope] = territory_scope("unit")
    append_only: ClassVar[bool] = True

    unit = models.ForeignKey(OrganizationUnit, on_delete=models.PROTECT, related_name="+", verbose_name="región")
    template = models.SlugField("hoja de ruta", max_length=60)
    code = models.CharField("hito", max_length=20)
    edition = models.PositiveSmallIntegerField("edición", default=1)
    product = models.CharField("producto", max_length=150)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="escribió")
    written_at = models.DateTimeField("escrita")

    objects: ClassVar[ScopedQuerySet[ProductChecklist]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "lista de chequeo"
        verbose_name_plural = "listas de chequeo"
        ordering = ("unit__sort_key", "template", "code", "-edition")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "template", "code", "edition"], name="one_edition_per_checklist"),
        ]

    def __str__(self) -> str:
        return f"{self.product} (hito {self.code}, edición {self.edition})"


class ChecklistItem(models.Model):
    """One thing that the product must have."""

    append_only: ClassVar[bool] = True

    checklist = models.ForeignKey(ProductChecklist, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField("número")
    text = models.CharField("criterio", max_length=300)

    class Meta:
        verbose_name = "criterio"
        ordering = ("checklist", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["checklist", "number"], name="one_number_per_checklist_item"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class ProductCheck(models.Model):
    """A checklist applied to the product of a hito of an entity, with its evidence; again is another row."""

    ACCESS: ClassVar[Scope] = territory_scope("entity__region")
    append_only: ClassVar[bool] = True

    entity = models.ForeignKey(
        TerritorialEntity, on_delete=models.PROTECT, related_name="product_checks", verbose_name="entidad"
    )
    hito = models.ForeignKey(RoadActivity, on_delete=models.PROTECT, related_name="+", verbose_name="hito")
    checklist = models.ForeignKey(ProductChecklist, on_delete=models.PROTECT, related_name="checks")
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="evidencia"
    )
    link = models.CharField("enlace", max_length=500, blank=True)
    quality = models.TextField("valoración cualitativa", max_length=3000)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="revisó")
    checked_at = models.DateTimeField("aplicada")

    objects: ClassVar[ScopedQuerySet[ProductCheck]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "chequeo de un producto"
        verbose_name_plural = "chequeos de productos"
        ordering = ("-checked_at", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(file__isnull=False) | ~Q(link=""), name="product_check_has_evidence"),
        ]

    def __str__(self) -> str:
        return f"Chequeo {self.pk}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("tracking:product-check", args=[self.pk])


class ChecklistAnswer(models.Model):
    """Whether the product has one of those things."""

    ANSWERS: ClassVar[list[tuple[str, str]]] = [(one.value, one.label) for one in Answer]
    append_only: ClassVar[bool] = True

    check_made = models.ForeignKey(ProductCheck, on_delete=models.PROTECT, related_name="answers")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField("respuesta", max_length=7, choices=ANSWERS)

    class Meta:
        verbose_name = "respuesta de un chequeo"
        verbose_name_plural = "respuestas de un chequeo"
        ordering = ("check_made", "item__number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["check_made", "item"], name="one_answer_per_checklist_item"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.answer}"


class ProductReview(models.Model):
    """What who coordinates decided on a check; whoever made it does not review it."""

    ACCESS: ClassVar[Scope] = territory_scope("check_made__entity__region")
    DECISIONS: ClassVar[list[tuple[str, str]]] = [(one.value, one.label) for one in Decision]
    append_only: ClassVar[bool] = True

    check_made = models.OneToOneField(ProductCheck, on_delete=models.PROTECT, related_name="review")
    decision = models.CharField("decisión", max_length=8, choices=DECISIONS)
    note = models.CharField("nota", max_length=1000, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="decidió")
    at = models.DateTimeField("decidida")

    objects: ClassVar[ScopedQuerySet[ProductReview]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "revisión de un chequeo"
        verbose_name_plural = "revisiones de chequeos"
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return Decision(self.decision).label
