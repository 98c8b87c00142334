"""Durable jobs: the row is the truth, the message to the worker only a hint."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pes.models.user import User


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", "En espera"
    RUNNING = "running", "En curso"
    DONE = "done", "Terminado"
    FAILED = "failed", "Fallido"


class Job(models.Model):
    """A piece of work that must happen exactly once, whatever dies meanwhile (see pes/jobs.py).

    `queue_key` equals `key` while the job waits and is NULL otherwise: at most one waiting job per key, and a
    request that comes while an earlier one runs waits its turn (latest wins): at most one runs.
    """

    kind = models.CharField("clase", max_length=40)
    key = models.CharField("llave", max_length=200)
    queue_key = models.CharField(max_length=200, null=True, unique=True, editable=False)  # noqa: DJ001 - NULLs do not collide
    payload = models.JSONField("datos", default=dict)
    state = models.CharField("estado", max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    token = models.PositiveIntegerField("ficha", default=0)
    attempts = models.PositiveSmallIntegerField("intentos", default=0)
    progress = models.PositiveSmallIntegerField("avance (%)", default=0)
    result = models.JSONField("resultado", default=dict)
    error = models.TextField("error", blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("pedido", auto_now_add=True)
    run_after = models.DateTimeField("no antes de")
    dispatched_at = models.DateTimeField("avisado", null=True)
    dispatches = models.PositiveIntegerField("avisos", default=0)
    lease_until = models.DateTimeField("arrendado hasta", null=True)
    finished_at = models.DateTimeField("terminado", null=True)

    class Meta:
        verbose_name = "trabajo"
        ordering = ("-pk",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "run_after"], name="jobs_to_run"),
            models.Index(fields=["kind", "key"], name="jobs_of_a_key"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(
                    state="queued", queue_key__isnull=False, queue_key=models.F("key")
                )  # NULL = key is no refusal
                | (~Q(state="queued") & Q(queue_key__isnull=True)),
                name="only_waiting_jobs_hold_their_key",
            ),
            models.UniqueConstraint(fields=["key"], condition=Q(state="running"), name="one_running_job_per_key"),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="only_running_jobs_have_a_lease",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="progress_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.get_state_display()})"
