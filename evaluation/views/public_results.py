"""Published results of quarters, without an account: the list, one quarter, its files, one plan (PG-PUB, AZ12, AZ13)."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import condition, require_safe

from evaluation.models import QuarterClose
from evaluation.pages.public_results import (
    PublicResult,
    public_result,
    public_unit,
    public_url,
    published_runs,
    result_line,
)
from evaluation.pages.standings import in_order
from evaluation.quarter_open_data import SUFFIXES
from evaluation.quarter_open_data import result_file as made_file
from pes.access import public
from pes.asked import whole_number
from pes.public_pages import for_everybody, public_crumbs
from plans.open_data import LICENCE
from plans.pages.public import public_plans
from plans.views.public import FORMATS, download

PER_PAGE = 50
LIST = "Resultados trimestrales"


@public
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Every published quarter, the last one first."""
    page = Paginator(published_runs(), PER_PAGE).get_page(request.GET.get("pagina"))
    context = {"page": page, "rows": [result_line(close) for close in page], "crumbs": public_crumbs((LIST, ""))}
    return for_everybody(request, render(request, "evaluation/public_results.html", context))


@public
@require_safe
def result(request: HttpRequest, entity: str, vigencia: int, quarter: int, level: str) -> HttpResponse:
    """A published quarter: its last public run, or `?corrida=` an older one, labelled."""
    found = _result(request, entity, vigencia, quarter, level)
    query = f"?corrida={found.close.run}"
    files = [
        {"url": public_url(found.close, "public-result-file", suffix) + query, "label": label, "format": suffix.upper()}
        for suffix, label in FORMATS.items()
    ]
    context = {
        "result": found,
        "rows": in_order(found.rows, request.GET.get("orden", "")),
        "files": files,
        "licence": LICENCE,
        "crumbs": public_crumbs((LIST, reverse("evaluation:public-results")), (f"{found.title} · {found.level}", "")),
    }
    return for_everybody(request, render(request, "evaluation/public_result.html", context))


@public
@require_safe
def result_file(
    request: HttpRequest, entity: str, vigencia: int, quarter: int, level: str, suffix: str
) -> HttpResponseBase:
    """A run to take away; the digest of the file is its ETag."""
    if suffix not in SUFFIXES:
        raise Http404
    file = made_file(_result(request, entity, vigencia, quarter, level), suffix)
    return condition(etag_func=lambda request: f'"{file.digest}"')(lambda request: download(file))(request)


@public
@require_safe
def unit(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """A published plan with its quarterly progress, goal by goal."""
    plan = get_object_or_404(public_plans(), unit__code=unit, vigencia=vigencia)
    found = public_unit(plan)
    if found is None:
        raise Http404
    steps = public_crumbs((LIST, reverse("evaluation:public-results")), (f"{found.unit} {found.vigencia}", ""))
    context = {"found": found, "crumbs": steps}
    return for_everybody(request, render(request, "evaluation/public_result_unit.html", context))


def _result(request: HttpRequest, entity: str, vigencia: int, quarter: int, level: str) -> PublicResult:
    """The run that is asked for; 404 for one that was never published, as for one that there is not."""
    place = {"entity__code": entity, "vigencia": vigencia, "quarter": quarter, "level": level}
    runs = QuarterClose.objects.filter(**place, publication__isnull=False).order_by("-run")
    found = list(runs.select_related("entity", "publication"))
    asked = request.GET.get("corrida")
    number = found[0].run if asked is None and found else whole_number(asked or "")
    shown = next((one for one in found if one.run == number), None)
    if shown is None:
        raise Http404
    return public_result(found, shown)
