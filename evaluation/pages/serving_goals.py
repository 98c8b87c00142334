"""Which goals of planes de gestión serve an objective of the sector (PG-02): the roll-up through the framework's link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse

from evaluation.pages.selection import Selection
from pes.permissions import Permission
from pes.rules.numbers import spanish_figures
from plans.models import Goal, PlanGestion
from plans.rules.goals import GoalStatus
from plans.rules.plan_states import PlanStatus


@dataclass(frozen=True)
class ServingPlan:
    """A plan de gestión with goals for the objective; `weight` is their part of the plan, in percentage points."""

    code: str
    unit: str
    url: str
    goals: int
    weight: str
    status: str


def serving_plans(user: Any, selection: Selection, number: int) -> tuple[ServingPlan, ...]:
    """The plans of the vigencia that the person may read, with what they put into the objective; one query."""
    goals = Goal.objects.filter(
        plan__in=PlanGestion.objects.visible_to(user, Permission.PLAN_READ),
        status=GoalStatus.ACTIVE,
        plan__vigencia=selection.vigencia,
        strategic_objective__sector_objective__plan=selection.plan,
        strategic_objective__sector_objective__number=number,
    )
    rows = (
        goals.order_by("plan__unit__sort_key", "plan__unit__code")
        .values_list("plan__unit__code", "plan__unit__name", "plan__status", "plan__unit__sort_key")
        .annotate(goals=Count("pk"), weight=Sum("weight"))
    )
    return tuple(
        ServingPlan(
            code,
            name,
            reverse("plans:plan", args=[code, selection.vigencia]),
            count,
            f"{spanish_figures(weight, 2)} %" if weight is not None else "–",
            PlanStatus(status).label,
        )
        for code, name, status, _order, count, weight in rows
    )
