"""Frozen versions of the PES document, and what each entity of the sector said of them (LC-08)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pes.access import Scope, ScopedQuerySet
from pes.models.approval import ApprovalRound
from pes.models.organization import OrganizationUnit
from pes.models.sector_plan import SectorPlan, sector_scope
from pes.models.user import User


class VersionKind(models.TextChoices):
    """What a version is in the life of the document."""

    INITIAL = "initial", "Inicial"
    ADJUSTED = "adjusted", "Ajustada"
    AMENDMENT = "amendment", "Modificación"


class PesVersion(models.Model):
    """The whole document as it was presented to the entities: never changed, only followed by another.

    `content` is that of pes/writing/content.py with its live tables as they were; `digest` is the SHA-256 of its
    canonical JSON.
    """

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")
    append_only: ClassVar[bool] = True

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="versions", verbose_name="plan")
    round = models.ForeignKey(ApprovalRound, on_delete=models.PROTECT, related_name="versions", verbose_name="ronda")
    number = models.PositiveSmallIntegerField("versión")
    kind = models.CharField("clase", max_length=10, choices=VersionKind.choices)
    content = models.JSONField("contenido")
    digest = models.CharField("huella", max_length=64)
    respond_by = models.DateField("plazo para observar")
    note = models.CharField("nota", max_length=1000, blank=True)
    presented_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="presentó")
    presented_at = models.DateTimeField("presentada")

    objects: ClassVar[ScopedQuerySet[PesVersion]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "versión del PES"
        verbose_name_plural = "versiones del PES"
        ordering = ("plan", "-number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "number"], name="pes_version_once"),
        ]

    def __str__(self) -> str:
        return f"Versión {self.number}"


class EntityReading(models.Model):
    """An entity said that it has read a version; what it observes or approves it has read, too."""

    append_only: ClassVar[bool] = True

    version = models.ForeignKey(PesVersion, on_delete=models.PROTECT, related_name="readings")
    entity = models.ForeignKey(OrganizationUnit, on_delete=models.PROTECT, related_name="+", verbose_name="entidad")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="quién")
    at = models.DateTimeField("instante")

    class Meta:
        verbose_name = "lectura de una versión"
        verbose_name_plural = "lecturas de una versión"
        ordering = ("version", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "entity"], name="one_reading_per_version_and_entity"),
        ]

    def __str__(self) -> str:
        return f"{self.entity}: {self.version}"


class ObservationSide(models.TextChoices):
    """Who speaks in an observation of an entity."""

    ENTITY = "entity", "Entidad"
    HEAD = "head", "Cabeza de sector"


class Verdict(models.TextChoices):
    """What the head of the sector answered."""

    ACCEPTED = "accepted", "Acogida"
    DECLINED = "declined", "No acogida"


class EntityObservation(models.Model):
    """What an entity observes of a section of a version, or of the whole; what is said are its turns."""

    ACCESS: ClassVar[Scope] = sector_scope("version__plan__sector")
    append_only: ClassVar[bool] = True

    version = models.ForeignKey(PesVersion, on_delete=models.PROTECT, related_name="observations")
    entity = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="pes_observations", verbose_name="entidad"
    )
    section = models.CharField("sección", max_length=120, blank=True)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="observó")
    raised_at = models.DateTimeField("instante")

    objects: ClassVar[ScopedQuerySet[EntityObservation]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "observación de una entidad"
        verbose_name_plural = "observaciones de las entidades"
        ordering = ("version", "pk")

    def __str__(self) -> str:
        return f"Observación {self.pk}"


class EntityObservationTurn(models.Model):
    """One thing said: the observation, its answer, an insistence. An answer says whether it was accepted."""

    append_only: ClassVar[bool] = True

    observation = models.ForeignKey(EntityObservation, on_delete=models.PROTECT, related_name="turns")
    side = models.CharField("quién habla", max_length=6, choices=ObservationSide.choices)
    verdict = models.CharField("respuesta", max_length=8, choices=Verdict.choices, blank=True)
    adjusted = models.CharField("sección ajustada", max_length=120, blank=True)
    text = models.TextField("texto")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="quién")
    at = models.DateTimeField("instante")

    class Meta:
        verbose_name = "turno de una observación de una entidad"
        ordering = ("observation", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="an_entity_observation_says_something"),
            models.CheckConstraint(
                condition=(Q(side="entity") & Q(verdict="")) | (Q(side="head") & ~Q(verdict="")),
                name="the_head_answers_with_a_verdict",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="accepted") | ~Q(adjusted=""), name="what_is_accepted_adjusts_a_section"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class EntityDecision(models.Model):
    """An entity approves a version, that one and no other, or says why it does not (LC-08)."""

    append_only: ClassVar[bool] = True

    version = models.ForeignKey(PesVersion, on_delete=models.PROTECT, related_name="decisions")
    entity = models.ForeignKey(OrganizationUnit, on_delete=models.PROTECT, related_name="+", verbose_name="entidad")
    approves = models.BooleanField("aprueba")
    reason = models.TextField("motivo", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="quién")
    at = models.DateTimeField("instante")

    class Meta:
        verbose_name = "decisión de una entidad"
        verbose_name_plural = "decisiones de las entidades"
        ordering = ("version", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["version", "entity"], condition=Q(approves=True), name="one_approval_per_version_and_entity"
            ),
            models.CheckConstraint(condition=Q(approves=True) | ~Q(reason=""), name="a_refusal_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.entity}: {'aprueba' if self.approves else 'no aprueba'}"
