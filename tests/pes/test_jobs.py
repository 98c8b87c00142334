"""Durable jobs: the row is the truth, the effect happens once (JB1–JB8)."""

from __future__ import annotations

import errno
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pes import jobs, worker
from pes.models import Job, JobState, Vigencia
from tests.job_kinds import MAKING, ask, expire, kinds

pytestmark = pytest.mark.django_db
__all__ = ["kinds"]


def test_a_job_is_done_once_and_says_what_it_did():
    job = jobs.run_now(ask())

    assert (job.state, job.progress, job.result) == (JobState.DONE, 100, {"year": 2030})
    assert jobs.run(job.pk) is False
    assert Vigencia.objects.count() == 1


def test_asking_twice_while_it_waits_is_the_same_job():
    assert ask().pk == ask().pk


def test_asking_while_it_runs_is_a_second_job():
    first = ask()
    jobs.claim(first.pk)

    assert ask().pk != first.pk


def test_a_kind_nobody_registered_is_refused_at_once():
    with pytest.raises(LookupError):
        jobs.enqueue("unknown", "unknown:1", {})


def test_an_effect_that_fails_leaves_neither_effect_nor_end():
    Vigencia.objects.create(year=2030)

    job = jobs.run_now(ask())

    assert job.state == JobState.QUEUED
    assert job.attempts == 1
    assert "IntegrityError" in job.error
    assert job.run_after > timezone.now()


def test_a_late_worker_with_an_old_token_has_no_effect():
    """JB5: the lease runs out while the work is made, another worker takes the job and ends it."""
    job = ask()

    def lose_the_lease(context, progress):
        MAKING.clear()

    MAKING.append(lose_the_lease)
    first = jobs.claim(job.pk)
    expire(job)
    assert jobs.run(job.pk) is True

    with pytest.raises(jobs.LeaseLost):
        jobs._write(jobs.WORK["test_vigencia"], first, None, None)
    assert Vigencia.objects.count() == 1


def test_a_job_whose_worker_died_is_taken_again_after_its_lease():
    """JB1: the claim of a dead worker blocks nobody for longer than the lease."""
    job = ask()
    jobs.claim(job.pk)
    assert jobs.run(job.pk) is False

    expire(job)

    assert jobs.run_now(job).state == JobState.DONE


def test_a_poison_job_is_given_up_and_the_queue_flows():
    """JB6: five attempts, then failed; another job is done meanwhile."""
    poison = ask(2031, "test_poison")
    for _ in range(jobs.MAX_ATTEMPTS):
        Job.objects.filter(pk=poison.pk).update(run_after=timezone.now())
        jobs.run(poison.pk)

    poison.refresh_from_db()
    assert (poison.state, poison.attempts) == (JobState.FAILED, jobs.MAX_ATTEMPTS)
    assert "veneno" in poison.error
    assert jobs.run_now(ask()).state == JobState.DONE


def test_a_job_that_kills_its_worker_every_time_is_given_up():
    job = ask()
    for _ in range(jobs.MAX_ATTEMPTS):
        assert jobs.claim(job.pk)
        expire(job)

    jobs.sweep()

    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_a_transaction_that_rolls_back_asks_for_nothing(django_capture_on_commit_callbacks):
    """JB8: the row is written in the caller's transaction, the hint leaves after its commit."""

    def ask_and_fail():
        with transaction.atomic():
            ask()
            raise RuntimeError

    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(RuntimeError):
        ask_and_fail()

    assert not Job.objects.exists()
    assert callbacks == []


def test_a_broker_that_is_down_costs_nothing_but_the_hint(settings, django_capture_on_commit_callbacks, caplog):
    """JB2: the request goes on; the sweeper repeats the hint later."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    jobs.app.conf.broker_url = settings.REDIS_URL
    try:
        with django_capture_on_commit_callbacks(execute=True):
            job = ask()
    finally:
        jobs.app.conf.broker_url = "memory://"

    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert job.dispatches == 1
    assert "no salió" in caplog.text


def test_the_sweeper_repeats_a_lost_hint_with_back_off(settings):
    settings.REDIS_URL = "memory://"
    job = ask()
    jobs.dispatch(job)

    assert jobs.sweep() == []
    Job.objects.filter(pk=job.pk).update(dispatched_at=timezone.now() - timedelta(minutes=30))
    assert jobs.sweep() == [job.pk]


def test_a_failure_after_a_newer_request_leaves_the_work_to_it():
    first = ask(2031, "test_poison")
    taken = jobs.claim(first.pk)
    newer = ask(2031, "test_poison")

    jobs._failed(taken, ValueError("tarde"))

    first.refresh_from_db()
    assert first.state == JobState.FAILED
    assert Job.objects.get(pk=newer.pk).state == JobState.QUEUED


def test_a_second_job_of_a_key_waits_until_the_first_has_ended():
    """Latest wins: what was read first is never written last."""
    first = ask()
    jobs.claim(first.pk)
    second = ask()

    assert jobs.claim(second.pk) is None
    expire(first)
    assert jobs.claim(second.pk) is None
    assert jobs.run(first.pk) is True
    assert jobs.claim(second.pk) is not None


def test_the_end_of_a_job_wakes_the_one_that_waits_for_its_key(settings):
    settings.REDIS_URL = "memory://"
    first = ask()

    def ask_again(context, progress):
        MAKING.clear()

    MAKING.append(ask_again)
    taken = jobs.claim(first.pk)
    second = ask()
    jobs.dispatch(second)
    jobs._do(taken)
    jobs._wake(first.key)

    second.refresh_from_db()
    assert second.dispatches == 2


def test_asking_again_ends_the_back_off_of_an_earlier_failure():
    job = ask(2031, "test_poison")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.attempts, job.run_after > timezone.now()) == (1, True)

    again = ask(2031, "test_poison")

    assert (again.pk, again.attempts, again.error) == (job.pk, 0, "")
    assert again.run_after <= timezone.now()


def test_many_requests_in_a_transaction_are_one_hint(settings, django_capture_on_commit_callbacks):
    settings.REDIS_URL = "memory://"
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        for _ in range(20):
            job = ask()

    job.refresh_from_db()
    assert job.dispatches == 1


def test_the_hint_of_a_dead_worker_is_spent(settings):
    """JB1: done again after lease + sweep, however often its hint was repeated while it waited."""
    settings.REDIS_URL = "memory://"
    job = ask()
    for _ in range(5):
        jobs.dispatch(job)
    jobs.claim(job.pk)
    expire(job)

    assert jobs.sweep() == [job.pk]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SystemExit(1), "SystemExit"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (RecursionError("hondo"), "RecursionError: hondo"),
        (MemoryError(), "MemoryError"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
    ],
)
def test_whatever_the_making_raises_is_a_failure_of_the_job_only(error, said):
    """PD3, JB13: five attempts with back-off, then failed; the worker's thread lives on."""

    def fail(context, progress):
        raise error

    MAKING.append(fail)
    job = ask()
    for _ in range(jobs.MAX_ATTEMPTS):
        Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
        assert jobs.run(job.pk) is False

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, jobs.MAX_ATTEMPTS)
    assert said in job.error


def test_what_cannot_be_helped_fails_at_once():
    def fail(context, progress):
        raise jobs.Hopeless("No cabe.")

    MAKING.append(fail)
    job = jobs.run_now(ask())

    assert (job.state, job.attempts, job.error) == (JobState.FAILED, 1, "No cabe.")


def test_a_kind_that_this_release_does_not_know_is_tried_later():
    """JB11: a job asked for by another release does not end the worker, nor the sweep."""
    job = ask()
    forgotten = jobs.WORK.pop("test_vigencia")
    try:
        jobs.sweep()
        assert jobs.run(job.pk) is False
    finally:
        jobs.WORK["test_vigencia"] = forgotten

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.QUEUED, 1)
    assert "test_vigencia" in job.error


def test_a_making_that_takes_too_long_fails_and_its_thread_ends(settings):
    """A thread cannot be killed: the abandoned one ends when it next tells its progress, and leaves no effect."""
    settings.JOB_TIME_LIMIT_SECONDS = 0
    ended: list[str] = []
    go_on = threading.Event()

    def linger(context, progress):
        go_on.wait(5)
        try:
            progress(50)
        finally:
            ended.append(threading.current_thread().name)

    MAKING.append(linger)
    job = jobs.run_now(ask())
    go_on.set()
    for thread in threading.enumerate():
        if thread.name == f"job-{job.pk}":
            thread.join(5)

    assert job.state == JobState.QUEUED
    assert "TimeoutError" in job.error
    assert ended == [f"job-{job.pk}"]
    assert not Vigencia.objects.exists()


def test_a_job_that_nobody_takes_is_an_alarm(caplog):
    """JB9: the age of the queue is watched."""
    job = ask()
    jobs.sweep()
    assert "diez minutos" not in caplog.text
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now() - timedelta(minutes=11))

    jobs.sweep()

    assert "1 trabajos esperan más de diez minutos" in caplog.text


def test_a_step_that_fails_keeps_no_other_from_its_turn(caplog):
    """The round beside the web server outlives whatever one of its steps raises."""
    job = ask()

    worker._attempt(lambda: 1 / 0)
    worker._attempt(worker._do_what_waits)

    job.refresh_from_db()
    assert "La ronda de trabajos falló" in caplog.text
    assert job.state == JobState.DONE


@pytest.mark.parametrize(
    "values",
    [
        {"state": JobState.RUNNING, "queue_key": None, "lease_until": None},
        {"state": JobState.QUEUED, "queue_key": None},
        {"state": JobState.DONE, "queue_key": "k", "lease_until": None},
        {"state": JobState.DONE, "queue_key": None, "progress": 101},
    ],
)
def test_the_database_refuses_a_job_in_no_state_at_all(values):
    job = ask()

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**values)
