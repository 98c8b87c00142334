"""An investment project month by month (REP-01)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from evaluation.facts import policy_of
from evaluation.pages.dashboard import short
from evaluation.pages.reading import percent_text
from evaluation.pages.selection import Selection
from evaluation.rules.compliance import indicator_result
from evaluation.rules.periods import Period, parse_period
from evaluation.rules.policy import Policy
from evaluation.rules.report_lines import executed_in
from evaluation.rules.results import IndicatorFact, IndicatorResult
from pes.dates import long_date
from pes.models import Indicator, IndicatorTarget, InvestmentProject, Metodologia
from pes.rules.numbers import format_magnitude
from tracking.models import Measurement


@dataclass(frozen=True)
class MonthLine:
    """A month of an indicator with a measurement."""

    month: str
    executed: str
    accumulated: str
    measured_on: str
    url: str
    percent: str


@dataclass(frozen=True)
class GoalFigures:
    """An indicator of the project and its months in the vigencia."""

    heading: str
    name: str
    goal: str
    url: str
    programmed: str
    unit: str
    months: tuple[MonthLine, ...]
    measure_url: str
    edit_url: str


def project_figures(selection: Selection, project: InvestmentProject) -> list[GoalFigures]:
    """The indicators of a project's goals in the vigencia; three queries whatever their number."""
    indicators = list(
        Indicator.objects.filter(goal__project=project, plan=selection.plan)
        .select_related("goal__objective")
        .order_by("key")
    )
    year = selection.vigencia
    targets = dict(
        IndicatorTarget.objects.filter(indicator__in=indicators, vigencia=year).values_list(
            "indicator_id", "programmed"
        )
    )
    measured: dict[int, list[Measurement]] = {}
    for measurement in Measurement.objects.filter(indicator__in=indicators, on__lte=date(year, 12, 31)).order_by("on"):
        measured.setdefault(measurement.indicator_id, []).append(measurement)
    policy = policy_of(Metodologia.in_force(year))
    return [_figures(selection, one, targets.get(one.pk), measured.get(one.pk, []), policy) for one in indicators]


def _figures(
    selection: Selection, indicator: Indicator, programmed: Decimal | None, measured: list[Measurement], policy: Policy
) -> GoalFigures:
    goal = indicator.goal
    return GoalFigures(
        heading=str(indicator),
        name=indicator.name,
        goal=f"Objetivo {goal.objective.number} · {short(goal.text)}",
        url=selection.url("indicator", indicator.key),
        programmed="No programada" if programmed is None else format_magnitude(programmed),
        unit="" if programmed is None else indicator.unit,
        months=tuple(_months(selection.vigencia, indicator, programmed, measured, policy)),
        measure_url=reverse("tracking:measurement-new", args=[selection.slug, indicator.key]),
        edit_url=selection.url("project-goal-edit", goal.project_id, indicator.key),
    )


def _months(
    year: int, indicator: Indicator, programmed: Decimal | None, measured: list[Measurement], policy: Policy
) -> Iterable[MonthLine]:
    for month in range(1, 13):
        period = parse_period("monthly", f"{year}-{month:02}")
        inside = [one for one in measured if period.holds(one.on)]
        if inside:
            now = _result(indicator, programmed, inside[-1], policy)
            before = [one for one in measured if one.on < period.starts_on]
            earlier = _result(indicator, None, before[-1], policy) if before else None
            yield _line(period, now, earlier, inside[-1])


def _result(
    indicator: Indicator, programmed: Decimal | None, measurement: Measurement, policy: Policy
) -> IndicatorResult:
    fact = IndicatorFact(
        indicator.goal.objective.number,
        indicator.key,
        indicator.programming_type,
        None,
        programmed,
        measurement.achieved,
        measurement.on,
        indicator.baseline,
    )
    return indicator_result(fact, policy, closed=False)


def _line(period: Period, now: IndicatorResult, earlier: IndicatorResult | None, measurement: Measurement) -> MonthLine:
    executed = executed_in(period, now, earlier)
    return MonthLine(
        month=period.label.capitalize(),
        executed="Sin medición anterior" if executed is None else format_magnitude(executed),
        accumulated=format_magnitude(now.achieved),
        measured_on=long_date(now.measured_on),
        url=measurement.get_absolute_url(),
        percent=now.state.label if now.progress is None else percent_text(now.progress),
    )
