"""Goals, investment projects, indicators and their programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from evaluation.models import IndicatorWeight
from evaluation.pes_workbook.apply_goals import GoalBook
from evaluation.pes_workbook.apply_units import entity_named
from evaluation.pes_workbook.data import IndicatorRow
from evaluation.pes_workbook.ledger import Context, Ledger, differs, read_back
from evaluation.pes_workbook.parse_indicators import sectorial_code
from pes.models import Indicator, IndicatorTarget, Objective
from pes.rules.problems import Problem
from pes.workbooks.cells import Kind
from tracking.models import Measurement

KINDS = {"code": Kind.KEY, "name": Kind.PROSE, "unit": Kind.TEXT, "formula": Kind.PROSE, "source": Kind.PROSE}
FIELDS = (
    "goal", "code", "name", "entity", "programming_type", "type_was_inferred", "baseline", "unit", "formula",
    "indicator_type", "source",
)  # fmt: skip


@dataclass
class Batch:
    """What will be written, so that a thousand indicators take a handful of statements."""

    new: list[tuple[Indicator, IndicatorRow]] = field(default_factory=list)
    changed: list[tuple[Indicator, dict[str, Any]]] = field(default_factory=list)
    targets: list[IndicatorTarget] = field(default_factory=list)
    moved: list[IndicatorTarget] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)


def put_indicators(rows: Sequence[IndicatorRow], objectives: Mapping[int, Objective], context: Context) -> None:
    """Bring the plan's indicators to what the rows say; `context.indicators` then holds all of them by key."""
    known = {
        read_back(Kind.KEY, indicator.key): indicator
        for indicator in Indicator.objects.filter(plan=context.plan).select_related("goal__objective", "entity")
    }
    targets = _targets(context)
    goals, batch = GoalBook(context), Batch()
    fixed = _fixed(context)
    for row in rows:
        values = _values(row, objectives, goals, context)
        if values is None:
            continue
        indicator = known.get(row.key)
        if indicator is None:
            indicator = Indicator(plan=context.plan, key=row.key, **values)
            batch.new.append((indicator, row))
            known[row.key] = indicator
            context.ledger.count(is_new=True)
        elif _may_move(indicator, values, row, fixed, context.ledger):
            is_changed = _compare(indicator, values, row, targets.get(indicator.pk, {}), batch, context.ledger)
            context.ledger.count(is_new=False, is_changed=is_changed or goals.changed(indicator.goal))
    _write(batch, context)
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
    batch: Batch,
    ledger: Ledger,
) -> bool:
    """Put what differs into the batch; whether anything does."""
    before = _facts(indicator, {year: target.programmed for year, target in targets.items()})
    if row.type_was_inferred and indicator.programming_type == row.type.value:
        values = {name: value for name, value in values.items() if name != "type_was_inferred"}
    for name, value in values.items():
        stored = getattr(indicator, name)
        if name == "code" and sectorial_code(stored) == value:
            continue
        if differs(KINDS[name], stored, value) if name in KINDS else stored != value:
            setattr(indicator, name, value)
    programme = {year: target.programmed for year, target in targets.items()} | dict(row.programme)
    after = _facts(indicator, programme)
    if after == before:
        return False
    batch.changed.append((indicator, {"before": before, "after": after}))
    for year, amount in row.programme.items():
        _retarget(indicator, year, amount, targets.get(year), batch, ledger)
    return True


def _retarget(
    indicator: Indicator,
    year: int,
    amount: Decimal | None,
    target: IndicatorTarget | None,
    batch: Batch,
    ledger: Ledger,
) -> None:
    if amount == (target.programmed if target else None):
        return
    ledger.reprogrammed.add(year)
    if target is None:
        batch.targets.append(IndicatorTarget(indicator=indicator, vigencia_id=year, programmed=amount))
    elif amount is None:
        batch.dropped.append(target.pk)
    else:
        target.programmed = amount
        batch.moved.append(target)


def _write(batch: Batch, context: Context) -> None:
    ledger = context.ledger
    Indicator.objects.bulk_create([indicator for indicator, _row in batch.new], batch_size=200)
    for indicator, row in batch.new:
        programme = {year: amount for year, amount in row.programme.items() if amount is not None}
        ledger.reprogrammed |= programme.keys()
        batch.targets += [
            IndicatorTarget(indicator=indicator, vigencia_id=y, programmed=a) for y, a in programme.items()
        ]
        ledger.record("indicator_added", indicator, None, _facts(indicator, programme))
    Indicator.objects.bulk_update([indicator for indicator, _facts in batch.changed], FIELDS, batch_size=50)
    for indicator, said in batch.changed:
        ledger.record("indicator_changed", indicator, said["before"], said["after"])
    IndicatorTarget.objects.filter(pk__in=batch.dropped).delete()
    IndicatorTarget.objects.bulk_update(batch.moved, ["programmed"], batch_size=200)
    IndicatorTarget.objects.bulk_create(batch.targets, batch_size=300)
    ledger.recompute |= bool(batch.changed)


def _targets(context: Context) -> dict[int, dict[int, IndicatorTarget]]:
    found: dict[int, dict[int, IndicatorTarget]] = {}
    for target in IndicatorTarget.objects.filter(indicator__plan=context.plan):
        found.setdefault(target.indicator_id, {})[target.vigencia_id] = target
    return found


def _facts(indicator: Indicator, programme: Mapping[int, Decimal | None]) -> dict[str, Any]:
    """What the audit keeps of an indicator and its programme."""
    said = {name: getattr(indicator, name) for name in FIELDS if name not in ("goal", "entity", "baseline")}
    amounts = {str(year): f"{amount:.4f}" for year, amount in sorted(programme.items()) if amount is not None}
    baseline = None if indicator.baseline is None else f"{indicator.baseline:.4f}"
    where = {"goal": indicator.goal_id, "entity": indicator.entity_id}
    return {"key": indicator.key, **where, **said, "baseline": baseline, "programme": amounts}
