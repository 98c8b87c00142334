"""The cascade PDD → PES → PEI → plan de gestión, as plain facts: who serves whom in a vigencia, and where it breaks.

Only plans de gestión that are published or closed count: what they say is public, so the facts are the same for
everybody who reads the PES. A constant number of queries, whatever the size of the sector.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q

from evaluation.plan_facts import IN_FORCE
from pes.models import (
    DevelopmentPlan,
    Objective,
    OrganizationUnit,
    PddProgramme,
    SectorGoal,
    SectorPlan,
    StrategicFramework,
    StrategicObjective,
)
from plans.models import Goal, PlanGestion
from plans.rules.goals import GoalStatus


@dataclass(frozen=True, slots=True)
class ProgrammeFact:
    """A programme of the PDD; `objectives` are the ids of the sector objectives that serve it."""

    pk: int
    code: str
    purpose: str
    name: str
    development_plan: str
    act: str
    objectives: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlanGoalFact:
    """A goal of a plan de gestión in force; `objective` is the id of the entity's objective that it serves, or None."""

    pk: int
    number: int
    text: str
    unit_code: str
    unit_name: str
    entity: int
    objective: int | None


@dataclass(frozen=True, slots=True)
class EntityObjectiveFact:
    """A strategic objective of an entity's framework in force; `serves` is the id of a sector objective, or None."""

    pk: int
    number: int
    text: str
    entity: int
    serves: int | None
    goals: tuple[PlanGoalFact, ...]


@dataclass(frozen=True, slots=True)
class EntityFact:
    """An entity of the sector; `act` adopts its framework in force in the vigencia, empty when it has none."""

    pk: int
    code: str
    name: str
    short_name: str
    act: str
    objectives: tuple[EntityObjectiveFact, ...]


@dataclass(frozen=True, slots=True)
class SectorGoalFact:
    """A goal of the PES with how many indicators measure it."""

    pk: int
    kind: str
    code: str
    text: str
    indicators: int


@dataclass(frozen=True, slots=True)
class SectorObjectiveFact:
    """An objective of the PES between what it serves (programmes, ids) and what serves it."""

    pk: int
    number: int
    text: str
    programmes: tuple[int, ...]
    goals: tuple[SectorGoalFact, ...]
    served_by: tuple[EntityObjectiveFact, ...]

    @property
    def plan_goals(self) -> tuple[PlanGoalFact, ...]:
        """Goals of planes de gestión that reach it through an entity's objective."""
        return tuple(goal for one in self.served_by for goal in one.goals)


@dataclass(frozen=True, slots=True)
class Cascade:
    """The whole cascade of a PES in a vigencia. `stray` are goals that serve no objective in force (PG-02)."""

    plan: int
    vigencia: int
    development_plans: tuple[tuple[str, str], ...]  # name, act
    programmes: tuple[ProgrammeFact, ...]
    objectives: tuple[SectorObjectiveFact, ...]
    entities: tuple[EntityFact, ...]
    stray: tuple[PlanGoalFact, ...]

    @property
    def unserved(self) -> tuple[SectorObjectiveFact, ...]:
        """Sector objectives that no objective of an entity serves."""
        return tuple(one for one in self.objectives if not one.served_by)

    @property
    def without_goals(self) -> tuple[SectorObjectiveFact, ...]:
        """Sector objectives served by entities, but by no goal of a plan de gestión."""
        return tuple(one for one in self.objectives if one.served_by and not one.plan_goals)

    @property
    def without_sector_goals(self) -> tuple[SectorObjectiveFact, ...]:
        """Sector objectives with no goal of the PES itself."""
        return tuple(one for one in self.objectives if not one.goals)

    @property
    def without_programme(self) -> tuple[SectorObjectiveFact, ...]:
        """Sector objectives linked to no programme of the PDD: all of them while it has none written down."""
        return tuple(one for one in self.objectives if not one.programmes)

    @property
    def unserved_programmes(self) -> tuple[ProgrammeFact, ...]:
        """Programmes of the PDD that no sector objective serves."""
        return tuple(one for one in self.programmes if not one.objectives)

    @property
    def adrift(self) -> tuple[EntityObjectiveFact, ...]:
        """Objectives of entities that serve no objective of this PES."""
        ours = {one.pk for one in self.objectives}
        return tuple(one for entity in self.entities for one in entity.objectives if one.serves not in ours)

    @property
    def without_framework(self) -> tuple[EntityFact, ...]:
        """Entities with no strategic framework in force in the vigencia."""
        return tuple(one for one in self.entities if not one.act)


def cascade_of(plan: SectorPlan, vigencia: int) -> Cascade:
    """Everything that the picture shows and the gap map counts; nine queries."""
    goals, stray = _plan_goals(plan, vigencia)
    entities = tuple(_entities(plan, vigencia, goals))
    reached = {one.pk for entity in entities for one in entity.objectives}
    lost = (goal for objective, found in goals.items() if objective not in reached for goal in found)
    programmes = tuple(_programmes(plan))
    adopted = DevelopmentPlan.objects.filter(plan=plan).order_by("valid_from", "name")
    return Cascade(
        plan=plan.pk,
        vigencia=vigencia,
        development_plans=tuple(adopted.values_list("name", "source_act")),
        programmes=programmes,
        objectives=tuple(_objectives(plan, programmes, entities)),
        entities=entities,
        stray=tuple(sorted([*stray, *lost], key=lambda goal: (goal.unit_code, goal.number))),
    )


def last_planned(plan: SectorPlan, year: int) -> int | None:
    """The last vigencia of a PES, up to a year, that has planes de gestión in force; None when none has."""
    ours = PlanGestion.objects.filter(unit__parent__parent=plan.sector_id, status__in=IN_FORCE)
    years = range(plan.first_vigencia, min(plan.last_vigencia, year) + 1)
    found: int | None = ours.filter(vigencia__in=years).aggregate(last=Max("vigencia"))["last"]
    return found


def _programmes(plan: SectorPlan) -> Iterator[ProgrammeFact]:
    rows = PddProgramme.objects.filter(development_plan__plan=plan).select_related("development_plan")
    served = _pairs(PddProgramme.objectives.through.objects.filter(objective__plan=plan), "pddprogramme_id")
    for row in rows.order_by("development_plan__valid_from", "development_plan_id", "code"):
        pdd = row.development_plan
        yield ProgrammeFact(row.pk, row.code, row.purpose, row.name, pdd.name, pdd.source_act, served.get(row.pk, ()))


def _pairs(links: object, key: str) -> dict[int, tuple[int, ...]]:
    """Owner (id) → objectives (ids), in their order; one query."""
    found: dict[int, list[int]] = defaultdict(list)
    for owner, objective in links.order_by("objective__number").values_list(key, "objective_id"):  # type: ignore[attr-defined]
        found[owner].append(objective)
    return {owner: tuple(ids) for owner, ids in found.items()}


def _objectives(
    plan: SectorPlan, programmes: Iterable[ProgrammeFact], entities: Iterable[EntityFact]
) -> Iterator[SectorObjectiveFact]:
    serving: dict[int | None, list[EntityObjectiveFact]] = defaultdict(list)
    for entity in entities:
        for one in entity.objectives:
            serving[one.serves].append(one)
    served: dict[int, list[int]] = defaultdict(list)
    for programme in programmes:
        for pk in programme.objectives:
            served[pk].append(programme.pk)
    goals = _sector_goals(plan)
    for row in Objective.objects.filter(plan=plan).order_by("number"):
        yield SectorObjectiveFact(
            pk=row.pk,
            number=row.number,
            text=row.text,
            programmes=tuple(served.get(row.pk, ())),
            goals=tuple(goals.get(row.pk, ())),
            served_by=tuple(serving.get(row.pk, ())),
        )


def _sector_goals(plan: SectorPlan) -> dict[int, list[SectorGoalFact]]:
    found: dict[int, list[SectorGoalFact]] = defaultdict(list)
    rows = SectorGoal.objects.filter(objective__plan=plan).annotate(measured_by=Count("indicators"))
    for row in rows.order_by("objective__number", "kind", "code"):
        found[row.objective_id].append(SectorGoalFact(row.pk, row.kind, row.code, row.text, row.measured_by))
    return found


def _plan_goals(plan: SectorPlan, vigencia: int) -> tuple[dict[int, list[PlanGoalFact]], list[PlanGoalFact]]:
    """Goals by the entity's objective that they serve, and those that serve none."""
    rows = Goal.objects.filter(
        status=GoalStatus.ACTIVE.value,
        plan__vigencia=vigencia,
        plan__status__in=IN_FORCE,
        plan__unit__parent__parent=plan.sector_id,
    ).order_by("plan__unit__sort_key", "plan__unit__code", "position", "number")
    columns = ("pk", "number", "text", "plan__unit__code", "plan__unit__name", "plan__unit__parent")
    serving: dict[int, list[PlanGoalFact]] = defaultdict(list)
    stray: list[PlanGoalFact] = []
    for *said, objective in rows.values_list(*columns, "strategic_objective"):
        fact = PlanGoalFact(*said, objective)
        (stray if objective is None else serving[objective]).append(fact)
    return serving, stray


def _entities(plan: SectorPlan, vigencia: int, goals: Mapping[int, list[PlanGoalFact]]) -> Iterator[EntityFact]:
    rows = list(OrganizationUnit.objects.entities_of(plan.sector).filter(is_active=True))
    frameworks = _frameworks(rows, vigencia)
    objectives: dict[int, list[EntityObjectiveFact]] = defaultdict(list)
    linked = StrategicObjective.objects.filter(framework__in=frameworks.values()).select_related("framework")
    for one in linked.order_by("framework_id", "number"):
        entity, serves = one.framework.unit_id, one.sector_objective_id
        fact = EntityObjectiveFact(one.pk, one.number, one.text, entity, serves, tuple(goals.get(one.pk, ())))
        objectives[entity].append(fact)
    for row in rows:
        framework = frameworks.get(row.pk)
        act = framework.act if framework else ""
        yield EntityFact(row.pk, row.code, row.name, row.short_name, act, tuple(objectives.get(row.pk, ())))


def _frameworks(entities: Iterable[OrganizationUnit], vigencia: int) -> dict[int, StrategicFramework]:
    """Entity (id) → its framework in the vigencia: the last adopted that is valid on some day of it (PG-02)."""
    valid = Q(valid_until__isnull=True) | Q(valid_until__gte=date(vigencia, 1, 1))
    rows = StrategicFramework.objects.filter(valid, unit__in=list(entities), valid_from__lte=date(vigencia, 12, 31))
    return {row.unit_id: row for row in rows.order_by("valid_from")}
