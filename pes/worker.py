"""Without a broker, one daemon thread beside the web server runs the job rows."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connections

from pes import audit, jobs
from pes.planner import plan_due_work

log = logging.getLogger(__name__)
PLAN_SECONDS = 600
_started = threading.Lock()


def start_in_process() -> threading.Thread | None:
    """Start the thread once per process; None when a broker does the work or the thread already runs."""
    if not settings.JOBS_RUN_IN_PROCESS or not _started.acquire(blocking=False):
        return None
    thread = threading.Thread(target=_loop, name="pes-jobs", daemon=True)
    thread.start()
    return thread


def _loop() -> None:
    next_plan = 0.0
    while True:
        if time.monotonic() >= next_plan:
            next_plan = time.monotonic() + PLAN_SECONDS
            _attempt(plan_due_work)
            _attempt(audit.seal)
        _attempt(_do_what_waits)
        connections.close_all()
        time.sleep(0.5)


def _do_what_waits() -> None:
    for pk in jobs.sweep():
        jobs.run(pk)


def _attempt(step: Callable[[], object]) -> None:
    """One step of a round; what it raises is logged and keeps no other step from its turn."""
    try:
        step()
    except Exception:
        log.exception("La ronda de trabajos falló; sigue la próxima.")
