"""What does not cohere in a plan while it is formulated, in words and with remedies (PG-V1, PG-02, PG-03, W-02)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from pes.rules.numbers import HUNDRED, ZERO
from pes.rules.problems import Problem
from pes.rules.weights import CENT, weight_problems
from plans.rules.fields import BY_NAME, COMMON, GOAL_FIELDS
from plans.rules.goals import GoalFacts, GoalKind, GoalStatus, PlanFacts
from plans.rules.plan_weights import weight_sum_problems
from plans.rules.remedies import Change, Remedy, programme_remedies
from plans.rules.values import is_percentage


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem and its place: the number of a goal (`None`: the plan) and the name of a field."""

    goal: int | None
    field: str
    problem: Problem
    remedies: tuple[Remedy, ...] = ()

    def as_sentence(self) -> Problem:
        """The problem with a message that names its goal, for lists that mix goals."""
        if self.goal is None or f"meta {self.goal} " in self.problem.message:
            return self.problem
        return replace(self.problem, message=f"Meta {self.goal}: {self.problem.message}")


_ORDER = {field.name: place for place, field in enumerate(GOAL_FIELDS)}
_ELSEWHERE = {"objective", "programming_type", "magnitude"}  # missing ones are found with their own rule
_REQUIRED = tuple(field.name for field in GOAL_FIELDS if field.required and field.name not in _ELSEWHERE | {"kind"})
_NOUNS = {"text": "redacción", "weight": "ponderación"}
_IDENTIFICATION = (
    ("process_objective", "el objetivo del proceso", "Sin él no se puede verificar si las metas le sirven (PG-V1)."),
    ("scope", "el alcance", "Escriba hasta dónde llega el proceso."),
    ("leader", "el líder", "Escriba quién responde por el plan."),
)


def plan_findings(
    plan: PlanFacts,
    *,
    objectives: Mapping[int, str],
    discount_baseline: bool,
    technical_weight: Decimal | None,
    has_framework: bool,
) -> list[Finding]:
    """Everything a plan lacks or contradicts: its own first, then goal by goal in their order, field by field.

    `objectives` are those of the framework in force (number → text); `technical_weight` is the methodology's share of
    the técnicas in percentage points, or `None` without groups. Eliminated goals count only in the sum of the weights
    (W-02b); removed ones not at all.
    """
    active = [goal for goal in plan.goals if goal.status is GoalStatus.ACTIVE]
    found = [*_framework_findings(objectives, has_framework), *_plan_findings(plan)]
    if active:
        sums = weight_sum_problems(plan.goals, technical_weight)
        found += [Finding(None, "weight", problem, remedies) for problem, remedies in sums]
    else:
        message = "El plan no tiene metas."
        found.append(Finding(None, "text", Problem("no_goals", "SM-1", message, fix="Agregue la primera meta.")))
    in_force = objectives if has_framework and objectives else None
    for goal in active:
        found += _goal_findings(goal, in_force, discount_baseline)
    return found


def goal_findings(goal: GoalFacts, *, objectives: Mapping[int, str], discount_baseline: bool) -> list[Finding]:
    """Everything one goal lacks or contradicts, field by field; its plan's sum of weights is not looked at."""
    return _goal_findings(goal, objectives, discount_baseline)


def _goal_findings(goal: GoalFacts, objectives: Mapping[int, str] | None, discount_baseline: bool) -> list[Finding]:
    found = [] if objectives is None else _objective_findings(goal, objectives)
    found += [_missing(goal, name) for name in _REQUIRED if getattr(goal, name) in ("", None)]
    found += [*_weight_findings(goal), *_formula_findings(goal), *_leading_findings(goal)]
    for (place, problem), remedies in programme_remedies(goal, discount_baseline=discount_baseline):
        found.append(Finding(goal.number, place, problem, remedies))
    return sorted(found, key=lambda finding: _ORDER[finding.field])


def _framework_findings(objectives: Mapping[int, str], has_framework: bool) -> Iterator[Finding]:
    """PG-02: without objectives in force no goal can serve one, and it is not the leader's to mend."""
    if has_framework and objectives:
        return
    lacks = "no tiene objetivos" if has_framework else "no está registrado"
    message = f"El marco estratégico de la entidad en la vigencia {lacks}."
    fix = "Pida a la Oficina Asesora de Planeación que lo registre con sus objetivos."
    yield Finding(None, "objective", Problem("framework_missing", "PG-02", message, fix=fix))


def _plan_findings(plan: PlanFacts) -> Iterator[Finding]:
    for name, noun, fix in _IDENTIFICATION:
        if not getattr(plan, name):
            message = f"El plan no dice {noun}."
            yield Finding(None, name, Problem(f"{name}_missing", "PG-V1", message, blocking=False, fix=fix))
    if not plan.instruments:
        message = "El plan no dice con qué otros instrumentos de planeación se articula (política 3)."
        fix = "Elija al menos uno: PDD, PES, PEI, proyecto de inversión, MIPG u otro."
        yield Finding(None, "instruments", Problem("articulation_missing", "PG-03", message, blocking=False, fix=fix))


def _objective_findings(goal: GoalFacts, objectives: Mapping[int, str]) -> list[Finding]:
    """PG-02, with a remedy where there is no choice."""
    if goal.objective in objectives:
        return []
    if goal.objective is None:
        code, message = "objective_missing", f"La meta {goal.number} no tiene objetivo estratégico."
    else:
        code = "objective_not_in_force"
        message = f"La meta {goal.number} sirve al objetivo {goal.objective}, que no está en el marco vigente."
    remedies: tuple[Remedy, ...] = ()
    if len(objectives) == 1:
        [only] = objectives
        remedies = (Remedy(f"Asignar el objetivo {only}", (Change(goal.number, "objective", str(only)),)),)
    problem = Problem(code, "PG-02", message, fix="Elija un objetivo del marco estratégico vigente.")
    return [Finding(goal.number, "objective", problem, remedies)]


def _missing(goal: GoalFacts, name: str) -> Finding:
    """PG-V1: a goal says everything of §5.4 before it is reviewed."""
    field = BY_NAME[name]
    noun = _NOUNS.get(name, field.label[:1].lower() + field.label[1:])
    fix = f"Complete «{field.label}». {field.help}"
    if goal.is_shared and name in COMMON:
        fix = "La completa el área que lidera la meta compartida."
    rule = "W-02" if name == "weight" else "PG-V1"
    return Finding(
        goal.number, name, Problem(f"{name}_missing", rule, f"La meta {goal.number} no tiene {noun}.", fix=fix)
    )


def _weight_findings(goal: GoalFacts) -> Iterator[Finding]:
    weight = goal.weight
    if weight is None or (weight.is_finite() and ZERO < weight <= HUNDRED and not weight % CENT):
        return
    for problem in weight_problems({f"la meta {goal.number}": weight}):
        if problem.code != "weights_do_not_add_up":
            yield Finding(goal.number, "weight", problem)


def _formula_findings(goal: GoalFacts) -> Iterator[Finding]:
    """PG-V1: a percentage is of something."""
    if goal.denominator or not is_percentage(goal.unit):
        return
    message = f"El indicador de la meta {goal.number} es un porcentaje y no tiene denominador."
    fix = "Escriba contra qué se cuenta, o cambie la unidad de medida."
    yield Finding(goal.number, "denominator", Problem("denominator_missing", "PG-V1", message, blocking=False, fix=fix))


def _leading_findings(goal: GoalFacts) -> Iterator[Finding]:
    """PG-09f: once published, nobody could say who gives the prior opinion on the goal."""
    if goal.kind is not GoalKind.TRANSVERSAL or goal.is_shared or goal.central_area:
        return
    message = f"La meta {goal.number} es transversal y no dice qué área la lidera."
    fix = f"Elija el área en «{BY_NAME['central_area'].label}», o cambie el tipo de meta."
    yield Finding(goal.number, "central_area", Problem("leading_unit_missing", "PG-09f", message, fix=fix))
