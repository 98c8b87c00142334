"""Mi trabajo, the door of the administration, and why a second factor is asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pes import registry
from pes.access import authenticated, before_second_factor
from pes.dates import countdown, long_date
from pes.middleware import needs_second_factor
from pes.providers import administration_sections


@require_safe
@authenticated
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person, oldest first; nothing else."""
    found = sorted(registry.collect("inbox", request.user), key=_age)
    today = timezone.localdate()
    doors = list(registry.collect("home_doors", request.user))
    return render(request, "pes/home.html", {"items": [_shown(item, today) for item in found], "doors": doors})


@require_safe
@authenticated
def administration(request: HttpRequest) -> HttpResponse:
    """What this person may administer; 403 for who administers nothing."""
    sections = administration_sections(request.user)
    if not sections:
        raise PermissionDenied("Usted no administra nada.")
    return render(request, "pes/administration/index.html", {"sections": sections})


@require_safe
@before_second_factor
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why a second factor is needed, and where to set it up (AU9)."""
    is_set = is_mfa_enabled(request.user)
    needed = request.user.is_superuser or needs_second_factor(request.user)
    context = {"is_set": is_set, "is_needed": needed and not settings.PES_DEMO}
    return render(request, "pes/second_factor.html", context)


def _age(item: dict[str, Any]) -> tuple[date, date]:
    """Oldest first; what does not say since when goes by its due date, then last."""
    far = date.max
    return item.get("since") or item.get("due_on") or far, item.get("due_on") or far


def _shown(item: dict[str, Any], today: date) -> dict[str, Any]:
    due = item.get("due_on")
    since = item.get("since")
    shown = {"title": item["title"], "detail": item.get("detail", ""), "url": item["url"], "kind": item.get("kind", "")}
    return shown | {
        "due": long_date(due) if due else "",
        "since": f"Desde el {long_date(since)}" if since else "",
        "countdown": countdown(due, today) if due else "",
        "tone": "neutral" if due is None else "risk" if due < today else "warn" if (due - today).days <= 5 else "info",
    }
