"""Teaches every process of the fault tests a job whose effect is a row that nothing ever changes."""

from __future__ import annotations

import time
from typing import Any

from celery.signals import worker_process_init
from django.apps import AppConfig
from django.db import connection

KIND = "fault_effect"


class Faults(AppConfig):
    """Loaded only by `tests.faults.settings`."""

    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        """Register the work, let what failed be tried again after seconds, and import nothing to render with.

        Nothing is rendered here, and importing WeasyPrint in every new child would be a third of the whole test.
        """
        from pes import jobs, tasks

        jobs.register(KIND, read=lambda job: job.payload, make=_take_time, write=_leave_a_row)
        jobs.BACK_OFF_SECONDS = (1, 2, 4, 4)
        worker_process_init.disconnect(tasks.warm_up)


def _take_time(asked: dict[str, Any], progress: Any) -> None:
    time.sleep(asked["seconds"])


def _leave_a_row(job: Any, asked: dict[str, Any], made: None) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO fault_effect (number, token) VALUES (%s, %s)", [asked["number"], job.token])
    return {}
