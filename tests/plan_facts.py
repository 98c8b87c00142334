"""Plans and goals as plain values, complete and coherent unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from pes.rules.programming import ProgrammingType
from plans.rules.change_criteria import CriterionResult, criteria, filing_problems
from plans.rules.changes import ChangeKind, Ground, Proposal
from plans.rules.findings import Finding, goal_findings, plan_findings
from plans.rules.goals import GoalFacts, IndicatorKind, Instrument, PlanFacts, Quarters

MARCH = date(2026, 3, 15)
OBJECTIVES = {1: "Fortalecer la gestión local", 2: "Mejorar la convivencia"}


def amount(value: Any) -> Decimal | None:
    """A `Decimal` of what a test writes; `None` stays."""
    return None if value is None else Decimal(str(value))


def quarters(*values: Any) -> Quarters:
    """Four amounts, `None` where nothing is programmed."""
    t1, t2, t3, t4 = (amount(value) for value in values)
    return t1, t2, t3, t4


def goal(number: int = 1, **values: Any) -> GoalFacts:
    """A SUMA of 100, 25 a quarter, that weighs 100; `quarters` and amounts may come as plain figures."""
    return replace(_GOAL, number=number, **_exact(values))


def plan(*goals: GoalFacts, **values: Any) -> PlanFacts:
    """A plan whose identification is complete."""
    return replace(_PLAN, goals=goals, **values)


def look(
    facts: PlanFacts,
    *,
    objectives: Mapping[int, str] = OBJECTIVES,
    discount_baseline: bool = False,
    technical_weight: Any = None,
    has_framework: bool = True,
) -> list[Finding]:
    """The findings of a plan, under a framework of two objectives and a methodology without options."""
    return plan_findings(
        facts,
        objectives=objectives,
        discount_baseline=discount_baseline,
        technical_weight=amount(technical_weight),
        has_framework=has_framework,
    )


def look_at_goal(
    facts: GoalFacts, *, objectives: Mapping[int, str] = OBJECTIVES, discount_baseline: bool = False
) -> list[Finding]:
    """The findings of a goal by itself."""
    return goal_findings(facts, objectives=objectives, discount_baseline=discount_baseline)


def places(findings: list[Finding]) -> list[tuple[int | None, str, str, str]]:
    """Goal, field, code and rule of some findings."""
    return [(found.goal, found.field, found.problem.code, found.problem.rule) for found in findings]


def labels(finding: Finding) -> list[str]:
    """What the buttons of a finding say."""
    return [remedy.label for remedy in finding.remedies]


def _exact(values: dict[str, Any]) -> dict[str, Any]:
    amounts = {name: amount(values[name]) for name in ("weight", "magnitude", "baseline") if name in values}
    programme = {"quarters": quarters(*values["quarters"])} if "quarters" in values else {}
    return values | amounts | programme


def proposal(
    current: GoalFacts | None = None,
    asks: ChangeKind = ChangeKind.MODIFY,
    ground: Ground = Ground.ORDINARY,
    justification: str = "Resolución 12",
    memo: str = "2026-100",
    **changes: Any,
) -> Proposal:
    """A request that swaps T3 and T4 of a goal, unless a test proposes something else."""
    current = current or goal(1, quarters=(25, 25, 20, 30))
    if asks is ChangeKind.MODIFY and not changes:
        changes = {"quarters": (25, 25, 30, 20)}
    return Proposal(asks, ground, justification, memo, current, replace(current, **_exact(changes)))


def increase(**changes: Any) -> Proposal:
    """A request that promises 10 more in the last quarter."""
    return proposal(quarters=(25, 25, 20, 40), magnitude=110, **changes)


def judge(asked: Proposal, on: date = MARCH, **facts: Any) -> list[CriterionResult]:
    """Every criterion of a request of 2026, filed on `on` for a central goal that nobody has changed yet."""
    usual: dict[str, Any] = {
        "vigencia": 2026,
        "filed_on": on,
        "today": on,
        "approved_before": 0,
        "has_follow_up": False,
        "opinions": {},
        "is_local_plan": False,
        "at_decision": False,
        "discount_baseline": False,
        "objectives": OBJECTIVES,
    }
    return criteria(asked, **(usual | facts))


def result(asked: Proposal, rule: str, on: date = MARCH, **facts: Any) -> CriterionResult:
    """What one rule says of a request."""
    [found] = [one for one in judge(asked, on, **facts) if one.rule == rule]
    return found


def refusals(asked: Proposal, on: date = MARCH, **facts: Any) -> list[tuple[str, str]]:
    """Rule and code of everything that keeps a request from being filed."""
    problems = filing_problems(judge(asked, on, **facts), plan_published=True, open_requests=0)
    return [(problem.rule, problem.code) for problem in problems]


def codes(problems: Any) -> list[str]:
    """The codes of some problems, in their order."""
    return [problem.code for problem in problems]


_GOAL = GoalFacts(
    number=1,
    objective=1,
    text="Atender 100 solicitudes en la vigencia",
    weight=Decimal("100.00"),
    indicator="Solicitudes atendidas",
    numerator="Número de solicitudes atendidas",
    unit="Solicitudes",
    indicator_type=IndicatorKind.EFICACIA,
    programming_type=ProgrammingType.SUMA,
    quarters=quarters(25, 25, 25, 25),
    magnitude=Decimal(100),
    deliverable="Informe trimestral",
    source="Sistema de gestión documental",
    verification="Reporte del sistema",
    responsible="Dirección de la entidad",
)
_PLAN = PlanFacts(
    process_objective="Atender a la ciudadanía",
    scope="De la solicitud a la respuesta",
    leader="Líder del proceso",
    instruments=(Instrument.PES,),
)
