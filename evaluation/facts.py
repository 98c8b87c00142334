"""The plain values that compliance is folded from: one query per level, no model instances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from evaluation.models.weights import ObjectiveWeight
from evaluation.rules.policy import Policy
from evaluation.rules.results import FactRow, IndicatorFact
from pes.models import Indicator, Metodologia, MissingRule, Objective, SectorPlan
from pes.rules.numbers import HUNDRED
from tracking.models import Measurement

Cell = tuple[int, int, date]
_COLUMNS = 5  # of an indicator, before those of each cut-off


def indicator_facts(plan: SectorPlan, on: date) -> list[IndicatorFact]:
    """Facts of every indicator of a plan at a cut-off, by objective and key, in one query."""
    return [IndicatorFact(number, *fact) for (_, number, _), *fact in streamed_facts([plan.pk], [on])]


def streamed_facts(plans: Iterable[int], cutoffs: Sequence[date]) -> Iterator[FactRow[Cell]]:
    """Facts of every indicator of some plans (ids) at some cut-offs (a dozen at most), in one query.

    They come sorted by the cell they are folded in: plan id, number of the objective, cut-off; then by key. An
    indicator takes its last measurement of the vigencia dated on or before the cut-off.
    """
    rows = _rows(plans, cutoffs).iterator(chunk_size=2000)
    for (plan, number), objective in groupby(rows, key=itemgetter(0, 1)):
        indicators = list(objective)
        for at, on in enumerate(cutoffs):
            cell = (plan, number, on)
            weight, programmed, achieved, measured_on = range(_COLUMNS + 4 * at, _COLUMNS + 4 * at + 4)
            for row in indicators:
                yield cell, row[2], row[3], row[weight], row[programmed], row[achieved], row[measured_on], row[4]


def _rows(plans: Iterable[int], cutoffs: Sequence[date]) -> QuerySet[Indicator, tuple[Any, ...]]:
    """One row an indicator, with four columns a cut-off: a third fewer values than a row for each (measured).

    Most measurements are dated at the cut-off, and those come by a join; only for the others does the database
    look for the last one before it (COALESCE stops at its first value): a fifth less time than looking for all.
    """
    indicators = Indicator.objects.filter(plan__in=plans)
    for year in {on.year for on in cutoffs}:
        indicators = indicators.annotate(
            **{
                f"target_{year}": FilteredRelation("targets", condition=Q(targets__vigencia=year)),
                f"weight_{year}": FilteredRelation("weights", condition=Q(weights__vigencia=year)),
            }
        )
    columns: list[Any] = ["plan", "goal__objective__number", "key", "programming_type", "baseline"]
    for at, on in enumerate(cutoffs):
        last = Measurement.objects.filter(indicator=OuterRef("pk"), on__gte=date(on.year, 1, 1), on__lte=on).order_by(
            "-on"
        )
        indicators = indicators.annotate(
            **{f"dated_{at}": FilteredRelation("measurements", condition=Q(measurements__on=on))}
        ).annotate(
            **{
                f"achieved_{at}": Coalesce(f"dated_{at}__achieved", Subquery(last.values("achieved")[:1])),
                f"on_{at}": Coalesce(f"dated_{at}__on", Subquery(last.values("on")[:1])),
            }
        )
        columns += [F(f"weight_{on.year}__weight"), F(f"target_{on.year}__programmed"), f"achieved_{at}", f"on_{at}"]
    return indicators.order_by("plan", "goal__objective__number", "key").values_list(*columns)


def objective_weights(plan: SectorPlan, vigencia: int) -> list[tuple[int, Decimal | None]]:
    """Number and configured weight (percentage points, None without one) of each objective, in order."""
    weights = dict(
        ObjectiveWeight.objects.filter(objective__plan=plan, vigencia=vigencia).values_list("objective_id", "weight")
    )
    objectives = Objective.objects.filter(plan=plan).order_by("number").values_list("pk", "number")
    return [(number, weights.get(pk)) for pk, number in objectives]


def cutoff_dates(plan: SectorPlan, vigencia: int) -> list[date]:
    """Dates on which something of the plan was measured in a vigencia, in order."""
    dates = Measurement.objects.filter(indicator__plan=plan, on__year=vigencia).order_by("on")
    return list(dates.values_list("on", flat=True).distinct())


def measured_dates(plan: SectorPlan) -> list[date]:
    """Dates on which something of the plan was measured, in order."""
    return list(Measurement.objects.filter(indicator__plan=plan).order_by("on").values_list("on", flat=True).distinct())


def measured_vigencias(plan: SectorPlan) -> list[int]:
    """Vigencias of the plan with at least one measurement, the latest first."""
    years = Measurement.objects.filter(indicator__plan=plan).dates("on", "year", order="DESC")
    return [day.year for day in years]


def policy_of(methodology: Metodologia) -> Policy:
    """The methodology as the values that compute."""
    lights = (methodology.light_red_to, methodology.light_yellow_to, methodology.light_green_to)
    return Policy(
        cap=methodology.cap_percent / HUNDRED,
        discount_baseline=methodology.discount_baseline,
        missing_rates_zero=methodology.missing_rule == MissingRule.ZERO,
        lights=lights if methodology.lights_enabled else None,
        version=methodology.label,
    )
