"""Results as JSON and back: exact decimals as text, so that a digest proves them."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

from evaluation.rules.results import IndicatorFact, IndicatorResult, ObjectiveResult, SectorResult
from pes.audit import canonical
from pes.rules.programming import ProgrammingType
from pes.rules.states import FigureState


def digest(value: Any) -> str:
    """SHA-256 of a JSON value, independent of the order of its keys."""
    return hashlib.sha256(canonical(value)).hexdigest()


def facts_to_json(facts: list[IndicatorFact]) -> list[list[Any]]:
    """Facts as lists of texts, in the field order of `IndicatorFact`."""
    return [[value if isinstance(value, int) else _text(value) for value in fact] for fact in facts]


def to_json(result: SectorResult) -> dict[str, Any]:
    """A sector result with every number as exact text; ratios stay ratios (0–1)."""
    return {"index": _text(result.index), "objectives": [_objective_to_json(o) for o in result.objectives]}


def from_json(value: dict[str, Any]) -> SectorResult:
    """The sector result that `to_json` wrote."""
    return SectorResult(_decimal(value["index"]), tuple(_objective_from_json(o) for o in value["objectives"]))


def _objective_to_json(objective: ObjectiveResult) -> dict[str, Any]:
    return {
        "number": objective.number,
        "weight": _text(objective.weight),
        "compliance": _text(objective.compliance),
        "state": objective.state.value,
        "programmed": objective.programmed,
        "measured": objective.measured,
        "measured_weight": _text(objective.measured_weight),
        "unweighted": objective.unweighted,
        "indicators": [
            {name: _text(getattr(i, name)) for name in IndicatorResult.__slots__} for i in objective.indicators
        ],
    }


def _objective_from_json(value: dict[str, Any]) -> ObjectiveResult:
    return ObjectiveResult(
        number=value["number"],
        weight=_decimal(value["weight"]),
        compliance=_decimal(value["compliance"]),
        state=FigureState(value["state"]),
        indicators=tuple(_indicator_from_json(i) for i in value["indicators"]),
        programmed=value["programmed"],
        measured=value["measured"],
        measured_weight=Decimal(value["measured_weight"]),
        unweighted=value["unweighted"],
    )


def _indicator_from_json(value: dict[str, Any]) -> IndicatorResult:
    return IndicatorResult(
        key=value["key"],
        type=ProgrammingType(value["type"]),
        measured_on=date.fromisoformat(value["measured_on"]) if value["measured_on"] else None,
        state=FigureState(value["state"]),
        **{
            name: _decimal(value[name])
            for name in ("weight", "programmed", "achieved", "progress", "rating", "contribution")
        },
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
