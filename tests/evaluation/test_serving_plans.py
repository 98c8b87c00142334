"""Which plans de gestión serve an objective of the sector: the roll-up through the framework's link (PG-02)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.pages.selection import select
from evaluation.pages.serving_goals import serving_plans
from pes.models import StrategicObjective
from plans.models import Goal
from tests import make
from tests.answers import page_of
from tests.evaluation.sector import Sector, sector

pytestmark = [pytest.mark.django_db, pytest.mark.rule("PG-02")]


@pytest.fixture
def ours() -> Sector:
    """Two plans with a goal each, whose strategic objective feeds objective 1 of the sector."""
    found = sector()
    for unit in (found.them.process, found.them.alcaldia):
        make.management_plan(unit=unit)
    StrategicObjective.objects.update(sector_objective=found.objective)
    return found


def serving(ours: Sector, name: str, number: int = 1):
    person = getattr(ours.them, name)
    return serving_plans(person, select(person, ours.plan.sector.code, {}), number)


def test_the_sector_sees_how_many_goals_of_which_plans_serve_an_objective(ours):
    lines = serving(ours, "diana")

    assert [(line.code, line.goals, line.weight, line.status) for line in lines] == [
        ("AL-01", 1, "100,00 %", "Publicado"),
        ("PLE-PIN", 1, "100,00 %", "Publicado"),
    ]
    assert lines[1].url == "/planes/PLE-PIN/2022/"


def test_the_page_of_the_objective_shows_them(ours):
    page = page_of(ours.them.diana).get(ours.url("objetivos/1/")).content.decode()

    assert "Planes de gestión que le sirven" in page
    assert "Planeación Institucional" in page


def test_another_objective_and_an_eliminated_goal_are_left_out(ours):
    Goal.objects.filter(plan__unit=ours.them.process).update(status="eliminated")

    assert [line.code for line in serving(ours, "diana")] == ["AL-01"]
    assert serving(ours, "diana", 2) == ()


@pytest.mark.rule("AZ2")
def test_who_reads_one_plan_sees_only_that_one(ours):
    assert [line.code for line in serving(ours, "luis")] == ["PLE-PIN"]


def test_it_is_one_query(ours):
    selection = select(ours.them.diana, ours.plan.sector.code, {})

    with CaptureQueriesContext(connection) as asked:
        serving_plans(ours.them.diana, selection, 1)

    assert len(asked) == 1
