"""The site, and two pages to measure against: same middleware, session, person, one query and a template."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Template
from django.template.context import Context
from django.urls import path
from django.views.decorators.http import require_safe

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


urlpatterns = [path("desnuda/", bare), path("vacia/", framed), *site]
