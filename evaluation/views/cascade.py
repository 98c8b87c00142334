"""«Cascada»: from the PDD to the goals of the planes de gestión, as a picture that one understands at once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluation.cascade import cascade_of, last_planned
from evaluation.pages.cascade import cascade_page
from pes.access import requires
from pes.models import SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.views.resources import asked_vigencia


@require_safe
@requires(Permission.PES_READ)
def cascade(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Who serves whom in a vigencia, what is missing, and the same as a table."""
    plan = find_plan(request.user, slug, first)
    vigencia = _vigencia(request, plan)
    context = frame(request.user, plan, "cascade") | {
        "page": cascade_page(cascade_of(plan, vigencia), slug),
        "vigencia": vigencia,
        "viability_url": f"{plan_url(plan, 'evaluation:viability')}?vigencia={vigencia}",
        "vigencias": [(year, str(year)) for year in plan.vigencias],
    }
    return render(request, "evaluation/cascade.html", context)


def _vigencia(request: HttpRequest, plan: SectorPlan) -> int:
    """The one asked for, else the last one that has plans published, else this year's."""
    if request.GET.get("vigencia"):
        return asked_vigencia(request, plan)
    return last_planned(plan, timezone.localdate().year) or asked_vigencia(request, plan)
