"""Kinds of work for the tests of jobs; a test says in MAKING how the first one is made."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from pes import jobs
from pes.models import Job, Vigencia

MAKING: list[object] = []


def write_vigencia(job, context, made):
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
        write=write_vigencia,
    )
    jobs.register("test_poison", read=lambda job: None, make=fail, write=write_vigencia)
    yield
    MAKING.clear()
    jobs.WORK.pop("test_vigencia")
    jobs.WORK.pop("test_poison")


def ask(year: int = 2030, kind: str = "test_vigencia") -> Job:
    return jobs.enqueue(kind, f"{kind}:{year}", {"year": year})


def beside(work: Callable[[], object]) -> threading.Thread:
    """Do something on another connection, at the same time."""

    def body() -> None:
        work()
        connections.close_all()

    thread = threading.Thread(target=body)
    thread.start()
    return thread


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
