"""Commitments that a meeting leaves, and what has been told of each (LC-03)."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet, units_for
from pes.models.organization import OrganizationUnit
from pes.models.sector_plan import sector_scope
from pes.models.stored_file import StoredFile
from pes.models.technical_workshop import TechnicalWorkshop
from pes.models.user import User
from pes.permissions import Permission
from pes.rules.commitments import OPEN, CommitmentEvent, CommitmentStatus

ANSWERING = Permission.DOCUMENT_OBSERVE  # held on an entity by who speaks for it in the PES


class CommitmentQuerySet(ScopedQuerySet["Commitment"]):
    """Questions about commitments."""

    def open(self) -> CommitmentQuerySet:
        """Those that still have to be fulfilled."""
        return self.filter(status__in=OPEN)

    def overdue(self, today: date) -> CommitmentQuerySet:
        """Those open after their day."""
        return self.open().filter(due_on__lt=today)

    def answered_by(self, user: Any) -> CommitmentQuerySet:
        """Those that a person owes: their own, and those of an entity for which they speak."""
        return self.filter(Q(owner=user) | Q(owner_entity__in=units_for(user, ANSWERING)))


class Commitment(models.Model):
    """What somebody, a person or an entity, undertook at a meeting to do until a day."""

    ACCESS: ClassVar[Scope] = sector_scope("meeting__plan__sector")

    meeting = models.ForeignKey(TechnicalWorkshop, on_delete=models.PROTECT, related_name="commitments")
    number = models.PositiveSmallIntegerField("número")
    text = models.TextField("compromiso")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="persona")
    owner_entity = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="entidad"
    )
    agreed_due_on = models.DateField("plazo acordado")  # what the minutes say, whatever is granted later
    due_on = models.DateField("plazo")
    status = models.CharField(
        "estado",
        max_length=11,
        choices=[(s.value, s.label) for s in CommitmentStatus],
        default=CommitmentStatus.PENDING.value,
        editable=False,
    )
    fulfilled_on = models.DateField("cumplido el", null=True)

    objects: ClassVar[CommitmentQuerySet] = CommitmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "compromiso"
        verbose_name_plural = "compromisos"
        ordering = ("due_on", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "number"], name="commitment_number_once_per_meeting"),
            models.CheckConstraint(
                condition=Q(owner__isnull=True) ^ Q(owner_entity__isnull=True), name="a_commitment_has_one_owner"
            ),
            models.CheckConstraint(
                condition=Q(status="fulfilled") ^ Q(fulfilled_on__isnull=True), name="a_fulfilled_commitment_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"Compromiso {self.number}: {self.text[:80]}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return self.url("commitment")

    def url(self, name: str) -> str:
        """A page or an act of the commitment, by the name of its address in `pes`."""
        plan = self.meeting.plan
        return reverse(f"pes:{name}", args=[plan.sector.code, plan.first_vigencia, self.pk])

    @property
    def owner_name(self) -> str:
        """Who answers for it: the person, or the entity's short name."""
        return str(self.owner) if self.owner_id else str(self.owner_entity.short_name if self.owner_entity else "")


class CommitmentNote(models.Model):
    """Something told of a commitment: how it goes, that it is fulfilled and its proof, a new day, why it is dropped."""

    append_only: ClassVar[bool] = True

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="notes")
    event = models.CharField("qué pasó", max_length=11, choices=[(e.value, e.label) for e in CommitmentEvent])
    text = models.TextField("nota")
    link = models.CharField("enlace", max_length=1000, blank=True)
    file = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="archivo"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="escribió")
    at = models.DateTimeField("instante")

    class Meta:
        verbose_name = "nota de un compromiso"
        verbose_name_plural = "notas de compromisos"
        ordering = ("commitment", "pk")

    def __str__(self) -> str:
        return self.text[:60]
