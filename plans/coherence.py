"""What does not cohere in a stored plan (PG-V1, PT-02…04, PT-20, W-02, PG-02, PG-03): one answer for every screen and verb."""

from __future__ import annotations

from plans.content import context_of, facts_of
from plans.models.plan import PlanGestion
from plans.rules.findings import Finding, plan_findings
from plans.rules.goals import PlanFacts


def findings_of(plan: PlanGestion, facts: PlanFacts | None = None) -> list[Finding]:
    """The findings of a plan as it stands, or of `facts` already read from it; five queries whatever its size."""
    return plan_findings(facts if facts is not None else facts_of(plan), **context_of(plan))
