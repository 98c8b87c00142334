"""What a meeting of a PES leaves written: decisions, what was seen in the field, addenda, files and the rendered acta."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from pes.access import Scope, ScopedQuerySet
from pes.models.document_files import DocumentFiles
from pes.models.sector_plan import sector_scope
from pes.models.stored_file import StoredFile
from pes.models.technical_workshop import TechnicalWorkshop
from pes.models.user import User


class MeetingDecision(models.Model):
    """Something that a meeting decided."""

    meeting = models.ForeignKey(TechnicalWorkshop, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField("número")
    text = models.TextField("decisión")

    class Meta:
        verbose_name = "decisión"
        verbose_name_plural = "decisiones"
        ordering = ("meeting", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "number"], name="decision_number_once_per_meeting"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:60]}"


class FieldObservation(models.Model):
    """What was observed about a theme at a public event (LC-03): of themes, never of persons."""

    meeting = models.ForeignKey(TechnicalWorkshop, on_delete=models.CASCADE, related_name="observations")
    number = models.PositiveSmallIntegerField("número")
    theme = models.CharField("tema", max_length=150)
    text = models.TextField("lo observado")

    class Meta:
        verbose_name = "observación en campo"
        verbose_name_plural = "observaciones en campo"
        ordering = ("meeting", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "number"], name="observation_number_once_per_meeting"),
        ]

    def __str__(self) -> str:
        return self.theme


class MinuteAddendum(models.Model):
    """A dated correction of minutes that are closed: they never change themselves."""

    append_only: ClassVar[bool] = True

    meeting = models.ForeignKey(TechnicalWorkshop, on_delete=models.PROTECT, related_name="addenda")
    number = models.PositiveSmallIntegerField("número")
    text = models.TextField("adenda")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="escribió")
    at = models.DateTimeField("instante")

    class Meta:
        verbose_name = "adenda"
        verbose_name_plural = "adendas"
        ordering = ("meeting", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "number"], name="addendum_number_once_per_meeting"),
        ]

    def __str__(self) -> str:
        return f"Adenda {self.number}"


class MeetingFile(models.Model):
    """A file of a meeting: what was presented, the signed attendance list, the signed minutes."""

    append_only: ClassVar[bool] = True

    meeting = models.ForeignKey(TechnicalWorkshop, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="archivo")
    note = models.CharField("qué es", max_length=250)

    class Meta:
        verbose_name = "archivo de una mesa técnica"
        verbose_name_plural = "archivos de mesas técnicas"
        ordering = ("meeting", "pk")

    def __str__(self) -> str:
        return self.note


class MinutesDocument(DocumentFiles):
    """The latest acta that was rendered; asking again replaces it, so it says what the page says."""

    ACCESS: ClassVar[Scope] = sector_scope("meeting__plan__sector")

    meeting = models.OneToOneField(TechnicalWorkshop, on_delete=models.PROTECT, related_name="document")

    objects: ClassVar[ScopedQuerySet[MinutesDocument]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "acta generada"
        verbose_name_plural = "actas generadas"

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The files that may be downloaded."""
        return ("pdf", "docx")
