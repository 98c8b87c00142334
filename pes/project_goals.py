"""Verbs of the goals of investment projects: add one with its indicator, correct it, link one that exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from pes import audit
from pes.access import demand
from pes.goals import (
    IndicatorBatch,
    amounts_of,
    fingerprint,
    goal_facts,
    indicator_facts,
    rewrite_goal,
    write_goal,
)
from pes.models import GoalKind, Indicator, IndicatorTarget, InvestmentProject, Objective, SectorGoal, SectorPlan, User
from pes.permissions import Permission
from pes.rules.keys import key_problem
from pes.rules.numbers import format_magnitude
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.programmes import Years, first_open_vigencia, programme_problems
from pes.rules.programming import ProgrammingType, normalise_programmed


@dataclass(frozen=True)
class GoalWords:
    """What may be corrected of a goal and its indicator, apart from the programme."""

    text: str
    name: str
    unit: str
    formula: str


@dataclass(frozen=True)
class NewGoal:
    """A goal of a project and its first indicator; amounts are in the indicator's unit.

    `years` holds vigencias of the plan, None for not programmed; `total` is the published total to compare with.
    """

    objective: Objective
    code: str
    key: str
    words: GoalWords
    kind: ProgrammingType
    baseline: Decimal | None
    years: Years
    total: Decimal | None = None


@dataclass(frozen=True)
class Written:
    """What a verb did: the indicator, whether anything changed, and the vigencias whose programme did."""

    indicator: Indicator
    is_changed: bool
    reprogrammed: frozenset[int]


@transaction.atomic
def add_project_goal(project: InvestmentProject, new: NewGoal, *, by: User) -> Written:
    """Enter a goal of kind proyecto with its indicator. Raises PermissionDenied, or Refused with every problem."""
    demand(by, Permission.PES_EDIT, project)
    demand(by, Permission.PES_EDIT, new.objective)
    plan = SectorPlan.hold(new.objective.plan_id)
    years = _stored(new.kind, new.years)
    incoherent = programme_problems(new.kind, years, new.baseline, total=new.total)
    refuse_if_any([*_identity_problems(project, new, plan), *incoherent])
    goal = write_goal(
        objective=new.objective, kind=GoalKind.PROYECTO, code=new.code, text=new.words.text, project=project, by=by
    )
    indicator = _first_indicator(goal, project, new)
    batch = IndicatorBatch(by)
    batch.add(indicator, years)
    batch.write()
    return Written(indicator, True, frozenset(batch.reprogrammed))


@transaction.atomic
def change_project_goal(indicator: Indicator, words: GoalWords, programme: Years, *, read: str, by: User) -> Written:
    """Correct texts and the programme of vigencias without a consolidated cut-off; the others stay as they are.

    `read` is the fingerprint of what the person was editing. Raises PermissionDenied, or Refused.
    """
    demand(by, Permission.PES_EDIT, indicator)
    plan = SectorPlan.hold(indicator.plan_id)
    indicator = Indicator.objects.select_related("goal__project").get(pk=indicator.pk)
    kind, targets = ProgrammingType(indicator.programming_type), targets_of(indicator)
    stored, given = amounts_of(targets), _stored(kind, programme)
    if read != fingerprint(indicator, stored):
        message = "Otra persona cambió esta meta mientras usted la editaba; nada se ha sobrescrito."
        fix = "Abra la meta otra vez para ver lo vigente y repita su cambio."
        raise Refused([Problem("stale_edit", "WF3", message, fix=fix)])
    moved = {year: amount for year, amount in given.items() if amount != stored.get(year)}
    if moved:
        whole = dict.fromkeys(plan.vigencias) | stored | moved
        incoherent = programme_problems(kind, whole, indicator.baseline, total=None)
        refuse_if_any([*_sealed_problems(plan, moved, stored), *incoherent])
    goal_changed = rewrite_goal(indicator.goal, text=words.text, project=indicator.goal.project, by=by)
    before = indicator_facts(indicator, stored)
    indicator.name, indicator.unit, indicator.formula = words.name, words.unit, words.formula
    batch = IndicatorBatch(by)
    changed = batch.change(indicator, before, moved, targets)
    batch.write()
    return Written(indicator, changed or goal_changed, frozenset(batch.reprogrammed))


@transaction.atomic
def link_goal(goal: SectorGoal, project: InvestmentProject, *, by: User) -> None:
    """Say which project a goal of kind proyecto comes from. Raises PermissionDenied, or Refused."""
    demand(by, Permission.PES_EDIT, project)
    demand(by, Permission.PES_EDIT, goal)
    SectorPlan.hold(goal.objective.plan_id)
    goal.refresh_from_db()
    refuse_if_any(_link_problems(goal, project))
    before = goal_facts(goal)
    goal.project = project
    goal.save(update_fields=["project"])
    old, new = audit.differences(before, goal_facts(goal))
    audit.record("goal_linked", goal, by=by, before=old, after=new)


def targets_of(indicator: Indicator) -> dict[int, IndicatorTarget]:
    """The stored programme of an indicator by vigencia."""
    return {target.vigencia_id: target for target in indicator.targets.all()}


def _first_indicator(goal: SectorGoal, project: InvestmentProject, new: NewGoal) -> Indicator:
    return Indicator(
        plan=new.objective.plan,
        goal=goal,
        key=new.key,
        name=new.words.name,
        entity=project.entity,
        programming_type=new.kind.value,
        baseline=new.baseline,
        unit=new.words.unit,
        formula=new.words.formula,
    )


def _stored(kind: ProgrammingType, years: Years) -> dict[int, Decimal | None]:
    return {year: None if amount is None else normalise_programmed(kind, amount) for year, amount in years.items()}


def _identity_problems(project: InvestmentProject, new: NewGoal, plan: SectorPlan) -> Iterator[Problem]:
    """The goal's code once in its objective, the indicator's key once in the plan, everything of one sector."""
    if plan.sector_id != project.entity.parent_id:
        message = "El objetivo es de otro sector que el proyecto."
        yield Problem("objective_of_other_sector", "PES-01", message, fix="Elija un objetivo de su sector.")
    outside = sorted(year for year in new.years if year not in plan.vigencias)
    if outside:
        message = f"{outside[0]} está fuera del periodo del plan ({plan.period})."
        yield Problem("vigencia_outside_plan", "PES-06", message, fix="Use una vigencia del plan.")
    if SectorGoal.objects.filter(objective=new.objective, kind=GoalKind.PROYECTO, code=new.code).exists():
        message = f"El objetivo {new.objective.number} ya tiene la meta de proyecto {new.code}."
        fix = "Use otro código o, si es la misma y no tiene proyecto, vincúlela."
        yield Problem("goal_repeated", "PES-02", message, fix=fix)
    unsafe = key_problem(new.key)
    if unsafe is not None:
        yield unsafe
    elif Indicator.objects.filter(plan=plan, key=new.key).exists():
        message = f"El plan ya tiene un indicador con la clave {new.key}."
        yield Problem("key_repeated", "PES-01", message, fix="Use otra clave: identifica al indicador en el plan.")


def _sealed_problems(plan: SectorPlan, moved: Years, stored: Years) -> Iterator[Problem]:
    first_open = first_open_vigencia(plan.first_vigencia, plan.consolidated_through)
    for year in sorted(moved):
        if year not in plan.vigencias:
            message = f"{year} está fuera del periodo del plan ({plan.period})."
            yield Problem("vigencia_outside_plan", "PES-06", message, fix="Use una vigencia del plan.")
        elif year < first_open:
            programmed = stored.get(year)
            shown = "sin programar" if programmed is None else f"en {format_magnitude(programmed)}"
            message = f"{year} ya tiene un corte consolidado y su programación no cambia."
            yield Problem("programme_sealed", "PG-09e", message, fix=f"Déjela {shown}.")


def _link_problems(goal: SectorGoal, project: InvestmentProject) -> Iterator[Problem]:
    if goal.kind != GoalKind.PROYECTO:
        message = f"{goal} no es de clase proyecto."
        yield Problem("project_of_other_goal", "PES-02", message, fix="Elija una meta de proyecto.")
    if goal.project_id is not None:
        message = f"{goal} ya está vinculada a un proyecto."
        yield Problem("goal_linked_already", "PES-02", message, fix="Elija una meta sin proyecto.")
    entities = set(goal.indicators.values_list("entity_id", flat=True))
    if entities - {project.entity_id}:
        message = f"{goal} tiene indicadores de otra entidad que la del proyecto."
        yield Problem("goal_of_other_entity", "REP-01", message, fix="Vincúlela a un proyecto de su entidad.")
