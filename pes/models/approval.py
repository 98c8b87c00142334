"""Rounds of approval of the PES: one from the first presentation of a document to the act that adopts it (LC-08)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from pes.access import Scope, ScopedQuerySet
from pes.models.sector_plan import SectorPlan, sector_scope
from pes.models.user import User
from pes.rules.approval_states import TRANSITIONS, UNDER_WAY, ApprovalStatus
from pes.rules.problems import Problem, Refused
from pes.rules.transitions import transition_for


class ApprovalRound(models.Model):
    """The road of the document, or of an amendment of it, to its adoption; at most one of a plan is under way."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="approval_rounds", verbose_name="plan")
    number = models.PositiveSmallIntegerField("ronda")
    status = models.CharField(
        "estado",
        max_length=20,
        choices=[(status.value, status.label) for status in ApprovalStatus],
        default=ApprovalStatus.PRESENTED.value,
    )
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="abrió")
    opened_at = models.DateTimeField("abierta")

    objects: ClassVar[ScopedQuerySet[ApprovalRound]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "ronda de aprobación"
        verbose_name_plural = "rondas de aprobación"
        ordering = ("plan", "-number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "number"], name="approval_round_once"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(status__in=sorted(status.value for status in UNDER_WAY)),
                name="one_approval_round_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"Ronda {self.number}"

    @property
    def state(self) -> ApprovalStatus:
        """Where it stands, as the rules name it."""
        return ApprovalStatus(self.status)

    def move(self, verb: str, **values: Any) -> None:
        """Take one edge if the round still is where it starts; the verb has asked for power and rules."""
        step = transition_for(TRANSITIONS, verb)
        rows = ApprovalRound.objects.filter(pk=self.pk, status__in=step.sources)
        moved = rows.update(status=step.target, **values)
        self.refresh_from_db()
        if moved != 1:
            message = f"La ronda está en estado «{self.state.label}» y desde ahí no se puede hacer esto."
            raise Refused([Problem("invalid_transition", "LC-08", message, fix="Vuelva a cargar la página.")])
