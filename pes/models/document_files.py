"""The document of the PES as files: a draft of what is written now, and those of each frozen version."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from pes.access import Scope, ScopedQuerySet
from pes.models.administrative_act import ActCorrection
from pes.models.adoption import Adoption
from pes.models.document_version import PesVersion
from pes.models.job import Job
from pes.models.sector_plan import SectorPlan, sector_scope

SUFFIXES = ("pdf", "docx", "json")  # what is handed over; the folder has the HTML that pages show, too


class DocumentFiles(models.Model):
    """A folder of stored files with their digests."""

    folder = models.CharField(max_length=40, unique=True)
    digests = models.JSONField("SHA-256 por archivo")  # suffix → hexadecimal
    content_sha256 = models.CharField("SHA-256 del contenido", max_length=64)
    pages = models.PositiveIntegerField("páginas", default=0)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("generado")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.folder

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The files that may be downloaded."""
        return SUFFIXES

    def digest_of(self, suffix: str) -> str:
        """SHA-256 of one of its files."""
        return str(self.digests[suffix])

    def path(self, suffix: str) -> Path:
        """Where a file lies; `suffix` is one of `digests`."""
        return Path(settings.MEDIA_ROOT) / "informes" / self.folder / f"informe.{suffix}"


class DraftFiles(DocumentFiles):
    """The document as it was written when somebody asked, marked «Borrador»; asking again replaces it."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")

    plan = models.OneToOneField(SectorPlan, on_delete=models.PROTECT, related_name="draft_files", verbose_name="plan")

    objects: ClassVar[ScopedQuerySet[DraftFiles]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "borrador del documento del PES"
        verbose_name_plural = "borradores del documento del PES"


class VersionFilesQuerySet(ScopedQuerySet["VersionFiles"]):
    """Files of versions."""

    def standing(self) -> VersionFilesQuerySet:
        """Those that say of the act what it says now: the ones from before a correction of its name or day do not."""
        renamed = ActCorrection.objects.filter(act__adoption=models.OuterRef("adoption"), renames=True)
        rows = self.annotate(renamed=models.Subquery(renamed.order_by("-pk").values("pk")[:1]))
        return rows.filter(Q(correction=F("renamed")) | Q(correction=None, renamed=None))


class VersionFiles(DocumentFiles):
    """The files of a frozen version: once as it was presented and once with the act that adopted it.

    A correction of the act that changes what they say of it makes them again; the earlier ones stay in custody.
    """

    ACCESS: ClassVar[Scope] = sector_scope("version__plan__sector")
    append_only: ClassVar[bool] = True

    version = models.ForeignKey(PesVersion, on_delete=models.PROTECT, related_name="files", verbose_name="versión")
    adoption = models.ForeignKey(
        Adoption, on_delete=models.PROTECT, null=True, blank=True, related_name="files", verbose_name="adopción"
    )
    correction = models.OneToOneField(
        ActCorrection, on_delete=models.PROTECT, null=True, blank=True, related_name="files", verbose_name="corrección"
    )

    objects: ClassVar[VersionFilesQuerySet] = VersionFilesQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "archivos de una versión del PES"
        verbose_name_plural = "archivos de las versiones del PES"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(adoption__isnull=True), name="presented_files_once_per_version"
            ),
            models.UniqueConstraint(
                fields=["adoption"], condition=Q(correction__isnull=True), name="adopted_files_once_before_corrections"
            ),
        ]
