"""The product's verbs as a view calls them: a fact and the job that it asks for are one transaction.

Whoever asks again because the answer got lost is told that it was done, and that is an answer.
"""

from __future__ import annotations

from django.db import Error, IntegrityError, close_old_connections, connection, transaction

from evaluation.plan_facts import Place
from evaluation.quarter_closes import closes_of, consolidate
from pes import jobs
from pes.models import OrganizationUnit, User
from pes.rules.problems import Refused
from plans.lifecycle import AlreadyDone
from plans.models.plan import PlanLevel
from tests.faults.apps import KIND
from tests.faults.world import HEAD, LEADER, TEAMS
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


def close(entity: int, quarter: int) -> None:
    """Consolidate a quarter of an entity; who asks again may find it consolidated already."""
    close_old_connections()
    head, unit = User.objects.get(email=HEAD), OrganizationUnit.objects.get(pk=entity)
    try:
        consolidate(unit, TEAMS.vigencia, quarter, PlanLevel.CENTRAL, by=head)
    except Refused:
        if not closes_of(Place(entity, TEAMS.vigencia, PlanLevel.CENTRAL), quarter).exists():
            raise


VERBS = {"effect": effect, "submit": submit, "close": close}
