"""«Recursos»: pesos of each project of the sector in a vigencia, with its physical goal beside them (chapter 4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pes.access import requires
from pes.asked import whole_number
from pes.forms.profile_rows import ResourceRow, save_rows
from pes.models import SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.profile.money_shown import entity_rows, horizon_rows
from pes.profile.resources import resources_of
from pes.views.profile import EDIT, NO_ENTITY, writer_of

SUBPAGES = (
    ("pes:resources", "Recursos por proyecto"),
    ("evaluation:resources-progress", "Avance físico y financiero"),
    ("pes:action-plan", "Plan de acción"),
)


@require_safe
@requires(Permission.PES_READ)
def resources(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Programmed, committed and paid of each project, entity and of the sector, and the totals of every vigencia."""
    plan = find_plan(request.user, slug, first)
    vigencia = asked_vigencia(request, plan)
    found = resources_of(plan, vigencia)
    writer = writer_of(request.user, plan)
    may = any(writer.may(one.entity.pk) for one in found)
    reason = "" if may else NO_ENTITY if found else "Registre primero los proyectos de inversión de las entidades."
    context = {
        "entities": entity_rows(found, vigencia),
        "sector": horizon_rows(plan),
        "edit_url": plan_url(plan, "pes:resources-edit", vigencia),
        "book_url": plan_url(plan, "pes:resources-book", vigencia) if found else "",
        "reason": reason,
    }
    return render(request, "pes/profile/resources.html", money(request.user, plan, "pes:resources", vigencia) | context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def resources_edit(request: HttpRequest, slug: str, first: int, vigencia: int) -> HttpResponse:
    """The resources of the projects that the person writes for, in one table."""
    plan = find_plan(request.user, slug, first)
    vigencia = known_vigencia(plan, vigencia)
    writer = writer_of(request.user, plan)
    ours = [one for one in resources_of(plan, vigencia) if writer.may(one.entity.pk)]
    if not ours:
        raise PermissionDenied(NO_ENTITY)
    rows = [ResourceRow(request.POST or None, line, vigencia) for one in ours for line in one.lines]
    status = 200
    if request.method == "POST":
        changed = save_rows(rows, by=request.user)
        if changed is not None:
            told = (
                f"Recursos guardados; proyectos con cambios: {changed}." if changed else "No había cambios que guardar."
            )
            messages.success(request, told)
            return redirect(plan_url(plan, "pes:resources") + f"?vigencia={vigencia}")
        status = 409 if any(row.is_stale for row in rows) else 422
    back = plan_url(plan, "pes:resources") + f"?vigencia={vigencia}"
    context = money(request.user, plan, "pes:resources", vigencia, ("Recursos", back), ("Editar", ""))
    context |= {"rows": rows, "back_url": back, "failed": status != 200}
    return render(request, "pes/profile/resources_edit.html", context, status=status)


def asked_vigencia(request: HttpRequest, plan: SectorPlan) -> int:
    """The vigencia of the address, else this year's, else the nearest one of the PES."""
    asked = whole_number(request.GET.get("vigencia", ""))
    wanted = asked if asked in plan.vigencias else timezone.localdate().year
    return min(max(wanted, plan.first_vigencia), plan.last_vigencia)


def known_vigencia(plan: SectorPlan, vigencia: int) -> int:
    """A vigencia of the PES; Http404 otherwise."""
    if vigencia not in plan.vigencias:
        raise Http404
    return vigencia


def money(user: Any, plan: SectorPlan, current: str, vigencia: int, *trail: tuple[str, str]) -> dict[str, Any]:
    """The frame of a page under the tab «Recursos», with its own navigation and vigencia."""
    subpages = [
        {"label": label, "url": plan_url(plan, name) + f"?vigencia={vigencia}", "current": name == current}
        for name, label in SUBPAGES
    ]
    years = [(year, str(year)) for year in plan.vigencias]
    mine = {"subpages": subpages, "vigencia": vigencia, "vigencias": years}
    return frame(user, plan, "resources", *trail) | mine
