"""The sectors a person may see, with or without a PES."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pes.access import requires
from pes.frameworks import entities_read_by
from pes.models import OrganizationUnit, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import plan_url


@require_safe
@requires(Permission.PES_READ)
def sectors(request: HttpRequest) -> HttpResponse:
    """One row a sector: its plan and period, or that it has none yet, and its entities' marco estratégico."""
    plans: dict[int, SectorPlan] = {}
    visible = SectorPlan.objects.visible_to(request.user).select_related("sector").order_by("first_vigencia")
    for plan in visible:
        plans[plan.sector_id] = plan
    entities = _entities(request.user)
    whole = OrganizationUnit.objects.visible_to(request.user).sectors().values_list("pk", flat=True)
    found = OrganizationUnit.objects.sectors().filter(pk__in=[*plans, *whole, *entities])
    rows = [
        {
            "name": unit.name,
            "url": reverse("pes:plan", args=[unit.code]) if unit.pk in plans else "",
            "plan": plans.get(unit.pk),
            "road_url": plan_url(plans[unit.pk], "pes:road") if unit.pk in plans else "",
            "entities": entities.get(unit.pk, []),
        }
        for unit in found
    ]
    may_open = OrganizationUnit.objects.visible_to(request.user, Permission.ROAD_MANAGE).sectors().exists()
    return render(request, "pes/sectors.html", {"rows": rows, "may_open": may_open})


def _entities(user: Any) -> dict[int | None, list[tuple[str, str]]]:
    """Name and framework page of the entities whose framework a person reads, by sector."""
    found: dict[int | None, list[tuple[str, str]]] = {}
    for entity in entities_read_by(user).filter(is_active=True).order_by("-is_head", "sort_key", "code"):
        url = reverse("pes:framework", args=[entity.code])
        found.setdefault(entity.parent_id, []).append((entity.short_name, url))
    return found
