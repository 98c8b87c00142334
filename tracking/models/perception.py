"""The monthly survey of the assisted entities: a random sample that anybody can draw again (GP-05, level 1)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.models import OrganizationUnit, TerritorialEntity, User
from pes.models.territory import territory_scope
from tracking.rules.perception import HIGHEST, LOWEST, VARIABLES, Channel


class PerceptionSurvey(models.Model):
    """The survey of a region in a month: how many were assisted, how many are asked, and the seed that chose them."""

    ACCESS: ClassVar[Scope] = territory_scope("unit")
    append_only: ClassVar[bool] = True

    unit = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="perception_surveys", verbose_name="región"
    )
    month = models.DateField("mes")
    margin = models.DecimalField("margen de error buscado (%)", max_digits=4, decimal_places=2)
    population = models.PositiveIntegerField("entidades asistidas")
    size = models.PositiveIntegerField("tamaño de la muestra")
    seed = models.CharField("semilla", max_length=32)
    closes_on = models.DateField("cierra")
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="sorteó")
    drawn_at = models.DateTimeField("sorteada")

    objects: ClassVar[ScopedQuerySet[PerceptionSurvey]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "encuesta de percepción"
        verbose_name_plural = "encuestas de percepción"
        ordering = ("-month", "unit__sort_key")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "month"], name="one_perception_survey_per_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="perception_month_is_its_first_day"),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=F("population")), name="sample_within_its_population"
            ),
        ]

    def __str__(self) -> str:
        return f"Percepción {self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("tracking:perception-survey", args=[self.pk])


class SampledEntity(models.Model):
    """An entity of the population in the order of the draw; those up to the size of the sample are asked."""

    ACCESS: ClassVar[Scope] = territory_scope("survey__unit")
    append_only: ClassVar[bool] = True

    survey = models.ForeignKey(PerceptionSurvey, on_delete=models.PROTECT, related_name="drawn")
    entity = models.ForeignKey(TerritorialEntity, on_delete=models.PROTECT, related_name="+", verbose_name="entidad")
    place = models.PositiveIntegerField("orden del sorteo")

    objects: ClassVar[ScopedQuerySet[SampledEntity]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "entidad sorteada"
        verbose_name_plural = "entidades sorteadas"
        ordering = ("survey", "place")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["survey", "entity"], name="one_entity_once_per_survey"),
            models.UniqueConstraint(fields=["survey", "place"], name="one_place_per_survey"),
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.entity_id}"


def _score(label: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label)


class PerceptionResponse(models.Model):
    """What an entity of the sample answered, by its link or by telephone; once."""

    ACCESS: ClassVar[Scope] = territory_scope("sampled__survey__unit")
    CHANNELS: ClassVar[list[tuple[str, str]]] = [(one.value, one.label) for one in Channel]
    append_only: ClassVar[bool] = True

    sampled = models.OneToOneField(SampledEntity, on_delete=models.PROTECT, related_name="response")
    channel = models.CharField("medio", max_length=5, choices=CHANNELS)
    answered_on = models.DateField("respondida")
    goals = _score(VARIABLES["goals"])
    usability = _score(VARIABLES["usability"])
    relevance = _score(VARIABLES["relevance"])
    quality = _score(VARIABLES["quality"])
    value = _score(VARIABLES["value"])
    comment = models.TextField("comentario", max_length=1000, blank=True)
    typed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="hizo la entrevista"
    )

    objects: ClassVar[ScopedQuerySet[PerceptionResponse]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "respuesta de percepción"
        verbose_name_plural = "respuestas de percepción"
        ordering = ("sampled",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(**{f"{name}__range": (LOWEST, HIGHEST) for name in VARIABLES}),
                name="perception_from_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(channel="phone", typed_by__isnull=False) | Q(channel="link", typed_by__isnull=True),
                name="an_interview_says_who_made_it",
            ),
        ]

    def __str__(self) -> str:
        return f"Respuesta {self.pk}"
