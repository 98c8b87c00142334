"""Names of what the results know only by key: one query each."""

from __future__ import annotations

from dataclasses import dataclass

from pes.models import GoalKind, Indicator, Objective, SectorPlan


@dataclass(frozen=True)
class IndicatorName:
    """An indicator as lists show it; `code` is the one that is printed."""

    pk: int
    key: str
    code: str
    name: str
    objective: int
    entity_id: int
    entity: str
    goal: str
    project_id: int | None
    type_was_inferred: bool
    unit: str


def indicator_names(plan: SectorPlan) -> dict[str, IndicatorName]:
    """Every indicator of a plan by key."""
    rows = Indicator.objects.filter(plan=plan).values_list(
        "pk",
        "key",
        "code",
        "name",
        "goal__objective__number",
        "entity_id",
        "entity__acronym",
        "entity__name",
        "goal__kind",
        "goal__code",
        "goal__project_id",
        "type_was_inferred",
        "unit",
    )
    labels = dict(GoalKind.choices)
    return {
        key: IndicatorName(
            pk,
            key,
            code or key,
            name,
            number,
            entity,
            acronym or full,
            f"{labels[kind]} {goal}",
            project,
            inferred,
            unit,
        )
        for pk, key, code, name, number, entity, acronym, full, kind, goal, project, inferred, unit in rows
    }


def objective_texts(plan: SectorPlan) -> dict[int, str]:
    """Text of each objective by number, in order."""
    return dict(Objective.objects.filter(plan=plan).order_by("number").values_list("number", "text"))
