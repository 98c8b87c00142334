"""The institutional report of management that goes on the web (REP-04; act. 15)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from evaluation.auditor.context import CloseProof, UnitQuarter, UnitYear, YearContext
from evaluation.auditor.parts import analyses, document_of, goal_name, goals_grid, groups, method, notes
from evaluation.auditor.wording import DASH, LEVELS, amount, cutoff_text, percent
from evaluation.rules.ranking import Unranked
from pes.documents.blocks import Block, Document, Facts, Grid, Section, Text, Title
from pes.rules.numbers import exact
from pes.rules.states import FigureState

ONE = Decimal(1)


def document(context: YearContext) -> Document:
    """Results by quarter, rankings, results of the year, delays, evidence, punctuality, what was not reported."""
    return document_of(
        context,
        (
            _summary(context),
            Section("trimestres", "Resultados por proceso y alcaldía", tuple(_by_unit(context)), "new-page"),
            Section("ranking", "Ranking de cada trimestre", tuple(_rankings(context)), "new-page"),
            Section("anual", "Resultados del año y su análisis", tuple(_year(context)), "new-page"),
            Section("retrasos", "Retrasos y sus causas", (_delays(context),)),
            Section("evidencia", "Cobertura de evidencia", tuple(_evidence(context))),
            Section("pendiente", "Lo que no se reportó", tuple(_unreported(context))),
            method(),
        ),
    )


def _summary(context: YearContext) -> Section:
    said = (
        f"Los planes de gestión de {context.entity} en la vigencia {context.vigencia}, con corte al "
        f"{cutoff_text(context)}: cuánto se cumplió en cada trimestre, quién va adelante, qué se retrasó y por qué."
    )
    headers = ("Trimestre", "Nivel", "Planes", "Con reporte", "Metas programadas", "Metas calificadas", "Con evidencia")
    rows = tuple(_totals(proof, _of_close(context.units, proof)) for proof in context.closes)
    grid = Grid("Trimestres consolidados", headers, rows, frozenset({2, 3, 4, 5, 6}))
    return Section("resumen", "Resumen", (*notes(context), Text(said), grid))


def _of_close(units: Iterable[UnitYear], proof: CloseProof) -> list[tuple[UnitYear, UnitQuarter]]:
    return [
        (unit, quarter)
        for unit in units
        if unit.level == proof.level
        for quarter in unit.quarters
        if quarter.quarter == proof.quarter
    ]


def _totals(proof: CloseProof, found: list[tuple[UnitYear, UnitQuarter]]) -> tuple[str, ...]:
    quarters = [quarter for _, quarter in found]
    programmed, proven = (sum(getattr(one, name) for one in quarters) for name in ("goals_programmed", _PROVEN))
    return (
        f"T{proof.quarter}",
        LEVELS[proof.level].capitalize(),
        str(len(quarters)),
        str(sum(one.is_reported for one in quarters)),
        str(programmed),
        str(sum(one.goals_rated for one in quarters)),
        f"{proven} ({percent(share(proven, programmed))})",
    )


_PROVEN = "goals_with_evidence"


def share(part: int, whole: int) -> Decimal | None:
    """The ratio of two counts; unknown when there is nothing to count."""
    with exact():
        return Decimal(part) / whole if whole else None


def _by_unit(context: YearContext) -> Iterator[Block]:
    reached = range(1, context.quarter + 1)
    headers = ("Unidad", *(f"T{at}" for at in reached), "A la fecha", "Puntualidad")
    yield Text(
        "Puntaje de cada trimestre, acumulado frente a lo programado hasta el último y reportes enviados a tiempo."
    )
    for _, title, units in groups(context.units):
        rows = []
        for unit in units:
            score = {quarter.quarter: quarter.score for quarter in unit.quarters}
            last = unit.last
            to_date, on_time = (last.to_date, last.on_time) if last else (None, None)
            scores = (percent(score.get(at)) for at in reached)
            rows.append((unit.name, *scores, percent(to_date), percent(on_time)))
        yield Grid(f"{title}: puntaje y puntualidad", headers, tuple(rows), frozenset(range(1, len(headers))))


def _rankings(context: YearContext) -> Iterator[Block]:
    headers = ("Puesto", "Unidad", "Puntaje", "A la fecha", "Puntualidad")
    yield Text("Los empates comparten el puesto. La puntualidad se informa y no entra en el puntaje.")
    for proof in context.closes:
        found = [(unit, quarter) for unit, quarter in _of_close(context.units, proof) if quarter.rank is not None]
        found.sort(key=lambda one: (one[1].rank or 0, one[0].name))
        rows = tuple(
            (str(one.rank), unit.name, percent(one.score), percent(one.to_date), percent(one.on_time))
            for unit, one in found
        )
        title = f"T{proof.quarter} · {LEVELS[proof.level].capitalize()}"
        yield Title(3, title)
        yield Grid(f"Ranking de {title}, corrida {proof.run}", headers, rows, frozenset({2, 3, 4}))
        unranked = [
            (str(one["name"]), Unranked(str(one["unranked"])).label) for one in proof.excluded if one["unranked"]
        ]
        if unranked:
            yield Facts(tuple((name, f"Sin puesto: {why.lower()}.") for name, why in unranked))


def _year(context: YearContext) -> Iterator[Block]:
    for _, title, units in groups(context.units):
        yield Title(3, title)
        for unit in units:
            yield Title(4, unit.name)
            yield goals_grid(unit)
            yield analyses(unit)


def _delays(context: YearContext) -> Block:
    rows = tuple(
        (
            unit.name, goal_name(goal), f"T{one.quarter}", amount(one.programmed), amount(one.achieved),
            percent(one.result), one.delay_causes or DASH,
        )
        for unit in context.units
        for goal in unit.goals
        for one in goal.quarters
        if one.result is not None and one.result < ONE
    )  # fmt: skip
    if not rows:
        return Text("Ninguna meta consolidada quedó por debajo de lo programado.")
    headers = ("Unidad", "Meta", "Trimestre", "Programado", "Ejecutado", "Resultado", "Causas")
    return Grid("Metas por debajo de lo programado en un trimestre", headers, rows, frozenset({3, 4, 5}))


def _evidence(context: YearContext) -> Iterator[Block]:
    reached = range(1, context.quarter + 1)
    yield Text("Metas programadas que tienen al menos un soporte, de las programadas en cada trimestre.")
    for _, title, units in groups(context.units):
        rows = []
        for unit in units:
            by_quarter = {one.quarter: f"{one.goals_with_evidence} de {one.goals_programmed}" for one in unit.quarters}
            rows.append((unit.name, *(by_quarter.get(at, DASH) for at in reached)))
        headers = ("Unidad", *(f"T{at}" for at in reached))
        yield Grid(f"{title}: metas con evidencia", headers, tuple(rows), frozenset(range(1, len(headers))))


def _unreported(context: YearContext) -> Iterator[Block]:
    """Plans without a validated report at a close, and goals without figures, which rate as PT-17 says."""
    plans = tuple(
        (str(one["name"]), f"T{proof.quarter}", LEVELS[proof.level].capitalize())
        for proof in context.closes
        for one in proof.excluded
        if not one["counted"]
    )
    goals = tuple(
        (unit.name, goal_name(goal), f"T{one.quarter}", amount(one.programmed))
        for unit in context.units
        for goal in unit.goals
        for one in goal.quarters
        if one.state == FigureState.MISSING
    )
    if not plans and not goals:
        yield Text("Todos los planes reportaron, y ninguna meta programada quedó sin dato.")
    if plans:
        yield Grid("Planes sin reporte validado al consolidar", ("Unidad", "Trimestre", "Nivel"), plans)
    if goals:
        headers = ("Unidad", "Meta", "Trimestre", "Programado")
        yield Grid("Metas programadas sin reporte", headers, goals, frozenset({3}))
