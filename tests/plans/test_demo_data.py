"""The demonstration's plans as they are loaded: every state of both machines, and a workbook that changes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone

from evaluation.demo_data import load_people
from pes.models import User
from pes.organization_data import load_organization
from pes.workbooks.writer import write_workbook
from plans import demo_data
from plans.models import ChangeRequest, PlanGestion
from plans.rules.change_states import ChangeStatus
from plans.rules.plan_states import PlanStatus
from plans.workbook.apply import import_plan
from plans.workbook.export import sheets_of
from plans.workbook.reading import read_plan_workbook

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture
def loaded() -> None:
    console = User.objects.console()
    load_organization(by=console)
    load_people(console)
    demo_data.load(TODAY)


def test_the_demonstration_shows_every_state_and_its_workbooks_change_nothing(loaded):
    """Issue 2, points 5 and 8: one load, because it walks some hundred verbs."""
    demo_data.load(TODAY)  # twice is the same as once

    plans = PlanGestion.objects.select_related("unit").order_by("pk")
    assert set(plans.filter(vigencia=2027).values_list("status", flat=True)) == set(PlanStatus) - {PlanStatus.CLOSED}
    assert set(plans.filter(vigencia__lt=2027).values_list("status", flat=True)) == {PlanStatus.PUBLISHED}
    assert Counter(plans.values_list("vigencia", flat=True)) == {2024: 1, 2025: 27, 2027: 27}
    assert set(ChangeRequest.objects.values_list("status", flat=True)) == {status.value for status in ChangeStatus}
    assert plans.filter(vigencia=2027, level="local").count() == 20
    assert {answers(plan) for plan in plans} == {(0, 0, ())}


def answers(plan: PlanGestion) -> tuple[int, int, tuple[str, ...]]:
    """What importing a plan's own export creates, changes and refuses (IM14)."""
    file = BytesIO()
    write_workbook(file, sheets_of(plan), created=timezone.now())
    file.seek(0)
    answer = import_plan(read_plan_workbook(file), plan.unit, plan.vigencia_id, by=User.objects.console())
    return answer.created, answer.updated, tuple(item.message for item in answer.errors)
