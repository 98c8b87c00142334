"""Weights and measurements of a workbook, through the verbs that the screens use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from evaluation.models import ObjectiveWeight, WeightSet
from evaluation.models.objective_weights import change_objective_weights
from evaluation.pes_workbook.data import MeasurementRow, ObjectiveWeightRow, WeightRow
from evaluation.pes_workbook.ledger import Context
from evaluation.weights_in_step import stored_weights, weights_out_of_step
from pes.models import Indicator, IndicatorTarget, Objective
from pes.rules.problems import Problem, Refused
from pes.rules.programming import ProgrammingType
from pes.rules.report_checks import figure_warnings
from pes.workbooks.cells import Kind
from pes.workbooks.places import Place, differs
from tracking.models import Measurement
from tracking.models.measurement_batch import NewMeasurement, register_many


def put_weights(rows: Sequence[WeightRow], keys: set[str], context: Context) -> None:
    """Put the weights of each objective and vigencia that the sheet names in force, whole sets at a time."""
    groups: dict[tuple[int, int], dict[str, WeightRow]] = {}
    in_doubt: set[int] = set()  # vigencias with a row whose indicator was refused: their sets are not whole
    for row in rows:
        indicator = _indicator(row.place, row.key, keys, context)
        if indicator is None:
            in_doubt.add(row.vigencia)
        else:
            groups.setdefault((indicator.goal.objective_id, row.vigencia), {})[indicator.key] = row
    stored = stored_weights(context.plan)
    objectives = {o.pk: o for o in Objective.objects.filter(pk__in={pk for pk, _vigencia in groups})}
    for (pk, vigencia), by_key in groups.items():
        before = stored.get((pk, vigencia), {})
        wanted = {key: row.weight for key, row in by_key.items()}
        if wanted != before and vigencia not in in_doubt:
            _change_weights(objectives[pk], vigencia, by_key, context)
        for key, weight in wanted.items():
            context.ledger.count(is_new=key not in before, is_changed=before.get(key) != weight)


def check_weights(context: Context) -> None:
    """Refuse a programme that leaves weights in force for what is no longer programmed, or without them (W-03)."""
    fix = "Incluya en la hoja Ponderaciones la ponderación completa de ese objetivo y vigencia."
    for key, vigencia, problem in weights_out_of_step(context.plan, context.ledger.reprogrammed):
        place = context.places.get(key, Place("Indicadores", {}))
        context.ledger.found.add(place, f"p_{vigencia}", replace(problem, fix=fix))


def put_objective_weights(
    rows: Sequence[ObjectiveWeightRow], objectives: dict[int, Objective], context: Context
) -> None:
    """Put the weights between objectives in force, one vigencia at a time (PES-10)."""
    groups: dict[int, dict[int, ObjectiveWeightRow]] = {}
    for row in rows:
        if row.objective in objectives:
            groups.setdefault(row.vigencia, {})[row.objective] = row
        else:
            message = f"El objetivo {row.objective} no está en la hoja Objetivos ni en el plan."
            problem = Problem("objective_unknown", "PES-01", message, fix="Corrija el número.")
            context.ledger.found.add(row.place, "objetivo", problem, row.objective)
    for vigencia, by_number in groups.items():
        before = dict(
            ObjectiveWeight.objects.filter(objective__plan=context.plan, vigencia=vigencia).values_list(
                "objective__number", "weight"
            )
        )
        wanted = {number: row.weight for number, row in by_number.items()}
        if wanted != before:
            with _refusals_at(next(iter(by_number.values())).place, "ponderacion", context):
                change_objective_weights(context.plan, vigencia, wanted, by=context.ledger.by)
        for number, weight in wanted.items():
            context.ledger.count(is_new=number not in before, is_changed=before.get(number) != weight)


def put_measurements(rows: Sequence[MeasurementRow], keys: set[str], context: Context) -> None:
    """Register what is new, correct what differs while its cut-off is open, and leave the rest."""
    known = {
        (one.indicator_id, one.on): one
        for one in Measurement.objects.filter(indicator__plan=context.plan).select_related("analysis")
    }
    new: list[tuple[MeasurementRow, NewMeasurement]] = []
    for row in rows:
        indicator = _indicator(row.place, row.key, keys, context)
        if indicator is None:
            continue
        one = known.get((indicator.pk, row.on))
        if one is None:
            new.append((row, NewMeasurement(indicator, row.on, row.achieved, row.analysis)))
            context.ledger.count(is_new=True)
            continue
        text = one.analysis.text if hasattr(one, "analysis") else ""
        is_changed = one.achieved != row.achieved or differs(Kind.PROSE, text, row.analysis)
        context.ledger.count(is_new=False, is_changed=is_changed)
        if is_changed:
            _correct(one, row, context)
    for at, problem in register_many(context.plan, [one for _row, one in new], by=context.ledger.by):
        row = new[at][0]
        context.ledger.found.add(row.place, _measurement_header(problem), problem, _found_in(row, problem))
    _warn(rows, context)


def _correct(one: Measurement, row: MeasurementRow, context: Context) -> None:
    """A measurement of a consolidated cut-off never changes by import: a correction there needs words and a person."""
    sealed = context.plan.consolidated_through
    if sealed is not None and row.on <= sealed:
        message = f"El corte del {sealed:%Y-%m-%d} está consolidado con {_text(one.achieved)}; el archivo trae {_text(row.achieved)}."
        fix = "Deje el valor consolidado, o pida a quien consolida una corrección con motivo."
        context.ledger.found.add(
            row.place, "ejecutado", Problem("cutoff_consolidated", "PG-09e", message, fix=fix), row.achieved
        )
        return
    with _refusals_at(row.place, "ejecutado", context):
        one.correct(
            achieved=row.achieved,
            analysis=row.analysis,
            expected_version=one.version,
            reason="Importación de libro de Excel",
            by=context.ledger.by,
        )


def _warn(rows: Sequence[MeasurementRow], context: Context) -> None:
    """What the figures must be explained for (PT-13, PT-14, PT-19): told, never refused."""
    targets = {
        (key, vigencia): amount
        for key, vigencia, amount in IndicatorTarget.objects.filter(indicator__plan=context.plan).values_list(
            "indicator__key", "vigencia_id", "programmed"
        )
    }
    for row in rows:
        indicator = context.indicators.get(row.key)
        if indicator is None or row.analysis:
            continue
        kind = ProgrammingType(indicator.programming_type)
        programmed = targets.get((indicator.key, row.on.year))
        for problem in figure_warnings(kind, programmed, row.achieved, baseline=indicator.baseline):
            context.ledger.found.add(row.place, "ejecutado", problem, row.achieved)


def _change_weights(objective: Objective, vigencia: int, by_key: dict[str, WeightRow], context: Context) -> None:
    """One set through its verb; each refusal is told at the row it names, else at the set's first row."""
    weights = {key: row.weight for key, row in by_key.items()}
    try:
        with transaction.atomic():
            WeightSet.of(objective, vigencia).change(weights, by=context.ledger.by)
    except Refused as refused:
        for problem in refused.problems:
            place = _named(problem, by_key) or context.places.get(
                _first_word(problem), next(iter(by_key.values())).place
            )
            found = (
                by_key[key].weight if (key := _key_in(problem, by_key)) else f"objetivo {objective.number}, {vigencia}"
            )
            header = "ponderacion" if "ponderacion" in place.cells else f"p_{vigencia}"
            context.ledger.found.add(place, header, _in_a_book(problem, objective, vigencia), found)
    except PermissionDenied as error:
        problem = Problem("forbidden", "AZ1", str(error))
        context.ledger.found.add(next(iter(by_key.values())).place, "ponderacion", problem)


def _in_a_book(problem: Problem, objective: Objective, vigencia: int) -> Problem:
    """The refusal in words for who has a workbook and no page to load again."""
    if problem.code != "weights_locked":
        return problem
    message = f"Las ponderaciones del objetivo {objective.number} en {vigencia} están bloqueadas y el libro trae otras."
    fix = "Deje las que rigen, o pida a la jefatura de la OAP que las reabra con un acto."
    return replace(problem, message=message, fix=fix)


def _named(problem: Problem, by_key: dict[str, WeightRow]) -> Place | None:
    key = _key_in(problem, by_key)
    return by_key[key].place if key else None


def _key_in(problem: Problem, by_key: Iterable[str]) -> str | None:
    """The indicator key that a problem speaks of: its message names it as a whole word."""
    return next((key for key in by_key if re.search(rf"(?:^|de ){re.escape(key)} ", problem.message)), None)


def _first_word(problem: Problem) -> str:
    return problem.message.split(" ", 1)[0]


@contextmanager
def _refusals_at(place: Place, header: str, context: Context) -> Iterator[None]:
    """Turn what a verb refuses into items at a cell, and undo what the verb had begun."""
    try:
        with transaction.atomic():
            yield
    except Refused as refused:
        for problem in refused.problems:
            context.ledger.found.add(place, header, problem)
    except PermissionDenied as error:
        context.ledger.found.add(place, header, Problem("forbidden", "AZ1", str(error)))


def _indicator(place: Place, key: str, keys: set[str], context: Context) -> Indicator | None:
    """The indicator of a key; one whose own row was refused is not refused twice."""
    indicator = context.indicators.get(key)
    if indicator is None and key not in keys:
        message = f"El indicador «{key}» no está en la hoja Indicadores ni en el plan."
        problem = Problem("indicator_unknown", "PES-01", message, fix="Corrija la clave o agregue el indicador.")
        context.ledger.found.add(place, "indicador", problem, key)
    return indicator


def _measurement_header(problem: Problem) -> str:
    return {"achieved_not_valid": "ejecutado", "forbidden": "indicador"}.get(problem.code, "corte")


def _found_in(row: MeasurementRow, problem: Problem) -> str:
    return {"ejecutado": str(row.achieved), "indicador": row.key}.get(_measurement_header(problem), row.on.isoformat())


def _text(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")
