"""The plain values that compliance is folded from: one query per level, no model instances."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery

from evaluation.models.weights import ObjectiveWeight
from evaluation.rules.policy import Policy
from evaluation.rules.results import IndicatorFact
from pes.models import Indicator, Metodologia, MissingRule, Objective, SectorPlan
from pes.rules.numbers import HUNDRED
from tracking.models import Measurement


def indicator_facts(plan: SectorPlan, on: date) -> list[IndicatorFact]:
    """Facts of every indicator of a plan at a cut-off, by objective and key, in one query.

    An indicator takes its last measurement of the vigencia dated on or before the cut-off.
    """
    last = Measurement.objects.filter(
        indicator=OuterRef("pk"), on__gte=date(on.year, 1, 1), on__lte=on
    ).order_by("-on")
    rows = (
        Indicator.objects.filter(plan=plan)
        .annotate(
            target=FilteredRelation("targets", condition=Q(targets__vigencia=on.year)),
            weighed=FilteredRelation("weights", condition=Q(weights__vigencia=on.year)),
            achieved=Subquery(last.values("achieved")[:1]),
            measured_on=Subquery(last.values("on")[:1]),
        )
        .order_by("goal__objective__number", "key")
        .values_list(
            "goal__objective__number", "key", "programming_type", F("weighed__weight"), F("target__programmed"),
            "achieved", "measured_on", "baseline",
        )
    )
    return [IndicatorFact(*row) for row in rows]


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

