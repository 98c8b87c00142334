"""Durable jobs at the same time: several workers, a slow one, a command line (JB5)."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, connections, transaction

from pes import jobs
from pes.models import Job, JobState, Vigencia
from tests.job_kinds import MAKING, ask, beside, kinds, write_vigencia

__all__ = ["kinds"]


@pytest.mark.django_db(transaction=True)
def test_ten_duplicate_messages_have_one_effect():
    """JB5: ten workers are told of the same job at the same time."""
    job = ask()
    start = threading.Barrier(10)
    done: list[bool] = []

    def worker():
        start.wait()
        done.append(jobs.run(job.pk))
        connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == [False] * 9 + [True]
    assert Vigencia.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_request_made_while_a_worker_claims_is_never_lost():
    """The upsert holds the waiting row until commit: the worker reads the facts that came with the request."""
    job = ask(2040)
    seen: list[int] = []

    def claim_elsewhere():
        jobs.run(job.pk)
        seen.extend(Vigencia.objects.values_list("year", flat=True))
        connections.close_all()

    with transaction.atomic():
        jobs.enqueue("test_vigencia", "test_vigencia:2040", {"year": 2041})
        other = threading.Thread(target=claim_elsewhere)
        other.start()
        other.join(0.5)
        assert other.is_alive() or connection.vendor == "sqlite"
    other.join()

    assert seen == [2041]


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_the_work_is_made(settings):
    settings.JOB_LEASE_SECONDS = 1
    MAKING.append(lambda context, progress: time.sleep(2.5))
    job = ask()
    other = beside(lambda: jobs.run(job.pk))
    taken: list[Job | None] = []
    while other.is_alive():
        time.sleep(0.3)
        taken.append(jobs.claim(job.pk))

    job.refresh_from_db()
    assert taken == [None] * len(taken)
    assert (job.state, job.attempts) == (JobState.DONE, 1)


@pytest.mark.django_db(transaction=True)
def test_a_write_that_outlasts_the_lease_is_not_done_twice(settings):
    """JB5: the row is locked until the write commits, so the second worker waits and finds the job done."""
    settings.JOB_LEASE_SECONDS = 1
    began = threading.Event()

    def write_slowly(job, context, made):
        began.set()
        time.sleep(1.5)
        return write_vigencia(job, context, made)

    jobs.register("test_vigencia", read=lambda job: None, make=lambda c, p: None, write=write_slowly)
    job = ask()
    slow = beside(lambda: jobs.run(job.pk))
    began.wait(5)
    time.sleep(1.1)

    assert jobs.run(job.pk) is False
    slow.join()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 1)
    assert Vigencia.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_command_line_waits_for_a_worker_that_was_faster():
    began = threading.Event()

    def linger(context, progress):
        began.set()
        time.sleep(0.8)

    MAKING.append(linger)
    job = ask()
    other = beside(lambda: jobs.run(job.pk))
    began.wait(5)

    assert jobs.run_now(job).state == JobState.DONE
    other.join()


@pytest.mark.django_db(transaction=True)
def test_progress_is_told_while_the_work_is_made():
    go_on = threading.Event()

    def tell(context, progress):
        progress(140)
        progress(30)
        go_on.wait(10)

    MAKING.append(tell)
    job = ask()
    other = beside(lambda: jobs.run(job.pk))
    deadline = time.monotonic() + 5
    while job.progress != 30 and time.monotonic() < deadline:
        time.sleep(0.05)
        job.refresh_from_db()
    go_on.set()
    other.join()

    assert (job.progress, job.state) == (30, JobState.RUNNING)
