"""The site, and what to measure against: same middleware, session and person, one query and a template; a bare act."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import Template
from django.template.context import Context
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from benchmarks.bare import bare_submission
from pes.access import authenticated
from pes.models import OrganizationUnit
from pes.urls import urlpatterns as site

PAGE = "<!doctype html><title>PES</title><p>{{ name }} · {{ person.full_name }}</p>"


@cache
def template() -> Template:
    """Parsed once, as the cached loader does."""
    return Template(PAGE)


@require_safe
@authenticated
def bare(request: HttpRequest) -> HttpResponse:
    """The least an authenticated page can do: not even the menu."""
    name = OrganizationUnit.objects.values_list("name", flat=True).get(pk=1)
    return HttpResponse(template().render(Context({"name": name, "person": request.user})))


@require_safe
@authenticated
def framed(request: HttpRequest) -> HttpResponse:
    """The same inside the frame of the site: styles, menu and account, and nothing in it."""
    name = OrganizationUnit.objects.values_list("name", flat=True).get(pk=1)
    return render(request, "base.html", {"name": name})


@require_POST
@authenticated
def bare_act(request: HttpRequest, report: int) -> HttpResponse:
    """The least that sending a report can be."""
    bare_submission(report, request.user.pk)
    return redirect("/desnuda/")


urlpatterns = [
    path("desnuda/", bare),
    path("desnuda/enviar/<int:report>/", bare_act),
    path("vacia/", framed),
    *site,
]
