"""Closing while others act: one run for many who ask, and no deadlock however reports move (JB5, JB15)."""

from __future__ import annotations

import pytest
import time_machine
from django.db import OperationalError, connection

from evaluation.models import QuarterClose
from evaluation.quarter_closes import consolidate
from evaluation.quarter_lines import is_intact
from pes import jobs
from pes.models import Job, JobState
from pes.rules.problems import Refused
from tests import people
from tests.evaluation.quarters import AFTER_TERM, plan, reported
from tests.races import at_once
from tracking import lifecycle
from tracking.models import QuarterReport

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def plans(them):
    with time_machine.travel(AFTER_TERM, tick=False):
        found = [plan(them, f"P-0{number}") for number in range(1, 4)]
        for one in found:
            reported(one, 80)
        yield found


@pytest.mark.rule("JB5", "WF1", "WF2")
def test_many_who_consolidate_at_once_make_one_run(them, plans):
    def ask() -> None:
        consolidate(them.head, 2022, 1, "central", by=them.ana, now=AFTER_TERM)

    failed = at_once(*[ask] * 5)
    job = Job.objects.get(kind="close_quarter")
    failed += at_once(*[lambda: jobs.run(job.pk)] * 3)

    assert failed == []
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    assert [close.run for close in QuarterClose.objects.all()] == [1]


@pytest.mark.rule("JB15", "SM-2")
def test_reports_that_move_meanwhile_never_lock_each_other_out(them, plans):
    """Two levels of locks, taken in opposite directions by nobody: closing against reopening and validating."""

    def close() -> None:
        for turn in range(ROUNDS):
            try:
                job = consolidate(them.head, 2022, 1, "central", by=them.ana, reason=f"Vuelta {turn}", now=AFTER_TERM)
            except Refused:
                continue
            Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(run_after=AFTER_TERM)  # without its back-off
            jobs.run(job.pk)

    def move(one: QuarterReport) -> None:
        for _ in range(ROUNDS):
            try:
                lifecycle.reopen(one, reason="Cifra errada", by=them.jorge)
                lifecycle.validate(one, by=them.ana)
            except Refused:
                continue

    reports = list(QuarterReport.objects.select_related("plan__unit"))
    failed = at_once(close, *[lambda one=one: move(one) for one in reports])

    close()
    locked = [error for error in failed if isinstance(error, OperationalError) and connection.vendor == "postgresql"]
    assert locked == []
    runs = list(QuarterClose.objects.order_by("run"))
    assert [one.run for one in runs] == list(range(1, len(runs) + 1)) != []
    assert all(is_intact(one) for one in runs)
