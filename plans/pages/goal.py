"""The sheet of one goal: its fields, what does not cohere in it, and its neighbours."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from pes.access import can
from pes.permissions import Permission
from plans.content import goal_facts, quarters_of
from plans.goal_forms import GoalForm
from plans.models import Goal, PlanGestion
from plans.pages.coherence import Item, items_of
from plans.pages.goal_history import Entry, change_door, history_of
from plans.pages.grid import ELIMINATED, LOCKED, Grid, crumbs_of
from plans.pages.states import tabs_of
from plans.pages.threads import Thread, Voice, observation_form, threads_of
from plans.review_forms import ObservationForm
from plans.rules.goals import GoalStatus
from plans.rules.plan_states import PlanStatus

_RELATED = ("plan__unit__parent", "strategic_objective", "central_area", "template__owner")


class GoalSheet:
    """A goal as its page shows it. Who leads a goal reads it without reading the rest of the plan (PG-04, PG-08)."""

    def __init__(self, goal: Goal, user: Any) -> None:
        self.goal, self.plan, self.user = goal, goal.plan, user
        self.grid = Grid(goal.plan, user)
        self.facts = goal_facts(goal, quarters_of([goal.pk]).get(goal.pk, {}), goal.plan.framework_to_serve)
        self.voice = Voice(goal.plan, user)
        self.reads_plan = can(user, Permission.PLAN_READ, goal.plan)

    def form(self, data: Any = None) -> GoalForm:
        """The form of the goal, bound if there is data."""
        return GoalForm(data, facts=self.facts, options=self.grid.options())

    @property
    def reason(self) -> str:
        """Why nothing of it can be written; empty when something can."""
        return self.grid.reason or (ELIMINATED if self.is_eliminated else "")

    @property
    def is_eliminated(self) -> bool:
        """Whether it only stays in sight (PG-09h)."""
        return self.facts.status is GoalStatus.ELIMINATED

    @property
    def shared_note(self) -> str:
        """Who leads a shared goal, and what that means."""
        if not self.facts.is_shared:
            return ""
        return f"Meta compartida de {self.goal.leading_unit}. {LOCKED}"

    @cached_property
    def findings(self) -> list[Item]:
        """What does not cohere in this goal, with the remedies the person may apply."""
        if self.is_eliminated:
            return []
        shared = {self.goal.number} if self.facts.is_shared else set()
        return items_of(self.plan, self.grid.findings(self.facts), shared=shared, may_fix=not self.reason)

    @property
    def findings_tone(self) -> str:
        """Edge of the card of findings."""
        tones = {item.tone for item in self.findings}
        return "risk" if "risk" in tones else "warn" if tones else "ok"

    @property
    def remove_reason(self) -> str:
        """Why it cannot be taken out of the plan; empty when it can."""
        if self.facts.is_shared:
            return "La meta es compartida: la retira el área que la lidera."
        return "La meta tiene seguimiento." if self.goal.first_reported_at else ""

    @cached_property
    def threads(self) -> list[Thread]:
        """What was observed about it (acts 5 and 6)."""
        return threads_of(self.goal, self.user, back="goal", voice=self.voice)

    @property
    def observation_form(self) -> ObservationForm | None:
        """The form to observe it, for who reviews the plan or leads the goal."""
        may = self.voice.may_observe(self.goal.pk)
        return observation_form(self.plan, self.goal.number, back="goal") if may else None

    @cached_property
    def history(self) -> list[Entry]:
        """Versions that changed it and requests about it."""
        return history_of(self.goal, self.user)

    @property
    def door(self) -> dict[str, str]:
        """The way to ask for a change once the plan is published; empty while it is formulated or closed (SM-3)."""
        return change_door(self.goal, self.user) if self.plan.status == PlanStatus.PUBLISHED else {}

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The pages of the plan, for who may read it."""
        return tabs_of(self.plan, "goals") if self.reads_plan else []

    @property
    def crumbs(self) -> list[dict[str, str]]:
        """The path to the sheet, without the pages of the plan for who may not read it."""
        here = (str(self.goal), "")
        if self.reads_plan:
            return crumbs_of(self.plan, ("Metas", self.plan.url("goals")), here)
        return [{"label": "Planes de gestión", "url": reverse("plans:list")}, {"label": str(self.goal), "url": ""}]

    @property
    def neighbours(self) -> dict[str, str]:
        """Addresses of the goals before and after it in the plan."""
        if not self.reads_plan:
            return {}
        order = order_of(self.plan)
        place = order.index(self.goal.number)
        before, after = order[place - 1 : place] if place else [], order[place + 1 : place + 2]
        return {
            name: self.plan.url("goal", numbers[0])
            for name, numbers in (("before", before), ("after", after))
            if numbers
        }


def goal_or_404(user: Any, unit: str, vigencia: int, number: int) -> Goal:
    """A goal that the person may see, of a plan that they need not see; removed ones are not there (AZ2)."""
    found = Goal.objects.visible_to(user, Permission.PLAN_READ).exclude(status=GoalStatus.REMOVED)
    rows = found.select_related(*_RELATED)
    return get_object_or_404(rows, plan__unit__code=unit, plan__vigencia=vigencia, number=number)


def order_of(plan: PlanGestion) -> list[int]:
    """Numbers of the goals that the plan shows, in their order."""
    return list(plan.goals.in_force().values_list("number", flat=True))


def moved(plan: PlanGestion, text: str, *, up: bool) -> list[int]:
    """The order of the plan with a goal one place up or down; Http404 when it is not in the plan (AZ10)."""
    order = order_of(plan)
    if text not in map(str, order):
        raise Http404
    place = order.index(int(text))
    other = place - 1 if up else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order
