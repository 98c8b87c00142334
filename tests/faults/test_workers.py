"""Real workers on a real broker: one is killed with -9 in mid-work, nothing is lost and nothing is doubled (JB1)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from evaluation.models import Cutoff, ReportDraft
from evaluation.rules.periods import Kind, parse_period
from pes import jobs
from pes.models import Job, JobState, SectorPlan
from tests import make, people

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

PATIENCE_SECONDS = 90
MONTHS = [f"2022-{month:02d}" for month in range(1, 7)]
# The worker's own beat may plan the semester and the year meanwhile; the tests look at the months they asked for.
MONTHLY = {"kind": "render_report", "payload__kind": Kind.MONTHLY.value}


class Worker:
    """A Celery worker with its own beat, as its own process group."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        command = [sys.executable, "-m", "celery", "-A", "pes.celery", "worker", "-B", "-Q", "default,reports"]
        options = ["--concurrency=1", "--loglevel=WARNING", f"--schedule={log}.schedule"]
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [*command, *options], env=environment, stdout=out, stderr=out, start_new_session=True
            )

    def kill(self) -> None:
        """SIGKILL the worker and its children."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def environment(valkey_url: str, database_url: str, media_root: Path) -> dict[str, str]:
    """The environment of a worker on this test's database, with leases of seconds."""
    seconds = {"JOB_LEASE_SECONDS": "3", "JOB_SWEEP_SECONDS": "1", "JOB_VISIBILITY_SECONDS": "900"}
    return os.environ | seconds | {"DATABASE_URL": database_url, "REDIS_URL": valkey_url, "MEDIA_ROOT": str(media_root)}


@pytest.fixture
def plan() -> SectorPlan:
    """A sector measured at the end of six months, its cut-offs computed."""
    them = people.cast()
    plan = make.plan(sector=them.sector)
    objective = make.objective(plan=plan)
    goal = make.goal(objective=objective)
    indicator = make.indicator(goal=goal, entity=them.head, key="1", targets={2022: 100})
    make.weights(objective=objective, by=them.ana, k1="100.00")
    for month in range(1, 7):
        make.measurement(indicator=indicator, by=them.elena, achieved=month * 10, on=date(2022, month, 28))
    make.run_jobs()
    assert Cutoff.objects.count() == 6
    for period in MONTHS:
        ReportDraft.ask(plan, parse_period(Kind.MONTHLY, period), by=them.ana)
    return plan


@pytest.fixture
def workers() -> Iterator[list[Worker]]:
    """Whatever workers a test starts are killed with it."""
    started: list[Worker] = []
    yield started
    for worker in started:
        worker.kill()


def wait_until(condition, what: str) -> None:
    """Ask every twentieth of a second, and fail saying what did not happen."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"{what} (in {PATIENCE_SECONDS} s)"
        time.sleep(0.05)


def test_a_worker_killed_in_mid_report_loses_and_doubles_nothing(plan, environment, workers, tmp_path):
    running = Job.objects.filter(**MONTHLY, state=JobState.RUNNING)
    first = Worker(environment, tmp_path / "first.log")
    workers.append(first)
    wait_until(running.exists, "no report was started")
    first.kill()
    interrupted = running.get()

    workers.append(Worker(environment, tmp_path / "second.log"))
    unfinished = Job.objects.filter(**MONTHLY).exclude(state=JobState.DONE)
    wait_until(lambda: not unfinished.exists(), "reports are left undone")

    interrupted.refresh_from_db()
    drafts = ReportDraft.objects.filter(kind=Kind.MONTHLY)
    assert interrupted.attempts == 2
    assert sorted(drafts.values_list("period", flat=True)) == MONTHS
    folders = {path.name for path in (Path(environment["MEDIA_ROOT"]) / "informes").iterdir()}
    assert set(drafts.values_list("folder", flat=True)) <= folders


def test_two_workers_and_repeated_hints_make_each_report_once(plan, environment, workers, tmp_path):
    """JB5: both workers hear of every job several times."""
    undone = Job.objects.exclude(state=JobState.DONE)
    workers.extend(Worker(environment, tmp_path / f"{name}.log") for name in ("first", "second"))

    wait_until(lambda: not undone.exists(), "reports are left undone")

    made = Job.objects.filter(**MONTHLY)
    assert made.count() == len(MONTHS)
    assert set(made.values_list("attempts", flat=True)) == {1}
    assert ReportDraft.objects.filter(kind=Kind.MONTHLY).count() == len(MONTHS)
    assert jobs.sweep() == []
