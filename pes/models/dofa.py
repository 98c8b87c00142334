"""The DOFA of a sector: a board that its entities fill together, group and vote (LC-04)."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from pes.access import Scope, ScopedQuerySet
from pes.models.job import Job
from pes.models.organization import OrganizationUnit
from pes.models.sector_plan import SectorPlan, sector_scope
from pes.models.user import User
from pes.permissions import Permission

MOST_VOTES = 20  # that a person may be given


class Quadrant(models.TextChoices):
    """Where a note stands: inside or outside of the sector, for it or against it."""

    FORTALEZA = "fortaleza", "Fortalezas"
    OPORTUNIDAD = "oportunidad", "Oportunidades"
    DEBILIDAD = "debilidad", "Debilidades"
    AMENAZA = "amenaza", "Amenazas"


class BoardStatus(models.TextChoices):
    """What is being done on a board."""

    COLLECTING = "collecting", "Recogiendo notas"
    GROUPING = "grouping", "Agrupando"
    VOTING = "voting", "Votando"
    CLOSED = "closed", "Cerrado"


class DofaBoard(models.Model):
    """One DOFA workshop of a PES: its four quadrants, and what its participants are asked."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="dofa_boards", verbose_name="plan")
    title = models.CharField("título", max_length=150)
    held_on = models.DateField("fecha")
    prompt = models.TextField("pregunta que orienta", blank=True)
    votes_each = models.PositiveSmallIntegerField(
        "votos por persona", default=3, validators=[MinValueValidator(1), MaxValueValidator(MOST_VOTES)]
    )
    may_repeat = models.BooleanField("se pueden dar varios votos a lo mismo", default=False)
    status = models.CharField("estado", max_length=10, choices=BoardStatus.choices, default=BoardStatus.COLLECTING)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="abrió")
    opened_at = models.DateTimeField("abierto")
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="cerró")
    closed_at = models.DateTimeField("cerrado", null=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    folder = models.CharField(max_length=40, blank=True)  # of its picture as PDF, once it is made

    objects: ClassVar[ScopedQuerySet[DofaBoard]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "taller DOFA"
        verbose_name_plural = "talleres DOFA"
        ordering = ("-held_on", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "held_on", "title"], name="one_dofa_per_day_and_title"),
            models.CheckConstraint(
                condition=Q(votes_each__gte=1, votes_each__lte=MOST_VOTES), name="dofa_votes_in_range"
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_by__isnull=False, closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_by__isnull=True, closed_at__isnull=True)),
                name="a_closed_dofa_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"DOFA {self.held_on:%Y-%m-%d} · {self.title}"


class DofaGroup(models.Model):
    """Notes of one quadrant that say the same, under one name."""

    ACCESS: ClassVar[Scope] = sector_scope("board__plan__sector")

    board = models.ForeignKey(DofaBoard, on_delete=models.PROTECT, related_name="groups", verbose_name="taller")
    quadrant = models.CharField("cuadrante", max_length=11, choices=Quadrant.choices)
    name = models.CharField("nombre", max_length=120)

    objects: ClassVar[ScopedQuerySet[DofaGroup]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "grupo de notas"
        verbose_name_plural = "grupos de notas"
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["board", "quadrant", "name"], name="dofa_group_name_once_per_quadrant"),
        ]

    def __str__(self) -> str:
        return self.name


class DofaNote(models.Model):
    """What somebody put on the board for their entity; the pictures of the board never say who."""

    ACCESS: ClassVar[Scope] = sector_scope("board__plan__sector")

    board = models.ForeignKey(DofaBoard, on_delete=models.PROTECT, related_name="notes", verbose_name="taller")
    quadrant = models.CharField("cuadrante", max_length=11, choices=Quadrant.choices)
    text = models.CharField("nota", max_length=280)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="autor")
    unit = models.ForeignKey(OrganizationUnit, on_delete=models.PROTECT, related_name="+", verbose_name="entidad")
    group = models.ForeignKey(
        DofaGroup, on_delete=models.PROTECT, null=True, related_name="notes", verbose_name="grupo"
    )
    written_at = models.DateTimeField("escrita")
    withdrawn_at = models.DateTimeField("retirada", null=True)

    objects: ClassVar[ScopedQuerySet[DofaNote]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "nota del DOFA"
        verbose_name_plural = "notas del DOFA"
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(group__isnull=True), name="a_withdrawn_note_has_no_group"
            ),
            models.UniqueConstraint(
                fields=["board", "quadrant", "author", "text"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_person_says_a_thing_once",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class DofaVote(models.Model):
    """One of the votes of a person: for a group, or for a note that stands alone.

    `number` goes from 1 to `allowed`, the votes that the board gives each person, and is unique: nobody has more.
    `place` is 0 where the board asks for different choices, else the vote's number: one vote for each thing, or many.
    """

    ACCESS: ClassVar[Scope] = {
        Permission.PES_READ: sector_scope("board__plan__sector")[Permission.PES_READ],
    }

    board = models.ForeignKey(DofaBoard, on_delete=models.PROTECT, related_name="votes", verbose_name="taller")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="persona")
    number = models.PositiveSmallIntegerField("voto")
    allowed = models.PositiveSmallIntegerField("votos por persona")
    place = models.PositiveSmallIntegerField("lugar", default=0)
    group = models.ForeignKey(
        DofaGroup, on_delete=models.PROTECT, null=True, related_name="votes", verbose_name="grupo"
    )
    note = models.ForeignKey(DofaNote, on_delete=models.PROTECT, null=True, related_name="votes", verbose_name="nota")

    objects: ClassVar[ScopedQuerySet[DofaVote]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "voto del DOFA"
        verbose_name_plural = "votos del DOFA"
        ordering = ("board", "person", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["board", "person", "number"], name="each_dofa_vote_is_cast_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=F("allowed"), allowed__lte=MOST_VOTES),
                name="no_more_dofa_votes_than_allowed",
            ),
            models.CheckConstraint(
                condition=Q(group__isnull=True, note__isnull=False) | Q(group__isnull=False, note__isnull=True),
                name="a_dofa_vote_is_for_one_thing",
            ),
            models.UniqueConstraint(
                fields=["person", "group", "place"], condition=Q(group__isnull=False), name="dofa_group_voted_once"
            ),
            models.UniqueConstraint(
                fields=["person", "note", "place"], condition=Q(note__isnull=False), name="dofa_note_voted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Voto {self.number} del {self.board}"
