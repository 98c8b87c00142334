"""Adopted PES, without an account: the list, one to be read, its files and its act (LC-06; AZ12)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import condition, require_safe

from pes.access import public
from pes.approval.public import files_by_adoption, public_adoptions, public_pes, public_plans
from pes.documents.serving import REPLACEABLE_HEADERS, hand_over, preview
from pes.files.stored import download, is_whole
from pes.models import VersionFiles
from pes.public_pages import for_everybody, public_crumbs

LIST = "Planes estratégicos sectoriales"


@public
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Every adopted PES, by sector, with the act and its validity."""
    context = {"sectors": public_plans(timezone.localdate()), "crumbs": public_crumbs((LIST, ""))}
    return for_everybody(request, render(request, "pes/approval/public_list.html", context))


@public
@require_safe
def plan(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """One adopted PES, to be read on the page, with its files and its act."""
    rows = list(public_adoptions().filter(plan__sector__code=slug, plan__first_vigencia=first))
    if not rows:
        raise Http404
    files = files_by_adoption(one.pk for one in rows)
    found = public_pes(rows, timezone.localdate(), files)
    steps = public_crumbs((LIST, reverse("pes:public-pes-list")), (f"{found.sector} {found.period}", ""))
    context = {"pes": found, "document": preview(files.get(found.current.pk)), "crumbs": steps}
    return for_everybody(request, render(request, "pes/approval/public_plan.html", context))


@public
@require_safe
def plan_file(request: HttpRequest, slug: str, first: int, pk: int, suffix: str) -> HttpResponseBase:
    """A file of an adopted version; its digest is its ETag."""
    place = {"adoption__plan__sector__code": slug, "adoption__plan__first_vigencia": first}
    found = get_object_or_404(VersionFiles.objects.standing(), adoption=pk, **place)
    if suffix not in found.suffixes:
        raise Http404
    tag, name = f'"{found.digest_of(suffix)}"', f"pes-{slug}-{first}-adoptado"
    return _asked_again(request, tag, lambda request: hand_over(found, suffix, name, REPLACEABLE_HEADERS))


@public
@require_safe
def act_file(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponseBase:
    """The file of the act of an adoption; one that is not as it came is not handed over."""
    rows = public_adoptions().filter(plan__sector__code=slug, plan__first_vigencia=first)
    kept = get_object_or_404(rows, pk=pk).act.file
    if kept is None or not is_whole(kept):
        raise Http404("El acto no tiene archivo.")
    return _asked_again(request, f'"{kept.sha256}"', lambda request: download(kept))


def _asked_again(request: HttpRequest, tag: str, serve: Callable[[HttpRequest], HttpResponseBase]) -> HttpResponseBase:
    """A file that a correction may replace, or that it is the one that was handed over already."""
    response = condition(etag_func=lambda request: tag)(serve)(request)
    for header, value in REPLACEABLE_HEADERS.items():
        response[header] = value
    return response
