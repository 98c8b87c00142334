"""The monthly assessment of a region's advisory team, with the rating of each advisor (rule GP-06)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from evaluation.rules.advisor_rating import HIGHEST, LOWEST, QUESTIONS
from pes.access import Scope, ScopedQuerySet
from pes.models import OrganizationUnit, User
from pes.models.document_files import DocumentFiles
from pes.permissions import Permission


def _scale(number: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(QUESTIONS[number])


def _words(number: int) -> models.TextField:
    return models.TextField(QUESTIONS[number], max_length=3000, blank=True)


class TeamAssessment(models.Model):
    """What who coordinates a region answered on a month; a correction is another edition that says why.

    Nobody reads it with another power than that of rating: each advisor only reads the own score.
    """

    ACCESS: ClassVar[Scope] = {Permission.ADVISOR_RATE: ("unit",)}
    append_only: ClassVar[bool] = True

    unit = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="team_assessments", verbose_name="región"
    )
    month = models.DateField("mes")
    edition = models.PositiveSmallIntegerField("edición", default=1)
    communication = _scale(1)
    training = _scale(2)
    punctuality = _scale(3)
    difficulties = _words(5)
    difficulties_why = _words(6)
    advances = _words(7)
    advances_why = _words(8)
    lessons = _words(9)
    verification = _words(10)
    reason = models.CharField("motivo de la corrección", max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="calificó")
    at = models.DateTimeField("calificada")

    objects: ClassVar[ScopedQuerySet[TeamAssessment]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "calificación de un equipo asesor"
        verbose_name_plural = "calificaciones de equipos asesores"
        ordering = ("-month", "unit__sort_key", "-edition")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "month", "edition"], name="one_edition_per_assessment"),
            models.CheckConstraint(condition=Q(month__day=1), name="assessment_month_is_its_first_day"),
            models.CheckConstraint(
                condition=Q(
                    communication__range=(LOWEST, HIGHEST),
                    training__range=(LOWEST, HIGHEST),
                    punctuality__range=(LOWEST, HIGHEST),
                ),
                name="assessment_from_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(edition=1, reason="") | (Q(edition__gt=1) & ~Q(reason="")),
                name="assessment_correction_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Calificación {self.month:%Y-%m}, edición {self.edition}"


class AdvisorScore(models.Model):
    """Question 4: the rating of an advisor, 1 (lowest) to 5."""

    ACCESS: ClassVar[Scope] = {Permission.ADVISOR_RATE: ("assessment__unit",)}
    append_only: ClassVar[bool] = True

    assessment = models.ForeignKey(TeamAssessment, on_delete=models.PROTECT, related_name="scores")
    advisor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="asesor(a)")
    score = models.PositiveSmallIntegerField(QUESTIONS[4])

    objects: ClassVar[ScopedQuerySet[AdvisorScore]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "calificación de asesoría"
        verbose_name_plural = "calificaciones de asesoría"
        ordering = ("assessment", "-score", "advisor__full_name")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assessment", "advisor"], name="one_score_per_advisor"),
            models.CheckConstraint(condition=Q(score__range=(LOWEST, HIGHEST)), name="score_from_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"{self.advisor_id}: {self.score}"


class MonitoringFiles(DocumentFiles):
    """A page of Monitoreo 360 as PDF and workbook, as one person asked for it; asking again replaces it."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="pidió")
    region = models.CharField("región", max_length=64, blank=True)  # its code; blank: every region that the person sees
    month = models.DateField("mes")

    class Meta:
        verbose_name = "archivos de Monitoreo 360"
        verbose_name_plural = "archivos de Monitoreo 360"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["owner", "region", "month"], name="one_monitoring_file_per_request"),
        ]
