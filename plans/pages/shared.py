"""Shared goals as their leading area sees them: one table, many plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from pes.models import OrganizationUnit, UnitKind
from pes.permissions import Permission
from plans.content import goals_of
from plans.models import Goal, GoalTemplate, PlanGestion
from plans.rules.goals import GoalFacts, GoalKind
from plans.rules.plan_states import EDITABLE, NOT_OFFICIAL, PlanStatus
from plans.rules.values import spoken
from plans.shared_goals import EDIT, WITHDRAWABLE, may_have

PER_PAGE = 30
OWNERS = (UnitKind.PROCESS, UnitKind.OFFICE, UnitKind.ENTITY)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """How one plan has the goal."""

    code: str
    unit: str
    url: str
    status: str
    weight: str
    quarters: tuple[str, ...]
    magnitude: str
    follows: str
    can_withdraw: bool


def templates_page(user: Any, year: str, number: str | None) -> Page[GoalTemplate]:
    """The shared goals that a person writes, with how many plans have each; three queries."""
    found = GoalTemplate.objects.visible_to(user, EDIT).select_related("owner")
    if year.isascii() and year.isdigit():
        found = found.filter(vigencia=int(year[:4]))
    counted = found.annotate(plans=Count("goals", filter=~Q(goals__status="removed")))
    return Paginator(counted.order_by("-vigencia", "owner__sort_key", "pk"), PER_PAGE).get_page(number)


def template_rows(page: Page[GoalTemplate]) -> list[dict[str, Any]]:
    """Rows of the list."""
    return [
        {
            "pk": one.pk,
            "text": one.text,
            "kind": GoalKind(one.kind).label,
            "owner": one.owner.name,
            "vigencia": str(one.vigencia_id),
            "plans": one.plans,  # type: ignore[attr-defined]
        }
        for one in page
    ]


def plan_lines(template: GoalTemplate) -> list[PlanLine]:
    """Every plan that has the goal, in the order of the units; constant queries."""
    goals = template.goals.in_force().select_related("plan__unit")
    rows = sorted(goals, key=lambda goal: (goal.plan.unit.kind, goal.plan.unit.sort_key, goal.plan.unit.code))
    facts = {(row.pk): one for row, one in zip(goals, goals_of(goals), strict=True)}
    return [_line(row, facts[row.pk]) for row in rows]


def _line(goal: Goal, facts: GoalFacts) -> PlanLine:
    status = PlanStatus(goal.plan.status)
    return PlanLine(
        code=goal.plan.unit.code,
        unit=goal.plan.unit.name,
        url=goal.get_absolute_url(),
        status=status.label,
        weight=spoken("weight", facts.weight),
        quarters=tuple(spoken(f"t{at}", amount) for at, amount in enumerate(facts.quarters, 1)),
        magnitude=spoken("magnitude", facts.magnitude),
        follows="Sigue los cambios" if status in NOT_OFFICIAL else "Oficial: cambia por solicitud",
        can_withdraw=status in WITHDRAWABLE,
    )


def assignable(template: GoalTemplate) -> Any:
    """Units whose plan is being written and has not got the goal."""
    plans = PlanGestion.objects.filter(vigencia=template.vigencia_id, status__in=EDITABLE)
    having = template.goals.in_force().values("plan__unit")
    return may_have(template).filter(pk__in=plans.values("unit")).exclude(pk__in=having)


def owners_for(user: Any) -> Any:
    """Areas in whose name a person may write a shared goal."""
    held = OrganizationUnit.objects.visible_to(user, Permission.GOAL_TEMPLATE_EDIT)
    return held.filter(kind__in=OWNERS, is_active=True).order_by("kind", "sort_key", "code")


def areas_for(owners: Any) -> list[tuple[str, str]]:
    """Areas that may report a goal led by some owners: code and name of the units of their entities."""
    entities = {unit.pk if unit.kind == UnitKind.ENTITY else unit.parent_id for unit in owners}
    areas = OrganizationUnit.objects.filter(
        parent__in=entities, kind__in=(UnitKind.PROCESS, UnitKind.OFFICE), is_active=True
    )
    return [(unit.code, unit.name) for unit in areas.order_by("kind", "sort_key", "code")]
