"""The PES of a sector: platform, objectives, goals and indicators."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pes.access import requires
from pes.models import GoalKind, Indicator, Objective, OrganizationUnit, SectorGoal, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame
from pes.views.frameworks import framework_links
from pes.views.road import road_line


@require_safe
@requires(Permission.PES_READ)
def plan(request: HttpRequest, slug: str, first: int | None = None) -> HttpResponse:
    """Mission and vision with their acts, period, and the tree down to each indicator; without period, the latest."""
    found = plan_of(request, slug) if first is None else find_plan(request.user, slug, first)
    entities = list(OrganizationUnit.objects.entities_of(found.sector))
    context = frame(request.user, found, "objectives") | {
        "crumbs": [{"label": "Sectores", "url": reverse("pes:sectors")}, {"label": found.sector.name, "url": ""}],
        "road": road_line(found),
        "entities": entities,
        "frameworks": framework_links(request.user, entities),
        "objectives": _tree(found),
    }
    return render(request, "pes/plan.html", context)


def plan_of(request: HttpRequest, slug: str) -> SectorPlan:
    """The latest plan of a sector that the person may see; Http404 otherwise."""
    rows = SectorPlan.objects.visible_to(request.user).filter(sector__code=slug).select_related("sector")
    found = rows.order_by("-first_vigencia").first()
    if found is None:
        raise Http404
    return found


def _tree(found: SectorPlan) -> list[dict[str, Any]]:
    """Objectives with their goals, and those with their indicators: three queries whatever their number."""
    indicators: dict[int, list[dict[str, Any]]] = {}
    for one in Indicator.objects.filter(plan=found).select_related("entity", "plan__sector").order_by("key"):
        row = {
            "code": one.code or one.key,
            "name": one.name,
            "entity": one.entity.short_name,
            "url": one.get_absolute_url(),
        }
        indicators.setdefault(one.goal_id, []).append(row)
    goals: dict[int, list[dict[str, Any]]] = {}
    kinds = list(GoalKind)  # sectoriales, trazadoras, de proyecto: the order of the source (PES-02)
    for goal in sorted(SectorGoal.objects.filter(objective__plan=found), key=lambda g: (kinds.index(g.kind), g.code)):
        label = f"{GoalKind(goal.kind).label} {goal.code}"
        goals.setdefault(goal.objective_id, []).append(
            {
                "label": label,
                "text": goal.text,
                "indicators": indicators.get(goal.pk, []),
                "caption": f"Indicadores de la {label.lower()}",
            }
        )
    return [
        {
            "heading": str(objective),
            "text": objective.text,
            "url": objective.get_absolute_url(),
            "goals": goals.get(objective.pk, []),
        }
        for objective in Objective.objects.filter(plan=found).select_related("plan__sector").order_by("number")
    ]
