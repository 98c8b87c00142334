"""The plans of a sector by unit and quarter, as strings: the heat map of the dashboard and of its own page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse

from evaluation.facts import policy_of
from evaluation.pages.reading import TONE_OF_LIGHT, percent_text, policy_from_facts
from evaluation.pages.standings import LEVEL_NAMES
from evaluation.plan_standing import (
    QUARTERS,
    Cell,
    CellState,
    UnitStanding,
    evidence_of,
    last_quarter,
    punctuality_of,
)
from evaluation.rules.policy import Policy, light
from pes.models import Metodologia
from pes.rules.numbers import exact, format_percent, ratio_to_percent

SHOWN = 40  # units on the dashboard; their own page has them all
#: Words of a light, as a director reads them; the shape and the colour go with them (REP-06).
WORDS = {"ok": "en verde", "warn": "en amarillo", "risk": "en rojo", "over": "en naranja", "course": "con resultado"}
_TONE_OF_STATE = {
    CellState.MISSING: "none",
    CellState.SENT: "course",
    CellState.PENDING: "course",
    CellState.NOT_PROGRAMMED: "off",
    CellState.NOT_MEASURABLE: "off",
    CellState.AHEAD: "off",
}
EXPORT_HEADERS = (
    "Código", "Unidad", "Entidad", "Nivel",
    *(f"{what} T{quarter}" for quarter in QUARTERS for what in ("Puntaje (%)", "Estado")),
    "A la fecha (%)", "Puntualidad (%)", "Metas con evidencia", "Metas programadas",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A unit in a quarter: `look` says how it is drawn, `tone` its light, and its words are always there."""

    label: str
    look: str
    tone: str
    value: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A unit in its vigencia."""

    code: str
    name: str
    entity: str
    cells: tuple[HeatCell, ...]
    to_date: str
    on_time: str
    evidence: str


@dataclass(frozen=True)
class StandingBlock:
    """What a page shows of the plans: totals of the last quarter with figures, and the units by level."""

    vigencia: int
    quarter: int
    total: int
    with_result: str
    with_result_note: str
    lights: tuple[tuple[str, str], ...]
    on_time: str | None
    on_time_of: str
    evidence: Decimal | None
    groups: tuple[tuple[str, tuple[HeatRow, ...]], ...]
    hidden: int
    url: str
    quarters: tuple[str, ...] = tuple(f"T{quarter}" for quarter in QUARTERS)

    @property
    def total_text(self) -> str:
        """«de 20»."""
        return f"de {self.total}"

    @property
    def evidence_text(self) -> str | None:
        """The coverage as a percentage; None where nothing is programmed."""
        return format_percent(self.evidence) if self.evidence is not None else None

    @property
    def evidence_note(self) -> str:
        """Of what the coverage is."""
        return f"De las metas programadas en T{self.quarter}"


@dataclass(frozen=True)
class Lights:
    """The lights of a vigencia: those with which a quarter was closed, and those in force for the live ones."""

    vigencia: int

    @cached_property
    def in_force(self) -> Policy:
        """Of the methodology in force; one query."""
        return policy_of(Metodologia.in_force(self.vigencia))

    @cached_property
    def _frozen(self) -> dict[int, Policy]:
        return {}

    def tone(self, cell: Cell) -> str:
        """The tone of a score, or of the state of what has none."""
        if cell.state in _TONE_OF_STATE:
            return _TONE_OF_STATE[cell.state]
        policy = self._of(cell.methodology) if cell.methodology else self.in_force
        return TONE_OF_LIGHT[light(cell.score, policy, last_cutoff=True)]

    def _of(self, methodology: Mapping[str, Any]) -> Policy:
        key = id(methodology)
        if key not in self._frozen:
            self._frozen[key] = policy_from_facts(methodology)
        return self._frozen[key]


def standing_block(
    units: Sequence[UnitStanding], shown: Sequence[UnitStanding], vigencia: int, slug: str
) -> StandingBlock:
    """Totals of some units and rows of those `shown`; at most one query more (the methodology in force)."""
    lights, quarter = Lights(vigencia), last_quarter(units)
    on_time, of = punctuality_of(units)
    cells = [unit.cells[quarter - 1] for unit in units] if quarter else []
    known = [cell for cell in cells if cell.state in (CellState.CONSOLIDATED, CellState.PROVISIONAL)]
    official = all(cell.run for cell in known)
    return StandingBlock(
        vigencia=vigencia,
        quarter=quarter,
        total=len(units),
        with_result=str(len(known)),
        with_result_note=f"T{quarter}, {'consolidado' if official else 'preliminar: cambia hasta que se consolide'}",
        lights=_counts(cells, lights),
        on_time=str(on_time) if of else None,
        on_time_of=f"de {of}",
        evidence=ratio_to_percent(evidence_of(units, quarter)) if quarter else None,
        groups=tuple(_groups(shown, lights)),
        hidden=len(units) - len(shown),
        url=f"{reverse('evaluation:standing', args=[slug])}?vigencia={vigencia}",
    )


def export_rows(units: Iterable[UnitStanding]) -> list[list[Any]]:
    """The units for a workbook: codes first, numbers as numbers, states in words."""
    rows = []
    for unit in units:
        last = unit.last or Cell(CellState.AHEAD)
        quarters = [part for cell in unit.cells for part in (ratio_to_percent(cell.score), cell.state.label)]
        ends = [ratio_to_percent(last.to_date), ratio_to_percent(last.on_time), last.with_evidence, last.programmed]
        rows.append([unit.code, unit.name, unit.entity, LEVEL_NAMES[unit.level], *quarters, *ends])
    return rows


def _counts(cells: Iterable[Cell], lights: Lights) -> tuple[tuple[str, str], ...]:
    """How many units have each light in the quarter, and how many have none and why; heaviest news last."""
    found: dict[tuple[str, str], int] = {}
    for cell in cells:
        tone = lights.tone(cell)
        words = _TONE_OF_STATE.get(cell.state) and cell.state.label.lower()
        key = tone, words or WORDS[tone]
        found[key] = found.get(key, 0) + 1
    order = [*WORDS, "none", "off"]
    return tuple(
        (tone, f"{count} {words}")
        for (tone, words), count in sorted(found.items(), key=lambda one: (order.index(one[0][0]), one[0][1]))
    )


def _groups(units: Iterable[UnitStanding], lights: Lights) -> Iterable[tuple[str, tuple[HeatRow, ...]]]:
    by_level: dict[str, list[HeatRow]] = {}
    for unit in units:
        by_level.setdefault(unit.level, []).append(_row(unit, lights))
    for level, rows in by_level.items():
        yield LEVEL_NAMES[level], tuple(rows)


def _row(unit: UnitStanding, lights: Lights) -> HeatRow:
    last = unit.last
    preliminary = " (preliminar)" if last and not last.run else ""
    return HeatRow(
        code=unit.code,
        name=unit.name,
        entity=unit.entity,
        cells=tuple(_cell(unit, at, cell, lights) for at, cell in zip(QUARTERS, unit.cells, strict=True)),
        to_date=f"{percent_text(last.to_date)}{preliminary}" if last and last.to_date is not None else "–",
        on_time=percent_text(last.on_time) if last and last.on_time is not None else "–",
        evidence=_coverage(last),
    )


def _cell(unit: UnitStanding, quarter: int, cell: Cell, lights: Lights) -> HeatCell:
    tone = lights.tone(cell)
    scored = cell.state in (CellState.CONSOLIDATED, CellState.PROVISIONAL)
    look = f"{cell.state.value} heat-{tone}" if scored else cell.state.value
    url = ""
    if cell.is_known or cell.run:
        url = reverse("evaluation:score", args=[unit.code, lights.vigencia, quarter])
    return HeatCell(
        label=f"T{quarter}",
        look=look,
        tone=tone,
        value=percent_text(cell.score) if scored else cell.state.label,
        note=_note(cell, scored),
        url=url,
    )


def _note(cell: Cell, scored: bool) -> str:
    if cell.state in (CellState.MISSING, CellState.SENT) and cell.score is not None:
        return f"califica {percent_text(cell.score)}"
    if not scored:
        return ""
    return f"corrida {cell.run}" if cell.run > 1 else "" if cell.run else "preliminar"


def _coverage(cell: Cell | None) -> str:
    if cell is None or not cell.programmed:
        return "–"
    with exact():
        share = Decimal(cell.with_evidence) / cell.programmed
    return f"{percent_text(share)} ({cell.with_evidence} de {cell.programmed})"
