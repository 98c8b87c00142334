"""What the tracking app offers to the rest: the work that its planner asks for, the way from a plan to its reports."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from pes import registry
from plans.models import PlanGestion
from plans.rules.plan_states import PlanStatus
from tracking import custody, inbox, report_tasks


def plan_links(plan: PlanGestion) -> Iterator[dict[str, str]]:
    """From the page of a plan in force, or closed, to what it reports."""
    if plan.status in (PlanStatus.PUBLISHED, PlanStatus.CLOSED):
        yield {
            "label": "Reportes trimestrales",
            "url": reverse("tracking:reports", args=[plan.unit.code, plan.vigencia_id]),
        }


registry.provide("plan_links", plan_links)
registry.provide("planner", report_tasks.plan_openings)
registry.provide("planner", report_tasks.plan_reminders)
registry.provide("planner", report_tasks.plan_digests)
registry.provide("planner", custody.plan_custody)
registry.provide("inbox", inbox.report_items)
