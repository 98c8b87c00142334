"""«Territorio»: the list of entities, its workbook, and what the source publishes."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pes.access import holds, requires
from pes.downloads import workbook_response
from pes.permissions import Permission
from pes.territory.frame import READ, frame
from pes.territory.listing import Listing, listing, options_of, row_of, sheet_of, visible_entities
from pes.territory.reading import boards_of
from pes.territory.reference import beneficiaries, beneficiary_rows, reference, universe_rows
from pes.workbooks.writer import write_workbook

PER_PAGE = 50


@require_safe
@requires(READ)
def entities(request: HttpRequest) -> HttpResponse:
    """The entities that the person sees, filtered and sorted; figures are computed for those on the page."""
    rows = visible_entities(request.user, READ)
    found = listing(rows, request.GET, timezone.localdate())
    context = frame(request.user, "entities") | _page(request, found)
    query = request.GET.copy()
    query.pop("pagina", None)
    context |= {
        "asked": found.asked,
        "options": options_of(rows),
        "export_url": f"{reverse('pes:territory-export')}?{query.urlencode()}",
        "may_manage": holds(request.user, Permission.TERRITORY_MANAGE),
        "is_filtered": any(found.asked[name] for name in found.asked if name != "orden"),
    }
    return render(request, "pes/territory/entities.html", context)


@require_safe
@requires(READ)
def export(request: HttpRequest) -> HttpResponse:
    """What is on screen, whole, as a workbook."""
    found = listing(visible_entities(request.user, READ), request.GET, timezone.localdate())
    sheet, created = sheet_of(found.boards()), timezone.localtime()
    return workbook_response(
        "territorio", lambda target: write_workbook(target, [sheet], created=created, title="Entidades territoriales")
    )


@require_safe
@requires(READ)
def published(request: HttpRequest) -> HttpResponse:
    """Universes, beneficiaries of phase II and quoted figures (GP-07, GP-08, GP-09)."""
    known = list(visible_entities(request.user, READ))
    context = frame(request.user, "reference", ("Fuente", "")) | {
        "reference": reference(),
        "universes": universe_rows(known),
        "departments": beneficiary_rows(known),
        "total": sum(len(names) for names in beneficiaries().values()),
    }
    return render(request, "pes/territory/reference.html", context)


def _page(request: HttpRequest, found: Listing) -> dict[str, Any]:
    """A page of rows: what is not computed is sorted and cut by the database."""
    if found.needs_figures:
        boards = found.boards()
        page = Paginator(boards, PER_PAGE).get_page(request.GET.get("pagina"))
        shown = list(page.object_list)
    else:
        page = Paginator(found.entities, PER_PAGE).get_page(request.GET.get("pagina"))
        shown = boards_of(page.object_list, found.today)
    return {"page": page, "rows": [row_of(one) for one in shown]}
