"""What the tracking app offers to the rest: the work that its planner asks for, the way from a plan to its reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from pes import registry
from pes.access import holds
from pes.permissions import Permission
from plans.models import PlanGestion
from plans.rules.plan_states import PlanStatus
from tracking import custody, inbox, report_tasks
from tracking.report_workbook.uploads import tidy_uploads


def plan_links(plan: PlanGestion) -> Iterator[dict[str, str]]:
    """From the page of a plan in force, or closed, to what it reports."""
    if plan.status in (PlanStatus.PUBLISHED, PlanStatus.CLOSED):
        yield {
            "label": "Reportes trimestrales",
            "url": reverse("tracking:reports", args=[plan.unit.code, plan.vigencia_id]),
        }


def menu(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """«Metas a cargo» for who reports goals in the name of a central area (PG-08)."""
    if holds(request.user, Permission.GOAL_REPORT):
        yield {"label": "Metas a cargo", "url": reverse("tracking:central-goals"), "order": 61}


def plan_doors(user: Any) -> Iterator[dict[str, str]]:
    """From the list of plans to the queue of their reports, for who reviews them."""
    if holds(user, Permission.QUARTER_REVIEW):
        yield {"label": "Revisión trimestral", "url": reverse("tracking:report-queue")}


registry.provide("menu", menu)
registry.provide("plan_doors", plan_doors)
registry.provide("plan_links", plan_links)
registry.provide("planner", report_tasks.plan_openings)
registry.provide("planner", report_tasks.plan_reminders)
registry.provide("planner", report_tasks.plan_digests)
registry.provide("planner", custody.plan_custody)
registry.provide("planner", tidy_uploads)
registry.provide("inbox", inbox.report_items)
