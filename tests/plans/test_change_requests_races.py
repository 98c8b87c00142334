"""Twelve who decide the same request at the same moment: exactly one decides (B7, WF2)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from pes.models import AuditEvent, User
from pes.permissions import Role
from pes.rules.problems import Refused
from plans import change_requests
from plans.models import ChangeRequest
from tests import people
from tests.change_makers import HOLA, MAY, request_at, world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rule("WF2")]
DECIDERS = 12


@pytest.fixture(autouse=True)
def in_may():
    with time_machine.travel(MAY, tick=False):
        yield


def together(people_: list[User], act: Callable[[User], None]) -> int:
    """Everybody acts at the same moment, each over a connection of their own; how many were not refused."""
    start, won = threading.Barrier(len(people_)), []

    def body(by: User) -> None:
        try:
            start.wait(20)
            act(by)
            won.append(by)
        except Refused:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=body, args=(by,)) for by in people_]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return len(won)


def deciders(found) -> list[User]:
    return [people.person(f"Jefe {number}", Role.JEFE_OAP, found.them.sector) for number in range(DECIDERS)]


def test_of_twelve_simultaneous_decisions_exactly_one_wins():
    found = world()
    request = request_at("under_study", found.goal(), by=found.them.luis, world=found)

    def decide(by: User) -> None:
        mine = ChangeRequest.objects.get(pk=request.pk)
        if by.pk % 2:
            change_requests.approve(mine, reason="Procede.", by=by)
        else:
            change_requests.deny(mine, reason="No procede.", by=by)

    winners = together(deciders(found), decide)

    request.refresh_from_db()
    decided = AuditEvent.objects.filter(verb__in=["change_approved", "change_denied"])
    assert winners == 1
    assert decided.count() == 1
    assert (decided.get().actor_id, f"change_{request.status}") == (request.decided_by_id, decided.get().verb)


def test_of_twelve_simultaneous_applications_exactly_one_makes_a_version():
    found = world()
    request = request_at("approved", found.goal(), by=found.them.luis, world=found)
    leaders = [people.person(f"Líder {number}", Role.LIDER_PROCESO, found.them.process) for number in range(DECIDERS)]

    winners = together(
        leaders, lambda by: change_requests.apply(ChangeRequest.objects.get(pk=request.pk), **HOLA, by=by)
    )

    plan = request.goal.plan
    plan.refresh_from_db()
    assert (winners, plan.edition, plan.versions.filter(event="renewed").count()) == (1, 2, 1)


def test_of_twelve_simultaneous_filings_of_one_goal_exactly_one_is_open():
    found = world()
    goal = found.goal()
    leaders = [people.person(f"Líder {number}", Role.LIDER_PROCESO, found.them.process) for number in range(DECIDERS)]
    drafts = {
        by.pk: ChangeRequest.objects.create(
            goal=goal, kind="eliminate", justification="x", memo="x", made_by=by, made_at=timezone.now()
        )
        for by in leaders
    }

    winners = together(leaders, lambda by: change_requests.file(drafts[by.pk], by=by))

    assert (winners, ChangeRequest.objects.filter(status="filed").count()) == (1, 1)


def test_with_the_guard_removed_more_than_one_decides():
    """The control: the same twelve read, check and save, as a naive view would; the race is there to be won."""
    found = world()
    request = request_at("under_study", found.goal(), by=found.them.luis, world=found)
    read = threading.Barrier(DECIDERS)

    def decide(by: User) -> None:
        mine = ChangeRequest.objects.get(pk=request.pk)
        if mine.status != "under_study":
            raise Refused([])
        read.wait(20)  # everybody has read before anybody saves
        mine.status, mine.decided_by, mine.decided_at = "approved", by, timezone.now()
        mine.save()

    assert together(deciders(found), decide) > 1
