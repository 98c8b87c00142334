"""Frozen versions of a plan: the list, one, two side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from pes.access import requires
from pes.asked import whole_number
from pes.dates import long_instant
from pes.permissions import Permission
from plans.models import PlanGestion, PlanVersion
from plans.pages.grid import crumbs_of
from plans.pages.reading import plan_or_404
from plans.pages.states import tabs_of
from plans.pages.versions import Comparison, VersionPage, choices, version_rows


@require_safe
@requires(Permission.PLAN_READ)
def versions(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """What was frozen at each act; `?antes=&despues=` goes to the comparison of two."""
    plan = plan_or_404(request, unit, vigencia)
    rows = version_rows(plan)
    numbers = {row["number"] for row in rows}
    before, after = (whole_number(request.GET.get(name, "")) for name in ("antes", "despues"))
    if before in numbers and after in numbers:
        return redirect(plan.url("version-diff", before, after))
    context = {
        "plan": plan,
        "rows": rows,
        "choices": choices(rows),
        "tabs": tabs_of(plan, "versions"),
        "crumbs": crumbs_of(plan, ("Versiones", "")),
    }
    return render(request, "plans/versions.html", context)


@require_safe
@requires(Permission.PLAN_READ)
def version(request: HttpRequest, unit: str, vigencia: int, number: int) -> HttpResponse:
    """A version, word for word, with its digest."""
    plan = plan_or_404(request, unit, vigencia)
    found = _version(plan, number)
    context = {
        "plan": plan,
        "page": VersionPage(found, request.GET.get("pagina")),
        "at": long_instant(found.at),
        "crumbs": crumbs_of(plan, ("Versiones", plan.url("versions")), (f"Versión {number}", "")),
    }
    return render(request, "plans/version.html", context)


@require_safe
@requires(Permission.PLAN_READ)
def version_diff(request: HttpRequest, unit: str, vigencia: int, before: int, after: int) -> HttpResponse:
    """Two versions side by side, every difference marked."""
    plan = plan_or_404(request, unit, vigencia)
    page = Comparison(_version(plan, before), _version(plan, after), request.GET.get("pagina"))
    here = f"Versiones {before} y {after}"
    context = {
        "plan": plan,
        "page": page,
        "title": here,
        "columns": (_column(page.before), _column(page.after)),
        "crumbs": crumbs_of(plan, ("Versiones", plan.url("versions")), (here, "")),
    }
    return render(request, "plans/version_diff.html", context)


def _version(plan: PlanGestion, number: int) -> PlanVersion:
    return get_object_or_404(plan.versions.select_related("by"), number=number)


def _column(version: PlanVersion) -> dict[str, str]:
    return {
        "label": f"Versión {version.number}",
        "detail": f"{version.get_event_display()} · {long_instant(version.at)} · {version.by}",
        "url": version.plan.url("version", version.number),
    }
