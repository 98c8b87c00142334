"""Goals, investment projects, indicators and their programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.models import IndicatorWeight
from evaluation.pes_workbook.apply_goals import GoalBook
from evaluation.pes_workbook.apply_units import entity_named
from evaluation.pes_workbook.data import IndicatorRow
from evaluation.pes_workbook.ledger import Context, Ledger
from evaluation.pes_workbook.parse_indicators import sectorial_code
from pes.goals import IndicatorBatch, amounts_of, indicator_facts
from pes.models import Indicator, IndicatorTarget, Objective
from pes.rules.problems import Problem
from pes.workbooks.cells import Kind
from pes.workbooks.places import differs, read_back
from tracking.models import Measurement

KINDS = {"code": Kind.KEY, "name": Kind.PROSE, "unit": Kind.TEXT, "formula": Kind.PROSE, "source": Kind.PROSE}


def put_indicators(rows: Sequence[IndicatorRow], objectives: Mapping[int, Objective], context: Context) -> None:
    """Bring the plan's indicators to what the rows say; `context.indicators` then holds all of them by key."""
    known = {
        read_back(Kind.KEY, indicator.key): indicator
        for indicator in Indicator.objects.filter(plan=context.plan).select_related("goal__objective", "entity")
    }
    targets = _targets(context)
    goals, batch = GoalBook(context), IndicatorBatch(context.ledger.by)
    fixed = _fixed(context)
    for row in rows:
        values = _values(row, objectives, goals, context)
        if values is None:
            continue
        indicator = known.get(row.key)
        if indicator is None:
            indicator = Indicator(plan=context.plan, key=row.key, **values)
            batch.add(indicator, row.programme)
            known[row.key] = indicator
            context.ledger.count(is_new=True)
        elif _may_move(indicator, values, row, fixed, context.ledger):
            is_changed = _compare(indicator, values, row, targets.get(indicator.pk, {}), batch)
            context.ledger.count(is_new=False, is_changed=is_changed or goals.changed(indicator.goal))
    batch.write()
    context.ledger.reprogrammed |= batch.reprogrammed
    context.ledger.recompute |= bool(batch.changed)
    goals.drop_empty()
    context.indicators = known


def _values(
    row: IndicatorRow, objectives: Mapping[int, Objective], goals: GoalBook, context: Context
) -> dict[str, Any] | None:
    """The fields of an indicator, or `None` when its objective or entity is unknown."""
    objective = objectives.get(row.objective)
    entity = entity_named(row.entity, context.entities)
    found = context.ledger.found
    if objective is None:
        message = f"El objetivo {row.objective} no está en la hoja Objetivos ni en el plan."
        problem = Problem(
            "objective_unknown", "PES-01", message, fix="Agréguelo a la hoja Objetivos o corrija el número."
        )
        found.add(row.place, "objetivo", problem, row.objective)
    if entity is None:
        message = f"«{row.entity}» no es una entidad de este sector."
        problem = Problem("entity_unknown", "PES-01", message, fix="Escriba un código de la hoja Entidades.")
        found.add(row.place, "entidad", problem, row.entity)
    if objective is None or entity is None:
        return None
    goal = goals.put(row, objective, entity)
    if goal is None:
        return None
    values: dict[str, Any] = {
        "goal": goal, "entity": entity, "code": row.code, "name": row.name, "programming_type": row.type.value,
        "baseline": row.baseline, "unit": row.unit,
    }  # fmt: skip
    optional = {
        "type_was_inferred": row.type_was_inferred,
        "formula": row.formula,
        "indicator_type": row.indicator_type,
        "source": row.source,
    }
    return values | {name: value for name, value in optional.items() if value is not None}


def _fixed(context: Context) -> set[int]:
    """Indicators that cannot change objective: their weights or measurements belong to the one they have."""
    weighed = IndicatorWeight.objects.filter(indicator__plan=context.plan).values_list("indicator_id", flat=True)
    measured = Measurement.objects.filter(indicator__plan=context.plan).values_list("indicator_id", flat=True)
    return set(weighed) | set(measured)


def _may_move(
    indicator: Indicator, values: Mapping[str, Any], row: IndicatorRow, fixed: set[int], ledger: Ledger
) -> bool:
    if values["goal"].objective_id == indicator.goal.objective_id or indicator.pk not in fixed:
        return True
    message = (
        f"{row.key} es del objetivo {indicator.goal.objective.number} y ya tiene ponderaciones o mediciones en él."
    )
    problem = Problem(
        "indicator_moves", "W-01", message, fix="Conserve el objetivo, o cree otro indicador con otra clave."
    )
    ledger.found.add(row.place, "objetivo", problem, row.objective)
    return False


def _compare(
    indicator: Indicator,
    values: Mapping[str, Any],
    row: IndicatorRow,
    targets: Mapping[int, IndicatorTarget],
    batch: IndicatorBatch,
) -> bool:
    """Put what differs into the batch; whether anything does."""
    before = indicator_facts(indicator, amounts_of(targets))
    if row.type_was_inferred and indicator.programming_type == row.type.value:
        values = {name: value for name, value in values.items() if name != "type_was_inferred"}
    for name, value in values.items():
        stored = getattr(indicator, name)
        if name == "code" and sectorial_code(stored) == value:
            continue
        if differs(KINDS[name], stored, value) if name in KINDS else stored != value:
            setattr(indicator, name, value)
    return batch.change(indicator, before, row.programme, targets)


def _targets(context: Context) -> dict[int, dict[int, IndicatorTarget]]:
    found: dict[int, dict[int, IndicatorTarget]] = {}
    for target in IndicatorTarget.objects.filter(indicator__plan=context.plan):
        found.setdefault(target.indicator_id, {})[target.vigencia_id] = target
    return found
