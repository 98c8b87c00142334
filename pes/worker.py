"""Without a broker, one daemon thread beside the web server runs the job rows."""

from __future__ import annotations

import logging
import threading
import time

from django.conf import settings
from django.db import connections

from pes import audit, jobs
from pes.planner import plan_due_work

log = logging.getLogger(__name__)
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
        try:
            if time.monotonic() >= next_plan:
                plan_due_work()
                audit.seal()
                next_plan = time.monotonic() + 600
            for pk in jobs.sweep():
                jobs.run(pk)
        except Exception:
            log.exception("La ronda de trabajos falló; sigue la próxima.")
        finally:
            connections.close_all()
        time.sleep(0.5)
