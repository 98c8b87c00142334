"""Nothing is open by accident: every view of ours says who may use it, and nobody enters without an account.

Cases AZ1 and AZ12 in their simplest form; who may do what once inside is tested with each view.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.urls.converters import IntConverter, UUIDConverter

from pes.access import AUTHENTICATED, PUBLIC, WITHOUT_SECOND_FACTOR
from pes.permissions import Permission
from tests.repository.tree import APPS

LIBRARIES = ("allauth.",)  # closed or rate-limited by themselves, and listed nowhere else


def routes(patterns: list[Any], prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Every route of a URLconf with a path that reaches it."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, prefix + _sample(entry))
        else:
            yield prefix + _sample(entry), entry


def _sample(entry: URLPattern | URLResolver) -> str:
    text = str(entry.pattern)
    for name, converter in entry.pattern.converters.items():
        value: Any = "x"
        if isinstance(converter, IntConverter):
            value = 1
        elif isinstance(converter, UUIDConverter):
            value = uuid.UUID(int=1)
        elif "year" in type(converter).__name__.lower() or "vigencia" in name:
            value = 2022
        start, end = next((i, text.index(">", i) + 1) for i in range(len(text)) if text.startswith("<", i))
        words = converter.to_url(value)
        if not re.fullmatch(converter.regex, words):  # a converter of ours: its first alternative
            words = converter.regex.split("|")[0]
        text = f"{text[:start]}{words}{text[end:]}"
    return text


def undeclared(callback: Callable[..., Any]) -> str:
    """Complaint about a view that does not say who may use it; empty when it does."""
    name = f"{callback.__module__}.{getattr(callback, '__qualname__', callback)}"
    if callback.__module__.split(".")[0] in APPS:
        policy = getattr(callback, "access_policy", None)
        if not isinstance(policy, Permission) and policy not in {PUBLIC, AUTHENTICATED, WITHOUT_SECOND_FACTOR}:
            return f"{name} declares no access"
        open_to_all = not getattr(callback, "login_required", True)
        return "" if open_to_all == (policy == PUBLIC) else f"{name} says {policy} and does otherwise"
    return "" if callback.__module__.startswith(LIBRARIES) else f"{name} is neither ours nor of a known library"


def all_routes() -> list[tuple[str, URLPattern]]:
    """Every route of the site."""
    return list(routes(get_resolver().url_patterns))


def test_every_view_declares_who_may_use_it() -> None:
    complaints = {undeclared(route.callback) for _, route in all_routes()}

    assert complaints <= {""}


def test_the_site_has_views_of_its_own() -> None:
    assert any(route.callback.__module__.split(".")[0] in APPS for _, route in all_routes())


@pytest.mark.django_db
def test_nobody_enters_without_an_account() -> None:
    closed = [
        address
        for address, route in all_routes()
        if route.callback.__module__.split(".")[0] in APPS and route.callback.access_policy != PUBLIC
    ]

    answers = {address: Client().get(address) for address in closed}

    assert {address: answer.status_code for address, answer in answers.items() if not _is_to_login(answer)} == {}


def _is_to_login(response: HttpResponse) -> bool:
    """Sent to the login page, or refused; a sample address that no route takes is not found, and harmless."""
    refused = response.status_code in {401, 403} or response.resolver_match is None
    return refused or (response.status_code == 302 and response["Location"].startswith(resolve_url(settings.LOGIN_URL)))


def test_the_middleware_closes_what_forgets_to_declare() -> None:
    required = {
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
        "pes.middleware.DefaultDeny",
        "django.middleware.csrf.CsrfViewMiddleware",
    }

    assert required <= set(settings.MIDDLEWARE)


def _ours(policy: object = None, *, login_required: bool = True) -> Callable[..., Any]:
    def view(request: Any) -> None:
        return None

    view.__module__ = "plans.views.goals"
    view.login_required = login_required
    if policy:
        view.access_policy = policy
    return view


def test_an_undeclared_view_is_found() -> None:
    assert undeclared(_ours())
    assert undeclared(_ours("anybody"))
    assert undeclared(Client)
    assert undeclared(_ours(AUTHENTICATED, login_required=False))
    assert undeclared(_ours(PUBLIC))
    assert not undeclared(_ours(PUBLIC, login_required=False))
    assert not undeclared(_ours(Permission.PES_READ))


def test_routes_are_walked_to_the_leaves() -> None:
    leaf = path("metas/<int:pk>/", _ours())
    nested = [path("planes/<uuid:plan>/", ([leaf], "plans", "plans"))]

    assert [address for address, _ in routes(nested)] == [f"/planes/{uuid.UUID(int=1)}/metas/1/"]
