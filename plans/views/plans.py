"""Planes de gestión: the list, and opening those of a vigencia."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pes import registry
from pes.access import holds, requires
from pes.dates import long_date
from pes.models import OrganizationUnit, UnitKind, Vigencia
from pes.permissions import Permission
from pes.rules.problems import Refused
from plans.forms import OpenForm, OpenOwnForm
from plans.models import LEVEL_OF_KIND, PlanGestion, PlanLevel
from plans.pages.reading import ready_years
from plans.rules.plan_states import PlanStatus, opening_problems

PER_PAGE = 50
TONES = {
    PlanStatus.DRAFT: "neutral",
    PlanStatus.IN_REVIEW: "info",
    PlanStatus.WITH_OBSERVATIONS: "warn",
    PlanStatus.VALIDATED: "course",
    PlanStatus.OFFICIAL: "course",
    PlanStatus.PUBLISHED: "ok",
    PlanStatus.CLOSED: "off",
}
DOORS = (
    (Permission.PLAN_REVIEW, "Planes en espera", "plans:review-queue"),
    (Permission.PLAN_READ, "Solicitudes de cambio", "plans:requests"),
    (Permission.GOAL_TEMPLATE_EDIT, "Metas compartidas", "plans:shared-goals"),
    (Permission.PLAN_READ, "Mesas de trabajo", "pes:workshops"),
    (Permission.PES_READ, "Marco estratégico", "pes:sectors"),
)
NO_OPEN = "Abre los planes de una vigencia la jefatura de la oficina asesora de planeación."


@require_safe
@requires(Permission.PLAN_READ)
def plans(request: HttpRequest) -> HttpResponse:
    """The plans that the person may see, by vigencia, level and state, fifty a page."""
    found = PlanGestion.objects.visible_to(request.user, Permission.PLAN_READ)
    years = list(found.order_by("-vigencia_id").values_list("vigencia_id", flat=True).distinct())
    chosen = {name: request.GET.get(name, "") for name in ("vigencia", "nivel", "estado")}
    page = Paginator(_rows(_filtered(found, chosen)), PER_PAGE).get_page(request.GET.get("pagina"))
    context = {
        "page": page,
        "rows": [_row(plan) for plan in page],
        "chosen": chosen,
        "vigencias": [("", "Todas"), *((year, str(year)) for year in years)],
        "levels": [("", "Todos"), *PlanLevel.choices],
        "states": [("", "Todos"), *PlanGestion._meta.get_field("status").choices],
        "own_form": _own_form(request.user),
        "doors": _doors(request.user),
        **_opening(request),
    }
    return render(request, "plans/plans.html", context)


@require_POST
@requires(Permission.PLAN_OPEN)
def open_all(request: HttpRequest) -> HttpResponse:
    """Open the plan of every process and alcaldía of an entity that has none in a vigencia."""
    entities = _entities(request.user)
    if not entities.exists():
        raise PermissionDenied(NO_OPEN)
    form = OpenForm(request.POST, entities=entities, years=_years())
    if not form.is_valid():
        messages.error(request, "Elija una entidad a su cargo y una vigencia.")
        return redirect("plans:list")
    entity = get_object_or_404(entities, pk=form.cleaned_data["entity"].pk)
    vigencia = int(form.cleaned_data["vigencia"])
    try:
        count = PlanGestion.open_all(entity, vigencia, by=request.user)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, f"{problem.message} {problem.fix}".strip())
    else:
        text = (
            f"{count} planes abiertos para {vigencia}."
            if count
            else "Todos los planes de la vigencia ya estaban abiertos."
        )
        messages.success(request, text)
    return redirect(f"{reverse('plans:list')}?vigencia={vigencia}")


@require_POST
@requires(Permission.PLAN_OPEN)
def open_own(request: HttpRequest) -> HttpResponse:
    """Open the plan of one's own process or alcaldía (SM-1), and go to it."""
    form = OpenOwnForm(request.POST, units=_units(request.user), years=ready_years())
    if not form.is_valid():
        messages.error(request, "Elija una unidad a su cargo y una vigencia con metodología publicada.")
        return redirect("plans:list")
    unit = get_object_or_404(_units(request.user), pk=form.cleaned_data["unit"].pk)
    try:
        plan = PlanGestion.open_own(unit, int(form.cleaned_data["vigencia"]), by=request.user)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, f"{problem.message} {problem.fix}".strip())
        return redirect("plans:list")
    messages.success(request, f"El plan de {unit} para {plan.vigencia_id} está abierto: ya puede escribir sus metas.")
    return redirect(plan)


def _filtered(found: Any, chosen: dict[str, str]) -> Any:
    if chosen["vigencia"].isascii() and chosen["vigencia"].isdigit():
        found = found.filter(vigencia=int(chosen["vigencia"][:4]))
    if chosen["nivel"] in PlanLevel.values:
        found = found.filter(level=chosen["nivel"])
    if chosen["estado"]:
        found = found.filter(status=chosen["estado"][:20])
    return found


def _rows(found: Any) -> Any:
    return found.select_related("unit__parent", "opened_by").order_by("-vigencia_id", "unit__sort_key", "unit__code")


def _row(plan: PlanGestion) -> dict[str, str]:
    return {
        "url": plan.get_absolute_url(),
        "tone": TONES[PlanStatus(plan.status)],
        "code": plan.unit.code,
        "unit": plan.unit.name,
        "entity": plan.unit.parent.short_name if plan.unit.parent else "",
        "vigencia": str(plan.vigencia_id),
        "level": plan.get_level_display(),
        "status": plan.get_status_display(),
        "opened": f"{long_date(plan.opened_at)} · {plan.opened_by}",
    }


def _opening(request: HttpRequest) -> dict[str, Any]:
    """The form that opens plans, or why it is not offered."""
    entities = _entities(request.user)
    if not entities.exists():
        return {"open_form": None, "open_reason": NO_OPEN}
    years, ready = _years(), ready_years()
    if not ready:
        year = years[0] if years else timezone.localdate().year
        problem = opening_problems(methodology_published=False, vigencia=year)[0]
        return {"open_form": None, "open_reason": f"{problem.message} {problem.fix}"}
    return {"open_form": OpenForm(entities=entities, years=ready), "open_reason": ""}


def _entities(user: Any) -> Any:
    """Entities whose plans a person may open."""
    held = OrganizationUnit.objects.visible_to(user, Permission.PLAN_OPEN)
    return held.filter(kind=UnitKind.ENTITY, is_active=True).order_by("parent__sort_key", "sort_key", "code")


def _own_form(user: Any) -> OpenOwnForm | None:
    """For a leader: their own processes and alcaldías, while a vigencia has its methodology."""
    units, ready = _units(user), ready_years()
    return OpenOwnForm(units=units, years=ready) if ready and not _entities(user).exists() and units.exists() else None


def _units(user: Any) -> Any:
    """Processes and alcaldías whose plan a person may open."""
    held = OrganizationUnit.objects.visible_to(user, Permission.PLAN_OPEN)
    return held.filter(kind__in=LEVEL_OF_KIND, is_active=True).order_by("sort_key", "code")


def _doors(user: Any) -> list[dict[str, str]]:
    """Other pages about plans that the person may open, those of the apps to the right last."""
    own = [{"label": label, "url": reverse(name)} for permission, label, name in DOORS if holds(user, permission)]
    return [*own, *registry.collect("plan_doors", user)]


def _years() -> list[int]:
    return list(Vigencia.objects.order_by("-year").values_list("year", flat=True))
