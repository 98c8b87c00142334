"""The sheet of an indicator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString

from evaluation.facts import policy_of
from evaluation.models import Bottleneck, IndicatorWeight, Responsibility, WeightStatus
from evaluation.pages.dashboard import weight_text
from evaluation.pages.history import Event, history
from evaluation.pages.reading import percent_text, read
from evaluation.pages.selection import Selection
from evaluation.rules.compliance import quadrennial_progress
from evaluation.rules.improvement_states import BottleneckStatus
from evaluation.rules.results import IndicatorResult
from pes.access import can, holds
from pes.charts import vigencia_bars
from pes.dates import long_date
from pes.models import GoalKind, Indicator, Metodologia
from pes.permissions import Permission
from pes.plan_frame import plan_url
from pes.rules.numbers import ZERO, exact, format_magnitude, ratio_to_percent
from pes.rules.programming import ProgrammingType
from pes.timecharts import VigenciaBar
from tracking.cards import MeasurementCard, measurement_cards, with_words
from tracking.models.measurement import measuring_permission

EXPORT_HEADERS = ("Fecha de corte", "Ejecutado", "Unidad", "Análisis", "Registró", "Evidencias")


@dataclass(frozen=True)
class VigenciaLine:
    """A vigencia of the programme: texts."""

    year: str
    programmed: str
    achieved: str
    measured_on: str
    weight: str
    act: str
    current: bool


@dataclass(frozen=True)
class IndicatorPage:
    """Definition, programme, weights, measurements, progress and history of an indicator."""

    title: str
    name: str
    facts: tuple[tuple[str, str], ...]
    percent: Decimal | None
    result: str
    state: str
    tone: str
    tone_text: str
    result_note: str
    why_url: str
    objective_url: str
    objective_label: str
    chart: SafeString
    programme: tuple[VigenciaLine, ...]
    total: str
    quadrennial: str
    quadrennial_note: str
    measurements: tuple[MeasurementCard, ...]
    measure_url: str
    measure_reason: str
    export_url: str
    history: tuple[Event, ...]
    unit: str
    bottlenecks: tuple[tuple[str, str], ...]  # words, address
    bottleneck_url: str


def find_indicator(selection: Selection, key: str) -> Indicator:
    """An indicator of the selected plan; Http404 otherwise."""
    found = Indicator.objects.filter(plan=selection.plan, key=key).select_related(
        "goal__objective", "goal__project", "entity", "plan__sector"
    )
    indicator = found.first()
    if indicator is None:
        raise Http404
    return indicator


def indicator_page(selection: Selection, indicator: Indicator, user: Any) -> IndicatorPage:
    """Build the sheet; a constant number of queries."""
    cards = measurement_cards(with_words(indicator.pk), indicator.unit)
    targets = dict(indicator.targets.values_list("vigencia_id", "programmed"))
    last = {card.on.year: card for card in reversed(cards)}  # cards come newest first
    goal = indicator.goal
    may_measure = can(user, measuring_permission(indicator), indicator)
    progress = _quadrennial(
        indicator, targets, {year: card.achieved for year, card in last.items()}, selection.vigencia
    )
    return IndicatorPage(
        title=str(indicator),
        name=indicator.name,
        facts=_facts(indicator),
        **_result(selection, indicator.key),
        why_url=selection.url("explanation", indicador=indicator.key) if selection.chosen else "",
        objective_url=selection.url("objective", goal.objective.number),
        objective_label=f"Objetivo {goal.objective.number}",
        chart=_chart(selection, indicator, targets, last),
        programme=_programme(selection, indicator, targets, last),
        total=_total(indicator.programming_type, targets),
        quadrennial=percent_text(progress),
        quadrennial_note=f"Del total programado en {selection.plan.period}, con la última medición de cada vigencia.",
        measurements=tuple(cards),
        measure_url=reverse("tracking:measurement-new", args=[selection.slug, indicator.key]),
        measure_reason=""
        if may_measure
        else "Registra mediciones quien enlaza la planeación de la entidad responsable.",
        export_url=selection.url("measurements-export", indicator.key),
        history=history([card.pk for card in cards]),
        unit=indicator.unit,
        bottlenecks=_bottlenecks(indicator),
        bottleneck_url=f"{plan_url(indicator.plan, 'evaluation:bottleneck-new')}?indicador={indicator.key}"
        if holds(user, Permission.IMPROVEMENT_MANAGE)
        else "",
    )


def export_rows(cards: Iterable[MeasurementCard], unit: str) -> list[list[Any]]:
    """The measurements on screen as cells."""
    return [[c.on, c.achieved, unit, c.analysis, c.recorded, len(c.evidence)] for c in cards]


def _facts(indicator: Indicator) -> tuple[tuple[str, str], ...]:
    goal = indicator.goal
    kind = ProgrammingType(indicator.programming_type).label if indicator.programming_type else ""
    inferred = " (deducido de la programación)" if kind and indicator.type_was_inferred else ""
    baseline = "" if indicator.baseline is None else format_magnitude(indicator.baseline)
    project = [("Proyecto de inversión", str(goal.project))] if goal.project else []
    return (
        (f"{GoalKind(goal.kind).label} {goal.code}", goal.text),
        *project,
        ("Código sectorial", indicator.code or "N/A"),
        ("Fórmula", indicator.formula),
        ("Unidad de medida", indicator.unit),
        ("Tipo de programación", kind + inferred),
        ("Tipo de indicador", indicator.get_indicator_type_display() if indicator.indicator_type else ""),
        ("Línea base", baseline),
        ("Entidad responsable", indicator.entity.name),
        ("Responsable", _responsible(indicator)),
        ("Fuente de información", indicator.source),
    )


def _responsible(indicator: Indicator) -> str:
    """Who answers for it; one query."""
    found = Responsibility.objects.filter(indicator=indicator).select_related("person").first()
    return str(found.person) if found else ""


def _bottlenecks(indicator: Indicator) -> tuple[tuple[str, str], ...]:
    """What holds it back now; one query."""
    rows = Bottleneck.objects.filter(indicator=indicator, status=BottleneckStatus.OPEN).order_by("since", "pk")
    return tuple(
        (f"{one.title}, desde el {long_date(one.since)}", one.get_absolute_url())
        for one in rows.select_related("plan__sector")
    )


def _result(selection: Selection, key: str) -> dict[str, Any]:
    """What the stored result of the cut-off says of the indicator."""
    reading = read(selection.chosen) if selection.chosen else None
    found: IndicatorResult | None = None
    if reading is not None:
        found = next((i for o in reading.result.objectives for i in o.indicators if i.key == key), None)
    if reading is None or found is None:
        words = {
            "result": "Sin información",
            "tone_text": "Sin información",
            "result_note": "La vigencia no tiene cortes.",
        }
        return {"percent": None, "state": "no_information", "tone": "none", **words}
    measured = f"Medido al {long_date(found.measured_on)}. " if found.measured_on else ""
    share = "" if found.contribution is None else f"Aporta {percent_text(found.contribution)} a su objetivo. "
    no_result = found.progress is None
    return {
        "percent": ratio_to_percent(found.progress),
        "result": found.state.label if no_result else percent_text(found.progress),
        "state": found.state.value,
        "tone": "none" if no_result else reading.tone(found.progress),
        "tone_text": found.state.label if no_result else reading.tone_text(found.progress),
        "result_note": f"{measured}{share}".strip(),
    }


def _chart(
    selection: Selection, indicator: Indicator, targets: dict[int, Decimal], last: dict[int, MeasurementCard]
) -> SafeString:
    bars = [
        VigenciaBar(
            str(year), targets.get(year), last[year].achieved if year in last else None, year == selection.vigencia
        )
        for year in selection.plan.vigencias
    ]
    return vigencia_bars(bars, title=f"Programado y ejecutado de {indicator}", unit=indicator.unit)


def _programme(
    selection: Selection, indicator: Indicator, targets: dict[int, Decimal], last: dict[int, MeasurementCard]
) -> tuple[VigenciaLine, ...]:
    rows = IndicatorWeight.objects.filter(indicator=indicator).values_list(
        "vigencia_id", "weight", "weight_set__status", "weight_set__act"
    )
    weights = {
        year: (weight, act if status == WeightStatus.LOCKED else "En edición") for year, weight, status, act in rows
    }
    return tuple(
        VigenciaLine(
            year=str(year),
            programmed=format_magnitude(targets[year]) if year in targets else "No programada",
            achieved=format_magnitude(last[year].achieved) if year in last else "Sin medición",
            measured_on=last[year].date_text if year in last else "",
            weight=weight_text(weights[year][0]) if year in weights else "–",
            act=weights[year][1] if year in weights else "",
            current=year == selection.vigencia,
        )
        for year in selection.plan.vigencias
    )


def _total(kind: str, targets: dict[int, Decimal]) -> str:
    """The total column: the sum of a SUMA, the last level of the other types (PES-07)."""
    if not targets:
        return "Sin información"
    if kind != ProgrammingType.SUMA:
        return format_magnitude(targets[max(targets)])
    with exact():
        return format_magnitude(sum(targets.values(), ZERO))


def _quadrennial(
    indicator: Indicator, targets: dict[int, Decimal], achieved: dict[int, Decimal], vigencia: int
) -> Decimal | None:
    if not indicator.programming_type:
        return None
    policy = policy_of(Metodologia.in_force(vigencia))
    return quadrennial_progress(indicator.programming_type, targets, achieved, indicator.baseline, policy)
