"""A framework that changes while a plan is formulated: its goals must serve the one in force (PG-02)."""

from __future__ import annotations

from datetime import date

import pytest

from pes import frameworks
from plans.coherence import findings_of
from plans.content import facts_of
from plans.editing import CellChange, change_goals
from plans.models import PlanGestion
from tests import make, people

pytestmark = [pytest.mark.django_db, pytest.mark.rule("PG-02")]


def renewed(them) -> None:
    """Another framework from the middle of the vigencia, whose objective 1 says something else."""
    made = frameworks.register_framework(
        them.head, act="Otro acto", valid_from=date(2022, 7, 1), valid_until=None, by=them.ana
    )
    frameworks.add_objective(made, number=1, text="Otro objetivo", sector_objective=None, by=them.ana)


@pytest.mark.parametrize("status", ["draft", "in_review", "with_observations", "validated"])
def test_a_goal_of_the_old_framework_serves_none_while_the_plan_is_not_official(status):
    them = people.cast()
    plan = make.management_plan(unit=them.process, status=status)
    assert [found.problem.code for found in findings_of(plan) if found.field == "objective"] == []

    renewed(them)

    plan = PlanGestion.objects.get(pk=plan.pk)
    assert [found.problem.code for found in findings_of(plan) if found.field == "objective"] == ["objective_missing"]


def test_choosing_the_same_number_again_serves_the_new_framework():
    them = people.cast()
    plan = make.management_plan(unit=them.process, status="draft")
    renewed(them)
    plan = PlanGestion.objects.get(pk=plan.pk)

    change_goals(plan, [CellChange(1, "objective", 1)], by=them.luis)

    goal = plan.goals.get(number=1)
    assert goal.strategic_objective is not None
    assert goal.strategic_objective.text == "Otro objetivo"
    assert facts_of(PlanGestion.objects.get(pk=plan.pk)).goals[0].objective == 1


def test_what_is_published_keeps_the_objective_it_was_published_with():
    them = people.cast()
    plan = make.management_plan(unit=them.process)

    renewed(them)

    goal = plan.goals.get(number=1)
    assert facts_of(PlanGestion.objects.get(pk=plan.pk)).goals[0].objective == 1
    assert goal.strategic_objective is not None
    assert goal.strategic_objective.text != "Otro objetivo"
