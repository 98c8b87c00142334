"""Central areas: the list of their tables, one table, and saving it (PG-08)."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from pes.access import requires
from pes.models import OrganizationUnit
from pes.permissions import Permission
from tracking.central import table_readings
from tracking.central_forms import LineForm, save, sent_forms
from tracking.content import Reading
from tracking.pages.central import CentralPage, punctuality_words, table_rows
from tracking.pages.central_saving import answer_of, done_words, status_of


@require_safe
@requires(Permission.GOAL_REPORT)
def central_goals(request: HttpRequest) -> HttpResponse:
    """The quarters that the person's areas report."""
    crumbs = [{"label": "Metas a cargo", "url": ""}]
    return render(request, "tracking/central.html", {"rows": table_rows(request.user), "crumbs": crumbs})


@require_safe
@requires(Permission.GOAL_REPORT)
def central_table(request: HttpRequest, area: str, vigencia: int, quarter: int) -> HttpResponse:
    """The goals of an area in a quarter, a row for each plan."""
    found, readings = area_table_or_404(request, area, vigencia, quarter)
    return _show(request, CentralPage(found, vigencia, quarter, readings, request.user))


@require_POST
@requires(Permission.GOAL_REPORT)
def central_save(request: HttpRequest, area: str, vigencia: int, quarter: int) -> HttpResponse:
    """Save the rows that were sent, all or none (AZ14); nobody's work is overwritten (WF3)."""
    found, readings = area_table_or_404(request, area, vigencia, quarter)
    forms = sent_forms(readings, request.POST.get("table", "")[:60], request.POST)
    count = save(found, forms, by=request.user)
    status = status_of(forms)
    if request.headers.get("Accept", "") == "application/json":
        readings = table_readings(found, vigencia, quarter)
        page = CentralPage(found, vigencia, quarter, readings, request.user)
        return JsonResponse(answer_of(page, forms), status=status)
    page = CentralPage(found, vigencia, quarter, readings, request.user, forms)
    if status != 200:
        return _show(request, page, forms, status)
    messages.success(request, done_words(count))
    return redirect(page.url("central-table"))


def area_table_or_404(
    request: HttpRequest, area: str, vigencia: int, quarter: int
) -> tuple[OrganizationUnit, list[Reading]]:
    """The area and its goals of a quarter, for who reports in its name; 404 for anybody else (AZ2)."""
    areas = OrganizationUnit.objects.visible_to(request.user, Permission.GOAL_REPORT)
    found = get_object_or_404(areas, code=area)
    readings = table_readings(found, vigencia, quarter)
    if not readings:
        raise Http404
    return found, readings


def _show(request: HttpRequest, page: CentralPage, forms: Sequence[LineForm] = (), status: int = 200) -> HttpResponse:
    words = punctuality_words(page.table) if page.table else ""
    context = {"page": page, "punctual": words, "refused": bool(forms)}
    return render(request, "tracking/central_table.html", context, status=status)
