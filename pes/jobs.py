"""Durable jobs: ask, claim, run, sweep.

A job is a row written in the caller's transaction; the message sent after commit is only a hint. Its work has three
steps, so that nothing is half done: `read` (one short transaction: a frozen context), `make` (no database, in a
fresh thread, while the lease is renewed) and `write` (the effect and the job's end commit together, or neither).
A worker that dies loses its lease; the next claim gets a higher token, and a late writer with an old token is refused.
Two jobs of one key never run at the same time, so that what was asked for last is also what is written last.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from pes.celery import app
from pes.making import Making, Progress
from pes.models.job import Job, JobState
from pes.rules.problems import Refused

log = logging.getLogger(__name__)

BACK_OFF_SECONDS = (30, 120, 300, 600)
MAX_ATTEMPTS = len(BACK_OFF_SECONDS) + 1
LONGEST_WAIT = timedelta(minutes=10)  # a job that waits longer is an alarm: the workers are frozen or too few (JB9)
CLAIM_PAUSES_SECONDS = (1.0, 2.0, 4.0, 8.0)  # a database that restarts is back within them
MOVED_AT_MOST = 5  # times that a claim starts its work over because the data moved under it
__all__ = [
    "Again",
    "Hopeless",
    "LeaseLost",
    "Progress",
    "claim",
    "dispatch",
    "enqueue",
    "register",
    "run",
    "run_now",
    "sweep",
]


class LeaseLost(Exception):
    """Another worker has taken the job; this one's effect is rolled back."""


class Hopeless(Exception):
    """Raised by the work when trying again cannot help: the job fails at once, and says why."""


class Again(Exception):
    """Raised by the work when what it read has moved: nothing failed, so it starts over and no attempt is used up."""


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


def enqueue(kind: str, key: str, payload: dict[str, Any], *, by: Any = None) -> Job:
    """Ask for work in the caller's transaction; a job with the same key that still waits is the same job.

    The upsert locks the waiting row, so a worker cannot claim it before the caller's facts are committed. A new
    request starts afresh: it does not wait out the back-off that an earlier failure earned. What is returned has the
    id of the row and says what was asked.
    """
    _work_of(kind)
    job = Job(kind=kind, key=key, queue_key=key, payload=payload, requested_by=by, run_after=timezone.now())
    with transaction.atomic(savepoint=False):  # one statement: a caller's transaction needs no savepoint around it
        Job.objects.bulk_create([job], update_conflicts=True, unique_fields=["queue_key"], update_fields=_ASKED_AGAIN)
        transaction.on_commit(lambda: dispatch(job, once=True), robust=True)
    return job


_ASKED_AGAIN = ["payload", "requested_by", "run_after", "attempts", "dispatched_at", "dispatches", "error"]


def dispatch(job: Job, *, once: bool = False) -> None:
    """Send the hint to a worker, if there is a broker; the sweeper repeats a hint that was lost.

    `once` sends it only if none was sent since the last request: a thousand requests in a transaction are one hint.
    """
    rows = Job.objects.filter(pk=job.pk)
    if once:
        rows = rows.filter(dispatched_at__isnull=True)
    if not rows.update(dispatched_at=timezone.now(), dispatches=F("dispatches") + 1) or not settings.REDIS_URL:
        return
    try:
        app.send_task("pes.run_job", (job.pk,), queue=_work_of(job.kind).queue, retry=False)
    except Exception:
        log.warning("El aviso del trabajo %s no salió; el barrido lo repetirá.", job.pk, exc_info=True)


@transaction.atomic
def claim(pk: int) -> Job | None:
    """Take a job that may run now; None when it is done, not due, somebody has it, or one of its key runs."""
    now = timezone.now()
    taken = (
        _free(now)
        .filter(pk=pk, attempts__lt=MAX_ATTEMPTS)
        .update(
            state=JobState.RUNNING,
            queue_key=None,
            token=F("token") + 1,
            attempts=F("attempts") + 1,
            lease_until=now + _lease(),
            progress=0,
            dispatched_at=None,  # should this worker die, the hint it came with is spent
            dispatches=0,
        )
    )
    return Job.objects.get(pk=pk) if taken else None


def run(pk: int) -> bool:
    """Claim and do a job; True when this call did it. Never raises for what the work itself got wrong."""
    job = _claim_patiently(pk)
    if job is None:
        return False
    try:
        _do(job)
    except LeaseLost:
        log.warning("El trabajo %s perdió su arriendo.", job.pk)
        return False
    except (Hopeless, PermissionDenied, Refused) as error:
        _give_up(job, str(error)[:2000])
    except Exception as error:
        log.exception("El trabajo %s falló.", job.pk)
        _reconnect()
        _failed(job, error)
    else:
        _wake(job.key)
        return True
    _wake(job.key)
    return False


def _claim_patiently(pk: int) -> Job | None:
    """Claim while the database may be restarting; without it a worker would drain every hint that waits, in vain (JB4).

    A hint that is given up all the same is repeated by the sweep.
    """
    for pause in CLAIM_PAUSES_SECONDS:
        try:
            return claim(pk)
        except (OperationalError, InterfaceError):
            log.warning("El trabajo %s no se pudo tomar: la base de datos no responde. Se reintenta.", pk)
            _reconnect()
            time.sleep(pause)
    return claim(pk)


def run_now(job: Job) -> Job:
    """Do a job in this process, or wait for the worker that was faster, and return it as it ended."""
    while not run(job.pk) and _is_in_other_hands(job):
        time.sleep(0.25)
    job.refresh_from_db()
    return job


def sweep() -> list[int]:
    """Repeat hints that were lost, with back-off, and give up poison jobs; return the ids that wait for a worker."""
    now = timezone.now()
    for job in Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now, attempts__gte=MAX_ATTEMPTS):
        _give_up(job, "Se agotaron los intentos: el trabajador murió cada vez.")
    if stuck := stuck_jobs(now):
        log.error("%s trabajos esperan más de diez minutos: los trabajadores están detenidos o no bastan.", stuck)
    due = [job for job in _free(now).order_by("run_after", "pk") if _hint_is_stale(job, now)]
    for job in due:
        dispatch(job)
    return [job.pk for job in due]


def stuck_jobs(now: datetime) -> int:
    """How many jobs could run and have waited too long; also asked by the health page, should no worker live (JB9)."""
    return _free(now).filter(run_after__lt=now - LONGEST_WAIT).count()


def _free(now: datetime) -> QuerySet[Job]:
    """Jobs that a worker may take: due or left by a dead worker, and no other of their key runs."""
    rival = Job.objects.filter(key=OuterRef("key"), state=JobState.RUNNING).exclude(pk=OuterRef("pk"))
    due = Q(state=JobState.QUEUED, run_after__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)
    return Job.objects.filter(due, ~Exists(rival))


def _do(job: Job) -> None:
    """The three steps, from the start again while the data moves under them; the last time it is a failure (WF4)."""
    work = _work_of(job.kind)
    for _ in range(MOVED_AT_MOST):
        try:
            return _take_steps(work, job)
        except Again as moved:
            log.info("El trabajo %s empieza de nuevo: %s", job.pk, moved)
            _hold(job, lease_until=timezone.now() + _lease(), progress=0)
    return _take_steps(work, job)


def _take_steps(work: Work, job: Job) -> None:
    context = _read(work, job)
    made = _make(work, job, context)
    _write(work, job, context, made)


def _wake(key: str) -> None:
    """Tell the workers of the request that came while the job of this key ran; its own hint found the key taken."""
    for job in Job.objects.filter(queue_key=key, run_after__lte=timezone.now()):
        dispatch(job)


def _is_in_other_hands(job: Job) -> bool:
    """Whether a living worker does this job, or one of its key that must end first."""
    job.refresh_from_db()
    ended = job.state in {JobState.DONE, JobState.FAILED}
    return not ended and Job.objects.filter(key=job.key, lease_until__gte=timezone.now()).exists()


def _work_of(kind: str) -> Work:
    if kind not in WORK:
        raise LookupError(f"No work is registered for jobs of kind {kind!r}.")
    return WORK[kind]


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
    """Make beside this thread, which keeps the lease and tells the progress; whatever stops it abandons the making."""
    making = Making(work.make, context, name=f"job-{job.pk}")
    making.start()
    try:
        _watch(making, job)
    except BaseException:
        making.is_abandoned = True
        raise
    return making.outcome()


def _watch(making: Making, job: Job) -> None:
    """Wait for the making; a worker's own limit (celery.py) comes first, this one is for the thread beside the web."""
    deadline = timezone.now() + timedelta(seconds=settings.JOB_TIME_LIMIT_SECONDS)
    written, renewed = 0, timezone.now()
    while making.is_alive():
        making.join(0.25)
        now = timezone.now()
        if now > deadline and making.is_alive():
            raise TimeoutError("El trabajo pasó del tiempo permitido.")
        if making.progress != written or now - renewed > _lease() / 3:
            written, renewed = making.progress, now
            _hold(job, lease_until=now + _lease(), progress=written)


@transaction.atomic
def _write(work: Work, job: Job, context: Any, made: Any) -> None:
    """Commit the effect and the job's end together; the fence refuses a worker that lost its lease.

    The job's row is locked until then, so a write that outlasts the lease is not done twice.
    """
    now = timezone.now()
    _hold(job, state=JobState.DONE, progress=100, finished_at=now, lease_until=None, error="")
    result = work.write(job, context, made)
    Job.objects.filter(pk=job.pk).update(result=result or {})


def _hold(job: Job, **values: Any) -> None:
    if not Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING).update(**values):
        raise LeaseLost


def _failed(job: Job, error: Exception) -> None:
    """Put the job back with back-off, or give up: after the last attempt, or when a later request will do the work."""
    message = f"{type(error).__name__}: {error}"[:2000]
    if job.attempts >= MAX_ATTEMPTS:
        _give_up(job, message)
        return
    pause = timedelta(seconds=BACK_OFF_SECONDS[job.attempts - 1])
    try:
        with transaction.atomic():
            Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING).update(
                state=JobState.QUEUED,
                queue_key=job.key,
                run_after=timezone.now() + pause,
                lease_until=None,
                error=message,
            )
    except IntegrityError:
        _give_up(job, f"{message} Lo hará un pedido posterior de lo mismo.")


def _give_up(job: Job, message: str) -> None:
    Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING).update(
        state=JobState.FAILED, error=message, lease_until=None, finished_at=timezone.now()
    )
    log.error("El trabajo %s (%s) quedó fallido: %s", job.pk, job.kind, message)


def _reconnect() -> None:
    """Drop a connection that a restarted database closed, so that the failure can be written (JB4)."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def _lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)
