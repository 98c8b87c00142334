"""Portal público: published reports, without an account (AZ12, AZ13)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from evaluation.pages.portal import public_report, published, sectors
from evaluation.views.reports import serve
from pes.access import public
from pes.documents.serving import PUBLIC_HEADERS
from pes.public_pages import for_everybody, public_crumbs


@public
@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    """Every published report, by sector."""
    return for_everybody(request, render(request, "evaluation/portal.html", {"sectors": sectors()}))


@public
@require_safe
def portal_report(request: HttpRequest, slug: str, kind: str, period: str) -> HttpResponse:
    """One published report, to be read on the page; the newest public edition."""
    editions = list(published().filter(plan__sector__code=slug, kind=kind, period=period))
    if not editions:
        raise Http404
    found = public_report(editions, whole=True)
    context = {"report": found, "sector": editions[0].plan.sector.name, "crumbs": public_crumbs((found.title, ""))}
    return for_everybody(request, render(request, "evaluation/portal_report.html", context))


@public
@require_safe
def portal_file(request: HttpRequest, slug: str, kind: str, period: str, edition: int, suffix: str) -> HttpResponseBase:
    """A file of a public edition; its digest is its ETag."""
    rows = published().filter(plan__sector__code=slug, kind=kind, period=period, edition=edition)
    found = rows.first()
    if found is None or suffix not in found.suffixes:
        raise Http404
    tag = f'"{found.digest_of(suffix)}"'
    return condition(etag_func=lambda request: tag)(lambda request: serve(found, suffix, PUBLIC_HEADERS))(request)
