"""The dashboard of a sector: strings ready to be shown, from one stored result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.safestring import SafeString

from evaluation.models import Cutoff
from evaluation.pages.names import IndicatorName, indicator_names, objective_texts
from evaluation.pages.reading import Reading, percent_text, read
from evaluation.pages.selection import Selection
from evaluation.rules.results import IndicatorResult, ObjectiveResult
from pes.charts import trend
from pes.dates import month_name
from pes.models import IndicatorTarget, InvestmentProject
from pes.rules.numbers import HUNDRED, NO_BREAK_SPACE, ZERO, exact, format_magnitude, ratio_to_percent
from pes.rules.states import FigureState
from pes.timecharts import TrendPoint

LONGEST_NAME = 84
SHOWN_BOTTLENECKS = 6
QUARTERS = (3, 6, 9, 12)  # months in which a quarter ends


@dataclass(frozen=True)
class ObjectiveLine:
    """One row of «Cumplimiento por objetivo»; the percentage is 0–100 or None."""

    code: str
    name: str
    percent: Decimal | None
    weight: str
    url: str
    state: str
    tone: str
    note: str


@dataclass(frozen=True)
class EntityLine:
    """What an entity answers for at the cut-off."""

    name: str
    programmed: str
    measured: str
    percent: Decimal | None
    shares: str


@dataclass(frozen=True)
class Bottleneck:
    """An indicator that holds its objective back: not measured, or among the lowest."""

    code: str
    name: str
    url: str
    tone: str
    text: str
    detail: str


@dataclass(frozen=True)
class ProgrammeLine:
    """How many indicators of an objective each vigencia programmes, as texts."""

    code: str
    name: str
    url: str
    counts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ProjectLine:
    """An investment project and how many of its indicators are measured."""

    code: str
    name: str
    entity: str
    measured: str


@dataclass(frozen=True)
class DashboardPage:
    """Everything under the heading of the dashboard; the same for everybody who may see it."""

    index: Decimal | None
    index_tone: str
    index_text: str
    index_note: str
    index_url: str
    measured: str
    measured_of: str
    measured_note: str
    informed: str
    informed_of: str
    informed_note: str
    status_tone: str
    status_text: str
    status_note: str
    digest: str
    cutoffs_url: str
    objectives: tuple[ObjectiveLine, ...]
    trend: SafeString
    trend_note: str
    vigencias: tuple[str, ...]
    programme: tuple[ProgrammeLine, ...]
    entities: tuple[EntityLine, ...]
    bottlenecks: tuple[Bottleneck, ...]
    projects: tuple[ProjectLine, ...]
    projects_url: str
    reports_url: str


def dashboard_page(selection: Selection) -> DashboardPage:
    """Build the page for a cut-off that exists; a constant number of queries."""
    assert selection.chosen is not None
    reading = read(selection.chosen)
    names, texts = indicator_names(selection.plan), objective_texts(selection.plan)
    objectives = reading.result.objectives
    programmed, measured = sum(o.programmed for o in objectives), sum(o.measured for o in objectives)
    informed = [o for o in objectives if o.compliance is not None]
    urls = {number: selection.url("objective", number) for number in texts}
    chart, note = _trend(selection)
    return DashboardPage(
        index=ratio_to_percent(reading.result.index),
        index_tone=reading.tone(reading.result.index),
        index_text=reading.tone_text(reading.result.index),
        index_note=_index_note(objectives, informed),
        index_url=selection.url("explanation"),
        measured=str(measured),
        measured_of=f"de {programmed}",
        measured_note="Indicadores programados en la vigencia",
        informed=str(len(informed)),
        informed_of=f"de {len(objectives)}",
        informed_note="Los demás figuran sin información; no cuentan como cero"
        if len(informed) < len(objectives)
        else "Todos tienen información",
        status_tone="ok" if reading.is_consolidated else "course",
        status_text=reading.status_text,
        status_note=reading.kept_in,
        digest=reading.snapshot.digest if reading.snapshot else "",
        cutoffs_url=reverse("evaluation:cutoffs", args=[selection.slug]),
        objectives=tuple(_objective(reading, o, texts.get(o.number, ""), urls.get(o.number, "")) for o in objectives),
        trend=chart,
        trend_note=note,
        vigencias=tuple(str(year) for year in selection.plan.vigencias),
        programme=_programme(selection, texts, urls),
        entities=_entities(objectives, names),
        bottlenecks=tuple(_bottlenecks(selection, reading, names)),
        projects=_projects(selection, objectives, names),
        projects_url=reverse("pes:projects", args=[selection.slug]),
        reports_url=reverse("evaluation:reports", args=[selection.slug]),
    )


def short(text: str, longest: int = LONGEST_NAME) -> str:
    """A text cut after a whole word, for lists; its own page has it whole."""
    if len(text) <= longest:
        return text or "Objetivo sin texto"
    return text[:longest].rpartition(" ")[0].rstrip(" ,;.:") + "…"


def measured_weight_text(result: ObjectiveResult) -> str:
    """«7 de 9 medidos, 88 % del peso», or why there is nothing to measure."""
    if not result.programmed:
        return "Sin indicadores programados"
    share = f"{format_magnitude(result.measured_weight)}{NO_BREAK_SPACE}% del peso"
    return f"{result.measured} de {result.programmed} medidos, {share}"


def weight_text(weight: Decimal | None) -> str:
    """A weight in percentage points as `89,35 %`; empty without one."""
    return "" if weight is None else f"{format_magnitude(weight, 2)}{NO_BREAK_SPACE}%"


def _index_note(objectives: Iterable[ObjectiveResult], informed: list[ObjectiveResult]) -> str:
    weighed = any(o.weight is not None for o in objectives)
    how = "con los pesos aprobados entre objetivos" if weighed else "con igual peso"
    count = f"{len(informed)} objetivo{'' if len(informed) == 1 else 's'} con información"
    return f"Índice calculado por la herramienta: promedio de {count}, {how}."


def _objective(reading: Reading, result: ObjectiveResult, text: str, url: str) -> ObjectiveLine:
    return ObjectiveLine(
        code=f"O{result.number}",
        name=short(text),
        percent=ratio_to_percent(result.compliance),
        weight=weight_text(result.weight) or "igual",
        url=url,
        state=result.state.value,
        tone=reading.tone(result.compliance),
        note=measured_weight_text(result),
    )


def _trend(selection: Selection) -> tuple[SafeString, str]:
    """Index at each cut-off of the vigencia, beside the ideal path (reference only: the PES has no programme to date)."""
    stored = Cutoff.objects.filter(plan=selection.plan, on__year=selection.vigencia).order_by("on")
    index = {on.month: ratio for on, ratio in stored.values_list("on", "result__index")}  # the month's last cut-off
    months = QUARTERS if index.keys() <= set(QUARTERS) else range(1, 13)  # evenly spaced, whatever was measured
    points = [TrendPoint(month_name(month), HUNDRED * month / 12, _percent(index.get(month))) for month in months]
    note = "La línea punteada es una trayectoria ideal de referencia (mes ÷ 12); el PES no programa dentro del año."
    return trend(points, title=f"Índice por corte, vigencia {selection.vigencia}", reference="Ideal"), note


def _percent(stored: str | None) -> Decimal | None:
    return None if stored is None else ratio_to_percent(Decimal(stored))


def _programme(selection: Selection, texts: dict[int, str], urls: dict[int, str]) -> tuple[ProgrammeLine, ...]:
    rows = (
        IndicatorTarget.objects.filter(indicator__plan=selection.plan)
        .filter(Q(programmed__gt=0) | Q(indicator__programming_type="DECRECIENTE"))
        .values_list("indicator__goal__objective__number", "vigencia")
        .annotate(count=Count("pk"))
        .order_by()
    )
    counts = {(number, year): count for number, year, count in rows}
    return tuple(
        ProgrammeLine(
            f"O{number}",
            short(text),
            urls[number],
            tuple((str(year), str(counts.get((number, year), "–"))) for year in selection.plan.vigencias),
        )
        for number, text in texts.items()
    )


def _entities(objectives: Iterable[ObjectiveResult], names: dict[str, IndicatorName]) -> tuple[EntityLine, ...]:
    by_entity: dict[str, list[tuple[int, IndicatorResult]]] = {}
    for objective in objectives:
        for found in objective.indicators:
            if found.key in names and found.state is not FigureState.NOT_PROGRAMMED:
                by_entity.setdefault(names[found.key].entity, []).append((objective.number, found))
    lines = [_entity(name, found) for name, found in by_entity.items()]
    return tuple(sorted(lines, key=lambda line: (-int(line.programmed), line.name)))


def _entity(name: str, found: list[tuple[int, IndicatorResult]]) -> EntityLine:
    measured = sum(one.state is FigureState.REPORTED for _, one in found)
    shares: dict[int, Decimal] = {}
    with exact():
        for number, one in found:
            if one.contribution is not None:
                shares[number] = shares.get(number, ZERO) + one.contribution
    return EntityLine(
        name=name,
        programmed=str(len(found)),
        measured=f"{measured} de {len(found)}",
        percent=HUNDRED * measured / len(found),
        shares=" · ".join(f"O{number}: {percent_text(share)}" for number, share in sorted(shares.items())) or "–",
    )


def _bottlenecks(selection: Selection, reading: Reading, names: dict[str, IndicatorName]) -> list[Bottleneck]:
    """Not measured first, heaviest first; then the lowest results."""
    found = [
        (objective.number, one)
        for objective in reading.result.objectives
        for one in objective.indicators
        if one.key in names and one.state is not FigureState.NOT_PROGRAMMED
    ]
    silent = [item for item in found if item[1].progress is None]
    low = [item for item in found if item[1].progress is not None and item[1].progress < 1]
    silent.sort(key=lambda item: (-(item[1].weight or ZERO), item[1].key))
    low.sort(key=lambda item: (item[1].progress, -(item[1].weight or ZERO), item[1].key))
    return [
        _bottleneck(selection, reading, number, one, names[one.key])
        for number, one in (silent + low)[:SHOWN_BOTTLENECKS]
    ]


def _bottleneck(
    selection: Selection, reading: Reading, number: int, one: IndicatorResult, name: IndicatorName
) -> Bottleneck:
    weight = f"peso {weight_text(one.weight)}" if one.weight is not None else "sin peso"
    return Bottleneck(
        code=name.code,
        name=short(name.name, 90),
        url=selection.url("indicator", name.key),
        tone="none" if one.progress is None else reading.tone(one.progress),
        text=one.state.label if one.progress is None else percent_text(one.progress),
        detail=f"O{number} · {weight} · {name.entity}",
    )


def _projects(
    selection: Selection, objectives: Iterable[ObjectiveResult], names: dict[str, IndicatorName]
) -> tuple[ProjectLine, ...]:
    states: dict[int, list[FigureState]] = {}
    for one in (one for objective in objectives for one in objective.indicators):
        project = names[one.key].project_id if one.key in names else None
        if project is not None and one.state is not FigureState.NOT_PROGRAMMED:
            states.setdefault(project, []).append(one.state)
    rows = InvestmentProject.objects.filter(entity__parent=selection.plan.sector).values_list(
        "pk", "code", "name", "entity__acronym", "entity__name"
    )
    return tuple(
        ProjectLine(code, name, acronym or entity, _project_states(states.get(pk, [])))
        for pk, code, name, acronym, entity in rows
    )


def _project_states(states: list[FigureState]) -> str:
    if not states:
        return "Sin indicadores en la vigencia"
    measured = sum(state is FigureState.REPORTED for state in states)
    return f"{measured} de {len(states)} medidos"
