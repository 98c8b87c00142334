"""What evaluation shows in chapter 6 of the document of a PES: how the follow-up tool sees it at its last cut-off."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from evaluation.models import Cutoff
from pes import registry
from pes.dates import long_date
from pes.documents.blocks import Block, Figure, Grid
from pes.models import Objective, SectorPlan
from pes.rules.numbers import format_percent, ratio_to_percent, round_half_up
from pes.writing.live import LiveTable

_MISSING = "Aparecerá con la primera medición de un indicador."
_WHOLE = "100"  # what each vigencia seeks, in percent of its programme


def document_tables(plan: SectorPlan) -> Iterator[LiveTable]:
    """Provider of `document_tables`: compliance by objective, and the sector's index by vigencia (PES-10)."""
    title = "Cumplimiento por objetivo al último corte"
    yield LiveTable("cumplimiento", title, "follow-up", partial(_compliance, plan), _MISSING)
    title = "Índice del sector por vigencia"
    yield LiveTable("indice-por-vigencia", title, "follow-up", partial(_by_vigencia, plan), _MISSING)


def _compliance(plan: SectorPlan) -> tuple[Block, ...]:
    """Two queries: the last cut-off with its stored result, and the texts of the objectives."""
    last = Cutoff.objects.filter(plan=plan).order_by("-on").first()
    if last is None:
        return ()
    texts = dict(Objective.objects.filter(plan=plan).values_list("number", "text"))
    rows = tuple(
        (
            f"{one.number}. {texts.get(one.number, '')}",
            f"{one.measured} de {one.programmed}",
            format_percent(ratio_to_percent(one.compliance)),
        )
        for one in last.sector_result.objectives
    )
    state = "consolidado" if last.is_consolidated else "en curso"
    caption = f"Cumplimiento por objetivo, corte al {long_date(last.on)} ({state})"
    headers = ("Objetivo", "Indicadores medidos", "Cumplimiento")
    return (Grid(caption, headers, rows, frozenset({1, 2})),)


def _by_vigencia(plan: SectorPlan) -> tuple[Block, ...]:
    """The index at the last cut-off of each vigencia; two queries."""
    last = {day.year: pk for pk, day in Cutoff.objects.filter(plan=plan).order_by("on").values_list("pk", "on")}
    if not last:
        return ()
    found = {one.on.year: one.sector_result.index for one in Cutoff.objects.filter(pk__in=last.values())}
    percents = {year: ratio_to_percent(index) for year, index in found.items()}
    indexes = {year: str(round_half_up(value, 2)) for year, value in percents.items() if value is not None}
    bars = tuple((str(year), _WHOLE, indexes.get(year, "")) for year in plan.vigencias)
    return (Figure("Índice del sector al último corte de cada vigencia, calculado por la herramienta", "%", bars),)


registry.provide("document_tables", document_tables)
