"""The states of SM-3 on a screen: their colour, the road, and who acts in each."""

from __future__ import annotations

from plans.rules.change_states import ChangeStatus

TONES = {
    ChangeStatus.DRAFT: "neutral",
    ChangeStatus.FILED: "info",
    ChangeStatus.AWAITING_OPINION: "warn",
    ChangeStatus.NOT_FEASIBLE: "risk",
    ChangeStatus.UNDER_STUDY: "info",
    ChangeStatus.APPROVED: "course",
    ChangeStatus.DENIED: "risk",
    ChangeStatus.APPLIED: "ok",
    ChangeStatus.WITHDRAWN: "neutral",
}
TURN = {
    ChangeStatus.DRAFT: "Le corresponde a quien lidera el plan: completarla y radicarla.",
    ChangeStatus.FILED: "Le corresponde a la oficina asesora de planeación: ponerla en estudio.",
    ChangeStatus.AWAITING_OPINION: "Le corresponde a quien se le pidió el concepto previo.",
    ChangeStatus.NOT_FEASIBLE: "Terminó: un concepto previo fue desfavorable y la meta queda como estaba.",
    ChangeStatus.UNDER_STUDY: "Le corresponde a la jefatura de la oficina asesora de planeación: decidirla.",
    ChangeStatus.APPROVED: "Le corresponde a quien lidera el plan: remitir la versión ajustada con su caso HOLA.",
    ChangeStatus.DENIED: "Terminó: la meta queda como estaba.",
    ChangeStatus.APPLIED: "Terminó: el cambio rige y el plan tiene otra versión publicada.",
    ChangeStatus.WITHDRAWN: "Terminó: quien la presentó desistió de ella.",
}
_OPINION = ChangeStatus.AWAITING_OPINION
_ROAD = (
    ChangeStatus.DRAFT,
    ChangeStatus.FILED,
    _OPINION,
    ChangeStatus.UNDER_STUDY,
    ChangeStatus.APPROVED,
    ChangeStatus.APPLIED,
)
# Where a request that left the road had come to.
ROAD_END = {
    ChangeStatus.NOT_FEASIBLE: _OPINION,
    ChangeStatus.DENIED: ChangeStatus.APPROVED,
    ChangeStatus.WITHDRAWN: ChangeStatus.FILED,
}


def road(status: ChangeStatus, *, asks_opinions: bool) -> list[dict[str, str]]:
    """The steps of a request, for the component `steps`; one that ended otherwise shows its end where it left."""
    steps = [step for step in _ROAD if step is not _OPINION or asks_opinions]
    stop = ROAD_END.get(status, status)
    place = steps.index(stop)
    if status in ROAD_END:
        steps = steps[: place + 1]
    return [
        {
            "label": status.label if step is stop else step.label,
            "state": "done" if index < place else "current" if index == place else "todo",
        }
        for index, step in enumerate(steps)
    ]
