"""Jobs whose data moves, and jobs whose database is away for a moment (JB4)."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError, connection

from pes import jobs
from pes.models import JobState, Vigencia
from tests.job_kinds import MAKING, ask, kinds

pytestmark = pytest.mark.django_db
__all__ = ["kinds"]


def test_data_that_moves_under_the_work_uses_up_no_attempt():
    """The work starts over in the same claim, and what it did before has left nothing."""
    moves = [jobs.Again("se movieron los datos")] * 3

    def move(context, progress):
        if moves:
            raise moves.pop()

    MAKING.append(move)
    job = jobs.run_now(ask())

    assert (job.state, job.attempts, job.token) == (JobState.DONE, 1, 1)
    assert Vigencia.objects.count() == 1


def test_data_that_never_stands_still_is_a_failure_with_its_back_off():
    taken = []

    def move(context, progress):
        taken.append(progress)
        raise jobs.Again("se movieron los datos")

    MAKING.append(move)
    job = jobs.run_now(ask())

    assert (job.state, job.attempts, len(taken)) == (JobState.QUEUED, 1, jobs.MOVED_AT_MOST + 1)
    assert "se movieron los datos" in job.error


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_comes_back_finds_the_hint_still_there(error, monkeypatch):
    """JB4: the worker that got the hint waits a little, so that the job does not wait for the sweep."""
    monkeypatch.setattr(jobs, "CLAIM_PAUSES_SECONDS", (0.0, 0.0))
    job, refused = ask(), []

    def be_down(execute, *rest):
        if len(refused) < 2:
            refused.append(rest)
            raise error("the database system is starting up")
        return execute(*rest)

    with connection.execute_wrapper(be_down):
        assert jobs.run(job.pk) is True

    assert len(refused) == 2


def test_a_hint_is_given_up_when_the_database_stays_away(monkeypatch):
    monkeypatch.setattr(jobs, "CLAIM_PAUSES_SECONDS", (0.0, 0.0))
    job, refused = ask(), []

    def be_down(execute, *rest):
        refused.append(rest)
        raise OperationalError("connection refused")

    with connection.execute_wrapper(be_down), pytest.raises(OperationalError):
        jobs.run(job.pk)

    assert len(refused) == 3
    assert jobs.run(job.pk) is True
