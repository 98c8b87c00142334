"""What was said of the hitos of territorial entities, under whom, and what was learnt (rules GP-04, GP-05)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pes.access import Scope, ScopedQuerySet
from pes.models import ActivityReport, RoadActivity, StoredFile, TerritorialEntity, User
from pes.models.territory import territory_scope


class TerritoryReport(models.Model):
    """The territorial side of a report of a hito: who advised the entity that day, and which report it corrects.

    How far the hito was, on which day and who said so is in the report itself, once; a correction is another row.
    """

    ACCESS: ClassVar[Scope] = territory_scope("entity__region")
    append_only: ClassVar[bool] = True

    report = models.OneToOneField(
        ActivityReport, on_delete=models.PROTECT, related_name="territory", verbose_name="reporte"
    )
    entity = models.ForeignKey(
        TerritorialEntity, on_delete=models.PROTECT, related_name="hito_reports", verbose_name="entidad"
    )
    advisor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="asesoraba"
    )
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="corrige"
    )

    objects: ClassVar[ScopedQuerySet[TerritoryReport]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "reporte de hito"
        verbose_name_plural = "reportes de hitos"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return str(self.report)


class LessonKind(models.TextChoices):
    """What is told."""

    LESSON = "lesson", "Lección aprendida"
    SUCCESS = "success", "Caso de éxito"


class TerritoryLesson(models.Model):
    """A lesson learnt or a success case of an entity, perhaps of one of its hitos; published by another person."""

    ACCESS: ClassVar[Scope] = territory_scope("entity__region")

    entity = models.ForeignKey(
        TerritorialEntity, on_delete=models.PROTECT, related_name="lessons", verbose_name="entidad"
    )
    hito = models.ForeignKey(
        RoadActivity, on_delete=models.PROTECT, null=True, blank=True, related_name="lessons", verbose_name="hito"
    )
    kind = models.CharField("clase", max_length=7, choices=LessonKind.choices)
    title = models.CharField("título", max_length=150)
    text = models.TextField("texto", max_length=3000)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="archivo"
    )
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="escribió")
    written_at = models.DateTimeField("escrita")
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="publicó"
    )
    published_at = models.DateTimeField("publicada", null=True, blank=True)

    objects: ClassVar[ScopedQuerySet[TerritoryLesson]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "lección o caso de éxito"
        verbose_name_plural = "lecciones y casos de éxito"
        ordering = ("-written_at", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(published_by__isnull=True, published_at__isnull=True)
                | Q(published_by__isnull=False, published_at__isnull=False),
                name="lesson_published_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title
