"""The verb that puts the weights between objectives in force (PES-10, W-01, W-07)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from evaluation.models.cutoff import Cutoff, CutoffStatus
from evaluation.models.weights import STALE_EDIT, ObjectiveWeight, fingerprint_of
from pes import audit
from pes.access import demand
from pes.models import Objective, SectorPlan, User, Vigencia
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.weights import weight_problems
from tracking.models.measurement import ask_for_cutoffs


@transaction.atomic
def change_objective_weights(
    plan: SectorPlan, vigencia: int, weights: Mapping[int, Decimal], *, by: User, read: str | None = None
) -> bool:
    """Weigh the objectives of a plan in a vigencia (percentage points by number); empty means all the same.

    `read` is the fingerprint of what the person was editing. False when nothing changed. Raises PermissionDenied, or
    Refused: changed meanwhile (WF3), an objective is unknown, Σ ≠ 100,00 (W-02), or the vigencia has a consolidated
    cut-off (W-07).
    """
    demand(by, Permission.WEIGHTS_EDIT, plan)
    SectorPlan.hold(plan.pk)
    objectives = dict(Objective.objects.filter(plan=plan).values_list("number", "pk"))
    stored = ObjectiveWeight.objects.filter(objective__plan=plan, vigencia=vigencia)
    before = dict(stored.order_by("objective__number").values_list("objective__number", "weight"))
    if read is not None and read != fingerprint_of({str(number): weight for number, weight in before.items()}):
        refuse_if_any([STALE_EDIT])
    if dict(weights) == before:
        return False
    refuse_if_any(_problems(plan, vigencia, weights, objectives))
    Vigencia.objects.get_or_create(year=vigencia)
    stored.delete()
    ObjectiveWeight.objects.bulk_create(
        ObjectiveWeight(objective_id=objectives[number], vigencia_id=vigencia, weight=weight)
        for number, weight in weights.items()
    )
    texts = ({str(n): str(w) for n, w in sorted(found.items())} for found in (before, weights))
    said = [{"vigencia": vigencia, "weights": found} for found in texts]
    audit.record("objective_weights_changed", plan, by=by, before=said[0], after=said[1])
    ask_for_cutoffs(plan.pk, vigencia, by=by)
    return True


def _problems(
    plan: SectorPlan, vigencia: int, weights: Mapping[int, Decimal], objectives: Mapping[int, int]
) -> list[Problem]:
    if Cutoff.objects.filter(plan=plan, on__year=vigencia, status=CutoffStatus.CONSOLIDATED).exists():
        message = f"La vigencia {vigencia} tiene un corte consolidado: sus ponderaciones ya no cambian."
        raise Refused([Problem("weights_locked", "W-07", message, fix="Use otra vigencia.")])
    unknown = [
        Problem("objective_unknown", "PES-01", f"El plan no tiene objetivo {number}.", fix="Corrija el número.")
        for number in weights
        if number not in objectives
    ]
    named = {f"objetivo {number}": weight for number, weight in weights.items()}
    return unknown + (weight_problems(named) if named else [])
