"""What compliance is computed from and what comes out: plain values, in the order of a query."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from pes.rules.programming import ProgrammingType
from pes.rules.states import FigureState

Group = TypeVar("Group", bound=Hashable)
FactRow = tuple[
    Group,
    str,
    str,
    Decimal | None,
    Decimal | None,
    Decimal | None,
    date | None,
    Decimal | None,
]


# State, raw ratio and capped ratio of one indicator. A bare tuple: the whole nation makes 30,000 in one fold.
Figure = tuple[FigureState, Decimal | None, Decimal | None]


class IndicatorFact(NamedTuple):
    """What is known of one indicator in one vigencia at a cut-off; only what computes.

    `achieved` is the last measurement of the vigencia on or before the cut-off: the amount
    accumulated within it (SUMA) or the level reached. `weight` is in percentage points, the other
    numbers in the indicator's unit. `type` is a `ProgrammingType` or its value.
    """

    objective: int
    key: str
    type: str
    weight: Decimal | None
    programmed: Decimal | None
    achieved: Decimal | None
    measured_on: date | None
    baseline: Decimal | None


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """One indicator as it is shown; `contribution` is its share of the objective's ratio.

    An indicator that does not count – not programmed, not measured yet, or without weight when
    others have one (W-03) – has no contribution.
    """

    key: str
    type: ProgrammingType
    weight: Decimal | None
    programmed: Decimal | None
    achieved: Decimal | None
    measured_on: date | None
    progress: Decimal | None
    rating: Decimal | None
    state: FigureState
    contribution: Decimal | None = None


class ObjectiveFigure(NamedTuple):
    """An objective without its indicators: what a list, an index or a benchmark needs.

    `counted_weight` is the Σ of the weights that entered `compliance`, `measured_weight` of those
    measured, both in percentage points; `unweighted` counts programmed indicators without weight.
    """

    compliance: Decimal | None
    state: FigureState
    programmed: int
    measured: int
    measured_weight: Decimal
    counted_weight: Decimal
    unweighted: int


@dataclass(frozen=True, slots=True)
class ObjectiveResult:
    """An objective as it is shown; `weight` is its configured one in the sector, or `None`."""

    number: int
    weight: Decimal | None
    compliance: Decimal | None
    state: FigureState
    indicators: tuple[IndicatorResult, ...]
    programmed: int
    measured: int
    measured_weight: Decimal
    unweighted: int


@dataclass(frozen=True, slots=True)
class SectorResult:
    """The sector: its index, always labelled as computed by the tool (PES-10), and objectives."""

    index: Decimal | None
    objectives: tuple[ObjectiveResult, ...]
