"""The cascade PDD → PES → PEI → plan de gestión: who serves whom, and where it breaks (LC-07, PG-02)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.cascade import Cascade, cascade_of
from evaluation.rules.viability import Counted
from evaluation.viability.facts import counted
from pes.models import DevelopmentPlan, PddProgramme, StrategicObjective
from plans.models import Goal
from tests import make
from tests.evaluation.sector import Sector, sector

pytestmark = [pytest.mark.django_db, pytest.mark.rule("LC-07")]


@pytest.fixture
def ours() -> Sector:
    """Objective 1 served from the PDD down to the goal of a plan; objective 2 served by nobody."""
    found = sector()
    make.management_plan(unit=found.them.process)
    StrategicObjective.objects.update(sector_objective=found.objective)
    pdd = DevelopmentPlan.objects.create(plan=found.plan, name="Plan de desarrollo de prueba", source_act="Acuerdo 1")
    for code in ("42", "43"):
        PddProgramme.objects.create(development_plan=pdd, code=code, name=f"Programa {code}")
    PddProgramme.objects.get(code="42").objectives.add(found.objective)
    return found


def cascade(ours: Sector) -> Cascade:
    return cascade_of(ours.plan, 2022)


def test_a_goal_of_a_plan_reaches_the_pdd(ours):
    found = cascade(ours)

    first, second = found.objectives
    programme = {one.pk: one.code for one in found.programmes}
    assert [programme[pk] for pk in first.programmes] == ["42"]
    assert [(goal.unit_code, goal.number) for goal in first.plan_goals] == [("PLE-PIN", 1)]
    assert [goal.indicators for goal in first.goals] == [2]
    assert (second.programmes, second.plan_goals) == ((), ())
    assert found.development_plans == (("Plan de desarrollo de prueba", "Acuerdo 1"),)


def test_what_is_broken_is_named(ours):
    found = cascade(ours)

    assert [one.number for one in found.unserved] == [one.number for one in found.without_programme] == [2]
    assert [one.code for one in found.unserved_programmes] == ["43"]
    assert [one.code for one in found.without_framework] == ["dascd"]
    assert [one.number for one in found.without_sector_goals] == [2]
    assert found.adrift == found.stray == found.without_goals == ()


def test_without_programmes_written_down_every_objective_lacks_its_own_and_viability_cannot_tell(ours):
    PddProgramme.objects.all().delete()

    assert [one.number for one in cascade(ours).without_programme] == [1, 2]
    assert counted(ours.plan, 2022)["objectives_without_programme"] == Counted(0)


def test_an_objective_that_serves_no_objective_of_this_pes_is_adrift(ours):
    StrategicObjective.objects.update(sector_objective=None)

    found = cascade(ours)

    assert {one.entity for one in found.adrift} == {ours.them.head.pk}
    assert [one.number for one in found.unserved] == [1, 2]


@pytest.mark.rule("PG-02")
def test_a_goal_counts_only_through_the_framework_in_force(ours):
    make.framework(entity=ours.them.head, by=ours.them.ana, act="Resolución 9", since=date(2021, 7, 1))

    found = cascade(ours)

    assert [one.act for one in found.entities] == ["Resolución 9", ""]
    assert [goal.unit_code for goal in found.stray] == ["PLE-PIN"]
    assert found.objectives[0].plan_goals == ()


def test_a_sector_objective_that_entities_serve_without_goals_is_told_apart(ours):
    Goal.objects.update(status="eliminated")

    assert [one.number for one in cascade(ours).without_goals] == [1]


def test_a_plan_that_is_not_published_does_not_count(ours):
    make.management_plan(unit=ours.them.alcaldia, status="draft")

    assert {goal.unit_code for goal in cascade(ours).objectives[0].plan_goals} == {"PLE-PIN"}


def test_it_asks_a_constant_number_of_queries(ours):
    with CaptureQueriesContext(connection) as small:
        cascade(ours)
    make.management_plan(unit=ours.them.alcaldia)
    make.objective(plan=ours.plan, number=3)
    make.framework(entity=ours.them.second_entity, by=ours.them.ana)
    with CaptureQueriesContext(connection) as big:
        cascade(ours)

    assert len(big) == len(small) == 9
