"""Facts of many plans at several cut-offs: one query says what a loop over the rows says."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby

import pytest
from django.db import connection

from benchmarks import nation
from benchmarks.floors import compliance_statement
from evaluation.facts import indicator_facts, objective_weights, streamed_facts
from evaluation.rules.compliance import fold, sector_result
from evaluation.rules.policy import Policy
from pes.models import Indicator, Objective, SectorPlan
from tracking.models import Measurement

pytestmark = pytest.mark.django_db

CUTOFFS = [date(2021, 12, 31), date(2022, 6, 30), date(2022, 12, 31)]


@pytest.fixture(autouse=True)
def small_nation() -> None:
    nation.build_facts(nation.TINY)


def _looked_up(indicator: Indicator, on: date) -> tuple[object, ...]:
    """The fact of one indicator, found row by row."""
    target = indicator.targets.filter(vigencia=on.year).first()
    weight = indicator.weights.filter(vigencia=on.year).first()
    measured = indicator.measurements.filter(on__year=on.year, on__lte=on).order_by("on").last()
    return (
        (indicator.plan_id, indicator.goal.objective.number, on),
        indicator.key,
        indicator.programming_type,
        weight and weight.weight,
        target and target.programmed,
        measured and measured.achieved,
        measured and measured.on,
        indicator.baseline,
    )


def _all_looked_up() -> Iterator[tuple[object, ...]]:
    for _, objective in groupby(
        Indicator.objects.order_by("plan", "goal__objective__number", "key"), lambda one: one.goal_id
    ):
        indicators = list(objective)
        for on in CUTOFFS:
            yield from (_looked_up(indicator, on) for indicator in indicators)


def test_one_query_says_what_a_loop_over_the_rows_says(django_assert_num_queries):
    plans = list(SectorPlan.objects.values_list("pk", flat=True))

    with django_assert_num_queries(1):
        facts = list(streamed_facts(plans, CUTOFFS))

    assert facts == list(_all_looked_up())
    assert Measurement.objects.filter(on__day__lt=28).exists()  # some were dated before the cut-off
    assert {fact[3] is None for fact in facts} == {fact[5] is None for fact in facts} == {True, False}


def test_the_stream_of_all_plans_folds_to_what_each_plan_shows():
    plans = list(SectorPlan.objects.all())

    folded = dict(fold(streamed_facts([plan.pk for plan in plans], CUTOFFS), Policy(), closed=True))

    for plan in plans:
        for on in CUTOFFS:
            shown = sector_result(objective_weights(plan, on.year), indicator_facts(plan, on), Policy(), closed=True)
            assert [folded[plan.pk, o.number, on].compliance for o in shown.objectives] == [
                o.compliance for o in shown.objectives
            ]


def test_a_statement_written_by_hand_gives_the_same_compliances():
    year_ends = nation.TINY.year_ends
    with connection.cursor() as cursor:
        cursor.execute(*compliance_statement(year_ends))
        by_hand = {(objective, year): Decimal(str(ratio)) for objective, year, ratio in cursor.fetchall()}

    numbers = {(o.plan_id, o.number): o.pk for o in Objective.objects.all()}
    figures = fold(streamed_facts([1, 2], year_ends), Policy(), closed=False)
    folded = {(numbers[plan, number], on.year): figure.compliance for (plan, number, on), figure in figures}

    assert by_hand.keys() == {key for key, value in folded.items() if value is not None}
    assert all(abs(folded[key] - ratio) < Decimal("1e-9") for key, ratio in by_hand.items())
