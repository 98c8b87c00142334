"""The live tables that the PES itself has: its framework, its lines, its objectives, its goals, its indicators."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

from pes.dates import long_date
from pes.documents.blocks import Block, Grid, Text
from pes.models import (
    GoalKind,
    Indicator,
    Objective,
    SectorGoal,
    SectorPlan,
    SectorStatement,
    StatementKind,
    StrategicLine,
)
from pes.rules.numbers import format_magnitude
from pes.writing.live import LiveTable

_EDIT = "Se llena en la página de objetivos e indicadores del PES."
_FRAMEWORK = "Se escribe en la pestaña «Marco» del PES."
_NOTHING = "–"


def document_tables(plan: SectorPlan) -> Iterator[LiveTable]:
    """Provider of `document_tables`; one query, for the lines, and one more for each kind of data that is used."""
    statements = cache(lambda: list(SectorStatement.objects.filter(plan=plan).order_by("kind", "number")))
    for key, title, section, kinds in (
        ("mision", "Misión del sector", "mission", (StatementKind.MISSION,)),
        ("vision", "Visión del sector", "vision", (StatementKind.VISION,)),
        ("valores", "Valores y principios del sector", "values", (StatementKind.VALUE, StatementKind.PRINCIPLE)),
    ):
        chosen = partial(_statements, statements, kinds)
        yield LiveTable(key, title, section, chosen, _FRAMEWORK)
    yield LiveTable("objetivos", "Objetivos estratégicos", "objectives", partial(_objectives, plan), _EDIT)
    for key, title, section, kinds in (
        ("metas-resultado", "Metas de resultado", "result-goals", (GoalKind.SECTORIAL, GoalKind.TRAZADORA)),
        ("metas-producto", "Metas de producto", "product-goals", (GoalKind.PROYECTO,)),
    ):
        yield LiveTable(key, title, section, partial(_goals, plan, title, kinds), _EDIT)
    title = "Indicadores con su programación por vigencia"
    yield LiveTable("indicadores", title, "indicators", partial(_indicators, plan), _EDIT)
    yield from _lines(plan)


def _statements(statements: Callable[[], list[SectorStatement]], kinds: tuple[StatementKind, ...]) -> tuple[Block, ...]:
    rows = [one for one in statements() if one.kind in kinds]
    if not rows:
        return ()
    if len(rows) == 1 and not rows[0].name:
        return (Text(rows[0].text), *_source(rows[0]))
    headers = ("Nombre", "Qué significa")
    lines = tuple((row.name or row.get_kind_display(), row.text) for row in rows)
    return (Grid("Valores y principios del sector", headers, lines), *_source(rows[0]))


def _source(row: SectorStatement) -> tuple[Block, ...]:
    """The act that says it and, when that act is no longer in force, since when (REF-01)."""
    if not row.source_act:
        return ()
    ended = f", vigente hasta el {long_date(row.valid_until)}" if row.valid_until else ""
    repealed = f"; derogado por {row.repealed_by}" if row.repealed_by else ""
    return (Text(f"Fuente: {row.source_act}{ended}{repealed}."),)


def _objectives(plan: SectorPlan) -> tuple[Block, ...]:
    rows = tuple((str(one.number), one.text) for one in Objective.objects.filter(plan=plan).order_by("number"))
    return (Grid("Objetivos estratégicos del sector", ("Objetivo", "Qué busca"), rows),) if rows else ()


def _goals(plan: SectorPlan, title: str, kinds: tuple[GoalKind, ...]) -> tuple[Block, ...]:
    """Goals of results are the sector's and the trazadoras; those of products, the ones of investment projects."""
    found = SectorGoal.objects.filter(objective__plan=plan, kind__in=kinds).select_related("objective", "project")
    headers = ("Código", "Meta", "Objetivo", "Proyecto de inversión")
    rows = tuple(
        (goal.code, goal.text, str(goal.objective.number), _project(goal))
        for goal in found.order_by("objective__number", "code")
    )
    return (Grid(f"{title} del PES", headers, rows),) if rows else ()


def _project(goal: SectorGoal) -> str:
    return f"{goal.project.code} {goal.project.name}" if goal.project else _NOTHING


def _indicators(plan: SectorPlan) -> tuple[Block, ...]:
    """One table for each objective, a column for each vigencia."""
    rows = Indicator.objects.filter(plan=plan).select_related("goal__objective", "entity").prefetch_related("targets")
    by_objective: dict[int, list[tuple[str, ...]]] = {}
    for one in rows.order_by("goal__objective__number", "key"):
        held = {target.vigencia_id: format_magnitude(target.programmed) for target in one.targets.all()}
        unit = f" ({one.unit})" if one.unit else ""
        baseline = format_magnitude(one.baseline) if one.baseline is not None else _NOTHING
        line = (f"{one.name}{unit}", one.entity.short_name, baseline, *(held.get(y, _NOTHING) for y in plan.vigencias))
        by_objective.setdefault(one.goal.objective.number, []).append(line)
    headers = ("Indicador", "Entidad", "Línea base", *map(str, plan.vigencias))
    numeric = frozenset(range(2, len(headers)))
    return tuple(
        Grid(f"Indicadores del objetivo {number} y su programación por vigencia", headers, tuple(lines), numeric)
        for number, lines in by_objective.items()
    )


def _lines(plan: SectorPlan) -> Iterator[LiveTable]:
    """What each strategic line seeks and the objectives under it; the objectives of all are asked once."""
    rows = list(StrategicLine.objects.filter(plan=plan).order_by("number"))
    under = cache(lambda: _under(plan))
    for row in rows:
        build = partial(_line, row, under)
        yield LiveTable(
            f"linea-{row.number}", f"Línea {row.number} y sus objetivos", f"line:{row.pk}", build, _FRAMEWORK
        )


def _under(plan: SectorPlan) -> dict[int, list[tuple[str, str]]]:
    pairs = Objective.objects.filter(plan=plan, lines__plan=plan).order_by("number")
    made: dict[int, list[tuple[str, str]]] = {}
    for line, number, text in pairs.values_list("lines", "number", "text"):
        made.setdefault(line, []).append((str(number), text))
    return made


def _line(row: StrategicLine, under: Callable[[], dict[int, list[tuple[str, str]]]]) -> tuple[Block, ...]:
    objectives = tuple(under().get(row.pk, ()))
    said: tuple[Block, ...] = (Text(row.text),) if row.text else ()
    if not objectives:
        return said
    return (*said, Grid(f"Objetivos de la línea {row.number}", ("Objetivo", "Qué busca"), objectives))
