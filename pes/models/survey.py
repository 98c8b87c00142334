"""The citizen survey of a PES: a question with options, answered without an account, or on paper (LC-05).

Nothing that is kept says who answered: of a browser only a keyed digest that no other survey shares, of a day only
the day, and of an address nothing.
"""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.models.sector_plan import SectorPlan, sector_scope
from pes.models.user import User


class SurveyStatus(models.TextChoices):
    """How far a survey has come."""

    DRAFT = "draft", "Borrador"
    OPEN = "open", "Abierta"
    CLOSED = "closed", "Cerrada"
    PUBLISHED = "published", "Resultados publicados"


class TextStatus(models.TextChoices):
    """What was decided about the words of a citizen."""

    PENDING = "pending", "Por moderar"
    SHOWN = "shown", "Se muestra"
    HIDDEN = "hidden", "No se muestra"


def new_token() -> str:
    """What ends a survey's public address: it cannot be guessed before the survey is announced."""
    return secrets.token_urlsafe(9)


class Survey(models.Model):
    """A question that the sector asks its citizens between two days."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="surveys", verbose_name="plan")
    title = models.CharField("título", max_length=150)
    introduction = models.TextField("presentación", blank=True)
    question = models.TextField("pregunta")
    is_multiple = models.BooleanField("se pueden marcar varias opciones", default=True)
    opens_on = models.DateField("abre")
    closes_on = models.DateField("cierra")
    status = models.CharField("estado", max_length=9, choices=SurveyStatus.choices, default=SurveyStatus.DRAFT)
    token = models.CharField("dirección", max_length=24, unique=True, default=new_token, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="preparó")
    created_at = models.DateTimeField("preparada")
    opened_at = models.DateTimeField("abierta", null=True)
    closed_at = models.DateTimeField("cerrada", null=True)
    published_at = models.DateTimeField("publicada", null=True)

    objects: ClassVar[ScopedQuerySet[Survey]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "encuesta ciudadana"
        verbose_name_plural = "encuestas ciudadanas"
        ordering = ("-opens_on", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "title"], name="one_survey_per_title"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="survey_dates_in_order"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False), name="a_published_survey_says_when"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def public_url(self) -> str:
        """Its page without an account."""
        return reverse("pes:public-survey", args=[self.token])


class SurveyOption(models.Model):
    """One of the answers to choose from; one of them may ask which."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="options", verbose_name="encuesta")
    number = models.PositiveSmallIntegerField("número")
    text = models.CharField("opción", max_length=200)
    is_other = models.BooleanField("pide escribir cuál", default=False)

    class Meta:
        verbose_name = "opción"
        verbose_name_plural = "opciones"
        ordering = ("survey", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["survey", "number"], name="survey_option_number_once"),
            models.UniqueConstraint(fields=["survey", "text"], name="survey_option_text_once"),
            models.UniqueConstraint(fields=["survey"], condition=Q(is_other=True), name="one_other_per_survey"),
        ]

    def __str__(self) -> str:
        return self.text


class SurveyResponse(models.Model):
    """What one browser answered, and on which day; whose it is, nobody can tell."""

    append_only: ClassVar[bool] = True

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses", verbose_name="encuesta")
    browser = models.CharField("navegador", max_length=64)  # keyed digest, of this survey only
    ticket = models.CharField("formulario", max_length=64, unique=True)  # digest of the form that was used up
    received_on = models.DateField("recibida")

    class Meta:
        verbose_name = "respuesta"
        ordering = ("survey", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["survey", "browser"], name="one_answer_per_browser"),
        ]

    def __str__(self) -> str:
        return f"Respuesta {self.pk}"


class SurveyChoice(models.Model):
    """An option that an answer marks."""

    append_only: ClassVar[bool] = True

    response = models.ForeignKey(SurveyResponse, on_delete=models.PROTECT, related_name="choices")
    option = models.ForeignKey(SurveyOption, on_delete=models.PROTECT, related_name="choices", verbose_name="opción")

    class Meta:
        verbose_name = "opción marcada"
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["response", "option"], name="an_option_is_marked_once"),
        ]

    def __str__(self) -> str:
        return f"Respuesta {self.response_id}: opción {self.option_id}"


class SurveyTexts(ScopedQuerySet["SurveyText"]):
    """What was written, in line and on paper."""

    def of(self, survey: Survey) -> SurveyTexts:
        """Those of a survey, in the order in which they came."""
        return self.filter(Q(response__survey=survey) | Q(batch__survey=survey)).order_by("pk")


def _either_scope() -> Scope:
    """The sector's, whether it was written in line or on paper."""
    online, paper = (sector_scope(f"{source}__survey__plan__sector") for source in ("response", "batch"))
    return {permission: (*paths, *paper[permission]) for permission, paths in online.items()}


class SurveyText(models.Model):
    """What somebody wrote under «otro, ¿cuál?», in line or on paper; nobody outside reads it before it was moderated."""

    ACCESS: ClassVar[Scope] = _either_scope()

    response = models.OneToOneField(
        SurveyResponse, on_delete=models.PROTECT, null=True, related_name="text", verbose_name="respuesta en línea"
    )
    batch = models.ForeignKey(
        "PaperBatch", on_delete=models.CASCADE, null=True, related_name="texts", verbose_name="conteo en papel"
    )
    text = models.CharField("respuesta abierta", max_length=200)
    status = models.CharField("moderación", max_length=7, choices=TextStatus.choices, default=TextStatus.PENDING)
    reason = models.CharField("por qué no se muestra", max_length=250, blank=True)
    moderated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="moderó")
    moderated_at = models.DateTimeField("moderada", null=True)

    objects: ClassVar[SurveyTexts] = SurveyTexts.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "respuesta abierta"
        verbose_name_plural = "respuestas abiertas"
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status="pending", moderated_by__isnull=True, moderated_at__isnull=True)
                | (~Q(status="pending") & Q(moderated_by__isnull=False, moderated_at__isnull=False)),
                name="moderation_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(status="hidden") & ~Q(reason="") | ~Q(status="hidden") & Q(reason=""),
                name="what_is_hidden_says_why",
            ),
            models.CheckConstraint(
                condition=Q(response__isnull=False, batch__isnull=True) | Q(response__isnull=True, batch__isnull=False),
                name="a_text_came_in_line_or_on_paper",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def survey(self) -> Survey:
        """The one that it answers."""
        source: SurveyResponse | PaperBatch = self.response or self.batch  # type: ignore[assignment]
        return source.survey


class PaperBatch(models.Model):
    """Answers on paper from one place and day, counted by hand, with the record that vouches for them."""

    ACCESS: ClassVar[Scope] = sector_scope("survey__plan__sector")

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="batches", verbose_name="encuesta")
    place = models.CharField("lugar", max_length=150)
    held_on = models.DateField("fecha")
    act_number = models.CharField("acta", max_length=60)
    sheets = models.PositiveIntegerField("hojas contadas")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="registró")
    recorded_at = models.DateTimeField("registrada")

    objects: ClassVar[ScopedQuerySet[PaperBatch]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "conteo en papel"
        verbose_name_plural = "conteos en papel"
        ordering = ("held_on", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["survey", "place", "held_on", "act_number"], name="one_count_per_place_day_and_act"
            ),
            models.CheckConstraint(condition=Q(sheets__gte=1), name="a_count_has_sheets"),
        ]

    def __str__(self) -> str:
        return f"Acta {self.act_number}, {self.place}"


class PaperCount(models.Model):
    """How many of a batch's sheets mark an option."""

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, related_name="counts", verbose_name="conteo")
    option = models.ForeignKey(SurveyOption, on_delete=models.PROTECT, related_name="counts", verbose_name="opción")
    count = models.PositiveIntegerField("hojas que la marcan", default=0)

    class Meta:
        verbose_name = "cuenta de una opción"
        ordering = ("batch", "option")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "option"], name="an_option_is_counted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.option}: {self.count}"
