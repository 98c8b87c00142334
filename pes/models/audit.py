"""Rows of the audit trail; `pes/audit.py` writes and verifies them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from pes.models.user import User


class AuditEvent(models.Model):
    """Somebody did something to something, and why. Never changed, never deleted."""

    append_only: ClassVar[bool] = True

    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=80, blank=True)
    object_id = models.CharField(max_length=80, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    mac = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("-pk",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["object_type", "object_id"], name="audit_of_an_object"),
            models.Index(fields=["verb", "-at"], name="audit_of_a_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type}:{self.object_id}"


class AuditSeal(models.Model):
    """A batch of events closed on top of the batch before it."""

    append_only: ClassVar[bool] = True

    first = models.BigIntegerField()
    last = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ("first",)

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"
