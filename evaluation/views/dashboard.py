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
from evaluation.pages.standing import SHOWN, standing_block
from evaluation.plan_standing import Reach, reach_of, standing_of
from pes.access import requires
from pes.permissions import Permission

FRAGMENT_SECONDS = 600
SECTOR_PARTS = ("evaluation/dashboard_top.html", "evaluation/dashboard_body.html")
PLAN_PARTS = ("evaluation/standing_totals.html", "evaluation/standing_block.html")
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
    reach = reach_of(request.user, selection.plan.sector, selection.vigencia)
    tag = None if len(get_messages(request)) else _tag(request, selection, reach)
    unchanged = get_conditional_response(request, etag=tag) if tag else None
    if unchanged is not None:
        return unchanged
    context = {"selection": selection, "body": _body(selection), "plans": _plans(request, selection, reach)}
    response = render(request, "evaluation/dashboard.html", context)
    response["Cache-Control"] = "private, no-cache"
    if tag:
        response["ETag"] = tag
    return response


def _moment() -> int:
    return int(timezone.now().timestamp()) // TEXTS_SECONDS


def _version(selection: Selection) -> str:
    """What the figures depend on: the cut-off's version, and the clock's for names and texts."""
    chosen, moment = selection.chosen, _moment()
    return f"{selection.plan.pk}.{selection.vigencia}.{chosen.pk}.{chosen.version}.{moment}" if chosen else ""


def _tag(request: HttpRequest, selection: Selection, reach: Reach) -> str | None:
    """Weak ETag of the whole page: its versions, who reads it and the session's CSRF secret.

    Without the whole sector in reach the plans that one sees change with one's roles, and the page is always made.
    """
    if selection.chosen is None or not reach.everything:
        return None
    get_token(request)  # so that the session's CSRF secret is known before the page asks for it
    frame = f"{_version(selection)}|{reach.version}|{request.user.pk}|{request.META['CSRF_COOKIE']}"
    return f'W/"{hashlib.sha256(frame.encode()).hexdigest()[:32]}"'


def _body(selection: Selection) -> list[str]:
    """The rendered figures, shared by everybody who may see the sector."""
    if selection.chosen is None:
        return []
    key = f"dashboard-parts:{_version(selection)}"
    body = cache.get(key)
    if body is None:
        page = {"page": dashboard_page(selection)}
        body = [render_to_string(part, page) for part in SECTOR_PARTS]
        cache.set(key, body, FRAGMENT_SECONDS)
    return list(body)


def _plans(request: HttpRequest, selection: Selection, reach: Reach) -> list[str]:
    """The rendered results of the plans, totals and units: shared by those who read the whole sector, made anew for who reads a part."""
    key = f"standing-parts:{reach.sector}.{reach.version}.{_moment()}"
    found = cache.get(key) if reach.everything else None
    if found is not None:
        return list(found)
    units = standing_of(request.user, reach.sector, selection.vigencia, timezone.localdate())
    block = standing_block(units, units[:SHOWN], selection.vigencia, selection.slug)
    found = [render_to_string(part, {"standing": block}) for part in PLAN_PARTS] if units else []
    if reach.everything:
        cache.set(key, found, FRAGMENT_SECONDS)
    return found
