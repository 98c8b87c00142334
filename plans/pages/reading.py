"""How a page finds its plan: fetching is authorising."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from pes.permissions import Permission
from plans.models import PlanGestion


def plan_or_404(
    request: HttpRequest, unit: str, vigencia: int, permission: Permission = Permission.PLAN_READ
) -> PlanGestion:
    """The plan of a unit and vigencia that the person may see; 404 for any other, as if there were none (AZ2)."""
    plans = PlanGestion.objects.visible_to(request.user, permission).select_related("unit__parent")
    return get_object_or_404(plans, unit__code=unit, vigencia=vigencia)
