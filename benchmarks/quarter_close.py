"""Closing a quarter of 1,200 plans de gestión, beside one statement that writes the same rows; and its four cuts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.measure import fresh, race
from benchmarks.nation import SINCE, settle
from benchmarks.quarter_data import CODE, DUE_ON, QUARTER, VIGENCIA, Year, build_year
from benchmarks.quarter_floors import RANKING, WRITING
from benchmarks.table import Row
from evaluation import quarter_close_job as work
from evaluation.models import GoalResult, QuarterClose
from evaluation.plan_facts import Place, goal_rows, report_states
from evaluation.quarter_closes import CloseRequest
from evaluation.quarter_results import units_by_quarter
from evaluation.rules.plan_compliance import fold
from evaluation.rules.ranking import ranking
from pes.models import Membership, OrganizationUnit, User
from pes.permissions import Role
from pes.rules.quarters import QuarterPolicy
from plans.models import PlanLevel

REPETITIONS = 7
PEAK_MB = 200
CLOSE_ENOUGH = Decimal("1e-9")
NAME = "consolidar un trimestre, 30.000 metas"


class _Undo(Exception):
    """Raised inside a transaction to take back what was measured."""


def run(say: Callable[[str], None]) -> list[Row]:
    """Both ratios, after every figure of both ways was compared."""
    prepare(say)
    compared, rows = check_ranking(), check_rows()
    closing = race(REPETITIONS, ours=closed, floor=written)
    cuts = race(REPETITIONS, ours=computed, floor=ranked)
    probe = fresh("quarter_close.closed")
    return [
        Row(
            NAME,
            closing["ours"].median,
            closing["floor"].median,
            4.0,
            peak=probe.peak,
            peak_target=PEAK_MB,
            note=f"1.200 planes × 25 metas, los dos niveles en una transacción; {rows} cifras iguales a 1e-9",
        ),
        Row(
            "cuatro cortes sin escribir",
            cuts["ours"].median,
            cuts["floor"].median,
            2.0,
            note=f"{compared} puntajes y puestos iguales a los de la sentencia",
        ),
    ]


def prepare(say: Callable[[str], None]) -> None:
    """The plans, and somebody who may close their quarter."""
    say("planes y reportes de un trimestre")
    entity = build_year(Year())
    settle()
    head = User.objects.create_user("cierra@ejemplo.invalid", full_name="Quien cierra")
    Membership.grant(user=head, unit=entity, role=Role.JEFE_OAP, starts_on=SINCE, by=None)


def closed() -> int:
    """The product's way, whole: read, fold, ranking, rows, reports and audit of both levels, in one transaction."""
    try:
        with transaction.atomic():
            return _undone(sum(_close(level) for level in PlanLevel.values))
    except _Undo as done:
        return int(str(done))


def written() -> None:
    """The floor: the same rows of both levels by one statement."""
    try:
        with transaction.atomic():
            close = _head()
            with connection.cursor() as cursor:
                cursor.execute(WRITING, [*_place(), close.pk, QUARTER, PlanLevel.values])
            _undone(0)
    except _Undo:
        return


def computed() -> dict[tuple[int, int], tuple[Decimal | None, Decimal | None, int]]:
    """The product's way without writing: every plan at its four cuts, with its place."""
    with transaction.atomic():
        states = report_states(_where(), QUARTER, DUE_ON[-1].replace(month=2))
        folded = fold(goal_rows(_where(), QUARTER), states.terms(QUARTER), QuarterPolicy())
        by_quarter = units_by_quarter(states, folded, range(1, QUARTER + 1))
    found = {}
    for quarter, units in by_quarter.items():
        for level in PlanLevel.values:
            mine = {unit.plan.code: unit for unit in units if unit.plan.level == level}
            for place in ranking(unit.contender() for unit in mine.values()).places:
                unit = mine[place.contender.key]
                found[unit.plan.pk, quarter] = (unit.figure.score, unit.figure.to_date, place.rank)
    return found


def ranked() -> list[tuple[Any, ...]]:
    """The floor: the database windows, folds and ranks."""
    with connection.cursor() as cursor:
        cursor.execute(RANKING, _place())
        return cursor.fetchall()


def check_ranking() -> int:
    """Compare every score and place of both ways; return how many there are."""
    floor = {(plan, quarter): (score, to_date, rank) for _, plan, quarter, score, to_date, rank in ranked()}
    ours = computed()
    for place, (score, to_date, rank) in ours.items():
        theirs = floor[place]
        if rank != theirs[2] or not (_same(score, theirs[0]) and _same(to_date, theirs[1])):
            raise AssertionError(f"the fold and the statement disagree at {place}: {ours[place]} and {theirs}")
    if len(ours) != sum(row[0] is not None for row in floor.values()):
        raise AssertionError("the fold and the statement rank different plans")
    return len(ours)


def check_rows() -> int:
    """Compare every figure that both ways write; return how many there are."""
    columns = ("goal", "state", "weight", "programmed", "achieved", "result", "rating", "accumulated", "progress",
               "to_date", "to_date_rating")  # fmt: skip
    try:
        with transaction.atomic():
            floor = _head()
            with connection.cursor() as cursor:
                cursor.execute(WRITING, [*_place(), floor.pk, QUARTER, PlanLevel.values])
            sum(_close(level) for level in PlanLevel.values)
            rows = GoalResult.objects.order_by("goal").values_list(*columns)
            theirs, ours = list(rows.filter(close=floor)), list(rows.exclude(close=floor))
            _compare(ours, theirs)
            _undone(sum(value is not None for row in ours for value in row))
    except _Undo as done:
        return int(str(done))
    raise AssertionError("nothing was compared")


def _compare(ours: list[tuple[Any, ...]], theirs: list[tuple[Any, ...]]) -> None:
    if len(ours) != len(theirs):
        raise AssertionError(f"{len(ours)} rows against {len(theirs)}")
    for mine, other in zip(ours, theirs, strict=True):
        if mine[:2] != other[:2] or not all(map(_same, mine[2:], other[2:])):
            raise AssertionError(f"the rows disagree: {mine} and {other}")


def _same(mine: Decimal | None, other: Decimal | None) -> bool:
    if mine is None or other is None:
        return mine is other
    return abs(Decimal(mine) - Decimal(other)) <= CLOSE_ENOUGH * max(abs(Decimal(mine)), 1)


def _close(level: str) -> int:
    request = CloseRequest(Place(_entity(), VIGENCIA, level), QUARTER, 1, "", timezone.now())
    reading = work.read(request)
    results = work.make(reading)
    work.write(reading, results, by=User.objects.get(email="cierra@ejemplo.invalid"))
    return len(results.goals)


def _undone(answer: int) -> int:
    """Look at every constraint, as a commit would, and take everything back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    raise _Undo(answer)


def _head() -> QuarterClose:
    """A close for the floor to hang its rows from."""
    return QuarterClose.objects.create(
        entity_id=_entity(), vigencia=VIGENCIA, quarter=1, level=PlanLevel.CENTRAL, run=9, reason="piso",
        methodology={}, digest="", closed_by=User.objects.get(email="cierra@ejemplo.invalid"), closed_at=timezone.now(),
    )  # fmt: skip


def _entity() -> int:
    return OrganizationUnit.objects.values_list("pk", flat=True).get(code=CODE)


def _where() -> Place:
    return Place(_entity(), VIGENCIA)


def _place() -> list[int]:
    return [_entity(), VIGENCIA]
