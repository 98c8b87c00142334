"""The states of SM-1 on a screen: their colour, the road, who acts in each, and the pages of a plan."""

from __future__ import annotations

from typing import Any

from plans.models import PlanGestion
from plans.rules.plan_states import PlanStatus

TONES = {
    PlanStatus.DRAFT: "neutral",
    PlanStatus.IN_REVIEW: "info",
    PlanStatus.WITH_OBSERVATIONS: "warn",
    PlanStatus.VALIDATED: "course",
    PlanStatus.OFFICIAL: "course",
    PlanStatus.PUBLISHED: "ok",
    PlanStatus.CLOSED: "off",
}
TURN = {
    PlanStatus.DRAFT: "Le corresponde al equipo del plan: completar las metas y, a quien lo lidera, enviarlo.",
    PlanStatus.IN_REVIEW: "Le corresponde a la oficina asesora de planeación: devolverlo con observaciones o validarlo.",
    PlanStatus.WITH_OBSERVATIONS: "Le corresponde al equipo del plan: responder las observaciones y volver a enviarlo.",
    PlanStatus.VALIDATED: "Le corresponde a quien lidera el plan: oficializarlo con su caso HOLA.",
    PlanStatus.OFFICIAL: "Le corresponde a la oficina asesora de planeación o a comunicaciones: publicarlo.",
    PlanStatus.PUBLISHED: "Está en vigor: una meta cambia solo con una solicitud.",
    PlanStatus.CLOSED: "La vigencia terminó: el plan ya no cambia.",
}
_ROAD = (
    PlanStatus.DRAFT,
    PlanStatus.IN_REVIEW,
    PlanStatus.VALIDATED,
    PlanStatus.OFFICIAL,
    PlanStatus.PUBLISHED,
    PlanStatus.CLOSED,
)
_TABS = (
    ("plan", "Resumen"),
    ("goals", "Metas"),
    ("coherence", "Coherencia"),
    ("review", "Revisión"),
    ("consultation", "Consulta"),
    ("versions", "Versiones"),
    ("workbook", "Excel"),
)


def road(status: PlanStatus) -> list[dict[str, str]]:
    """The steps of a plan, for the component `steps`; one that was returned stands at the review."""
    stop = PlanStatus.IN_REVIEW if status is PlanStatus.WITH_OBSERVATIONS else status
    place = _ROAD.index(stop)
    return [
        {
            "label": status.label if step is stop else step.label,
            "state": "done" if index < place else "current" if index == place else "todo",
        }
        for index, step in enumerate(_ROAD)
    ]


def tabs_of(plan: PlanGestion, current: str, **counts: int) -> list[dict[str, Any]]:
    """The pages of a plan, for the component `tabs`; `counts` by the name of the page."""
    return [
        {"label": label, "url": plan.url(name), "current": name == current, "count": counts.get(name) or None}
        for name, label in _TABS
    ]
