"""A strategic objective at a cut-off."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404
from django.urls import reverse

from evaluation.models import WeightSet, WeightStatus
from evaluation.pages.dashboard import measured_weight_text, short, weight_text
from evaluation.pages.names import indicator_names, objective_texts
from evaluation.pages.reading import Reading, percent_text, read
from evaluation.pages.selection import Selection
from evaluation.pages.tables import IndicatorRow, in_order, indicator_rows
from evaluation.rules.results import ObjectiveResult
from pes.dates import long_date
from pes.rules.numbers import ZERO, ratio_to_percent


@dataclass(frozen=True)
class Neighbour:
    """Another objective of the sector, for the tabs."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class ObjectivePage:
    """The objective, its figure and the table that adds up to it."""

    number: int
    text: str
    tabs: tuple[Neighbour, ...]
    percent: Decimal | None
    compliance: str
    state: str
    tone: str
    tone_text: str
    measured: str
    status: str
    weight_note: str
    why_url: str
    weights_url: str
    export_url: str
    plan_url: str
    rows: tuple[IndicatorRow, ...]
    total_weight: str
    adds_up_note: str


def objective_page(selection: Selection, number: int, order: str) -> ObjectivePage:
    """Build the page; Http404 for an unknown objective."""
    texts = objective_texts(selection.plan)
    if number not in texts:
        raise Http404
    reading = read(selection.chosen) if selection.chosen else None
    result = reading.objective(number) if reading else None
    rows = _rows(selection, reading, result, order)
    return ObjectivePage(
        number=number,
        text=texts[number] or "Objetivo sin texto",
        tabs=tuple(Neighbour(f"O{n}", selection.url("objective", n), n == number) for n in texts),
        percent=ratio_to_percent(result.compliance) if result else None,
        compliance=percent_text(result.compliance if result else None),
        state=result.state.value if result else "no_information",
        tone=reading.tone(result.compliance) if reading and result else "none",
        tone_text=_tone_text(reading, result),
        measured=measured_weight_text(result) if result else "Sin mediciones en la vigencia",
        status=reading.kept_in if reading else "",
        weight_note=_weight_note(selection, number),
        why_url=selection.url("explanation", objetivo=number),
        weights_url=reverse("evaluation:weights", args=[selection.slug, selection.vigencia, number]),
        export_url=selection.url("objective-export", number, **({"orden": order} if order else {})),
        plan_url=reverse("pes:plan", args=[selection.slug]),
        rows=tuple(rows),
        total_weight=weight_text(sum((row.numbers.weight or ZERO for row in rows), ZERO)),
        adds_up_note=_adds_up(result),
    )


def title_of(selection: Selection, page: ObjectivePage) -> str:
    """A name for the exported file."""
    return f"objetivo-{page.number}-{selection.cutoff_value or selection.vigencia}"


def _rows(
    selection: Selection, reading: Reading | None, result: ObjectiveResult | None, order: str
) -> list[IndicatorRow]:
    if reading is None or result is None:
        return []
    return in_order(indicator_rows(selection, reading, result.indicators, indicator_names(selection.plan)), order)


def _tone_text(reading: Reading | None, result: ObjectiveResult | None) -> str:
    if reading is None or result is None or result.compliance is None:
        return result.state.objective_label if result else "Sin información"
    return reading.tone_text(result.compliance)


def _weight_note(selection: Selection, number: int) -> str:
    """Whether the weights of the vigencia are approved, and by which act."""
    found = WeightSet.objects.filter(
        objective__plan=selection.plan, objective__number=number, vigencia=selection.vigencia
    ).first()
    if found is None:
        return "La vigencia no tiene ponderaciones."
    if found.status == WeightStatus.LOCKED:
        when = f" del {long_date(found.act_on)}" if found.act_on else ""
        return f"Ponderaciones bloqueadas: {found.act}{when}."
    return "Ponderaciones en edición: aún no las respalda un acto."


def _adds_up(result: ObjectiveResult | None) -> str:
    if result is None or result.compliance is None:
        return ""
    return (
        f"Los aportes suman {percent_text(result.compliance)}. Se calcula con todos los decimales y se redondea una sola "
        "vez; por eso la suma de los aportes ya redondeados puede diferir en una centésima."
    )


def crumbs(selection: Selection, *more: tuple[str, str]) -> list[dict[str, str]]:
    """The path from the sector's dashboard to a page."""
    first = (f"Tablero {selection.plan.sector.name}", selection.url("dashboard"))
    return [{"label": label, "url": url} for label, url in (first, *more)]


__all__ = ["ObjectivePage", "crumbs", "objective_page", "short", "title_of"]
