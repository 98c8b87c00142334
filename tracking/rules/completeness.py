"""What a report must still say of each goal before it can be sent (PG-R1, PG-R2, PG-R3, PT-13 to PT-16)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pes.rules.numbers import HUNDRED, format_magnitude, format_percent, ratio_to_percent
from pes.rules.problems import Problem
from pes.rules.quarters import QuarterResult
from pes.rules.report_checks import quarter_warnings
from pes.rules.states import FigureState
from plans.rules.findings import Finding
from tracking.rules.goal_reports import ENTRY_BY_NAME, EVIDENCE, Entry, GoalYear, Measured

_TERMS = (("numerator", "denominator"), ("denominator", "numerator"))

#: Codes of `quarter_warnings` that the norm wants explained; a doubt about the scale only asks for a second look.
NEEDS_EXPLANATION = frozenset(
    {"executed_without_programme", "over_execution", "worse_than_baseline", "level_goes_back", "no_demand"}
)


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of what is demanded is there: things in `done` of `total`, and goals with nothing missing."""

    done: int
    total: int
    goals_done: int
    goals_total: int
    missing: tuple[Finding, ...]


def missing_of(goal: GoalYear, quarter: int, results: Sequence[QuarterResult]) -> tuple[Finding, ...]:
    """What the goal still lacks in a quarter 1–4; `results` are those of `results_of`, that quarter's included.

    A programmed goal needs its figure, both analyses and an evidence; below 100,00 % as it is shown (PT-18) also the
    causes of the delay (PG-R2); where `NEEDS_EXPLANATION` says so, an explanation. One that is not programmed needs
    nothing as long as it executes nothing (PT-13), and an eliminated one nothing at all (PG-09h). A central area sends
    figures and observations (PG-08): evidence and the accumulated analysis are not asked of it.
    """
    return tuple(finding for finding, is_met in _demands(goal, quarter, results) if not is_met)


def completeness(rows: Sequence[Measured], quarter: int, *, central: bool = False) -> Completeness:
    """How complete a report is, without the goals that a central area reports; with `central`, only those (PG-08)."""
    demands = [
        tuple(_demands(row.goal, quarter, row.results))
        for row in rows
        if row.goal.is_central is central and not row.goal.eliminated
    ]
    asked = [demand for demand in demands if demand]
    missing = tuple(finding for demand in asked for finding, is_met in demand if not is_met)
    total = sum(len(demand) for demand in asked)
    complete = sum(all(is_met for _, is_met in demand) for demand in asked)
    return Completeness(total - len(missing), total, complete, len(asked), missing)


def _demands(goal: GoalYear, quarter: int, results: Sequence[QuarterResult]) -> Iterator[tuple[Finding, bool]]:
    """Everything asked of the goal in the quarter, each with whether it is there."""
    if goal.eliminated:
        return
    entry, result = goal.entry(quarter), results[quarter - 1]
    yield from _half_pairs(goal, entry)
    if result.state is not FigureState.NOT_PROGRAMMED:
        has_figure = result.achieved is not None or result.state is FigureState.NO_DEMAND
        yield Finding(goal.number, "achieved", _figure_missing(goal, quarter)), has_figure
        yield _text(goal, "analysis", "PG-R1", f"Falta el análisis de T{quarter}.", entry.analysis)
        if not goal.is_central:
            missing = f"Falta el análisis del acumulado a T{quarter}."
            yield _text(goal, "accumulated_analysis", "PG-R1", missing, entry.accumulated_analysis)
            missing = f"No hay ninguna evidencia de T{quarter}."
            problem = Problem("evidence_missing", "PG-R3", missing, fix="Suba un archivo o aporte un enlace.")
            yield Finding(goal.number, EVIDENCE, problem), entry.evidence > 0
    shown = ratio_to_percent(result.result)
    if shown is not None and result.achieved is not None and shown < HUNDRED:
        missing = f"El resultado de T{quarter} es {format_percent(shown)} y faltan las causas del retraso."
        yield _text(goal, "delay_causes", "PG-R2", missing, entry.delay_causes)
    if causes := explained(goal, quarter, results):
        missing = f"{' '.join(cause.message for cause in causes)} Falta explicarlo."
        yield _text(goal, "explanation", causes[0].rule, missing, entry.explanation)


def _half_pairs(goal: GoalYear, entry: Entry) -> Iterator[tuple[Finding, bool]]:
    """One term without the other can be kept while the other is looked for, and says nothing yet (PT-16b)."""
    for given, other in _TERMS:
        if getattr(entry, given) is not None and getattr(entry, other) is None:
            label = ENTRY_BY_NAME[other].label.lower()
            message = f"Hay {ENTRY_BY_NAME[given].label.lower()} y falta el {label}."
            fix = _whose(goal, f"Escriba el {label}, o borre el otro término.")
            yield Finding(goal.number, other, Problem("term_missing", "PT-16b", message, fix=fix)), False


def explained(goal: GoalYear, quarter: int, results: Sequence[QuarterResult]) -> list[Problem]:
    """What of the quarter has to be explained in words (PT-13, PT-14, PT-15, PT-16)."""
    figures = goal.figures([True] * len(results))
    warnings = quarter_warnings(goal.kind, figures, results, quarter)
    return [warning for warning in warnings if warning.code in NEEDS_EXPLANATION]


_FIXES = {
    "analysis": "Describa qué se logró en el trimestre.",
    "accumulated_analysis": "Describa cómo va la meta en lo corrido del año.",
    "delay_causes": "Escriba por qué no se alcanzó lo programado.",
    "explanation": "Escriba la causa en «Explicación».",
}


def _text(goal: GoalYear, field: str, rule: str, message: str, text: str) -> tuple[Finding, bool]:
    problem = Problem(f"{field}_missing", rule, message, fix=_whose(goal, _FIXES[field]))
    return Finding(goal.number, field, problem), bool(text.strip())


def _figure_missing(goal: GoalYear, quarter: int) -> Problem:
    programmed = goal.programmed[quarter - 1]
    message = f"Falta el ejecutado de T{quarter}, programado en {format_magnitude(programmed)}."
    fix = _whose(goal, "Escriba el ejecutado, o el numerador y el denominador.")
    return Problem("figure_missing", "PG-08" if goal.is_central else "PG-R1", message, fix=fix)


def _whose(goal: GoalYear, fix: str) -> str:
    return f"Lo suministra {goal.central_area or 'el área central'}." if goal.is_central else fix
