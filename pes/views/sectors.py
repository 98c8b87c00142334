"""The sectors a person may see, with or without a PES."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pes.access import requires
from pes.models import OrganizationUnit, SectorPlan
from pes.permissions import Permission


@require_safe
@requires(Permission.PES_READ)
def sectors(request: HttpRequest) -> HttpResponse:
    """One row a sector: its plan and period, or that it has none yet."""
    plans: dict[int, SectorPlan] = {}
    visible = SectorPlan.objects.visible_to(request.user).select_related("sector").order_by("first_vigencia")
    for plan in visible:
        plans[plan.sector_id] = plan
    whole = OrganizationUnit.objects.visible_to(request.user).sectors().values("pk")
    found = OrganizationUnit.objects.sectors().filter(pk__in=[*plans, *whole.values_list("pk", flat=True)])
    rows = [
        (unit.name, reverse("pes:plan", args=[unit.code]) if unit.pk in plans else "", plans.get(unit.pk))
        for unit in found
    ]
    return render(request, "pes/sectors.html", {"rows": rows})
