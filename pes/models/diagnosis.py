"""What an entity brings to the PES: the problems it sees, the policies in its charge, the actors it deals with."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from pes.access import Scope, ScopedQuerySet
from pes.models.organization import OrganizationUnit
from pes.models.profile import Sourced, profile_scope
from pes.models.sector_plan import Objective, SectorPlan, sector_scope
from pes.permissions import Permission


class EntityProblem(models.Model):
    """A problem of an entity's diagnosis, why it happens and whom it touches (LC-07, 2.1–2.4)."""

    ACCESS: ClassVar[Scope] = profile_scope("plan__sector", "entity")

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="problems", verbose_name="plan")
    entity = models.ForeignKey(
        OrganizationUnit,
        on_delete=models.PROTECT,
        related_name="problems",
        verbose_name="entidad",
        help_text="La que lo presenta.",
    )
    number = models.PositiveSmallIntegerField(
        "número", validators=[MinValueValidator(1)], help_text="El orden dentro de la entidad."
    )
    theme = models.CharField(
        "tema", max_length=150, blank=True, help_text="Por ejemplo «Convivencia» o «Espacio público»."
    )
    text = models.TextField("problema", help_text="Qué pasa, a quién y dónde, en una o dos frases.")
    causes = models.TextField("causas", blank=True, help_text="Por qué pasa.")
    effects = models.TextField("efectos", blank=True, help_text="Qué trae como consecuencia.")
    population = models.CharField(
        "población afectada",
        max_length=250,
        blank=True,
        help_text="A quiénes toca; si se conoce, cuántas personas son.",
    )
    objectives = models.ManyToManyField(
        Objective,
        blank=True,
        related_name="problems",
        verbose_name="objetivos que le responden",
        help_text="Los del plan que atienden este problema.",
    )

    objects: ClassVar[ScopedQuerySet[EntityProblem]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "problema de una entidad"
        verbose_name_plural = "problemas de las entidades"
        ordering = ("plan", "entity__sort_key", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "entity", "number"], name="problem_number_once_per_entity"),
        ]

    def __str__(self) -> str:
        return f"Problema {self.number}"


class PolicyRole(models.TextChoices):
    """How an entity answers for a public policy."""

    LEAD = "lead", "Lidera"
    CORESPONSIBLE = "coresponsible", "Corresponsable"


class PublicPolicy(Sourced):
    """A public policy in charge of an entity; `source_act` is the CONPES, decreto or acuerdo that adopts it."""

    ACCESS: ClassVar[Scope] = profile_scope("plan__sector", "entity")

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="policies", verbose_name="plan")
    entity = models.ForeignKey(
        OrganizationUnit,
        on_delete=models.PROTECT,
        related_name="policies",
        verbose_name="entidad",
        help_text="La que la tiene a cargo.",
    )
    name = models.CharField("política pública", max_length=400, help_text="Con su nombre oficial.")
    role = models.CharField(
        "papel de la entidad", max_length=13, choices=PolicyRole.choices, help_text="Si la lidera o es corresponsable."
    )
    first_year = models.PositiveSmallIntegerField(
        "desde el año", null=True, blank=True, help_text="Primer año de su horizonte."
    )
    last_year = models.PositiveSmallIntegerField(
        "hasta el año", null=True, blank=True, help_text="Último año de su horizonte."
    )

    objects: ClassVar[ScopedQuerySet[PublicPolicy]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Sourced.Meta):
        verbose_name = "política pública"
        verbose_name_plural = "políticas públicas"
        ordering = ("plan", "entity__sort_key", "name")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(fields=["plan", "entity", "name"], name="policy_once_per_entity"),
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(first_year__isnull=True) | Q(last_year__gte=F("first_year")),
                name="policy_horizon_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ActorKind(models.TextChoices):
    """What an actor is; the first three are the rows of DNP's matrix."""

    ADMINISTRATION = "administration", "Administración"
    SOCIETY = "society", "Sociedad civil"
    POLITICS = "politics", "Dirigencia política"
    CONTROL = "control", "Organismo de control"
    BUSINESS = "business", "Sector privado"
    ACADEMY = "academy", "Academia"
    COOPERATION = "cooperation", "Cooperación internacional"


class SectorActor(models.Model):
    """Somebody the sector, or one of its entities, deals with, and what they do in each function of management."""

    ACCESS: ClassVar[Scope] = {
        Permission.PES_READ: sector_scope("plan__sector")[Permission.PES_READ],
        Permission.PROFILE_EDIT: ("plan__sector", "entity"),
    }

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="actors", verbose_name="plan")
    entity = models.ForeignKey(
        OrganizationUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actors",
        verbose_name="entidad",
        help_text="Vacío: interactúa con todo el sector.",
    )
    name = models.CharField("actor", max_length=250, help_text="Un grupo o una organización, nunca una persona.")
    kind = models.CharField(
        "clase", max_length=14, choices=ActorKind.choices, help_text="Las tres primeras son las de la matriz del DNP."
    )
    role = models.TextField("relación con el sector", blank=True, help_text="Para qué interactúan.")
    planning = models.TextField("en la planeación", blank=True, help_text="Qué hace cuando se formula y se aprueba.")
    execution = models.TextField("en la ejecución", blank=True, help_text="Qué hace cuando se ejecuta.")
    follow_up = models.TextField(
        "en el seguimiento y la evaluación", blank=True, help_text="Qué hace cuando se mide y se rinde cuentas."
    )

    objects: ClassVar[ScopedQuerySet[SectorActor]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "actor"
        verbose_name_plural = "actores"
        ordering = ("plan", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan", "name"], condition=Q(entity__isnull=True), name="actor_once_per_sector"
            ),
            models.UniqueConstraint(
                fields=["plan", "entity", "name"], condition=Q(entity__isnull=False), name="actor_once_per_entity"
            ),
        ]

    def __str__(self) -> str:
        return self.name
