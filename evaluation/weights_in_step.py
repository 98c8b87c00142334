"""Whether the weights in force are those of what is programmed, after a programme changed (W-03)."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from evaluation.models import IndicatorWeight
from pes.models import IndicatorTarget, SectorPlan
from pes.rules.problems import Problem

Group = tuple[int, int]  # objective's id, vigencia


def weights_out_of_step(plan: SectorPlan, vigencias: Collection[int]) -> list[tuple[str, int, Problem]]:
    """Key, vigencia and problem of each indicator weighted and not programmed, or the other way round.

    Only objectives that have weights in the vigencia count: where nobody has weighed yet nothing is out of step.
    """
    programmed: dict[Group, set[str]] = {}
    targets = IndicatorTarget.objects.filter(indicator__plan=plan, vigencia__in=vigencias)
    for pk, vigencia, key in targets.values_list("indicator__goal__objective_id", "vigencia_id", "indicator__key"):
        programmed.setdefault((pk, vigencia), set()).add(key)
    return [
        (key, vigencia, _problem(key, vigencia, key in weights))
        for (pk, vigencia), weights in stored_weights(plan).items()
        if vigencia in vigencias
        for key in sorted(programmed.get((pk, vigencia), set()) ^ weights.keys())
    ]


def stored_weights(plan: SectorPlan) -> dict[Group, dict[str, Decimal]]:
    """Weights in force (percentage points by key) of each objective and vigencia that has any."""
    found: dict[Group, dict[str, Decimal]] = {}
    rows = IndicatorWeight.objects.filter(indicator__plan=plan)
    for pk, vigencia, key, weight in rows.values_list(
        "weight_set__objective_id", "vigencia_id", "indicator__key", "weight"
    ):
        found.setdefault((pk, vigencia), {})[key] = weight
    return found


def _problem(key: str, vigencia: int, is_weighted: bool) -> Problem:
    leaves = "con ponderación y sin programar" if is_weighted else "programado y sin ponderación"
    return Problem(
        "weights_out_of_step",
        "W-03",
        f"{vigencia} quedaría con el indicador {key} {leaves}.",
        fix=f"Deje aquí {vigencia} {'programada' if is_weighted else 'sin programar'}, o cargue con el libro del PES la "
        "programación y la ponderación completa del objetivo a la vez.",
    )
