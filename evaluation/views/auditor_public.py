"""Published informes de gestión, without an account: the list, one of them, its files (act. 15; AZ12, AZ13)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import condition, require_safe

from evaluation.pages.auditor_public import public_year, public_years, published
from pes.access import public
from pes.documents.serving import PUBLIC_HEADERS, hand_over
from pes.public_pages import for_everybody, public_crumbs

LIST = "Informes de gestión"


@public
@require_safe
def management(request: HttpRequest) -> HttpResponse:
    """Every year with a published informe de gestión."""
    context = {"years": public_years(), "crumbs": public_crumbs((LIST, ""))}
    return for_everybody(request, render(request, "evaluation/auditor_public.html", context))


@public
@require_safe
def management_report(request: HttpRequest, entity: str, vigencia: int) -> HttpResponse:
    """One of them, to be read on the page; the newest public edition."""
    editions = list(published().filter(entity__code=entity, vigencia=vigencia))
    if not editions:
        raise Http404
    found = public_year(editions, whole=True)
    steps = public_crumbs((LIST, reverse("evaluation:public-management")), (str(vigencia), ""))
    context = {"report": found, "crumbs": steps}
    return for_everybody(request, render(request, "evaluation/auditor_public_report.html", context))


@public
@require_safe
def management_file(request: HttpRequest, entity: str, vigencia: int, edition: int, suffix: str) -> HttpResponseBase:
    """A file of a public edition; its digest is its ETag."""
    found = published().filter(entity__code=entity, vigencia=vigencia, edition=edition).first()
    if found is None or suffix not in found.suffixes:
        raise Http404
    tag, name = f'"{found.digest_of(suffix)}"', f"informe-de-gestion-{entity}-{vigencia}-edicion-{edition}"
    served = condition(etag_func=lambda request: tag)(lambda request: hand_over(found, suffix, name, PUBLIC_HEADERS))
    return served(request)
