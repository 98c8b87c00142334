"""Exporting a plan: what comes out goes back in and changes nothing (IM14)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from openpyxl import load_workbook

from pes.rules.programming import ProgrammingType
from plans.rules.goals import GoalKind, IndicatorKind
from plans.rules.plan_states import PlanStatus
from plans.workbook.shape import HEADERS, PLAN_KEYS
from tests import make, people
from tests.pes_books import run
from tests.plans.books import exported, imported

pytestmark = [pytest.mark.django_db, pytest.mark.rule("IM14")]


@pytest.fixture
def them():
    return people.cast()


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize("status", list(PlanStatus))
def test_a_plan_round_trips_in_every_state(them, tmp_path, status):
    plan = make.management_plan(unit=them.process, by=them.luis, status=status, goals=3)

    answer, code = imported(exported(tmp_path / "plan.xlsx", them.process), them.process)

    plan.refresh_from_db()
    assert (code, answer["errors"]) == (0, [])
    assert (answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 3)
