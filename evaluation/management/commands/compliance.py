"""The weighted compliance of a sector at a cut-off, as the screens and documents show it (PES-03…10)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import CommandParser

from evaluation.figures import SectorFigures, sector_figures
from evaluation.rules.results import IndicatorResult, ObjectiveResult
from pes import commands
from pes.rules.numbers import format_percent, ratio_to_percent, round_half_up


class Command(commands.Command):
    help = "Muestra el cumplimiento ponderado de un sector en un corte; por defecto, el último medido."
    formats = ("table", "json")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--sector", required=True, metavar="CÓDIGO")
        parser.add_argument("--vigencia", required=True, type=commands.year, metavar="AAAA")
        parser.add_argument("--cutoff", type=date.fromisoformat, metavar="AAAA-MM-DD")

    def handle(self, *args: Any, sector: str, vigencia: int, cutoff: date | None, format: str, **options: Any) -> None:
        unit = commands.sector(sector)
        if unit is None:
            message, fix = f"No existe el sector «{sector}».", commands.WHICH_SECTORS
            self.refuse(format, message, code="sector_unknown", fix=fix, found=sector)
        if cutoff is not None and cutoff.year != vigencia:
            message = f"El corte {cutoff:%Y-%m-%d} no es de la vigencia {vigencia}."
            self.refuse(format, message, code="cutoff_outside_vigencia", rule="PES-03", found=f"{cutoff:%Y-%m-%d}")
        figures = sector_figures(unit, vigencia, cutoff)
        if figures is None:
            message = f"El sector «{unit}» no tiene un plan que incluya la vigencia {vigencia}."
            self.refuse(format, message, code="vigencia_unknown", rule="PES-06", found=str(vigencia))
        if format == "json":
            self.say(_document(figures))
        else:
            self._show(figures)

    def _show(self, figures: SectorFigures) -> None:
        on = f"{figures.cutoff:%Y-%m-%d}" if figures.cutoff else "sin mediciones"
        self.stdout.write(
            f"{figures.plan.sector.name} · vigencia {figures.vigencia} · corte {on} · metodología {figures.methodology}"
        )
        rows = []
        for objective in figures.result.objectives:
            figure = format_percent(ratio_to_percent(objective.compliance))
            rows.append([f"Objetivo {objective.number}", "", figure, objective.state.objective_label])
            rows += [_row(indicator) for indicator in objective.indicators]
        self.table(["", "Ponderación", "Avance", "Estado"], rows)
        index = format_percent(ratio_to_percent(figures.result.index))
        self.stdout.write(f"Índice sectorial (calculado por la herramienta): {index}")


def _row(indicator: IndicatorResult) -> list[str]:
    weight = "" if indicator.weight is None else format_percent(indicator.weight)
    progress = "" if indicator.progress is None else format_percent(ratio_to_percent(indicator.progress))
    return [f"  {indicator.key}", weight, progress, indicator.state.label]


def _document(figures: SectorFigures) -> dict[str, Any]:
    return {
        "sector": figures.plan.sector.code,
        "vigencia": figures.vigencia,
        "cutoff": figures.cutoff.isoformat() if figures.cutoff else None,
        "methodology": figures.methodology,
        "index": _percent(figures.result.index),
        "objectives": [_objective(objective) for objective in figures.result.objectives],
    }


def _objective(objective: ObjectiveResult) -> dict[str, Any]:
    return {
        "number": objective.number,
        "weight": _decimals(objective.weight, 2),
        "compliance": _percent(objective.compliance),
        "state": objective.state.value,
        "indicators": [
            {
                "key": one.key,
                "type": one.type.value,
                "weight": _decimals(one.weight, 2),
                "programmed": _decimals(one.programmed, 4),
                "achieved": _decimals(one.achieved, 4),
                "progress": _percent(one.progress),
                "rating": _percent(one.rating),
                "state": one.state.value,
            }
            for one in objective.indicators
        ],
    }


def _percent(ratio: Decimal | None) -> str | None:
    return _decimals(ratio_to_percent(ratio), 2)


def _decimals(value: Decimal | None, places: int) -> str | None:
    return None if value is None else f"{round_half_up(value, places):f}"
