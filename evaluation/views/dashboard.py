"""Tablero del sector."""

from __future__ import annotations

import hashlib

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from evaluation.pages.dashboard import dashboard_page
from evaluation.pages.selection import Selection, seen_plans, select
from pes.access import requires
from pes.permissions import Permission

FRAGMENT_SECONDS = 600
#: Names and texts may be edited without a new version of the cut-off; they reach the page within this time.
TEXTS_SECONDS = 300


@require_safe
@requires(Permission.PES_READ)
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """How the sector stands; unchanged it answers 304, or puts a stored fragment into the person's frame."""
    plans = [plan for plan in seen_plans(request) if plan.sector.code == slug]
    if not plans:
        raise Http404
    selection = select(request.user, slug, request.GET, plans)
    tag = None if len(get_messages(request)) else _tag(request, selection)
    unchanged = get_conditional_response(request, etag=tag) if tag else None
    if unchanged is not None:
        return unchanged
    response = render(request, "evaluation/dashboard.html", {"selection": selection, "body": _body(selection)})
    response["Cache-Control"] = "private, no-cache"
    if tag:
        response["ETag"] = tag
    return response


def _version(selection: Selection) -> str:
    """What the figures depend on: the cut-off's version, and the clock's for names and texts."""
    chosen = selection.chosen
    moment = int(timezone.now().timestamp()) // TEXTS_SECONDS
    return f"{selection.plan.pk}.{selection.vigencia}.{chosen.pk}.{chosen.version}.{moment}" if chosen else ""


def _tag(request: HttpRequest, selection: Selection) -> str | None:
    """Weak ETag of the whole page: its version, who reads it and the session's CSRF secret."""
    if selection.chosen is None:
        return None
    get_token(request)  # so that the session's CSRF secret is known before the page asks for it
    frame = f"{_version(selection)}|{request.user.pk}|{request.META['CSRF_COOKIE']}"
    return f'W/"{hashlib.sha256(frame.encode()).hexdigest()[:32]}"'


def _body(selection: Selection) -> str:
    """The rendered figures, shared by everybody who may see the sector."""
    if selection.chosen is None:
        return ""
    key = f"dashboard:{_version(selection)}"
    body = cache.get(key)
    if body is None:
        body = render_to_string("evaluation/dashboard_body.html", {"page": dashboard_page(selection)})
        cache.set(key, body, FRAGMENT_SECONDS)
    return body
