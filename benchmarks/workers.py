"""A Celery worker of one queue beside what is measured, as docker-compose.yml starts it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def worker(queue: str) -> Iterator[None]:
    """One process that does the jobs of a queue, until the end of the block."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "pes.celery",
        "worker",
        "-Q",
        queue,
        "-c",
        "1",
        "-n",
        f"{queue}@%h",
    ]
    process = subprocess.Popen([*command, "-l", "ERROR"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(90)
