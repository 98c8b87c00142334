"""What the tests of the grid share: a draft of Luis, his browser, and a block of cells to send."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.test import Client

from pes.models import OrganizationUnit, UnitKind
from pes.permissions import Role
from plans import shared_goals
from plans.editing import NewGoal, put_goals
from plans.models import Goal, PlanGestion
from plans.rules.goals import GoalKind
from tests import people, plan_makers
from tests.people import Cast

AS_JSON = {"Accept": "application/json"}


def draft(them: Cast, goals: int = 2, **values: Any) -> PlanGestion:
    """A plan in draft of Luis, with goals that cohere unless `values` says otherwise of all of them."""
    return plan_makers.draft(unit=them.process, by=them.luis, goals=[values for _ in range(goals)])


def fill(plan: PlanGestion, count: int) -> None:
    """Many goals more, all alike."""
    values = {**plan_makers.GOAL, "weight": Decimal("0.10")}
    put_goals(plan, [NewGoal(values) for _ in range(count)])


def change(goal: int, field: str, value: str, was: str | None = None, **more: Any) -> dict[str, Any]:
    """A cell as the grid sends it."""
    return {"goal": goal, "field": field, "was": was, "value": value, **more}


def send(client: Client, plan: PlanGestion, *changes: dict[str, Any], **more: Any) -> Any:
    """Send a block of cells."""
    body = json.dumps({"changes": list(changes), **more})
    return client.post(plan.url("cells"), body, content_type="application/json")


def shared(them: Cast, plan: PlanGestion) -> tuple[Goal, OrganizationUnit]:
    """A transversal goal that an area of the entity leads, in the plan; and the area, with Rosa in it."""
    area = people.unit("talento", UnitKind.OFFICE, them.head, "Talento Humano")
    people.Membership.project_all()
    rosa = people.person("Rosa Responsable", Role.AREA_CENTRAL, area)
    values = {name: plan_makers.GOAL[name] for name in shared_goals.NAMES if name in plan_makers.GOAL}
    values |= {"kind": GoalKind.TRANSVERSAL, "text": "Meta de todos"}
    template = shared_goals.write(area, plan.vigencia_id, by=rosa, values=values)
    shared_goals.assign(template, [plan.unit], by=rosa)
    return plan.goals.get(template=template), area
