"""Pesos and physical goals side by side: what each project programmed, committed, paid and achieved in a vigencia."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from evaluation.facts import policy_of
from evaluation.pages.reading import percent_text
from evaluation.rules.compliance import indicator_result
from evaluation.rules.policy import Policy
from evaluation.rules.results import IndicatorFact
from pes.models import Indicator, IndicatorTarget, Metodologia, SectorPlan
from pes.profile.money_shown import MoneyRow, money_row
from pes.profile.resources import ProjectLine, resources_of
from pes.rules.numbers import format_magnitude
from tracking.models import Measurement


@dataclass(frozen=True)
class PhysicalRow:
    """A goal of a project: programmed, achieved at its last measurement of the vigencia, and its progress."""

    name: str
    url: str
    programmed: str
    achieved: str
    progress: str


@dataclass(frozen=True)
class ProjectProgress:
    """A project: its money, and the physical goals that the money is for."""

    title: str
    money: MoneyRow
    goals: tuple[PhysicalRow, ...]


def project_progress(plan: SectorPlan, vigencia: int) -> list[tuple[str, list[ProjectProgress]]]:
    """Entity → its projects; seven queries whatever their number."""
    entities = resources_of(plan, vigencia)
    goals = _physical(plan, vigencia)
    return [(one.entity.name, [_progress(line, goals) for line in one.lines]) for one in entities]


def _progress(line: ProjectLine, goals: dict[int, list[PhysicalRow]]) -> ProjectProgress:
    project = line.project
    return ProjectProgress(str(project), money_row(line.money, name=project.name), tuple(goals.get(project.pk, ())))


def _physical(plan: SectorPlan, vigencia: int) -> dict[int, list[PhysicalRow]]:
    """Rows by project (id)."""
    indicators = Indicator.objects.filter(plan=plan, goal__project__isnull=False)
    rows = list(indicators.select_related("goal__objective", "plan__sector").order_by("goal__code", "key"))
    targets = dict(
        IndicatorTarget.objects.filter(indicator__in=rows, vigencia=vigencia).values_list("indicator_id", "programmed")
    )
    span = (date(vigencia, 1, 1), date(vigencia, 12, 31))
    measured = Measurement.objects.filter(indicator__in=rows, on__range=span).order_by("on")
    last = {one.indicator_id: one for one in measured}
    policy = policy_of(Metodologia.in_force(vigencia))
    found: dict[int, list[PhysicalRow]] = {}
    for one in rows:
        made = _physical_row(one, targets.get(one.pk), last.get(one.pk), policy)
        found.setdefault(one.goal.project_id or 0, []).append(made)
    return found


def _physical_row(
    indicator: Indicator, programmed: Decimal | None, measured: Measurement | None, policy: Policy
) -> PhysicalRow:
    achieved, day = (measured.achieved, measured.on) if measured else (None, None)
    kind, objective = indicator.programming_type, indicator.goal.objective.number
    fact = IndicatorFact(objective, indicator.key, kind, None, programmed, achieved, day, indicator.baseline)
    result = indicator_result(fact, policy, closed=False)
    unit = f" {indicator.unit}" if indicator.unit else ""
    return PhysicalRow(
        name=f"{indicator.goal.code} · {indicator.name}",
        url=indicator.get_absolute_url(),
        programmed="No programada" if programmed is None else f"{format_magnitude(programmed)}{unit}",
        achieved="Sin medición" if achieved is None else f"{format_magnitude(achieved)}{unit}",
        progress=result.state.label if result.progress is None else percent_text(result.progress),
    )
