"""The programme of an indicator over the vigencias of a PES: its total, and whether it makes sense (PES-06, PES-07)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from pes.rules.coherence import Periods, coherence_problems
from pes.rules.numbers import ZERO, exact
from pes.rules.problems import Problem
from pes.rules.programming import ProgrammingType

Years = Mapping[int, Decimal | None]


def total_of(kind: str, years: Years) -> Decimal | None:
    """Total column of a programme (PES-07): the sum for SUMA, the last programmed level for the rest."""
    amounts = [amount for _year, amount in sorted(years.items()) if amount is not None]
    if not amounts:
        return None
    with exact():
        return sum(amounts, ZERO) if kind == ProgrammingType.SUMA else amounts[-1]


def programme_problems(
    kind: ProgrammingType, years: Years, baseline: Decimal | None, *, total: Decimal | None, importing: bool = False
) -> list[Problem]:
    """Everything in which the amounts of `years` (indicator's unit, PT-12 applied) contradict their type.

    Without a published `total` the programme's own is taken, so that only the amounts are compared.
    """
    computed = total_of(kind, years)
    magnitude = computed if total is None else total
    ordered = sorted(years)
    amounts = [years[year] for year in ordered]
    periods = Periods.of_vigencias(ordered)
    return coherence_problems(kind, magnitude or ZERO, amounts, baseline, importing=importing, periods=periods)


def year_of(problem: Problem, years: Sequence[int]) -> int | None:
    """The vigencia that a problem of a programme speaks of, if it is one: its message begins with it."""
    return next((year for year in years if problem.message.startswith(f"{year} ")), None)


def first_open_vigencia(first: int, consolidated_through: date | None) -> int:
    """The first vigencia of a plan whose programme may still change: after the consolidated one (PG-09e)."""
    return first if consolidated_through is None else max(first, consolidated_through.year + 1)
