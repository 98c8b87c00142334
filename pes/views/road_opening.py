"""Open the PES of a sector, and trace the road of one that has none."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from pes.access import requires
from pes.forms.roads import PlanOpenForm
from pes.models import OrganizationUnit
from pes.permissions import Permission
from pes.plan_frame import find_plan
from pes.roads.opening import open_plan, open_road
from pes.roads.templates import SIX_PHASES
from pes.rules.problems import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ROAD_MANAGE)
def plan_open(request: HttpRequest) -> HttpResponse:
    """The sector, the name and the first vigencia of a PES; its road is traced at once."""
    sectors = OrganizationUnit.objects.visible_to(request.user, Permission.ROAD_MANAGE).sectors()
    if not sectors.exists():
        raise PermissionDenied("Usted no abre el PES de ningún sector.")
    first = {
        "first_vigencia": timezone.localdate().year,
        "sector": sectors.filter(code=request.GET.get("sector")).first(),
    }
    form = PlanOpenForm(request.POST or None, sectors=sectors, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            plan = open_plan(**form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"PES {plan.period} abierto. Programe ahora su primera fase.")
            return redirect("pes:road", plan.sector.code, plan.first_vigencia)
    crumbs = [{"label": "Sectores", "url": reverse("pes:sectors")}, {"label": "Abrir un PES", "url": ""}]
    status = 422 if form.errors else 200
    return render(request, "pes/road/plan_open.html", {"form": form, "crumbs": crumbs}, status=status)


@require_POST
@requires(Permission.ROAD_MANAGE)
def trace(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Give a PES its road of six phases."""
    plan = find_plan(request.user, slug, first)
    open_road(SIX_PHASES, unit=plan.sector, plan=plan, name=f"Camino de {plan.name}", by=request.user)
    messages.success(request, "Camino trazado. Programe ahora las fechas de cada fase.")
    return redirect("pes:road", slug, first)
