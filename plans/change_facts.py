"""One reading of a request to change a goal: its rows → what the rules of policy 9 ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from pes.models import Membership, OrganizationUnit, UnitKind, UnitPermission
from pes.permissions import Permission, Role
from pes.rules.problems import Problem, Refused
from plans.content import context_of, goal_facts, goal_from, goals_of, quarters_of
from plans.models import ChangeRequest, Goal
from plans.models.plan import PlanLevel
from plans.rules.change_criteria import CriterionResult, criteria
from plans.rules.change_states import ChangeStatus
from plans.rules.changes import ChangeKind, Ground, OpinionKind, Proposal, counts_as_modification
from plans.rules.fields import GOAL_FIELDS
from plans.rules.goals import GoalFacts, GoalStatus
from plans.rules.plan_weights import weights_after_removal
from plans.rules.values import amended

# What a request may propose: weight and kind concern the whole plan (W-02), the central area who reports (PG-08).
MODIFIABLE = tuple(field.name for field in GOAL_FIELDS if field.name not in {"weight", "kind", "central_area"})
APPROVED = (ChangeStatus.APPROVED, ChangeStatus.APPLIED)


def current_facts(goal: Goal) -> GoalFacts:
    """What the goal says now; one query, two when its objective and area are not loaded."""
    return goal_facts(goal, quarters_of([goal.pk]).get(goal.pk, {}))


def base_facts(request: ChangeRequest) -> GoalFacts:
    """What the goal said when the request was filed; while it is a draft, what the goal says now."""
    return goal_from(request.base) if request.base else current_facts(request.goal)


def proposal_of(request: ChangeRequest, current: GoalFacts | None = None) -> Proposal:
    """What is asked, as the rules read it. Raises Refused with every text that cannot be read."""
    before = current or base_facts(request)
    return Proposal(
        kind=ChangeKind(request.kind),
        ground=Ground(request.ground),
        justification=request.justification,
        memo=request.memo,
        current=before,
        proposed=amended(before, request.proposed),
    )


def readable(request: ChangeRequest, current: GoalFacts | None = None) -> tuple[Proposal, tuple[Problem, ...]]:
    """What is asked, without the texts that cannot be read, and what is wrong with those."""
    try:
        return proposal_of(request, current), ()
    except Refused as refused:
        unread = refused.problems
    before, kept = current or base_facts(request), {}
    for name, text in request.proposed.items():
        try:
            amended(before, {name: text})
        except Refused:
            continue
        kept[name] = text
    copy = ChangeRequest(goal=request.goal, kind=request.kind, ground=request.ground, proposed=kept)
    copy.justification, copy.memo = request.justification, request.memo
    return proposal_of(copy, before), unread


def criteria_of(
    request: ChangeRequest,
    proposal: Proposal,
    *,
    today: date,
    at_decision: bool = False,
    is_leader: bool = True,
    context: Mapping[str, Any] | None = None,
) -> list[CriterionResult]:
    """What the request meets of policy 9 on a day (PG-09a…j)."""
    plan = request.goal.plan
    known = context or context_of(plan)
    filed_on = timezone.localdate(request.filed_at) if request.filed_at else today
    return criteria(
        proposal,
        vigencia=plan.vigencia_id,
        filed_on=filed_on,
        today=today,
        approved_before=approved_before(request),
        has_follow_up=request.goal.first_reported_at is not None,
        opinions=opinions_of(request),
        is_local_plan=plan.level == PlanLevel.LOCAL,
        at_decision=at_decision,
        discount_baseline=known["discount_baseline"],
        objectives=known["objectives"],
        is_leader=is_leader,
    )


def approved_before(request: ChangeRequest) -> int:
    """How many modifications of the goal were approved: increases of its magnitude are not counted (PG-09c, PG-09d)."""
    rows = ChangeRequest.objects.filter(goal=request.goal_id, status__in=APPROVED).exclude(pk=request.pk)
    return sum(counts_as_modification(proposal_of(row)) for row in rows)


def elimination_weights(goal: Goal) -> dict[int, Decimal]:
    """Goal number → weight in percentage points once an active goal without follow-up is out; else nothing moves.

    Raises Refused when nobody can take its weight (PG-09h, W-02).
    """
    if goal.first_reported_at is not None or goal.status != GoalStatus.ACTIVE:
        return {}
    goals = goals_of(goal.plan.goals.in_force())
    technical = context_of(goal.plan)["technical_weight"]
    return weights_after_removal(goals, goal.number, technical_weight=technical)


def opinions_of(request: ChangeRequest) -> dict[OpinionKind, bool | None]:
    """The prior opinions that were asked for: favourable, unfavourable, or not given yet."""
    if request.pk is None:
        return {}
    return {OpinionKind(opinion.kind): opinion.is_favourable for opinion in request.opinions.all()}


def local_offices(entity: OrganizationUnit | None, today: date) -> QuerySet[OrganizationUnit]:
    """Offices of an entity that give the local opinion: somebody holds that role in them today (PG-09g)."""
    if entity is None:
        return OrganizationUnit.objects.none()
    held = Membership.objects.in_force(today).filter(role=Role.CONCEPTO_LOCAL, user__is_active=True)
    below = OrganizationUnit.objects.below(entity)
    offices = OrganizationUnit.objects.filter(pk__in=below, kind=UnitKind.OFFICE, is_active=True)
    return offices.filter(pk__in=held.values("unit")).order_by("sort_key", "code")


def somebody_opines(unit: OrganizationUnit, today: date) -> bool:
    """Whether anybody may give an opinion for a unit today."""
    return UnitPermission.objects.filter(
        content_object=unit,
        permission__codename=Permission.OPINION_GIVE.value,
        membership__in=Membership.objects.in_force(today),
        user__is_active=True,
    ).exists()
