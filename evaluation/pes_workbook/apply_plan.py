"""The plan and its objectives."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.pes_workbook.data import ObjectiveRow, PlanRow
from evaluation.pes_workbook.ledger import Context, Ledger
from pes.models import IndicatorTarget, Objective, OrganizationUnit, SectorPlan, Vigencia
from pes.rules.problems import Problem
from pes.workbooks.cells import Kind
from pes.workbooks.places import differs
from tracking.models import Measurement


def put_plan(row: PlanRow, sector: OrganizationUnit, ledger: Ledger) -> SectorPlan | None:
    """The sector's plan of that period, held for this transaction: a second import waits here (IM10)."""
    plans = list(SectorPlan.objects.select_for_update(no_key=True).filter(sector=sector))
    plan = next((plan for plan in plans if plan.first_vigencia == row.first), None)
    if not _period_is_free(row, [other for other in plans if other is not plan], ledger):
        return None
    Vigencia.objects.bulk_create((Vigencia(year=y) for y in range(row.first, row.last + 1)), ignore_conflicts=True)
    if plan is None:
        plan = SectorPlan.objects.create(sector=sector, name=row.name, first_vigencia=row.first, last_vigencia=row.last)
        ledger.record("sector_plan_added", plan, None, _facts(plan))
        ledger.count(is_new=True)
        return plan
    return plan if _change_plan(plan, row, ledger) else None


def put_objectives(rows: Sequence[ObjectiveRow], context: Context) -> dict[int, Objective]:
    """Bring the objectives to what the rows say and return all of the plan's by number."""
    ledger = context.ledger
    known = {objective.number: objective for objective in Objective.objects.filter(plan=context.plan)}
    for row in rows:
        objective = known.get(row.number)
        is_new = objective is None
        if objective is None:
            objective = Objective.objects.create(plan=context.plan, number=row.number, text=row.text)
            known[row.number] = objective
            ledger.record("objective_added", objective, None, {"number": row.number, "text": row.text})
        is_changed = not is_new and differs(Kind.PROSE, objective.text, row.text)
        if is_changed:
            before, objective.text = {"text": objective.text}, row.text
            objective.save(update_fields=["text"])
            ledger.record("objective_changed", objective, before, {"text": row.text})
        ledger.count(is_new=is_new, is_changed=is_changed)
    return known


def _period_is_free(row: PlanRow, others: Sequence[SectorPlan], ledger: Ledger) -> bool:
    """Two plans of a sector may share the year of the change of government (PES-06), and no more."""
    for other in others:
        shared = min(row.last, other.last_vigencia) - max(row.first, other.first_vigencia) + 1
        if shared > 1:
            message = f"El periodo {row.first}–{row.last} se cruza con «{other}» ({other.period})."
            fix = "Use el periodo de ese plan para actualizarlo, o uno que no se cruce."
            ledger.found.add(row.place, "inicio", Problem("plan_overlaps", "PES-06", message, fix=fix), row.first)
            return False
    return True


def _change_plan(plan: SectorPlan, row: PlanRow, ledger: Ledger) -> bool:
    """Change the name or the last vigencia; False when figures would fall outside the plan."""
    before = _facts(plan)
    if differs(Kind.TEXT, plan.name, row.name):
        plan.name = row.name
    plan.last_vigencia = row.last
    if _facts(plan) == before:
        ledger.count(is_new=False)
        return True
    used = IndicatorTarget.objects.filter(indicator__plan=plan, vigencia__gt=row.last).exists()
    if used or Measurement.objects.filter(indicator__plan=plan, on__year__gt=row.last).exists():
        message = f"El plan tiene programación o mediciones después de {row.last}."
        problem = Problem("vigencias_in_use", "PES-06", message, fix="Conserve el último año del plan.")
        ledger.found.add(row.place, "fin", problem, row.last)
        return False
    plan.save(update_fields=["name", "last_vigencia"])
    ledger.record("sector_plan_changed", plan, before, _facts(plan))
    ledger.count(is_new=False, is_changed=True)
    return True


def _facts(plan: SectorPlan) -> dict[str, object]:
    return {"name": plan.name, "first_vigencia": plan.first_vigencia, "last_vigencia": plan.last_vigencia}
