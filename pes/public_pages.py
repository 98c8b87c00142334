"""What pages without an account share: caches may keep them, unless they carry somebody's menu or a form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers

SECONDS = 300


def for_everybody(request: HttpRequest, response: HttpResponse, *, has_form: bool = False) -> HttpResponse:
    """Let everybody's caches keep what a visitor sees; never somebody's menu, nor the token of a form."""
    if request.user.is_authenticated or has_form:
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=SECONDS)
    patch_vary_headers(response, ["Cookie"])
    return response


def public_crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The path to a public page, from the portal down; the last step, this page, has no address."""
    path = [("Portal público", reverse("evaluation:portal")), *steps]
    return [{"label": label, "url": url} for label, url in path]
