"""The planner asks the database what is due and unmade; no memory of the last run, so nothing is skipped (JB7)."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from pes import registry


def plan_due_work(today: date | None = None) -> list[str]:
    """Let every app enqueue its due work; return the keys of the jobs asked for."""
    return list(registry.collect("planner", today or timezone.localdate()))
