"""Durable jobs: the row is the truth, the effect happens once (JB1–JB8)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from pes import jobs
from pes.models import Job, JobState, Vigencia

pytestmark = pytest.mark.django_db

MAKING: list[object] = []


def _write_vigencia(job, context, made):
    Vigencia.objects.create(year=job.payload["year"])
    return {"year": job.payload["year"]}


@pytest.fixture(autouse=True)
def kinds():
    """Two kinds of work for these tests: one that makes a vigencia, one that always fails."""

    def fail(context, progress):
        raise ValueError("veneno")

    jobs.register(
        "test_vigencia",
        read=lambda job: job.payload,
        make=lambda c, p: MAKING and MAKING[-1](c, p),
        write=_write_vigencia,
    )
    jobs.register("test_poison", read=lambda job: None, make=fail, write=_write_vigencia)
    yield
    MAKING.clear()
    jobs.WORK.pop("test_vigencia")
    jobs.WORK.pop("test_poison")


def ask(year: int = 2030, kind: str = "test_vigencia") -> Job:
    return jobs.enqueue(kind, f"{kind}:{year}", {"year": year})


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


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
