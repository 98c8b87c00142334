"""Durable jobs: ask, claim, run, sweep.

A job is a row written in the caller's transaction; the message sent after commit is only a hint. Its work has three
steps, so that nothing is half done: `read` (one short transaction: a frozen context), `make` (no database, in a
fresh thread, while the lease is renewed) and `write` (the effect and the job's end commit together, or neither).
A worker that dies loses its lease; the next claim gets a higher token, and a late writer with an old token is refused.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from pes.celery import app
from pes.models.job import Job, JobState

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
BACK_OFF_SECONDS = (0, 30, 120, 300, 600)
Progress = Callable[[int], None]


class LeaseLost(Exception):
    """Another worker has taken the job; this one's effect is rolled back."""


@dataclass(frozen=True)
class Work:
    """How a kind of job is done: its queue and its three steps."""

    kind: str
    queue: str
    read: Callable[[Job], Any]
    make: Callable[[Any, Progress], Any]
    write: Callable[[Job, Any, Any], dict[str, Any]]


WORK: dict[str, Work] = {}


def register(
    kind: str,
    *,
    read: Callable[[Job], Any],
    make: Callable[[Any, Progress], Any],
    write: Callable[[Job, Any, Any], dict[str, Any]],
    queue: str = "default",
) -> None:
    """Teach the runner a kind of job (called from AppConfig.ready)."""
    WORK[kind] = Work(kind, queue, read, make, write)


@transaction.atomic
def enqueue(kind: str, key: str, payload: dict[str, Any], *, by: Any = None) -> Job:
    """Ask for work in the caller's transaction; a job with the same key that still waits is the same job.

    The upsert locks the waiting row, so a worker cannot claim it before the caller's facts are committed.
    """
    if kind not in WORK:
        raise LookupError(f"No work is registered for jobs of kind {kind!r}.")
    row = Job(kind=kind, key=key, queue_key=key, payload=payload, requested_by=by, run_after=timezone.now())
    Job.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["queue_key"], update_fields=["payload", "requested_by"]
    )
    job = Job.objects.get(queue_key=key)
    transaction.on_commit(lambda: dispatch(job))
    return job


def dispatch(job: Job) -> None:
    """Send the hint to a worker, if there is a broker; the sweeper repeats a hint that was lost."""
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(dispatched_at=now, dispatches=F("dispatches") + 1)
    if not settings.REDIS_URL:
        return
    try:
        app.send_task("pes.run_job", (job.pk,), queue=WORK[job.kind].queue, retry=False)
    except Exception:
        log.warning("El aviso del trabajo %s no salió; el barrido lo repetirá.", job.pk, exc_info=True)


def claim(pk: int) -> Job | None:
    """Take a waiting job, or a running one whose lease ran out; None when somebody else has it or it is done."""
    now = timezone.now()
    free = Q(state=JobState.QUEUED, run_after__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)
    taken = Job.objects.filter(free, pk=pk, attempts__lt=MAX_ATTEMPTS).update(
        state=JobState.RUNNING,
        queue_key=None,
        token=F("token") + 1,
        attempts=F("attempts") + 1,
        lease_until=now + _lease(),
        progress=0,
    )
    return Job.objects.get(pk=pk) if taken else None


def run(pk: int) -> bool:
    """Claim and do a job; True when this call did it. Never raises for what the work itself got wrong."""
    job = claim(pk)
    if job is None:
        return False
    work = WORK[job.kind]
    try:
        context = _read(work, job)
        made = _make(work, job, context)
        _write(work, job, context, made)
    except LeaseLost:
        log.warning("El trabajo %s perdió su arriendo.", job.pk)
        return False
    except Exception as error:
        log.exception("El trabajo %s falló.", job.pk)
        _failed(job, error)
        return False
    return True


def run_now(job: Job) -> Job:
    """Do a job in this process and return it as it ended (command line and tests)."""
    run(job.pk)
    job.refresh_from_db()
    return job


def sweep() -> list[int]:
    """Repeat hints that were lost, with back-off, and give up poison jobs; return the ids that wait for a worker."""
    now = timezone.now()
    expired = Q(state=JobState.RUNNING, lease_until__lt=now)
    for job in Job.objects.filter(expired, attempts__gte=MAX_ATTEMPTS):
        _give_up(job, "Se agotaron los intentos: el trabajador murió cada vez.")
    waiting = Job.objects.filter(Q(state=JobState.QUEUED, run_after__lte=now) | expired).order_by("run_after", "pk")
    due = [job for job in waiting if _hint_is_stale(job, now)]
    for job in due:
        dispatch(job)
    return [job.pk for job in due]


def _hint_is_stale(job: Job, now: datetime) -> bool:
    if job.dispatched_at is None or not settings.REDIS_URL:
        return True
    pause = max(settings.JOB_SWEEP_SECONDS, 1) * 2 ** min(job.dispatches, 5)
    return job.dispatched_at + timedelta(seconds=pause) < now


def _read(work: Work, job: Job) -> Any:
    """Build the context in one short transaction that sees a single state of the data (PD6)."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return work.read(job)


def _make(work: Work, job: Job, context: Any) -> Any:
    """Run `make` in a fresh thread (it escapes CPython's frame-stack cliff) and keep the lease meanwhile."""
    outcome: dict[str, Any] = {}
    seen = {"progress": 0}

    def body() -> None:
        try:
            outcome["made"] = work.make(context, lambda percent: seen.update(progress=percent))
        except BaseException as error:  # handed to the caller's thread below
            outcome["error"] = error

    thread = threading.Thread(target=body, name=f"job-{job.pk}", daemon=True)
    thread.start()
    deadline = timezone.now() + timedelta(seconds=settings.JOB_TIME_LIMIT_SECONDS)
    written, renewed = 0, timezone.now()
    while thread.is_alive():
        thread.join(0.25)
        now = timezone.now()
        if now > deadline:
            raise TimeoutError("El trabajo pasó del tiempo permitido.")
        if seen["progress"] != written or now - renewed > _lease() / 3:
            written, renewed = seen["progress"], now
            _hold(job, lease_until=now + _lease(), progress=min(written, 99))
    if "error" in outcome:
        raise outcome["error"]
    return outcome["made"]


@transaction.atomic
def _write(work: Work, job: Job, context: Any, made: Any) -> None:
    """Commit the effect and the job's end together; the fence refuses a worker that lost its lease."""
    now = timezone.now()
    _hold(job, state=JobState.DONE, progress=100, finished_at=now, lease_until=None, error="")
    result = work.write(job, context, made)
    Job.objects.filter(pk=job.pk).update(result=result or {})


def _hold(job: Job, **values: Any) -> None:
    if not Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING).update(**values):
        raise LeaseLost


def _failed(job: Job, error: Exception) -> None:
    """Put the job back with back-off, or give up after the last attempt."""
    message = f"{type(error).__name__}: {error}"[:2000]
    if job.attempts >= MAX_ATTEMPTS:
        _give_up(job, message)
        return
    pause = timedelta(seconds=BACK_OFF_SECONDS[job.attempts])
    with transaction.atomic():
        newer = Job.objects.select_for_update().filter(queue_key=job.key).exists()
        mine = Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING)
        if newer:  # a later request of the same key will do the work
            mine.update(state=JobState.FAILED, error=message, lease_until=None, finished_at=timezone.now())
        else:
            mine.update(
                state=JobState.QUEUED,
                queue_key=job.key,
                run_after=timezone.now() + pause,
                lease_until=None,
                error=message,
                dispatched_at=None,
            )


def _give_up(job: Job, message: str) -> None:
    Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING).update(
        state=JobState.FAILED, error=message, lease_until=None, finished_at=timezone.now()
    )
    log.error("El trabajo %s (%s) quedó fallido: %s", job.pk, job.kind, message)


def _lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)
