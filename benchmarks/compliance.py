"""Weighted compliance of the whole nation, four vigencias at once, beside one statement written by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from benchmarks.floors import compliance_statement
from benchmarks.measure import fresh, race
from benchmarks.nation import Size
from benchmarks.table import Row
from evaluation.facts import streamed_facts
from evaluation.rules.compliance import fold
from evaluation.rules.policy import Policy
from pes.models import Objective

REPETITIONS = 9
SIZE = Size()


def folded() -> dict[Any, Decimal | None]:
    """The product's way: a stream of plain values through the rules, in a transaction as its jobs read."""
    plans = range(1, SIZE.sectors + 1)
    with transaction.atomic():
        figures = fold(streamed_facts(plans, SIZE.year_ends), Policy(), closed=False)
        return {cell: figure.compliance for cell, figure in figures}


def by_hand() -> list[tuple[int, int, Decimal]]:
    """The floor: the database does it all."""
    with connection.cursor() as cursor:
        cursor.execute(*compliance_statement(SIZE.year_ends))
        return cursor.fetchall()


def check() -> int:
    """Compare every figure of both ways to 1e-9; return how many there are."""
    numbers = {(o.plan_id, o.number): o.pk for o in Objective.objects.only("plan_id", "number")}
    ours = {
        (numbers[plan, number], on.year): ratio for (plan, number, on), ratio in folded().items() if ratio is not None
    }
    floor = {(objective, year): ratio for objective, year, ratio in by_hand()}
    if ours.keys() != floor.keys() or any(abs(ours[key] - floor[key]) > Decimal("1e-9") for key in ours):
        raise AssertionError("the fold and the statement disagree")
    return len(ours)


def run(say: Callable[[str], None]) -> list[Row]:
    """One ratio, with the peak of a fresh process."""
    compared = check()
    times = race(REPETITIONS, ours=folded, floor=by_hand)
    probe = fresh("compliance.folded")
    note = f"{compared} cumplimientos iguales a 1e-9; 1.200 objetivos × 25 indicadores × 4 vigencias"
    return [
        Row("cumplimiento, 4 vigencias", times["ours"].median, times["floor"].median, 2.0, peak=probe.peak, note=note)
    ]
