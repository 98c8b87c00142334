"""What every page knows: the institution, the menu, whether this is the demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url

from pes import access, registry
from pes.permissions import Role


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor for `base.html`."""
    user = getattr(request, "user", None)
    known = bool(user and user.is_authenticated)
    return {
        "institution": settings.PES_INSTITUTION,
        "demo": settings.PES_DEMO,
        "login_path": resolve_url(settings.LOGIN_URL),
        "menu": menu(request) if known else [],
        "role_label": role_label(user) if known else "",
    }


def role_label(user: Any) -> str:
    """The person's roles in force today, in Spanish."""
    held = access.roles_of(user)
    return " · ".join(role.label for role in Role if role in held)


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Entries that the apps offer this person, the current one marked."""
    entries = sorted(registry.collect("menu", request), key=lambda entry: entry.get("order", 50))
    current = max((e["url"] for e in entries if _leads_to(e["url"], request.path)), key=len, default=None)
    return [entry | {"current": entry["url"] == current} for entry in entries]


def _leads_to(url: str, path: str) -> bool:
    """Whether a page lies under a menu entry; the home page is only itself."""
    return path == url if url == "/" else path.startswith(url)
