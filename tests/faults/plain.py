"""What Celery does by itself: its defaults, a task sent with delay(), no row of the job, nobody who sweeps."""

from __future__ import annotations

import os
import time

import psycopg
from celery import Celery
from kombu.exceptions import OperationalError

app = Celery("plain", broker=os.environ.get("REDIS_URL"))
UNAVAILABLE = (psycopg.Error, OperationalError)


@app.task
def leave_a_row(number: int, seconds: float) -> None:
    """Take some time, then leave a row, on a connection of its own so that no restart can spoil it."""
    time.sleep(seconds)
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("INSERT INTO fault_effect (number, token) VALUES (%s, 0)", [number])


def effect(number: int, seconds: float) -> None:
    """Ask for a row of a number; the message is sent again until the broker takes it."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("INSERT INTO fault_request VALUES (%s) ON CONFLICT DO NOTHING", [number])
    leave_a_row.delay(number, seconds)


VERBS = {"effect": effect}
