"""The rendición de cuentas of a sector: the event, what citizens ask, what is promised."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from evaluation.models.report import IssuedReport
from evaluation.rules.accountability_states import EventStatus
from pes.access import Scope, ScopedQuerySet
from pes.models import OrganizationUnit, SectorPlan, StoredFile, User
from pes.models.sector_plan import sector_scope


class AccountabilityEvent(models.Model):
    """A meeting with citizens about how the PES goes, with its report; public from its announcement on."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")

    plan = models.ForeignKey(
        SectorPlan, on_delete=models.PROTECT, related_name="accountability_events", verbose_name="plan"
    )
    title = models.CharField("título", max_length=200)
    held_on = models.DateField("fecha")
    starts_at = models.TimeField("hora", null=True, blank=True)
    place = models.CharField("lugar", max_length=250, blank=True)
    link = models.CharField("enlace de transmisión", max_length=1000, blank=True)
    topics = models.TextField("temas")
    invitation = models.TextField("invitación", blank=True)
    questions_until = models.DateField("recibe preguntas hasta")
    status = models.CharField(
        "estado", max_length=9, choices=[(s.value, s.label) for s in EventStatus], default=EventStatus.DRAFT
    )
    report_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="informe en archivo"
    )
    issued_report = models.ForeignKey(
        IssuedReport, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="informe emitido"
    )
    attendance = models.PositiveIntegerField("asistentes", null=True)
    evaluation = models.TextField("evaluación del evento", blank=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="preparó")
    prepared_at = models.DateTimeField("preparado")
    announced_at = models.DateTimeField("convocada", null=True)
    closed_at = models.DateTimeField("cerrada", null=True)

    objects: ClassVar[ScopedQuerySet[AccountabilityEvent]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "rendición de cuentas"
        verbose_name_plural = "rendiciones de cuentas"
        ordering = ("-held_on", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "held_on", "title"], name="one_event_per_day_and_title"),
            models.CheckConstraint(
                condition=Q(questions_until__gte=models.F("held_on")), name="questions_until_the_day_or_later"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", announced_at__isnull=True)
                | (~Q(status="draft") & Q(announced_at__isnull=False)),
                name="an_announced_event_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page for who prepares it."""
        return self.url("accountability-event")

    def url(self, name: str) -> str:
        """A page or an act of it, by the name of its address in `evaluation`."""
        return reverse(f"evaluation:{name}", args=[self.plan.sector.code, self.plan.first_vigencia, self.pk])

    def url_of(self, name: str, pk: int) -> str:
        """An act on one of its questions or commitments."""
        return reverse(f"evaluation:{name}", args=[self.plan.sector.code, self.plan.first_vigencia, self.pk, pk])


class AccountabilityCorrection(models.Model):
    """Something that citizens could already read of an event was changed: what it said before, and why (AZ13).

    `before` has the earlier values of the facts that changed; of a report, the one that was replaced stays here. A file
    that should never have been public (personal data) is withheld: that it was replaced, and why, is still told.
    """

    ACCESS: ClassVar[Scope] = sector_scope("event__plan__sector")
    append_only: ClassVar[bool] = True

    event = models.ForeignKey(AccountabilityEvent, on_delete=models.PROTECT, related_name="corrections")
    reason = models.TextField("motivo de la corrección")
    before = models.JSONField("decía antes", default=dict)
    report_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="informe anterior en archivo"
    )
    issued_report = models.ForeignKey(
        IssuedReport, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="informe anterior emitido"
    )
    is_withheld = models.BooleanField("el archivo anterior no se publica", default=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="corrigió")
    made_at = models.DateTimeField("corregido")

    objects: ClassVar[ScopedQuerySet[AccountabilityCorrection]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "corrección de una rendición de cuentas"
        verbose_name_plural = "correcciones de rendiciones de cuentas"
        ordering = ("event", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_correction_of_an_event_says_why"),
        ]

    def __str__(self) -> str:
        return self.reason[:60]


class CitizenQuestion(models.Model):
    """What somebody asked; everybody reads it once it has its answer, unless its words are withheld."""

    ACCESS: ClassVar[Scope] = sector_scope("event__plan__sector")

    event = models.ForeignKey(AccountabilityEvent, on_delete=models.PROTECT, related_name="questions")
    author_name = models.CharField("nombre", max_length=120, blank=True)
    text = models.TextField("pregunta")
    channel = models.CharField("canal", max_length=120)
    sent_key = models.CharField("huella del envío", max_length=64, blank=True, editable=False)
    received_at = models.DateTimeField("recibida")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="anotó")
    answer = models.TextField("respuesta", blank=True)
    office = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="responde"
    )
    withheld_reason = models.CharField("por qué no se publica", max_length=250, blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="escribió"
    )
    answered_at = models.DateTimeField("respondida", null=True)

    objects: ClassVar[ScopedQuerySet[CitizenQuestion]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "pregunta ciudadana"
        verbose_name_plural = "preguntas ciudadanas"
        ordering = ("event", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sent_key"], condition=~Q(sent_key=""), name="a_question_is_sent_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True, office__isnull=True)
                | (Q(answered_by__isnull=False, answered_at__isnull=False, office__isnull=False) & ~Q(answer="")),
                name="a_question_is_answered_by_an_office",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class AccountabilityCommitment(models.Model):
    """What the sector promised citizens at an event, until when and, at last, what came of it."""

    ACCESS: ClassVar[Scope] = sector_scope("event__plan__sector")

    event = models.ForeignKey(AccountabilityEvent, on_delete=models.PROTECT, related_name="commitments")
    text = models.TextField("compromiso")
    unit = models.ForeignKey(OrganizationUnit, on_delete=models.PROTECT, related_name="+", verbose_name="responsable")
    due_on = models.DateField("vence")
    outcome = models.TextField("qué se cumplió", blank=True)
    kept_on = models.DateField("cumplido el", null=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="registró")
    written_at = models.DateTimeField("registrado")

    objects: ClassVar[ScopedQuerySet[AccountabilityCommitment]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "compromiso con la ciudadanía"
        verbose_name_plural = "compromisos con la ciudadanía"
        ordering = ("event", "due_on", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kept_on__isnull=True, outcome="") | (Q(kept_on__isnull=False) & ~Q(outcome="")),
                name="a_kept_commitment_says_what",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]
