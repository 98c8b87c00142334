"""What the tracking app offers to the rest: the work that its planner asks for."""

from __future__ import annotations

from pes import registry
from tracking import custody, report_tasks

registry.provide("planner", report_tasks.plan_openings)
registry.provide("planner", report_tasks.plan_reminders)
registry.provide("planner", report_tasks.plan_digests)
registry.provide("planner", custody.plan_custody)
