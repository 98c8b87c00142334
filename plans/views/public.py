"""Published plans, without an account: the list, one plan, its files (AZ12, AZ13)."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import condition, require_safe

from pes import registry
from pes.access import public
from pes.asked import whole_number
from pes.public_pages import SECONDS, for_everybody, public_crumbs
from plans.open_data import LICENCE, SUFFIXES, OpenFile, about, open_file
from plans.pages.public import PublicPlan, choices, chosen_plans, editions_of, plan_row, public_plan, public_plans

PER_PAGE = 50
FORMATS = {"xlsx": "Excel", "csv": "CSV, para hojas de cálculo y programas", "json": "JSON, para programas"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": f"public, max-age={SECONDS}",
}


@public
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Every published plan, by entity and vigencia."""
    chosen = {name: request.GET.get(name, "").strip() for name in ("entidad", "vigencia")}
    page = Paginator(chosen_plans(chosen["entidad"], chosen["vigencia"]), PER_PAGE).get_page(request.GET.get("pagina"))
    context = {
        "page": page,
        "rows": [plan_row(plan) for plan in page],
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        **choices(),
        "crumbs": public_crumbs(("Planes de gestión", "")),
    }
    return for_everybody(request, render(request, "plans/public_plans.html", context))


@public
@require_safe
def plan(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """The published plan: its newest edition, or `?version=` an older one, labelled."""
    found = _edition(request, unit, vigencia, history=True)
    files = [
        {"suffix": suffix, "format": suffix.upper(), "label": FORMATS[suffix], "url": _file_url(found, suffix)}
        for suffix in FORMATS
    ]
    steps = public_crumbs(("Planes de gestión", reverse("plans:public-plans")), (f"{found.unit} {found.vigencia}", ""))
    context = {
        "plan": found,
        "links": list(registry.collect("public_plan_links", found.code, found.vigencia)),
        "files": files,
        "json_digest": open_file(found, "json").digest,
        "about": about(found),
        "licence": LICENCE,
        "crumbs": steps,
    }
    return for_everybody(request, render(request, "plans/public_plan.html", context))


@public
@require_safe
def plan_file(request: HttpRequest, unit: str, vigencia: int, suffix: str) -> HttpResponseBase:
    """An edition to take away; the digest of the file is its ETag."""
    if suffix not in SUFFIXES:
        raise Http404
    file = open_file(_edition(request, unit, vigencia, history=False), suffix)
    return condition(etag_func=lambda request: f'"{file.digest}"')(lambda request: download(file))(request)


def _edition(request: HttpRequest, unit: str, vigencia: int, *, history: bool) -> PublicPlan:
    """The edition that is asked for; 404 for one that there is not, as for a plan that is not published."""
    found = get_object_or_404(public_plans(), unit__code=unit, vigencia=vigencia)
    editions = editions_of(found)
    asked = request.GET.get("version")
    number = editions[-1].edition if asked is None else whole_number(asked)
    if number not in {one.edition for one in editions}:
        raise Http404
    return public_plan(found, editions, number, history=history)


def _file_url(found: PublicPlan, suffix: str) -> str:
    return f"{reverse('plans:public-plan-file', args=[found.code, found.vigencia, suffix])}?version={found.edition}"


def download(file: OpenFile) -> HttpResponse:
    response = HttpResponse(file.content, content_type=file.type, headers=HEADERS)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    return response
