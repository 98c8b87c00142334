"""Who sends reports in a leader's place: a dated membership, and the document that gives it (PG-R4, AZ5)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pes.access import Scope, ScopedQuerySet
from pes.models import Membership, User
from pes.permissions import Permission


class Delegation(models.Model):
    """The written delegation behind a membership with the role «delegado»; it ends with the membership's last day."""

    ACCESS: ClassVar[Scope] = {
        Permission.PLAN_READ: ("membership__unit",),
        Permission.QUARTER_DELEGATE: ("membership__unit",),
    }

    membership = models.OneToOneField(
        Membership, on_delete=models.CASCADE, related_name="delegation", verbose_name="vinculación"
    )
    document = models.CharField("documento que delega", max_length=120)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="delegó")
    given_at = models.DateTimeField("delegada")

    objects: ClassVar[ScopedQuerySet[Delegation]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "delegación"
        verbose_name_plural = "delegaciones"
        ordering = ("-given_at",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(document=""), name="a_delegation_is_written"),
        ]

    def __str__(self) -> str:
        return str(self.membership)
