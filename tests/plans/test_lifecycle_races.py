"""Twelve who decide at once: exactly one wins, the others learn who did (WF2); and what happens without the guard."""

from __future__ import annotations

import threading

import pytest
from django.utils import timezone

from pes.models import AuditEvent, User
from pes.permissions import Role
from plans import lifecycle
from plans.models import PlanGestion
from plans.rules.plan_states import PlanStatus
from tests import make, people, plan_makers
from tests.races import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rule("WF2")]
MANY = 12


@pytest.fixture
def analysts() -> list[User]:
    them = people.cast()
    plan = make.management_plan(unit=them.process, by=them.luis, status="in_review")
    plan_makers.checked(plan, by=them.ana)
    return [people.person(f"Analista {n:02}", Role.ANALISTA_OAP, them.sector) for n in range(MANY)]


def test_twelve_simultaneous_validations_have_exactly_one_winner(analysts):
    plan = PlanGestion.objects.get()

    won, refused = together(lambda who: lifecycle.validate(plan, by=who), analysts)

    assert (len(won), len(refused)) == (1, MANY - 1)
    assert plan_makers.again(plan).validated_by == won[0]
    assert AuditEvent.objects.filter(verb="plan_validated").count() == 1
    assert all(won[0].full_name in found.problems[0].message for found in refused)


def test_returning_and_validating_at_once_have_one_winner(analysts):
    plan = PlanGestion.objects.get()
    acts = [lifecycle.validate, lifecycle.send_back]

    won, _ = together(lambda who: acts[analysts.index(who) % 2](plan, by=who), analysts)

    assert len(won) == 1
    assert plan_makers.again(plan).status == PlanStatus.VALIDATED  # nothing was observed, so nothing goes back


def test_without_the_guard_several_would_win(analysts):
    """The control: read, look, save – what the verb would be without its lock and its conditional UPDATE."""
    plan = PlanGestion.objects.get()
    looked = threading.Barrier(MANY)

    def read_check_save(who: User) -> None:
        found = PlanGestion.objects.get(pk=plan.pk)
        assert found.status == PlanStatus.IN_REVIEW
        looked.wait(20)
        found.status, found.validated_by, found.validated_at = PlanStatus.VALIDATED, who, timezone.now()
        found.save()

    won, _ = together(read_check_save, analysts)

    assert len(won) == MANY
