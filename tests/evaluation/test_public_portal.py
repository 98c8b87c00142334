"""What anybody may read without an account is found from the portal and from the foot of every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

pytestmark = [pytest.mark.django_db, pytest.mark.rule("AZ12")]
PORTAL = "/publico/"


def public_lists(patterns: list[Any], prefix: str = "/") -> Iterator[str]:
    """Addresses of what is public and needs to know nothing more."""
    for one in patterns:
        path = prefix + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from public_lists(one.url_patterns, path)
        elif path.startswith(PORTAL) and "<" not in path:
            yield path


def test_every_public_list_is_linked_from_the_portal_and_from_the_foot_of_every_page():
    wanted = set(public_lists(get_resolver().url_patterns)) - {PORTAL}
    page = Client().get(PORTAL).content.decode()
    main, foot = page.split("<footer", 1)

    assert {"/publico/rendicion/", "/publico/territorio/lecciones/"} <= wanted
    assert wanted - set(re.findall(r'href="([^"]+)"', main)) == set()
    assert wanted | {PORTAL} == set(re.findall(r'href="(/publico/[^"]*)"', foot))


def test_what_the_portal_leads_to_opens_without_an_account():
    statuses = {path: Client().get(path).status_code for path in public_lists(get_resolver().url_patterns)}

    assert set(statuses.values()) == {200}
