"""The site with bare refusals: the tables ask thousands of them, and the page of each would carry the whole menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from pes.urls import handler500, urlpatterns

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]


def handler403(request: HttpRequest, exception: Any) -> HttpResponse:
    """Forbidden, and nothing else."""
    return HttpResponse(status=403)


def handler404(request: HttpRequest, exception: Any) -> HttpResponse:
    """Not found, and nothing else."""
    return HttpResponse(status=404)
