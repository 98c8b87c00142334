"""The table of an objective's indicators: sorted as asked, exported as it is on screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluation.pages.dashboard import weight_text
from evaluation.pages.names import IndicatorName
from evaluation.pages.reading import Reading, percent_text
from evaluation.pages.selection import Selection
from evaluation.rules.results import IndicatorResult
from pes.dates import long_date
from pes.rules.numbers import format_magnitude, ratio_to_percent
from pes.rules.states import FigureState


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator at a cut-off: texts for the screen, and the numbers they stand for."""

    key: str
    code: str
    name: str
    url: str
    why_url: str
    entity: str
    type_text: str
    weight: str
    programmed: str
    achieved: str
    measured_on: str
    percent: Decimal | None
    result: str
    state: str
    tone: str
    contribution: str
    numbers: IndicatorResult

    def cells(self) -> list[Any]:
        """The row of the exported workbook: codes as text, numbers as numbers."""
        one = self.numbers
        return [
            self.code,
            self.name,
            self.entity,
            self.type_text,
            one.weight,
            one.programmed,
            one.achieved,
            one.measured_on,
            ratio_to_percent(one.progress),
            ratio_to_percent(one.contribution),
            one.state.label,
        ]


EXPORT_HEADERS = (
    "Código",
    "Indicador",
    "Entidad",
    "Tipo de programación",
    "Ponderación (%)",
    "Programado",
    "Ejecutado",
    "Fecha de medición",
    "Resultado (%)",
    "Aporte al objetivo (%)",
    "Estado",
)
_KEYS: dict[str, Callable[[IndicatorRow], Any]] = {
    "codigo": lambda row: row.code,
    "indicador": lambda row: row.name.casefold(),
    "entidad": lambda row: row.entity.casefold(),
    "peso": lambda row: row.numbers.weight,
    "programado": lambda row: row.numbers.programmed,
    "ejecutado": lambda row: row.numbers.achieved,
    "resultado": lambda row: row.numbers.progress,
    "aporte": lambda row: row.numbers.contribution,
}


def indicator_rows(
    selection: Selection, reading: Reading, results: Iterable[IndicatorResult], names: dict[str, IndicatorName]
) -> list[IndicatorRow]:
    """Rows of the results whose indicator still exists."""
    return [_row(selection, reading, one, names[one.key]) for one in results if one.key in names]


def in_order(rows: Sequence[IndicatorRow], order: str) -> list[IndicatorRow]:
    """Rows sorted by a key of `?orden=` (a minus in front reverses); unknown figures always come last."""
    key = _KEYS.get(order.removeprefix("-"))
    if key is None:
        return list(rows)
    known = sorted((row for row in rows if key(row) is not None), key=key, reverse=order.startswith("-"))
    return known + [row for row in rows if key(row) is None]


def _row(selection: Selection, reading: Reading, one: IndicatorResult, name: IndicatorName) -> IndicatorRow:
    return IndicatorRow(
        key=one.key,
        code=name.code,
        name=name.name,
        url=selection.url("indicator", one.key),
        why_url=selection.url("explanation", indicador=one.key),
        entity=name.entity,
        type_text=one.type.label + (" (deducido)" if name.type_was_inferred else ""),
        weight=weight_text(one.weight) or "–",
        programmed="–" if one.state is FigureState.NOT_PROGRAMMED else format_magnitude(one.programmed),
        achieved="–" if one.achieved is None else format_magnitude(one.achieved),
        measured_on=long_date(one.measured_on) if one.measured_on and one.measured_on != reading.on else "",
        percent=ratio_to_percent(one.progress),
        result=one.state.label if one.progress is None else percent_text(one.progress),
        state=one.state.value,
        tone=reading.tone(one.progress) if one.progress is not None else "none",
        contribution="–" if one.contribution is None else percent_text(one.contribution),
        numbers=one,
    )
