"""What every page knows: the institution, the menu, whether this is the demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from pes import registry


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor for `base.html`."""
    user = getattr(request, "user", None)
    return {
        "institution": settings.PES_INSTITUTION,
        "demo": settings.PES_DEMO,
        "menu": menu(request) if user and user.is_authenticated else [],
    }


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Entries that the apps offer this person, the current one marked."""
    entries = list(registry.collect("menu", request))
    current = max((e["url"] for e in entries if request.path.startswith(e["url"])), key=len, default=None)
    return [entry | {"current": entry["url"] == current} for entry in entries]
