"""A PES as plain values: what a workbook says, before anything is asked of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pes.rules.programming import ProgrammingType
from pes.workbooks.places import Place


@dataclass(frozen=True, slots=True)
class PlanRow:
    """The sheet PES; its place has a cell for each key.

    `sector` is a code or a name; `sector_name` is `None` when the file does not give it.
    """

    place: Place
    sector: str
    sector_name: str | None
    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class EntityRow:
    """An entity of the sector; `is_head` is `None` when the file names no head at all."""

    place: Place
    code: str
    name: str
    acronym: str
    is_head: bool | None


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """A strategic objective."""

    place: Place
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator with its goal and programme, in the indicator's unit; `None` in an optional text: not given."""

    place: Place
    key: str
    objective: int
    goal_kind: str
    goal_code: str
    goal_text: str
    code: str
    name: str
    entity: str
    type: ProgrammingType
    type_was_inferred: bool | None
    baseline: Decimal | None
    unit: str
    programme: Mapping[int, Decimal | None]
    formula: str | None
    indicator_type: str | None
    source: str | None
    project_code: str | None
    project_name: str | None


@dataclass(frozen=True, slots=True)
class WeightRow:
    """The weight of an indicator in a vigencia, in percentage points."""

    place: Place
    key: str
    vigencia: int
    weight: Decimal


@dataclass(frozen=True, slots=True)
class MeasurementRow:
    """What an indicator had reached at a date."""

    place: Place
    key: str
    on: date
    achieved: Decimal
    analysis: str


@dataclass(frozen=True, slots=True)
class ObjectiveWeightRow:
    """The weight of an objective in the sector index, in percentage points."""

    place: Place
    objective: int
    vigencia: int
    weight: Decimal


@dataclass(frozen=True, slots=True)
class PesData:
    """Everything a workbook says about a PES."""

    plan: PlanRow
    entities: tuple[EntityRow, ...]
    objectives: tuple[ObjectiveRow, ...]
    indicators: tuple[IndicatorRow, ...]
    weights: tuple[WeightRow, ...]
    measurements: tuple[MeasurementRow, ...]
    objective_weights: tuple[ObjectiveWeightRow, ...]
