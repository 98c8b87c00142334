"""The product's verbs as a view calls them: a fact and the job that it asks for are one transaction.

Whoever asks again because the answer got lost is told that it was done, and that is an answer.
"""

from __future__ import annotations

from django.db import Error, IntegrityError, close_old_connections, connection, transaction

from pes import jobs
from pes.models import User
from plans.lifecycle import AlreadyDone
from tests.faults.apps import KIND
from tests.faults.world import LEADER
from tracking import lifecycle
from tracking.models import QuarterReport

UNAVAILABLE = (Error,)


def effect(number: int, seconds: float) -> None:
    """Ask for a row of a number, once."""
    close_old_connections()  # as Django does at the start of a request
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO fault_request VALUES (%s)", [number])
            jobs.enqueue(KIND, f"{KIND}:{number}", {"number": number, "seconds": seconds})
    except IntegrityError:
        return


def submit(report: int) -> None:
    """Send a report to the OAP."""
    close_old_connections()
    leader = User.objects.get(email=LEADER)
    try:
        lifecycle.submit(QuarterReport.objects.select_related("plan__unit").get(pk=report), by=leader)
    except AlreadyDone:
        return


VERBS = {"effect": effect, "submit": submit}
