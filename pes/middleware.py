"""What every request passes: health, idle sessions, second factor, default deny."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from pes.models import Membership
from pes.permissions import ROLES

log = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponse]
LAST_SEEN = "last_seen_at"
SECOND_FACTOR_ROLES = [role for role, definition in ROLES.items() if definition.needs_second_factor]


def health(get_response: Next) -> Next:
    """Answer /salud/ before host and SSL checks, so that a container can ask its own web server."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path != "/salud/":
            return get_response(request)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except Exception:
            log.exception("La base de datos no responde.")
            return HttpResponse("sin base de datos", status=503, content_type="text/plain; charset=utf-8")
        return HttpResponse("bien", content_type="text/plain; charset=utf-8")

    return middleware


def idle_session(get_response: Next) -> Next:
    """End a session that was idle too long (AU7); the page keeps what was typed and offers it after login."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            seen = request.session.get(LAST_SEEN, now)
            if now - seen > settings.SESSION_IDLE_SECONDS:
                logout(request)
            elif now - seen > 60 or LAST_SEEN not in request.session:
                request.session[LAST_SEEN] = now
        return get_response(request)

    return middleware


class SecondFactor:
    """People who decide or administer work only with a second factor (AU9); the demo counts as one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Send the person to set one up, except on the pages that do so."""
        user = request.user
        if not user.is_authenticated or settings.PES_DEMO or view.__module__.startswith("allauth."):
            return None
        if not (user.is_superuser or needs_second_factor(user)) or is_mfa_enabled(user):
            return None
        return redirect("mfa_index")


def needs_second_factor(user: Any) -> bool:
    """Whether a role in force today obliges the person to have a second factor."""
    in_force = Membership.objects.in_force(timezone.localdate())  # type: ignore[attr-defined]
    return bool(in_force.filter(user=user, role__in=SECOND_FACTOR_ROLES).exists())


class DefaultDeny:
    """A view of ours that declares no access policy is refused; login and second factor are allauth's."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Raise PermissionDenied for an undeclared view."""
        if not hasattr(view, "access_policy") and not view.__module__.startswith("allauth."):
            log.error("La vista %s.%s no declara su permiso.", view.__module__, view.__name__)
            raise PermissionDenied("Esta página no declara quién puede verla.")
