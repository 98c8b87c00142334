"""Memberships are the truth about power; guardian's rows are their projection."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.models import Permission as AuthPermission
from django.db import models, transaction
from django.db.models import Q
from guardian.models import UserObjectPermissionBase

from pes import audit
from pes.models.organization import OrganizationUnit
from pes.models.user import User
from pes.permissions import ROLES, Role
from pes.rules.problems import Problem, Refused


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions about memberships."""

    def in_force(self, today: date) -> MembershipQuerySet:
        """Those whose dates include the day; the last day counts whole."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today)


class Membership(models.Model):
    """A person holds a role on a unit, and so on everything below it, between two dates."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name="persona")
    unit = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="memberships", verbose_name="unidad"
    )
    role = models.CharField("rol", max_length=30, choices=Role.choices())
    starts_on = models.DateField("desde")
    ends_on = models.DateField("hasta", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Membership]] = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "vinculación"
        verbose_name_plural = "vinculaciones"
        ordering = ("user__email", "unit__code", "role")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "unit", "role", "starts_on"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.unit}"

    @classmethod
    @transaction.atomic
    def grant(
        cls,
        *,
        user: User,
        unit: OrganizationUnit,
        role: Role,
        starts_on: date,
        ends_on: date | None = None,
        by: User | None,
    ) -> Membership:
        """Give a role and project it."""
        membership = cls.objects.create(user=user, unit=unit, role=role, starts_on=starts_on, ends_on=ends_on)
        membership.project()
        audit.record("membership_granted", membership, by=by, after=membership.facts())
        return membership

    @transaction.atomic
    def end(self, *, on: date, by: User | None, reason: str) -> None:
        """Let the role end with a day; one before its first day means that it never comes into force.

        Raises Refused when it would end later than it does: that would be a new grant.
        """
        before = self.facts()
        if self.ends_on is not None and on > self.ends_on:
            message = f"Este rol ya termina antes, el {self.ends_on:%Y-%m-%d}."
            raise Refused([Problem("ends_later", "AZ20", message, fix="Dé un rol nuevo con sus propias fechas.")])
        self.ends_on = on
        self.save(update_fields=["ends_on"])
        audit.record("membership_ended", self, by=by, before=before, after=self.facts(), reason=reason)

    @transaction.atomic
    def withdraw(self, *, by: User | None, reason: str) -> None:
        """Take back a role that had no day in force before today, as if it had not been given; the trail keeps it."""
        audit.record("membership_withdrawn", self, by=by, before=self.facts(), reason=reason)
        self.delete()

    def facts(self) -> dict[str, Any]:
        """What the audit keeps."""
        return {
            "user": self.user_id,
            "unit": self.unit.code,
            "role": str(self.role),
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
        }

    def project(self) -> int:
        """Rewrite this membership's guardian rows; return how many there are."""
        UnitPermission.objects.filter(membership=self).delete()
        codenames = [p.value for p in ROLES[Role(self.role)].permissions]
        permissions = AuthPermission.objects.filter(
            content_type__app_label="pes", content_type__model="organizationunit", codename__in=codenames
        )
        units = OrganizationUnit.objects.below(self.unit)
        rows = [
            UnitPermission(user_id=self.user_id, permission=p, content_object_id=u, membership=self)
            for p in permissions
            for u in units
        ]
        UnitPermission.objects.bulk_create(rows)
        return len(rows)

    @classmethod
    @transaction.atomic
    def project_all(cls) -> int:
        """Rebuild the whole projection (nightly, and whenever the tree changes)."""
        return sum(membership.project() for membership in cls.objects.select_related("unit"))


class UnitPermission(UserObjectPermissionBase):
    """Guardian's direct-foreign-key row: one power of one person on one unit, owed to one membership."""

    content_object = models.ForeignKey(OrganizationUnit, on_delete=models.CASCADE, related_name="granted_permissions")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="granted_permissions")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        unique_together = ("user", "permission", "content_object", "membership")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["content_object", "permission"], name="who_may_do_what_here"),
        ]
