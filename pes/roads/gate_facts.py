"""What the road itself knows of the gates: whether the schedule is written down and the methodology approved (LC-02)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q

from pes.models import RoadActivity, SectorPlan
from pes.plan_frame import plan_url
from pes.rules.gates import GateFact
from pes.rules.road_states import ActivityState
from pes.rules.roads import ActivityKind

SCHEDULED = ("F1", "F2")
APPROVAL = "F2.P1.A2"
_SHOWN = 4


def gate_facts(plan: SectorPlan) -> Iterator[GateFact]:
    """`schedule_recorded` and `methodology_approved` of a PES with a road of six phases."""
    rows = RoadActivity.objects.filter(phase__road__plan=plan, phase__code__in=SCHEDULED)
    rows = rows.exclude(kind=ActivityKind.PRODUCT).exclude(state=ActivityState.NOT_APPLICABLE)
    proofs = Count("evidence", filter=Q(evidence__withdrawn_at__isnull=True))
    found = list(rows.select_related("phase").annotate(proofs=proofs).order_by("phase__number", "number"))
    yield _schedule(plan, found)
    yield _methodology(plan, next((one for one in found if one.code == APPROVAL), None))


def _schedule(plan: SectorPlan, found: list[RoadActivity]) -> GateFact:
    """Every activity of phases 1 and 2 has its two planned days."""
    blank = [one for one in found if one.planned_from is None]
    url = plan_url(plan, "pes:road-schedule", blank[0].phase.code if blank else SCHEDULED[0])
    if not found:
        return GateFact("schedule_recorded", False, "El PES aún no tiene camino.", plan_url(plan, "pes:road"))
    if not blank:
        return GateFact("schedule_recorded", True, "", plan_url(plan, "pes:road-timeline"))
    codes = ", ".join(one.code for one in blank[:_SHOWN]) + ("…" if len(blank) > _SHOWN else "")
    count = "1 actividad" if len(blank) == 1 else f"{len(blank)} actividades"
    return GateFact("schedule_recorded", False, f"Faltan las fechas de {count} de las fases 1 y 2: {codes}.", url)


def _methodology(plan: SectorPlan, activity: RoadActivity | None) -> GateFact:
    """The activity that approves the guide is done, with its proof."""
    if activity is None:
        missing = f"La actividad {APPROVAL}, que aprueba la metodología, no está en el camino o no aplica."
        return GateFact("methodology_approved", False, missing, plan_url(plan, "pes:road"))
    url = plan_url(plan, "pes:road-activity", activity.pk)
    if activity.state != ActivityState.DONE:
        return GateFact("methodology_approved", False, f"Falta dar por terminada la actividad {APPROVAL}.", url)
    if not activity.proofs:  # type: ignore[attr-defined]
        return GateFact("methodology_approved", False, f"La actividad {APPROVAL} no tiene evidencia.", url)
    return GateFact("methodology_approved", True, "", url)
