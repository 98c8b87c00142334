"""The document of the PES: its chapters and sections, what was written in each, and the comments in its margin."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from pes.access import Scope, ScopedQuerySet
from pes.models.organization import OrganizationUnit
from pes.models.sector_plan import SectorPlan, sector_scope
from pes.models.user import User
from pes.rules.transitions import transition_for
from pes.rules.writing import TRANSITIONS, SectionKind, SectionStatus


class PlanDocument(models.Model):
    """The document of a PES, from the day it is opened (LC-07)."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")

    plan = models.OneToOneField(SectorPlan, on_delete=models.PROTECT, related_name="document", verbose_name="PES")
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="abrió")
    opened_at = models.DateTimeField("abierto")

    objects: ClassVar[ScopedQuerySet[PlanDocument]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "documento del PES"
        verbose_name_plural = "documentos del PES"
        ordering = ("plan",)

    def __str__(self) -> str:
        return f"Documento de {self.plan}"

    @classmethod
    def hold(cls, pk: int) -> PlanDocument:
        """The document with its row locked until the transaction ends: verbs that change its structure take it."""
        return cls.objects.select_for_update(no_key=True, of=("self",)).select_related("plan__sector").get(pk=pk)

    def get_absolute_url(self) -> str:
        """The document, to be read."""
        return reverse("pes:document", args=[self.plan.sector.code, self.plan.first_vigencia])


class DocumentChapter(models.Model):
    """A chapter of the document, or one of the parts without number after them."""

    document = models.ForeignKey(PlanDocument, on_delete=models.PROTECT, related_name="chapters")
    key = models.SlugField("clave", max_length=40)
    number = models.CharField("número", max_length=2, blank=True)
    title = models.CharField("título", max_length=250)
    order = models.PositiveSmallIntegerField("orden")

    class Meta:
        verbose_name = "capítulo del documento"
        verbose_name_plural = "capítulos del documento"
        ordering = ("document", "order")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["document", "key"], name="chapter_once_per_document"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}" if self.number else self.title


class DocumentSection(models.Model):
    """A section: who writes it and until when, what it says now, and how far it is.

    Its number is never stored: it is its place among its chapter's (`pes.rules.writing.numbers`), so a section that an
    entity brings later moves the ones after it.
    """

    ACCESS: ClassVar[Scope] = sector_scope("chapter__document__plan__sector")

    chapter = models.ForeignKey(DocumentChapter, on_delete=models.PROTECT, related_name="sections")
    key = models.CharField("clave", max_length=80)
    title = models.CharField("título", max_length=500, blank=True)
    order = models.PositiveIntegerField("orden")
    level = models.PositiveSmallIntegerField("nivel", default=2)
    kind = models.CharField("contenido", max_length=4, choices=[(k.value, k.label) for k in SectionKind])
    entity = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="entidad"
    )
    responsible = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="document_sections", verbose_name="responsable"
    )
    due_on = models.DateField("plazo", null=True)
    status = models.CharField(
        "estado",
        max_length=7,
        choices=[(s.value, s.label) for s in SectionStatus],
        default=SectionStatus.PENDING.value,
        editable=False,
    )
    html = models.TextField("texto", blank=True, editable=False)
    revision = models.PositiveIntegerField("revisión", default=0, editable=False)

    objects: ClassVar[ScopedQuerySet[DocumentSection]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "sección del documento"
        verbose_name_plural = "secciones del documento"
        ordering = ("chapter__order", "order", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["chapter", "key"], name="section_once_per_chapter"),
        ]

    def __str__(self) -> str:
        return self.title or self.chapter.title

    @classmethod
    def hold(cls, pk: int) -> DocumentSection:
        """The section with its row locked until the transaction ends; every verb that writes in it takes it."""
        held = cls.objects.select_for_update(no_key=True, of=("self",))
        return held.select_related("chapter__document__plan__sector", "entity").get(pk=pk)

    @property
    def plan(self) -> SectorPlan:
        """The PES that it is of."""
        return self.chapter.document.plan

    def get_absolute_url(self) -> str:
        """Where it is written, commented and followed."""
        plan = self.plan
        return reverse("pes:section", args=[plan.sector.code, plan.first_vigencia, self.pk])

    def move(self, name: str, **values: Any) -> None:
        """Take an edge of the section's machine with a conditional UPDATE; raises LookupError if it was not there."""
        row = transition_for(TRANSITIONS, name)
        found = type(self).objects.filter(pk=self.pk, status__in=row.sources)
        if found.update(status=row.target, **values) != 1:
            raise LookupError(f"la sección no puede «{name}» desde donde está")
        self.refresh_from_db()


class SectionText(models.Model):
    """What a section said after somebody's sitting: its history. One sitting of a person is one row."""

    section = models.ForeignKey(DocumentSection, on_delete=models.PROTECT, related_name="texts")
    number = models.PositiveIntegerField("número")
    html = models.TextField("texto", blank=True)
    words = models.PositiveIntegerField("palabras")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="escribió")
    began_at = models.DateTimeField("empezó")
    at = models.DateTimeField("guardado")
    restored = models.PositiveIntegerField("restaura el texto número", null=True)

    class Meta:
        verbose_name = "texto de una sección"
        verbose_name_plural = "textos de una sección"
        ordering = ("section", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["section", "number"], name="text_number_once_per_section"),
            models.CheckConstraint(condition=Q(at__gte=F("began_at")), name="text_sitting_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.section} · texto {self.number}"


class CommentQuerySet(ScopedQuerySet["SectionComment"]):
    """Questions about comments."""

    def open(self) -> CommentQuerySet:
        """Those that nobody resolved."""
        return self.filter(resolved_at=None)


class SectionComment(models.Model):
    """A thread in the margin of a section, about a passage as it was then or about the whole."""

    ACCESS: ClassVar[Scope] = sector_scope("section__chapter__document__plan__sector")

    section = models.ForeignKey(DocumentSection, on_delete=models.PROTECT, related_name="comments")
    quote = models.CharField("pasaje", max_length=500, blank=True)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="comentó")
    raised_at = models.DateTimeField("comentado")
    resolved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="resolvió"
    )
    resolved_at = models.DateTimeField("resuelto", null=True)

    objects: ClassVar[CommentQuerySet] = CommentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "comentario"
        verbose_name_plural = "comentarios"
        ordering = ("section", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(resolved_by__isnull=True, resolved_at__isnull=True)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="comment_resolved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Comentario de {timezone.localdate(self.raised_at):%Y-%m-%d}"


class CommentTurn(models.Model):
    """Something said in a thread; only added."""

    append_only = True

    comment = models.ForeignKey(SectionComment, on_delete=models.PROTECT, related_name="turns")
    text = models.TextField("texto")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="dijo")
    at = models.DateTimeField("dicho")

    class Meta:
        verbose_name = "turno de un comentario"
        verbose_name_plural = "turnos de un comentario"
        ordering = ("comment", "pk")

    def __str__(self) -> str:
        return self.text
