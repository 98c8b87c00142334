"""What every request passes: health, idle sessions, second factor, default deny."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from pes import audit, jobs
from pes.access import PUBLIC, WITHOUT_SECOND_FACTOR, roles_of
from pes.permissions import ROLES

log = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponse]
LAST_SEEN = "last_seen_at"
STARTED = "started_at"
BY_ITSELF = "X-PES-Poll"  # a page that asks what is new every few seconds: nobody did anything
# Addresses are the administration's business, accounts come by invitation, and nothing asks for a code by e-mail.
UNUSED_ALLAUTH_PAGES = frozenset(
    {"account_email", "account_email_verification_sent", "account_confirm_email", "account_confirm_login_code"}
)


def health(get_response: Next) -> Next:
    """Answer /salud/ and /salud/trabajos/ before host and SSL checks, so that a container can ask itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path not in HEALTH:
            return get_response(request)
        try:
            complaint = HEALTH[request.path]()
        except Exception:
            log.exception("La base de datos no responde.")
            complaint = "sin base de datos"
        status = 503 if complaint else 200
        return HttpResponse(complaint or "bien", status=status, content_type="text/plain; charset=utf-8")

    return middleware


def _database_complaint() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _jobs_complaint() -> str:
    stuck = jobs.stuck_jobs(timezone.now())
    return f"{stuck} trabajo(s) esperan más de diez minutos" if stuck else ""


HEALTH = {"/salud/": _database_complaint, "/salud/trabajos/": _jobs_complaint}


def clean_address(get_response: Next) -> Next:
    """Refuse an address with a NUL, which no page uses and PostgreSQL cannot hold, before it reaches a query."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponse("La dirección no es válida.", status=400, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return middleware


def only_sent(get_response: Next) -> Next:
    """Explain an address that only takes what a form sends, when somebody opens it: a refused form stays at its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.content or request.method not in {"GET", "HEAD"}:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    return middleware


def idle_session(get_response: Next) -> Next:
    """End a session that was idle too long or is too old, whatever was done in it (AU7); a page that polls is idle."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            seen = request.session.get(LAST_SEEN, now)
            started = request.session.get(STARTED, now)
            if now - seen > settings.SESSION_IDLE_SECONDS or now - started > settings.SESSION_COOKIE_AGE:
                logout(request)
                request.session_expired = True  # type: ignore[attr-defined]
            elif (now - seen > 60 and BY_ITSELF not in request.headers) or STARTED not in request.session:
                request.session.update({LAST_SEEN: now, STARTED: started})
        return get_response(request)

    return middleware


class ReturnToForm:
    """Without a session, send the person to log in and then back to a page that can be shown (AU7).

    What a POST carried stays in the browser as a draft; its address may accept no GET, so the way back is the page
    that held the form. A fragment asked for by htmx makes the whole page go to the login.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Redirect to the login page with the way back."""
        if request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        by_htmx = "HX-Request" in request.headers
        shown = request.method in {"GET", "HEAD"} and not by_htmx
        query = {"next": request.get_full_path() if shown else _form_page(request)}
        if getattr(request, "session_expired", False):
            query["motivo"] = "inactividad"
        target = f"{resolve_url(settings.LOGIN_URL)}?{urlencode(query)}"
        return HttpResponse(status=204, headers={"HX-Redirect": target}) if by_htmx else redirect(target)


def _form_page(request: HttpRequest) -> str:
    """Path of the page that sent the request, if it is ours; else the home page."""
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(came_from)
    return urlunsplit(("", "", parts.path, parts.query, ""))


class SecondFactor:
    """People who decide or administer work only with a second factor (AU9); the demo counts as one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Send the person to the page that explains it, except where the factor is set up."""
        user = request.user
        if not user.is_authenticated or settings.PES_DEMO or view.__module__.startswith("allauth."):
            return None
        policy = getattr(view, "access_policy", None)
        if policy == WITHOUT_SECOND_FACTOR or (policy == PUBLIC and request.method in {"GET", "HEAD"}):
            return None
        if not (user.is_superuser or needs_second_factor(user)) or is_mfa_enabled(user):
            return None
        return redirect("pes:second-factor")


def needs_second_factor(user: Any) -> bool:
    """Whether a role in force today obliges the person to have a second factor."""
    return any(ROLES[role].needs_second_factor for role in roles_of(user))


class DefaultDeny:
    """A view of ours that declares no access policy is refused; login and second factor are allauth's."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and keep a trace of what an identified person was refused or could not find (AZ2)."""
        response = self.get_response(request)
        if response.status_code in {403, 404} and request.resolver_match and request.user.is_authenticated:
            said = {"method": request.method, "path": request.path[:500], "status": response.status_code}
            audit.record("access_denied", None, by=request.user, after=said)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Raise PermissionDenied for an undeclared view, Http404 for allauth's pages that this site does not use."""
        if view.__module__.startswith("allauth."):
            if request.resolver_match and request.resolver_match.url_name in UNUSED_ALLAUTH_PAGES:
                raise Http404("Esta página no se usa aquí.")
        elif not hasattr(view, "access_policy"):
            log.error("La vista %s.%s no declara su permiso.", view.__module__, getattr(view, "__name__", view))
            raise PermissionDenied("Esta página no declara quién puede verla.")
