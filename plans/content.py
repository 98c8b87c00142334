"""One reading of a plan: rows of the database → the plain values of the rules → the frozen words of a version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from pes import audit
from pes.models import Metodologia
from pes.rules.programming import ProgrammingType
from plans.models.goal import Goal, QuarterTarget
from plans.models.plan import PlanGestion
from plans.rules.goals import NOT_PROGRAMMED, GoalFacts, GoalKind, GoalStatus, IndicatorKind, Instrument, PlanFacts

_AMOUNTS = ("weight", "baseline", "magnitude")
_CHOICES: Mapping[str, Any] = {
    "kind": GoalKind,
    "indicator_type": IndicatorKind,
    "programming_type": ProgrammingType,
    "status": GoalStatus,
}


def facts_of(plan: PlanGestion) -> PlanFacts:
    """What a plan says now, removed goals left out; two queries."""
    return replace(identification_of(plan), goals=tuple(goals_of(plan.goals.in_force(), plan.framework_to_serve)))


def identification_of(plan: PlanGestion) -> PlanFacts:
    """The identification block of a plan, without goals; no query."""
    return PlanFacts(
        process_objective=plan.process_objective,
        scope=plan.scope,
        leader=plan.leader,
        instruments=plan.chosen_instruments,
        articulation_detail=plan.articulation_detail,
    )


def goals_of(goals: Any, framework: int | None = None) -> list[GoalFacts]:
    """The goals of a queryset in its order; two queries, whatever their number. `framework` as in `goal_facts`."""
    rows = list(goals.select_related("strategic_objective", "central_area"))
    programmes = quarters_of(row.pk for row in rows)
    return [goal_facts(row, programmes.get(row.pk, {}), framework) for row in rows]


def quarters_of(goals: Iterable[int]) -> dict[int, dict[int, Decimal | None]]:
    """Goal id → quarter → programmed amount."""
    found: dict[int, dict[int, Decimal | None]] = {}
    rows = QuarterTarget.objects.filter(goal__in=list(goals)).order_by("goal_id", "quarter")
    for goal, quarter, programmed in rows.values_list("goal_id", "quarter", "programmed"):
        found.setdefault(goal, {})[quarter] = programmed
    return found


def goal_facts(goal: Goal, quarters: Mapping[int, Decimal | None], framework: int | None = None) -> GoalFacts:
    """A row as the rules read it; its objective and central area must be loaded.

    With the id of a framework, an objective of another one is none: the plan's `framework_to_serve` (PG-02).
    """
    objective = goal.strategic_objective
    return GoalFacts(
        number=goal.number,
        objective=objective.number if objective and framework in (None, objective.framework_id) else None,
        text=goal.text,
        kind=GoalKind(goal.kind),
        weight=plain(goal.weight),
        indicator=goal.indicator,
        numerator=goal.numerator,
        denominator=goal.denominator,
        unit=goal.unit,
        indicator_type=IndicatorKind(goal.indicator_type) if goal.indicator_type else None,
        baseline=plain(goal.baseline),
        programming_type=ProgrammingType(goal.programming_type) if goal.programming_type else None,
        quarters=_four([plain(quarters.get(quarter)) for quarter in (1, 2, 3, 4)]),
        magnitude=plain(goal.magnitude),
        deliverable=goal.deliverable,
        source=goal.source,
        verification=goal.verification,
        responsible=goal.responsible,
        central_area=goal.central_area.code if goal.central_area else "",
        articulation=goal.articulation,
        status=GoalStatus(goal.status),
        is_shared=goal.template_id is not None,
    )


def plain(value: Decimal | None) -> Decimal | None:
    """An amount without the zeros that a column of the database adds, so that equal amounts are equal words."""
    return None if value is None else Decimal(f"{value.normalize():f}")


def context_of(plan: PlanGestion) -> dict[str, Any]:
    """What the rules must know beside the plan: its framework and its methodology; three queries."""
    framework = plan.framework()
    methodology = Metodologia.in_force(plan.vigencia_id)
    objectives = dict(framework.objectives.values_list("number", "text")) if framework else {}
    return {
        "has_framework": framework is not None,
        "objectives": objectives,
        "discount_baseline": methodology.discount_baseline,
        "technical_weight": methodology.technical_weight,
    }


def content_of(facts: PlanFacts) -> dict[str, Any]:
    """A plan as JSON, for a version that is frozen: amounts are text, what is missing is null."""
    block = {field.name: getattr(facts, field.name) for field in fields(PlanFacts) if field.name != "goals"}
    block["instruments"] = [instrument.value for instrument in facts.instruments]
    return block | {"goals": [goal_content(goal) for goal in facts.goals]}


def goal_content(goal: GoalFacts) -> dict[str, Any]:
    """A goal as JSON."""
    found = {field.name: getattr(goal, field.name) for field in fields(GoalFacts)}
    found |= {name: _text(found[name]) for name in _AMOUNTS}
    found |= {name: found[name].value if found[name] else None for name in _CHOICES}
    return found | {"quarters": [_text(amount) for amount in goal.quarters]}


def facts_from(content: Mapping[str, Any]) -> PlanFacts:
    """What a frozen version says."""
    block = dict(content)
    block["instruments"] = tuple(Instrument(value) for value in block.get("instruments", ()))
    block["goals"] = tuple(goal_from(goal) for goal in block.get("goals", ()))
    return PlanFacts(**block)


def goal_from(content: Mapping[str, Any]) -> GoalFacts:
    """What a frozen goal says."""
    found = dict(content)
    found |= {name: _amount(found.get(name)) for name in _AMOUNTS}
    found |= {name: kind(found[name]) for name, kind in _CHOICES.items() if found.get(name)}
    found["quarters"] = _four([_amount(text) for text in found.get("quarters", NOT_PROGRAMMED)])
    return GoalFacts(**found)


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of a version's content, whatever the order of its keys."""
    return hashlib.sha256(audit.canonical(content)).hexdigest()


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _four(amounts: Sequence[Decimal | None]) -> tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]:
    first, second, third, fourth = amounts
    return (first, second, third, fourth)
