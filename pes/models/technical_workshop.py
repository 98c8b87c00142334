"""Mesas técnicas and the other meetings of a PES: convened, held, with minutes that are closed (LC-03)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.models.organization import OrganizationUnit
from pes.models.sector_plan import SectorPlan, sector_scope
from pes.models.user import User
from pes.rules.technical_workshops import FieldEvent, MeetingKind, MeetingMethod, MeetingPurpose, MeetingStatus


class TechnicalWorkshop(models.Model):
    """A meeting of a PES: scheduled, convened, held, and closed with its minutes; times are of Bogotá."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="meetings", verbose_name="plan")
    purpose = models.CharField("propósito", max_length=13, choices=[(p.value, p.label) for p in MeetingPurpose])
    kind = models.CharField("con quién", max_length=14, choices=[(k.value, k.label) for k in MeetingKind], blank=True)
    method = models.CharField("método", max_length=16, choices=[(m.value, m.label) for m in MeetingMethod], blank=True)
    topic = models.CharField("asunto", max_length=250)
    aim = models.TextField("objetivo", blank=True)
    on = models.DateField("fecha")
    starts = models.TimeField("empieza")
    ends = models.TimeField("termina")
    place = models.CharField("lugar", max_length=250, blank=True)
    link = models.CharField("enlace", max_length=1000, blank=True)
    event = models.CharField("evento", max_length=14, choices=[(e.value, e.label) for e in FieldEvent], blank=True)
    event_name = models.CharField("nombre del evento", max_length=250, blank=True)
    entities = models.ManyToManyField(OrganizationUnit, related_name="+", verbose_name="entidades convocadas")
    status = models.CharField(
        "estado",
        max_length=9,
        choices=[(s.value, s.label) for s in MeetingStatus],
        default=MeetingStatus.SCHEDULED.value,
        editable=False,
    )
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="programó")
    registered_at = models.DateTimeField("programada")
    convened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="convocó")
    convened_at = models.DateTimeField("convocada", null=True)
    held_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="registró")
    held_at = models.DateTimeField("asistencia registrada", null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="cerró")
    closed_at = models.DateTimeField("acta cerrada", null=True)
    digest = models.CharField("SHA-256 del acta", max_length=64, blank=True, editable=False)
    cancelled_reason = models.TextField("motivo de la cancelación", blank=True)

    objects: ClassVar[ScopedQuerySet[TechnicalWorkshop]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "mesa técnica"
        verbose_name_plural = "mesas técnicas"
        ordering = ("-on", "-starts", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "on", "starts", "topic"], name="one_meeting_per_hour_and_topic"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="meeting_times_in_order"),
            models.CheckConstraint(condition=~Q(place="", link=""), name="a_meeting_has_a_place"),
            models.CheckConstraint(
                condition=Q(purpose__in=["technical", "field"]) ^ Q(kind="", method=""), name="only_mesas_have_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_by__isnull=False, closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_by__isnull=True, closed_at__isnull=True, digest="")),
                name="closed_minutes_have_an_author",
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled") ^ Q(cancelled_reason=""), name="a_cancelled_meeting_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.topic}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return self.url("meeting")

    def url(self, name: str) -> str:
        """A page or an act of the meeting, by the name of its address in `pes`."""
        return reverse(f"pes:{name}", args=[self.plan.sector.code, self.plan.first_vigencia, self.pk])

    @classmethod
    def hold(cls, pk: int) -> TechnicalWorkshop:
        """The meeting with its row locked until the transaction ends."""
        rows = cls.objects.select_for_update(no_key=True, of=("self",)).select_related("plan__sector")
        return rows.get(pk=pk)


class AgendaItem(models.Model):
    """A point of the agenda, and what was said about it once the meeting was held."""

    meeting = models.ForeignKey(TechnicalWorkshop, on_delete=models.CASCADE, related_name="agenda")
    number = models.PositiveSmallIntegerField("número")
    starts = models.TimeField("empieza")
    ends = models.TimeField("termina")
    topic = models.CharField("tema", max_length=250)
    minutes = models.TextField("lo tratado", blank=True)

    class Meta:
        verbose_name = "punto de la agenda"
        verbose_name_plural = "puntos de la agenda"
        ordering = ("meeting", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "number"], name="agenda_number_once_per_meeting"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.topic}"


class MeetingInvitation(models.Model):
    """Somebody invited: a person with an account, who is told by e-mail, or a guest by name and position."""

    meeting = models.ForeignKey(TechnicalWorkshop, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="persona")
    guest_name = models.CharField("nombre", max_length=150, blank=True)
    guest_position = models.CharField("cargo o calidad", max_length=150, blank=True)
    mailed_at = models.DateTimeField("enviada", null=True)

    class Meta:
        verbose_name = "invitación"
        verbose_name_plural = "invitaciones"
        ordering = ("meeting", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "person"], name="a_person_is_invited_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(guest_position=""), name="an_invitation_is_of_person_or_guest"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person) if self.person_id else self.guest_name or self.guest_position


class MeetingAttendee(models.Model):
    """Somebody who was there, for an entity of the sector or from outside it: no more than name and position."""

    meeting = models.ForeignKey(TechnicalWorkshop, on_delete=models.CASCADE, related_name="attendees")
    entity = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="entidad"
    )
    name = models.CharField("nombre", max_length=150, blank=True)
    position = models.CharField("cargo o calidad", max_length=150)

    class Meta:
        verbose_name = "asistente a una mesa técnica"
        verbose_name_plural = "asistentes a mesas técnicas"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name or self.position
