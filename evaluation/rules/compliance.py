"""Weighted compliance of indicators, objectives and the sector (PES-03 to PES-10, W-05, W-06).

The one place where these figures are computed: screens, documents, commands and the nation-wide
benchmark fold the same facts through `figure_of` and `_tally`. Everything is a ratio (0–1),
unrounded; `pes.rules.numbers.ratio_to_percent` rounds once, for display (PT-18, PES-05).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from evaluation.rules.policy import Light, Policy, light
from evaluation.rules.results import (
    FactRow,
    Figure,
    Group,
    IndicatorFact,
    IndicatorResult,
    ObjectiveFigure,
    ObjectiveResult,
    SectorResult,
)
from pes.rules.numbers import ZERO, exact
from pes.rules.programming import (
    ProgrammingType,
    calculation_base,
    is_programmed,
    rate,
    result_ratio,
)
from pes.rules.states import FigureState

__all__ = [
    "Figure",
    "IndicatorFact",
    "IndicatorResult",
    "Light",
    "ObjectiveFigure",
    "ObjectiveResult",
    "Policy",
    "SectorResult",
    "figure_of",
    "fold",
    "indicator_result",
    "light",
    "objective_result",
    "quadrennial_progress",
    "sector_index",
    "sector_result",
]

_REPORTED = FigureState.REPORTED
_NOT_PROGRAMMED = FigureState.NOT_PROGRAMMED
_NO_INFORMATION = FigureState.NO_INFORMATION


def figure_of(
    kind: str,
    programmed: Decimal | None,
    achieved: Decimal | None,
    baseline: Decimal | None,
    policy: Policy,
    closed: bool,
) -> Figure:
    """State and ratios of one indicator against its programme of the vigencia (PES-03, PT-04…17).

    `closed` says whether the cut-off is consolidated: before, what is not measured is pending;
    afterwards it is missing and rates 0, if the methodology says so (PT-17). A DECRECIENTE without
    línea base has no result and is never rated 0 for it (PT-03b). Call it inside `exact()`.
    """
    if programmed is None:
        return _UNPROGRAMMED
    base = calculation_base(kind, baseline, policy.discount_baseline)
    if base is None:
        return _UNKNOWN
    if not is_programmed(kind, programmed, base):
        return _UNPROGRAMMED
    if achieved is None:
        if not closed:
            return _PENDING
        return _MISSING_AS_ZERO if policy.missing_rates_zero else _MISSING
    progress = result_ratio(kind, programmed, achieved, base)
    return _REPORTED, progress, rate(progress, policy.cap)


_UNKNOWN: Figure = (_NO_INFORMATION, None, None)
_UNPROGRAMMED: Figure = (_NOT_PROGRAMMED, None, None)
_PENDING: Figure = (FigureState.PENDING, None, None)
_MISSING: Figure = (FigureState.MISSING, None, None)
_MISSING_AS_ZERO: Figure = (FigureState.MISSING, None, ZERO)


def _tally(
    facts: Iterable[FactRow[Group]],
    policy: Policy,
    closed: bool,
    figures: list[Figure] | None = None,
) -> ObjectiveFigure:
    """Fold the facts of one objective in one pass, leaving each figure in `figures` if given.

    Σ weight × rating / Σ weight over the indicators with both (PES-04): dividing by the weights
    that count is their re-normalisation to 100 (W-05).
    """
    programmed = measured = unweighted = known = 0
    total = counted = measured_weight = ZERO
    seen = False
    with exact():
        for _, _, kind, weight, target, achieved, _, baseline in facts:
            seen = True
            figure = figure_of(kind, target, achieved, baseline, policy, closed)
            state, _, rating = figure
            if figures is not None:
                figures.append(figure)
            if state is _NOT_PROGRAMMED:
                continue
            programmed += 1
            if state is _REPORTED:
                measured += 1
            if weight is None:
                unweighted += 1
                continue
            if state is not _NO_INFORMATION:
                known += 1
            if rating is not None:
                counted += weight
                total += weight * rating
                if state is _REPORTED:
                    measured_weight += weight
        compliance = total / counted if counted else None
    state = _state(programmed, known, measured_weight, closed) if seen else _NO_INFORMATION
    return ObjectiveFigure(compliance, state, programmed, measured, measured_weight, counted, unweighted)


def _state(programmed: int, known: int, measured_weight: Decimal, closed: bool) -> FigureState:
    """State of an objective with indicators, of which `known` can be averaged (W-06).

    Without any weight nothing can: that is missing information, not a zero. A closed objective of
    which nothing was measured is missing, even when the methodology rates it 0.
    """
    if not programmed:
        return _NOT_PROGRAMMED
    if not known:
        return _NO_INFORMATION
    if measured_weight:
        return _REPORTED
    return FigureState.MISSING if closed else FigureState.PENDING


def fold(facts: Iterable[FactRow[Group]], policy: Policy, closed: bool) -> Iterator[tuple[Group, ObjectiveFigure]]:
    """Stream the figure of each objective of facts that come sorted by their first field.

    Plain tuples in the field order of `IndicatorFact` will do, straight from a cursor, and the
    first field may be any key: an objective, or an (objective, vigencia) pair.
    """
    for objective, rows in groupby(facts, key=itemgetter(0)):
        yield objective, _tally(rows, policy, closed)


def indicator_result(fact: IndicatorFact, policy: Policy, *, closed: bool) -> IndicatorResult:
    """One indicator by itself; its contribution needs the others, see `objective_result`."""
    with exact():
        figure = figure_of(fact.type, fact.programmed, fact.achieved, fact.baseline, policy, closed)
    return _shown(fact, figure, ZERO)


def objective_result(
    number: int,
    facts: Sequence[IndicatorFact],
    policy: Policy,
    *,
    weight: Decimal | None = None,
    closed: bool,
) -> ObjectiveResult:
    """An objective with its indicators, in the order given (PES-04, PES-09, W-05, W-06)."""
    figures: list[Figure] = []
    tally = _tally(facts, policy, closed, figures)
    with exact():
        indicators = tuple(
            _shown(fact, figure, tally.counted_weight) for fact, figure in zip(facts, figures, strict=True)
        )
    return ObjectiveResult(
        number=number,
        weight=weight,
        compliance=tally.compliance,
        state=tally.state,
        indicators=indicators,
        programmed=tally.programmed,
        measured=tally.measured,
        measured_weight=tally.measured_weight,
        unweighted=tally.unweighted,
    )


def _shown(fact: IndicatorFact, figure: Figure, counted_weight: Decimal) -> IndicatorResult:
    state, progress, rating = figure
    contribution = None
    if rating is not None and fact.weight is not None and counted_weight:
        contribution = rating * fact.weight / counted_weight
    return IndicatorResult(
        key=fact.key,
        type=ProgrammingType(fact.type),
        weight=fact.weight,
        programmed=fact.programmed,
        achieved=fact.achieved,
        measured_on=fact.measured_on,
        progress=progress,
        rating=rating,
        state=state,
        contribution=contribution,
    )


def sector_result(
    objectives: Iterable[tuple[int, Decimal | None]],
    facts: Iterable[IndicatorFact],
    policy: Policy,
    *,
    closed: bool,
) -> SectorResult:
    """The sector: every objective of `objectives` (number, configured weight) in that order.

    Facts may come in any order; `ValueError` if one belongs to no objective given, because a
    figure that silently leaves a fact out is wrong.
    """
    by_objective: dict[int, list[IndicatorFact]] = {}
    for fact in facts:
        by_objective.setdefault(fact.objective, []).append(fact)
    results = tuple(
        objective_result(number, by_objective.pop(number, []), policy, weight=weight, closed=closed)
        for number, weight in objectives
    )
    if by_objective:
        raise ValueError(f"facts of unknown objectives: {sorted(by_objective)}")
    return SectorResult(sector_index([(one.compliance, one.weight) for one in results]), results)


def sector_index(values: Sequence[tuple[Decimal | None, Decimal | None]]) -> Decimal | None:
    """Σ v·objective / Σ v over the objectives with a value, from (compliance, weight v) (PES-10).

    Equal weights while no objective of the sector has one. As soon as one has, those without
    weigh nothing, as indicators do (W-03): the method must not change with what is measured.
    """
    configured = any(weight is not None for _, weight in values)
    with exact():
        total = counted = ZERO
        for compliance, weight in values:
            share = weight if configured else Decimal(1)
            if compliance is not None and share is not None:
                total += share * compliance
                counted += share
        return total / counted if counted else None


def quadrennial_progress(
    kind: str,
    targets: Mapping[int, Decimal | None],
    achieved_by_year: Mapping[int, Decimal | None],
    baseline: Decimal | None,
    policy: Policy,
) -> Decimal | None:
    """Raw ratio of the whole horizon of a PES, vigencia → amount in both mappings (PES-07).

    SUMA adds the years up against the sum of their programme; the other types put the last level
    reported against the last one programmed. `None` without programme or without any report.
    """
    base = calculation_base(kind, baseline, policy.discount_baseline)
    with exact():
        programmed = _over_the_years(kind, {year: at for year, at in targets.items() if is_programmed(kind, at, base)})
        achieved = _over_the_years(kind, achieved_by_year)
        if programmed is None or achieved is None or base is None:
            return None
        return result_ratio(kind, programmed, achieved, base)


def _over_the_years(kind: str, by_year: Mapping[int, Decimal | None]) -> Decimal | None:
    known = [by_year[year] for year in sorted(by_year)]
    amounts = [amount for amount in known if amount is not None]
    if not amounts:
        return None
    return sum(amounts, ZERO) if kind == ProgrammingType.SUMA else amounts[-1]
