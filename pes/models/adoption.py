"""How a version became the PES of its sector: the committee's session, the act, where it was published (LC-06)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pes.access import Scope, ScopedQuerySet
from pes.models.administrative_act import AdministrativeAct
from pes.models.document_version import PesVersion
from pes.models.sector_plan import SectorPlan, sector_scope
from pes.models.stored_file import StoredFile
from pes.models.user import User


class CommitteeDecision(models.TextChoices):
    """What the Comité Sectorial de Gestión y Desempeño decided."""

    ENDORSED = "endorsed", "Lo avala"
    RETURNED = "returned", "Lo devuelve con observaciones"


class CommitteeSession(models.Model):
    """A session of the Comité Sectorial de Gestión y Desempeño about a version that every entity approved."""

    append_only: ClassVar[bool] = True

    version = models.ForeignKey(PesVersion, on_delete=models.PROTECT, related_name="sessions", verbose_name="versión")
    held_on = models.DateField("fecha")
    decision = models.CharField("decisión", max_length=8, choices=CommitteeDecision.choices)
    note = models.TextField("qué dijo", blank=True)
    minutes = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="acta")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="registró")
    at = models.DateTimeField("instante")

    class Meta:
        verbose_name = "sesión del Comité Sectorial"
        verbose_name_plural = "sesiones del Comité Sectorial"
        ordering = ("version", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(decision="endorsed") | ~Q(note=""), name="a_returned_version_says_what_is_missing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d} {self.get_decision_display()}"


class Adoption(models.Model):
    """A version and the act that adopts it; of a PES adopted before this tool, the act alone, marked as such.

    From then on the version is sealed: nothing recomputes it, only a later adoption takes its place.
    """

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")
    append_only: ClassVar[bool] = True

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="adoptions", verbose_name="plan")
    version = models.OneToOneField(
        PesVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="adoption", verbose_name="versión"
    )
    act = models.OneToOneField(
        AdministrativeAct, on_delete=models.PROTECT, related_name="adoption", verbose_name="acto que lo adopta"
    )
    is_earlier = models.BooleanField("anterior a la herramienta", default=False)
    note = models.CharField("nota", max_length=1000, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="registró")
    at = models.DateTimeField("instante")

    objects: ClassVar[ScopedQuerySet[Adoption]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "adopción del PES"
        verbose_name_plural = "adopciones del PES"
        ordering = ("plan", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(is_earlier=True, version__isnull=True) | Q(is_earlier=False, version__isnull=False),
                name="only_an_earlier_adoption_has_no_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.act}"


class PublicationChannel(models.TextChoices):
    """Where the guide asks to publish the PES (fase 3, paso 3)."""

    WEB = "web", "Página web"
    INTRANET = "intranet", "Intranet"
    NETWORKS = "networks", "Redes sociales"


class PublicationLink(models.Model):
    """Where an adopted PES was published, with its address."""

    append_only: ClassVar[bool] = True

    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, related_name="publications")
    channel = models.CharField("medio", max_length=8, choices=PublicationChannel.choices)
    url = models.URLField("enlace", max_length=1000)
    published_on = models.DateField("fecha")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="registró")
    at = models.DateTimeField("instante")

    class Meta:
        verbose_name = "publicación del PES"
        verbose_name_plural = "publicaciones del PES"
        ordering = ("adoption", "published_on", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["adoption", "channel", "url"], name="one_publication_per_address"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.url}"
