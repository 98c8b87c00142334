"""How a page finds its plan: fetching is authorising."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from pes.models import Metodologia, Vigencia
from pes.permissions import Permission
from plans.models import PlanGestion


def plan_or_404(
    request: HttpRequest, unit: str, vigencia: int, permission: Permission = Permission.PLAN_READ
) -> PlanGestion:
    """The plan of a unit and vigencia that the person may see; 404 for any other, as if there were none (AZ2)."""
    plans = PlanGestion.objects.visible_to(request.user, permission).select_related("unit__parent")
    return get_object_or_404(plans, unit__code=unit, vigencia=vigencia)


def ready_years() -> list[int]:
    """Vigencias whose methodology is published, the last one first: those in which plans are written (act. 1)."""
    published = Metodologia.objects.filter(published_at__isnull=False).values("vigencia_id")
    return list(Vigencia.objects.filter(year__in=published).order_by("-year").values_list("year", flat=True))
