"""«Cascada»: from the PDD to the goals of the planes de gestión, as a picture that one understands at once."""

from __future__ import annotations

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluation.cascade import cascade_of
from evaluation.pages.cascade import cascade_page
from evaluation.plan_facts import IN_FORCE
from pes.access import requires
from pes.models import SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame
from pes.views.resources import asked_vigencia
from plans.models import PlanGestion


@require_safe
@requires(Permission.PES_READ)
def cascade(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Who serves whom in a vigencia, what is missing, and the same as a table."""
    plan = find_plan(request.user, slug, first)
    vigencia = _vigencia(request, plan)
    context = frame(request.user, plan, "cascade") | {
        "page": cascade_page(cascade_of(plan, vigencia), slug),
        "vigencia": vigencia,
        "vigencias": [(year, str(year)) for year in plan.vigencias],
    }
    return render(request, "evaluation/cascade.html", context)


def _vigencia(request: HttpRequest, plan: SectorPlan) -> int:
    """The one asked for, else the last one that has plans published, else this year's."""
    if request.GET.get("vigencia"):
        return asked_vigencia(request, plan)
    years = range(plan.first_vigencia, min(plan.last_vigencia, timezone.localdate().year) + 1)
    ours = PlanGestion.objects.filter(unit__parent__parent=plan.sector, status__in=IN_FORCE, vigencia__in=years)
    return ours.aggregate(last=Max("vigencia"))["last"] or asked_vigencia(request, plan)
