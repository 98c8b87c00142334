"""The ranking de gestión of a quarter and a level: the last official run (REP-05)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.management.base import CommandParser

from evaluation.models import QuarterClose
from evaluation.pages.standings import LEVEL_NAMES, Standing, standings
from evaluation.quarter_closes import last_runs
from pes import commands
from pes.rules.numbers import ratio_to_percent
from plans.models import PlanLevel


class Command(commands.Command):
    help = "Muestra el ranking de gestión de un trimestre: la última corrida consolidada de un nivel."
    formats = ("table", "json")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--vigencia", required=True, type=commands.year, metavar="AAAA")
        parser.add_argument("--quarter", required=True, type=int, choices=range(1, 5), metavar="1-4")
        parser.add_argument("--level", required=True, choices=PlanLevel.values)
        parser.add_argument("--entity", metavar="CÓDIGO", help="necesaria si más de una entidad consolidó el trimestre")

    def handle(
        self,
        *args: Any,
        vigencia: int,
        quarter: int,
        level: str,
        entity: str | None,
        format: str,
        **options: Any,
    ) -> None:
        close = self._close(format, vigencia, quarter, level, entity)
        rows = standings(close)
        if format == "json":
            self.say(_document(close, rows))
        else:
            self._show(close, rows)

    def _close(self, format: str, vigencia: int, quarter: int, level: str, entity: str | None) -> QuarterClose:
        """The run that answers; refused when there is none, or more than one entity has it."""
        runs = last_runs().filter(vigencia=vigencia, quarter=quarter, level=level).select_related("entity")
        if entity is not None:
            runs = runs.filter(entity__code__iexact=entity)
        found = list(runs.order_by("entity__sort_key", "entity__code"))
        if not found:
            message = f"T{quarter} de {vigencia}, {LEVEL_NAMES[level].lower()}, no está consolidado."
            fix = "Consolídelo en la página de cierres de trimestre."
            self.refuse(format, message, code="not_consolidated", rule="REP-04", fix=fix, found=entity or "")
        if len(found) > 1:
            codes = ", ".join(close.entity.code for close in found)
            message = f"Consolidaron ese trimestre varias entidades: {codes}."
            self.refuse(
                format, message, code="entity_needed", rule="REP-05", fix="Elija una con --entity.", found=codes
            )
        return found[0]

    def _show(self, close: QuarterClose, rows: Iterable[Standing]) -> None:
        self.stdout.write(
            f"{close.entity.name} · T{close.quarter} de {close.vigencia} · {LEVEL_NAMES[close.level]} · corrida {close.run}"
        )
        lines = [
            [row.place, row.code, row.name, row.score_text, row.to_date_text, row.on_time_text, row.goals]
            for row in rows
        ]
        self.table(["Puesto", "Código", "Unidad", "Puntaje", "A la fecha", "Puntualidad", "Metas"], lines)


def _document(close: QuarterClose, rows: Iterable[Standing]) -> dict[str, Any]:
    rows = list(rows)
    return {
        "vigencia": close.vigencia,
        "quarter": close.quarter,
        "level": close.level,
        "run": close.run,
        "rows": [_row(row) for row in rows if row.rank is not None],
        "unranked": [{"unit": row.code, "reason": row.why} for row in rows if row.rank is None],
    }


def _row(row: Standing) -> dict[str, Any]:
    ratios = {"score": row.score, "to_date": row.to_date, "on_time": row.on_time}
    percents = {name: _percent(ratio) for name, ratio in ratios.items()}
    return {"rank": row.rank, "unit": row.code, **percents, "goals_rated": row.rated}


def _percent(ratio: Decimal | None) -> str | None:
    percent = ratio_to_percent(ratio)
    return None if percent is None else f"{percent:f}"
