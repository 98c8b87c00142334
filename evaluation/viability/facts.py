"""What the checks of viability count in a PES: one reading of its tables, whatever its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse

from evaluation.cascade import Cascade, cascade_of
from evaluation.models import IndicatorWeight, Responsibility
from evaluation.rules.viability import Counted, Item
from pes.models import (
    EntityProblem,
    GoalKind,
    Indicator,
    IndicatorTarget,
    Objective,
    ProjectResource,
    PublicPolicy,
    SectorGoal,
    SectorPlan,
)
from pes.plan_frame import plan_url
from pes.rules.numbers import HUNDRED, ZERO
from tracking.models import Measurement

LONGEST_LABEL = 120


@dataclass
class Facts:
    """The rows of a PES in a vigencia, read once; each check below picks those that fail."""

    plan: SectorPlan
    vigencia: int
    objectives: list[Objective]
    goals: list[SectorGoal]
    indicators: list[Indicator]
    cascade: Cascade
    programmed: set[int]
    ever_programmed: set[int]
    weights: dict[int, Decimal]
    owned_goals: set[int]
    owned_indicators: set[int]
    measured: set[int]
    resources: list[ProjectResource]
    problems: list[EntityProblem]
    answered: dict[int, set[int]] = field(default_factory=dict)  # problem (id) → objectives (ids)
    with_policy: set[int] = field(default_factory=set)

    @cached_property
    def project_goals(self) -> list[SectorGoal]:
        """Goals of investment projects."""
        return [goal for goal in self.goals if goal.kind == GoalKind.PROYECTO]

    @cached_property
    def funded(self) -> set[int]:
        """Projects (ids) with resources in the vigencia."""
        return {row.project_id for row in self.resources if row.programmed > 0}

    @cached_property
    def by_objective(self) -> dict[int, list[Indicator]]:
        """Indicators of each objective (id)."""
        found: dict[int, list[Indicator]] = defaultdict(list)
        for one in self.indicators:
            found[one.goal.objective_id].append(one)
        return found


def read(plan: SectorPlan, vigencia: int) -> Facts:
    """Everything that is counted; a constant number of queries."""
    indicators = Indicator.objects.filter(plan=plan).select_related("goal").order_by("key")
    targets = set(IndicatorTarget.objects.filter(indicator__plan=plan).values_list("indicator_id", "vigencia_id"))
    weights = IndicatorWeight.objects.filter(indicator__plan=plan, vigencia=vigencia)
    owned = list(Responsibility.objects.filter(plan=plan).values_list("goal_id", "indicator_id"))
    measured = Measurement.objects.filter(indicator__plan=plan, on__year=vigencia)
    resources = ProjectResource.objects.filter(project__entity__parent=plan.sector_id, vigencia=vigencia)
    facts = Facts(
        plan=plan,
        vigencia=vigencia,
        objectives=list(plan.objectives.order_by("number")),
        goals=list(SectorGoal.objects.filter(objective__plan=plan).order_by("objective__number", "kind", "code")),
        indicators=list(indicators),
        cascade=cascade_of(plan, vigencia),
        programmed={pk for pk, year in targets if year == vigencia},
        ever_programmed={pk for pk, _ in targets},
        weights=dict(weights.values_list("indicator_id", "weight")),
        owned_goals={goal for goal, _ in owned if goal},
        owned_indicators={indicator for _, indicator in owned if indicator},
        measured=set(measured.values_list("indicator_id", flat=True).distinct()),
        resources=list(resources.select_related("project__entity").order_by("project__entity__sort_key", "pk")),
        problems=list(EntityProblem.objects.filter(plan=plan).select_related("entity")),
        with_policy=set(PublicPolicy.objects.filter(plan=plan).values_list("entity_id", flat=True)),
    )
    for problem, objective in EntityProblem.objectives.through.objects.filter(objective__plan=plan).values_list(
        "entityproblem_id", "objective_id"
    ):
        facts.answered.setdefault(problem, set()).add(objective)
    return facts


def counted(plan: SectorPlan, vigencia: int) -> dict[str, Counted]:
    """What each check counted, by its code (`rules.viability.CHECKS`)."""
    facts = read(plan, vigencia)
    parts = (_objectives, _goals, _indicators, _cascade, _diagnosis, _resources)
    return {code: found for part in parts for code, found in part(facts)}


Found = Iterator[tuple[str, Counted]]


def _objectives(facts: Facts) -> Found:
    with_goal = {goal.objective_id for goal in facts.goals}
    with_project = {goal.objective_id for goal in facts.project_goals if goal.project_id}
    answering = {pk for objectives in facts.answered.values() for pk in objectives}
    every, show = facts.objectives, _objective
    diagnosis = plan_url(facts.plan, "pes:profile-entities")
    without = [one for one in every if one.pk not in facts.by_objective]
    weighed = [one for one in every if _programmed_of(facts, one)]
    wrong = [one for one in weighed if _total(facts, one) != HUNDRED]
    yield "objectives_without_goal", _count(every, [one for one in every if one.pk not in with_goal], show)
    yield "objectives_without_project", _count(every, [one for one in every if one.pk not in with_project], show)
    unasked = [one for one in every if one.pk not in answering]
    yield "objectives_without_problem", _count(every, unasked, lambda one: _objective(one, diagnosis))
    yield "objectives_without_indicator", _count(every, without, show)
    yield "objectives_unbalanced", _count(weighed, wrong, lambda one: _to_weigh(facts, one))


def _goals(facts: Facts) -> Found:
    measured = {one.goal_id for one in facts.indicators}
    projects, show = facts.project_goals, lambda one: _goal(facts, one)
    unpaid = [one for one in projects if one.project_id not in facts.funded]
    owned = plan_url(facts.plan, "evaluation:responsibles")
    unowned = [one for one in facts.goals if one.pk not in facts.owned_goals]
    yield "goals_without_project", _count(projects, [one for one in projects if not one.project_id], show)
    yield "goals_without_indicator", _count(facts.goals, [one for one in facts.goals if one.pk not in measured], show)
    yield "goals_without_owner", _count(facts.goals, unowned, lambda one: _goal(facts, one, owned))
    paid = plan_url(facts.plan, "pes:resources")
    yield "goals_without_resources", _count(projects, unpaid, lambda one: _goal(facts, one, paid))


def _indicators(facts: Facts) -> Found:
    every = facts.indicators
    programmed = [one for one in every if one.pk in facts.programmed]
    weighed = [one for one in every if one.pk in facts.weights]

    def show(one: Indicator) -> Item:
        return _indicator(facts, one)

    owned = plan_url(facts.plan, "evaluation:responsibles")
    unowned = [one for one in every if one.pk not in facts.owned_indicators]
    undefined = [one for one in every if not (one.unit and one.programming_type)]
    never = [one for one in every if one.pk not in facts.ever_programmed]
    loose = [one for one in weighed if one.pk not in facts.programmed]
    unweighed = [one for one in programmed if one.pk not in facts.weights]
    yield "indicators_undefined", _count(every, undefined, show)
    yield "indicators_never_programmed", _count(every, never, show)
    yield "weighted_without_programme", _count(weighed, loose, show)
    yield "programme_without_weight", _count(programmed, unweighed, show)
    yield "indicators_without_owner", _count(every, unowned, lambda one: _indicator(facts, one, owned))
    yield "indicators_without_source", _count(every, [one for one in every if not one.source], show)
    yield "indicators_without_formula", _count(every, [one for one in every if not one.formula], show)
    yield "indicators_unmeasured", _count(programmed, [one for one in programmed if one.pk not in facts.measured], show)


def _cascade(facts: Facts) -> Found:
    cascade = facts.cascade
    url = plan_url(facts.plan, "evaluation:cascade")
    entity_objectives = [one for entity in cascade.entities for one in entity.objectives]
    names = {entity.pk: entity.short_name for entity in cascade.entities}
    ours = {one.pk for one in cascade.objectives}
    plan_goals = [goal for one in entity_objectives for goal in one.goals]
    lost = [*cascade.stray, *(goal for one in cascade.adrift for goal in one.goals if one.serves not in ours)]
    loose = {fact.pk for fact in cascade.without_programme}
    total = facts.objectives if cascade.programmes else []  # without the programmes written down nobody can tell
    unlinked = [one for one in total if one.pk in loose]
    yield "objectives_without_programme", _count(total, unlinked, lambda one: _objective(one, url))
    yield (
        "entity_objectives_adrift",
        _count(entity_objectives, cascade.adrift, lambda one: Item(
            str(one.pk), _short(f"{names[one.entity]}, objetivo {one.number}: {one.text}"), url
        )),
    )  # fmt: skip
    yield (
        "plan_goals_adrift",
        _count([*plan_goals, *cascade.stray], lost, lambda one: Item(
            str(one.pk), _short(f"{one.unit_name}, meta {one.number}: {one.text}"), url
        )),
    )  # fmt: skip


def _diagnosis(facts: Facts) -> Found:
    entities = facts.cascade.entities
    url = plan_url(facts.plan, "pes:profile-entities")
    silent = [one for one in entities if one.pk not in facts.with_policy]
    open_problems = [one for one in facts.problems if not facts.answered.get(one.pk)]
    yield "entities_without_policy", _count(entities, silent, lambda one: Item(one.code, one.name, url))
    yield (
        "problems_without_objective",
        _count(facts.problems, open_problems, lambda one: Item(
            str(one.pk), _short(f"{one.entity.short_name}, problema {one.number}: {one.text}"), url
        )),
    )  # fmt: skip


def _resources(facts: Facts) -> Found:
    serving = {goal.project_id for goal in facts.project_goals}
    rows, url = facts.resources, plan_url(facts.plan, "pes:resources")
    idle = [row for row in rows if row.project_id not in serving]
    over = [row for row in rows if row.committed is not None and row.committed > row.programmed]

    def show(row: ProjectResource) -> Item:
        return Item(str(row.project_id), _short(f"{row.project.entity.short_name}, {row.project}"), url)

    yield "resources_without_goal", _count(rows, idle, show)
    yield "resources_overcommitted", _count(rows, over, show)
    yield "resources_without_source", _count(rows, [row for row in rows if not row.source], show)


def _programmed_of(facts: Facts, objective: Objective) -> bool:
    return any(one.pk in facts.programmed for one in facts.by_objective.get(objective.pk, ()))


def _total(facts: Facts, objective: Objective) -> Decimal:
    return sum((facts.weights.get(one.pk, ZERO) for one in facts.by_objective.get(objective.pk, ())), ZERO)


def _count(things: Iterable[Any], failing: Iterable[Any], show: Any) -> Counted:
    return Counted(len(list(things)), tuple(show(one) for one in failing))


def _objective(one: Objective, url: str = "") -> Item:
    return Item(str(one.number), _short(f"Objetivo {one.number}: {one.text}"), url or one.get_absolute_url())


def _to_weigh(facts: Facts, one: Objective) -> Item:
    url = reverse("evaluation:weights", args=[facts.plan.sector.code, facts.vigencia, one.number])
    return _objective(one, url)


def _goal(facts: Facts, one: SectorGoal, url: str = "") -> Item:
    place = url or reverse("pes:plan", args=[facts.plan.sector.code])
    return Item(str(one.pk), _short(f"{GoalKind(one.kind).label} {one.code}: {one.text}"), place)


def _indicator(facts: Facts, one: Indicator, url: str = "") -> Item:
    place = url or reverse("evaluation:indicator", args=[facts.plan.sector.code, one.key])
    return Item(one.key, _short(f"Indicador {one.code or one.key}: {one.name}"), place)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_LABEL else f"{words[: LONGEST_LABEL - 1].rstrip()}…"
