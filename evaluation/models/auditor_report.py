"""Documents for the control offices and the yearly report of management: drafts, issued editions, their columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from evaluation.models.quarter_close import close_scope
from pes.access import Scope, ScopedQuerySet
from pes.models import Job, OrganizationUnit, User


class AuditorKind(models.TextChoices):
    """What the year's results are delivered as (PLE-PIN-P005 v8, act. 14 and 15; REP-04, REP-07, REP-08)."""

    CB0404 = "cb0404", "CB-0404 Indicadores de gestión"
    CB1090 = "cb1090", "CB-1090 Informe de gestión y resultados"
    GESTION = "gestion", "Informe de gestión institucional"


FORMATS: dict[str, tuple[str, ...]] = {
    AuditorKind.CB0404: ("xlsx", "pdf"),
    AuditorKind.CB1090: ("docx", "pdf", "xlsx"),
    AuditorKind.GESTION: ("pdf", "docx", "xlsx"),
}  # the one that is handed in comes first


class AuditorDocument(models.Model):
    """What a draft and an issued edition share: whose year it tells, and the stored files with their digests."""

    entity = models.ForeignKey(OrganizationUnit, on_delete=models.PROTECT, related_name="+", verbose_name="entidad")
    vigencia = models.PositiveSmallIntegerField("vigencia")
    kind = models.CharField("clase", max_length=7, choices=AuditorKind.choices)
    folder = models.CharField(max_length=40, unique=True)
    digests = models.JSONField("SHA-256 por archivo")  # suffix → hexadecimal
    context_sha256 = models.CharField("SHA-256 de los datos", max_length=64)
    pages = models.PositiveIntegerField("páginas", default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.vigencia}"

    def get_absolute_url(self) -> str:
        """The page of its year and kind."""
        return self.url("auditor-report")

    def url(self, name: str, *args: Any) -> str:
        """A page or an act of the document, by the name of its address."""
        return reverse(f"evaluation:{name}", args=[self.entity.code, self.vigencia, self.kind, *args])

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The files that may be downloaded, the one that is handed in first."""
        return FORMATS[self.kind]

    def digest_of(self, suffix: str) -> str:
        """SHA-256 of one of its files."""
        return str(self.digests[suffix])

    def path(self, suffix: str) -> Path:
        """Where a file of the document lies; `suffix` is one of `digests`."""
        return Path(settings.MEDIA_ROOT) / "informes" / self.folder / f"informe.{suffix}"


class AuditorDraft(AuditorDocument):
    """The latest draft, marked «Borrador»; asking again replaces it."""

    ACCESS: ClassVar[Scope] = close_scope("entity")

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("generado")

    objects: ClassVar[ScopedQuerySet[AuditorDraft]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "borrador para entes de control"
        verbose_name_plural = "borradores para entes de control"
        ordering = ("-vigencia", "kind")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["entity", "vigencia", "kind"], name="one_auditor_draft_per_year_and_kind"),
        ]


class AuditorReport(AuditorDocument):
    """An issued edition: it never changes, a correction is the next edition and says why."""

    ACCESS: ClassVar[Scope] = close_scope("entity")
    append_only: ClassVar[bool] = True

    edition = models.PositiveSmallIntegerField("edición")
    closes = models.JSONField("cierres")  # ids of the runs whose figures it tells
    reason = models.TextField("motivo de la corrección", blank=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="emitió")
    issued_at = models.DateTimeField("emitido")

    objects: ClassVar[ScopedQuerySet[AuditorReport]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "documento para entes de control"
        verbose_name_plural = "documentos para entes de control"
        ordering = ("-vigencia", "kind", "-edition")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["entity", "vigencia", "kind", "edition"], name="auditor_report_edition_once"
            ),
            models.CheckConstraint(condition=Q(edition=1) | ~Q(reason=""), name="a_later_edition_says_why"),
        ]


class AuditorPublication(models.Model):
    """The act that put an edition on the public page (act. 15)."""

    append_only: ClassVar[bool] = True

    report = models.OneToOneField(AuditorReport, on_delete=models.PROTECT, related_name="publication")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="publicó")
    at = models.DateTimeField("publicado")

    class Meta:
        verbose_name = "publicación de un informe de gestión"
        verbose_name_plural = "publicaciones de informes de gestión"

    def __str__(self) -> str:
        return f"Publicación de {self.report}"


class AuditorColumns(models.Model):
    """A version of the columns of CB-0404: the last one is in force, the others stay (REP-08).

    Each column is `{"header", "source", "number"}`; its source is a name that evaluation/auditor knows, or empty for a
    constant, whose text is then in `"constant"`.
    """

    append_only: ClassVar[bool] = True

    version = models.PositiveIntegerField("versión", unique=True)
    columns = models.JSONField("columnas")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="definió")
    at = models.DateTimeField("instante")

    class Meta:
        verbose_name = "columnas del CB-0404"
        verbose_name_plural = "columnas del CB-0404"
        ordering = ("-version",)

    def __str__(self) -> str:
        return f"Columnas del CB-0404, versión {self.version}"
