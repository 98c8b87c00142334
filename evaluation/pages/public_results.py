"""The published results of quarters for everybody: the last public run of each, those before it labelled (AZ12, AZ13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from evaluation.models import GoalResult, QuarterClose
from evaluation.pages.ranking import public_runs
from evaluation.pages.reading import percent_text
from evaluation.pages.standings import LEVEL_NAMES, Standing, standings
from pes.dates import long_date
from pes.rules.numbers import format_magnitude
from pes.rules.states import FigureState
from plans.models import PlanGestion


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A published quarter in the list."""

    title: str
    level: str
    url: str
    entity: str
    published: str
    note: str


@dataclass(frozen=True, slots=True)
class PublicRun:
    """A run that was published, in the history of its quarter."""

    label: str
    url: str
    published: str
    note: str
    digest: str
    is_shown: bool


@dataclass(frozen=True)
class PublicResult:
    """A published run as everybody reads it."""

    close: QuarterClose
    title: str
    level: str
    entity: str
    published: str
    note: str
    replaced: str
    newest_url: str
    rows: tuple[Standing, ...]
    unranked: tuple[Standing, ...]
    runs: tuple[PublicRun, ...]
    committee: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuarterCell:
    """A goal in a quarter."""

    label: str
    programmed: str
    achieved: str
    result: str


@dataclass(frozen=True, slots=True)
class PublicGoalProgress:
    """A goal of a plan with its published quarters."""

    heading: str
    about: str
    quarters: tuple[QuarterCell, ...]
    progress: str


@dataclass(frozen=True, slots=True)
class UnitQuarter:
    """A plan in a published quarter."""

    label: str
    url: str
    place: str
    score: str
    to_date: str
    on_time: str


@dataclass(frozen=True)
class PublicUnit:
    """The published progress of a plan, quarter by quarter (PG-PUB)."""

    unit: str
    entity: str
    vigencia: int
    plan_url: str
    quarters: tuple[UnitQuarter, ...]
    goals: tuple[PublicGoalProgress, ...]


def published_runs() -> QuerySet[QuarterClose]:
    """The last public run of each quarter and level, the last quarter first."""
    order = ("-vigencia", "-quarter", "entity__sort_key", "entity__code", "level")
    return public_runs().select_related("entity", "publication").order_by(*order)


def result_line(close: QuarterClose) -> ResultLine:
    """A row of the list."""
    return ResultLine(
        title=quarter_title(close),
        level=LEVEL_NAMES[close.level],
        url=public_url(close),
        entity=close.entity.name,
        published=long_date(close.publication.at),
        note=close.publication.note,
    )


def public_url(close: QuarterClose, name: str = "public-result", *args: Any) -> str:
    """The public page of a quarter, or a file of it."""
    return close.url(name, *args)


def quarter_title(close: QuarterClose) -> str:
    """«Primer trimestre de 2022»."""
    return f"{_ORDINALS[close.quarter]} trimestre de {close.vigencia}"


_ORDINALS = {1: "Primer", 2: "Segundo", 3: "Tercer", 4: "Cuarto"}


def public_result(runs: Sequence[QuarterClose], shown: QuarterClose) -> PublicResult:
    """One of the published runs of a quarter, which come the last one first."""
    rows = standings(shown)
    newest = runs[0]
    replaced = ""
    if shown != newest:
        replaced = f"La corrida {newest.run} la corrigió el {long_date(newest.publication.at)}."
    records = newest.committee_records.values_list("act", "held_on")
    return PublicResult(
        close=shown,
        title=quarter_title(shown),
        level=LEVEL_NAMES[shown.level],
        entity=shown.entity.name,
        published=long_date(shown.publication.at),
        note=shown.publication.note,
        replaced=replaced,
        newest_url=public_url(newest),
        rows=tuple(row for row in rows if row.rank is not None),
        unranked=tuple(row for row in rows if row.rank is None),
        runs=tuple(_run(close, shown, is_last=close == newest) for close in runs),
        committee=tuple(f"Acta {act}, sesión del {long_date(held_on)}" for act, held_on in records),
    )


def public_unit(plan: PlanGestion) -> PublicUnit | None:
    """The published quarters of a plan; None before the first. Three queries."""
    closes = list(
        published_runs()
        .filter(entity=plan.unit.parent_id, vigencia=plan.vigencia_id, level=plan.level)
        .order_by("quarter")
    )
    if not closes:
        return None
    standing = plan.results.filter(close__in=closes).values_list("close", "rank", "score", "to_date", "on_time")
    figures = {row[0]: row[1:] for row in standing}
    return PublicUnit(
        unit=plan.unit.name,
        entity=plan.unit.parent.name if plan.unit.parent else "",
        vigencia=plan.vigencia_id,
        plan_url=plan.url("public-plan"),
        quarters=tuple(_unit_quarter(close, figures[close.pk]) for close in closes if close.pk in figures),
        goals=tuple(_goals(closes, plan)),
    )


def _run(close: QuarterClose, shown: QuarterClose, *, is_last: bool) -> PublicRun:
    return PublicRun(
        label=f"Corrida {close.run}" if is_last else f"Corrida {close.run}, sustituida",
        url=f"{public_url(close)}?corrida={close.run}",
        published=long_date(close.publication.at),
        note=close.publication.note,
        digest=close.digest,
        is_shown=close == shown,
    )


def _unit_quarter(close: QuarterClose, figures: Sequence[Any]) -> UnitQuarter:
    rank, *ratios = figures
    score, to_date, on_time = ("–" if ratio is None else percent_text(ratio) for ratio in ratios)
    place = "Sin puesto" if rank is None else f"Puesto {rank}"
    return UnitQuarter(f"T{close.quarter}", public_url(close), place, score, to_date, on_time)


def _goals(closes: Iterable[QuarterClose], plan: PlanGestion) -> Iterable[PublicGoalProgress]:
    columns = (
        "goal__number", "goal__text", "goal__unit", "goal__status", "close__quarter", "state", "programmed", "achieved",
        "result", "progress",
    )  # fmt: skip
    rows = GoalResult.objects.filter(close__in=list(closes), goal__plan=plan)
    ordered = rows.order_by("goal__position", "goal__number", "close__quarter").values_list(*columns)
    for (number, text, unit, status), quarters in groupby(ordered, key=lambda row: row[:4]):
        cells = list(quarters)
        about = f"En {unit.lower()}." if unit else ""
        yield PublicGoalProgress(
            heading=f"{number}. {text}",
            about=f"Meta eliminada: no cuenta en el puntaje. {about}" if status == "eliminated" else about,
            quarters=tuple(_cell(*row[4:9]) for row in cells),
            progress=_percent(cells[-1][9]),
        )


def _cell(
    quarter: int, state: str, programmed: Decimal | None, achieved: Decimal | None, result: Decimal | None
) -> QuarterCell:
    said = FigureState(state)
    return QuarterCell(
        label=f"T{quarter}",
        programmed="Sin programar" if programmed is None else format_magnitude(programmed),
        achieved="–" if achieved is None else format_magnitude(achieved),
        result=said.label if said is not FigureState.REPORTED else _percent(result),
    )


def _percent(ratio: Decimal | None) -> str:
    return "–" if ratio is None else percent_text(ratio)
