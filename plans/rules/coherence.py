"""The coherence of a plan under its other name; its home is `plans.rules.findings`."""

from __future__ import annotations

from plans.rules.findings import goal_findings, plan_findings

__all__ = ["goal_findings", "plan_findings"]
