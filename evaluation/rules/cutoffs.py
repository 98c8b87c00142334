"""When a cut-off may be consolidated (W-07, architecture: One calculation)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from pes.permissions import Permission
from pes.rules.problems import Problem
from pes.rules.transitions import Transition

OPEN, CONSOLIDATED = "open", "consolidated"

TRANSITIONS = (
    Transition("consolidate", {OPEN}, CONSOLIDATED, Permission.CUTOFF_CONSOLIDATE),
    Transition("correct", {CONSOLIDATED}, CONSOLIDATED, Permission.CUTOFF_CONSOLIDATE, needs_reason=True),
)


def consolidation_problems(
    *,
    on: date,
    today: date,
    measured: int,
    unweighted: Collection[int],
    actor_measured: bool,
    actor_weighted: bool = False,
) -> list[Problem]:
    """Problems of freezing a cut-off dated `on`.

    `measured` counts its measured indicators; `unweighted` are the numbers of objectives with programmed
    indicators that lack a weight; `actor_measured` says that who consolidates recorded one of the figures, and
    `actor_weighted` that they edited weights which nobody else has approved with an act.
    """
    problems = []
    if on > today:
        message = f"El corte {on:%Y-%m-%d} todavía no llega."
        problems.append(Problem("cutoff_in_future", "W-07", message, fix="Consolide cuando haya terminado."))
    if not measured:
        message = "El corte no tiene mediciones."
        problems.append(Problem("nothing_measured", "PES-03", message, fix="Registre al menos una medición."))
    for number in unweighted:
        message = f"El objetivo {number} tiene indicadores programados sin ponderación."
        problems.append(Problem("weights_missing", "W-02", message, fix="Complete la ponderación hasta 100,00."))
    if actor_measured:
        message = "Usted registró mediciones de este corte; quien registra no aprueba."
        problems.append(Problem("author_is_approver", "AZ4", message, fix="Pida la consolidación a otra persona."))
    if actor_weighted:
        message = "Usted editó ponderaciones que este corte congelaría; quien edita no aprueba."
        fix = "Pida que otra persona las bloquee con su acto, o que consolide el corte."
        problems.append(Problem("author_is_approver", "AZ4", message, fix=fix))
    return problems


def correction_problems(digest: str, frozen: str, reason: str) -> list[Problem]:
    """Problems of another run of a consolidated cut-off, given its digest and that of the run in force (WF18)."""
    problems = []
    if not reason.strip():
        message = "Corregir un corte consolidado exige un motivo."
        problems.append(Problem("reason_missing", "WF18", message, fix="Escriba el motivo de la corrección."))
    if digest == frozen:
        message = "No hay nada que corregir: el corte daría la misma corrida."
        problems.append(Problem("nothing_changed", "WF1", message, fix="Corrija primero la medición."))
    return problems


def is_last_of_vigencia(on: date) -> bool:
    """Whether a cut-off is the vigencia's last: only then does the PES show lights (REP-06b)."""
    return (on.month, on.day) == (12, 31)
