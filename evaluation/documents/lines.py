"""Results as the lines of a report: rounding, words and tones, once for every kind of document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from evaluation.documents.context import (
    Bottleneck,
    CutoffLine,
    EntityBlock,
    GoalBlock,
    IndicatorLine,
    ObjectiveLine,
    ProjectBlock,
    Shown,
)
from evaluation.pages.reading import TONE_OF_LIGHT
from evaluation.rules.periods import Period
from evaluation.rules.policy import Light, Policy, light
from evaluation.rules.report_lines import Shortfall, earlier_date, executed_in, is_late
from evaluation.rules.results import IndicatorResult, ObjectiveResult, SectorResult
from pes.dates import long_date
from pes.models import GoalKind, Indicator
from pes.rules.numbers import (
    NO_BREAK_SPACE,
    NO_INFORMATION,
    collapse,
    format_magnitude,
    format_percent,
    ratio_to_percent,
    round_half_up,
)
from pes.rules.states import FigureState

GOAL_ORDER = {GoalKind.SECTORIAL: 1, GoalKind.TRAZADORA: 2, GoalKind.PROYECTO: 3}
IN_PROGRESS = "En curso"
NOT_EARLIER = "Sin medición anterior"
NOT_MEASURED = "Sin medición en el periodo"


@dataclass(frozen=True, slots=True)
class Reading:
    """What every line needs to know: the period, the cut-off, its policy and whether lights are on (REP-06b)."""

    period: Period
    on: date
    policy: Policy
    last_cutoff: bool
    analyses: Mapping[tuple[str, date], str]
    earlier: Mapping[str, IndicatorResult]


def percent(ratio: Decimal | None) -> Shown:
    """A ratio as the percentage that is read, with the unrounded ratio beside it."""
    value = ratio_to_percent(ratio)
    return Shown(format_percent(value), value, "" if ratio is None else f"{collapse(ratio).normalize():f}")


def magnitude(value: Decimal | None, missing: str = NO_INFORMATION) -> Shown:
    """A magnitude in the indicator's unit."""
    return Shown(missing if value is None else format_magnitude(value), value)


def points(value: Decimal | None) -> Shown:
    """A weight in percentage points: «89,35 %»."""
    return Shown("–" if value is None else format_percent(value), value)


def lit(ratio: Decimal | None, reading: Reading) -> tuple[str, str]:
    """Tone and words of the light: neutral «En curso» before the vigencia's last cut-off (REP-06b)."""
    if ratio is None:
        return "none", NO_INFORMATION
    found = light(ratio, reading.policy, last_cutoff=reading.last_cutoff)
    if found is Light.NONE:
        return "course", IN_PROGRESS if not reading.last_cutoff else found.label
    return TONE_OF_LIGHT[found], found.label


def indicator_line(number: int, result: IndicatorResult, about: Indicator, reading: Reading) -> IndicatorLine:
    """One indicator with everything that identifies it."""
    earlier = reading.earlier.get(result.key)
    executed = executed_in(reading.period, result, earlier)
    since = earlier_date(reading.period, earlier) if executed is not None else None
    tone, words = lit(result.progress, reading)
    project = about.goal.project
    return IndicatorLine(
        key=result.key, code=about.code, name=about.name, objective=number,
        goal_order=GOAL_ORDER[about.goal.kind],
        goal_kind=about.goal.get_kind_display(), goal_code=about.goal.code, goal=about.goal.text,
        project_code=project.code if project else "", project=project.name if project else "",
        entity_code=about.entity.code, entity=about.entity.name,
        entity_short=about.entity.acronym or about.entity.name, type=result.type.label, unit=about.unit,
        weight=points(result.weight), programmed=magnitude(result.programmed, "No programado"),
        executed=magnitude(executed, _why_unknown(reading.period, result)),
        executed_note=f"desde el {long_date(since)}" if since else "",
        accumulated=magnitude(result.achieved, result.state.label), measured_on=result.measured_on,
        measured_text=long_date(result.measured_on) if result.measured_on else "Sin medición",
        progress=_progress(result), rating=percent(result.rating), contribution=percent(result.contribution),
        state=result.state.value, state_label=result.state.label, tone=tone,
        light=words if result.progress is not None else result.state.label, delay=_delay(result, reading),
        analysis=_analysis(result, reading),
    )  # fmt: skip


def _progress(result: IndicatorResult) -> Shown:
    shown = percent(result.progress)
    return shown if result.progress is not None else Shown(result.state.label)


def _why_unknown(period: Period, result: IndicatorResult) -> str:
    inside = result.measured_on is not None and period.holds(result.measured_on)
    return NOT_EARLIER if inside else NOT_MEASURED


def _delay(result: IndicatorResult, reading: Reading) -> str:
    if not is_late(reading.period, result):
        return ""
    if result.measured_on is not None:
        return f"Sin medición en {reading.period.label}; la última es del {long_date(result.measured_on)}."
    return f"Sin medición en la vigencia {reading.period.vigencia}."


def _analysis(result: IndicatorResult, reading: Reading) -> str:
    if result.measured_on is None:
        return ""
    return reading.analyses.get((result.key, result.measured_on), "").strip()


def objective_line(
    result: ObjectiveResult, text: str, lines: Sequence[IndicatorLine], reading: Reading, *, weighted: bool
) -> ObjectiveLine:
    """An objective; its weight is equal for all while no objective of the sector has one (PES-10)."""
    tone, words = lit(result.compliance, reading)
    missing = result.state.objective_label
    known = result.compliance is not None
    return ObjectiveLine(
        number=result.number, code=f"O{result.number}", text=text,
        weight=points(result.weight) if weighted else Shown("igual"),
        compliance=percent(result.compliance) if known else Shown(missing),
        state=result.state.value, state_label=missing, tone=tone, light=words if known else missing,
        coverage=_coverage(result), goals=goal_blocks(lines),
    )  # fmt: skip


def _coverage(result: ObjectiveResult) -> str:
    if not result.indicators:
        return "Sin indicadores registrados"
    if not result.programmed:
        return "Sin indicadores programados en la vigencia"
    measured = f"{result.measured} de {result.programmed} indicadores medidos"
    return f"{measured}, {format_magnitude(result.measured_weight)}{NO_BREAK_SPACE}% del peso"


def goal_blocks(lines: Iterable[IndicatorLine]) -> tuple[GoalBlock, ...]:
    """Lines by goal, in the order they come."""
    return tuple(
        GoalBlock(kind, code, text, tuple(rows))
        for (kind, code, text), rows in groupby(
            sorted(lines, key=lambda line: (line.objective, line.goal_order, line.goal_code)),
            key=lambda line: (line.goal_kind, line.goal_code, line.goal),
        )
    )


def entity_blocks(lines: Sequence[IndicatorLine], entities: Sequence[str]) -> tuple[EntityBlock, ...]:
    """Lines by entity (in the order of their codes given), project and goal (REP-01)."""
    blocks = []
    for code in entities:
        mine = [line for line in lines if line.entity_code == code]
        by_project = sorted(mine, key=lambda line: (not line.project_code, line.project_code))
        projects = tuple(
            ProjectBlock(key, rows[0].project, goal_blocks(rows))
            for key, rows in (
                (key, list(rows)) for key, rows in groupby(by_project, key=lambda line: line.project_code)
            )
        )
        if mine:
            blocks.append(EntityBlock(code, mine[0].entity, projects))
    return tuple(blocks)


def cutoff_line(on: date, result: SectorResult, *, is_official: bool) -> CutoffLine:
    """A cut-off as a point of the trend and as rows of data."""
    rows = tuple(
        (
            i.key,
            i.programmed,
            i.achieved,
            i.measured_on,
            i.state.label,
            ratio_to_percent(i.progress),
            ratio_to_percent(i.rating),
        )
        for objective in result.objectives
        for i in objective.indicators
    )
    objectives = tuple(
        percent(o.compliance) if o.compliance is not None else Shown(o.state.objective_label) for o in result.objectives
    )
    return CutoffLine(on, long_date(on), is_official, percent(result.index), objectives, rows)


def bottleneck(item: Shortfall, lines: Mapping[str, IndicatorLine]) -> Bottleneck:
    """A shortfall in words; the reason only when there is more to say than its progress."""
    line = lines[item.result.key]
    reason = line.delay or ("" if item.result.state is FigureState.REPORTED else line.state_label)
    cost = Shown(format_magnitude(item.points, 2), round_half_up(item.points, 2))
    return Bottleneck(f"O{item.objective}", line.key, line.name, line.entity_short, line.progress.text, cost, reason)
