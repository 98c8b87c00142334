"""Every page a person can reach by links, at desktop and phone width: accessible, quiet, and no wider than its screen."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urldefrag, urlsplit

import pytest

from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.journey

PEOPLE = ["Jefe", "Administrador", "Directiv", "Enlace", None]  # None: a citizen without an account
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
# Records differ only by their number: two of a kind show the page.
SAME_KIND = 2
FILES = re.compile(r"/(descargar|archivo|exportar)/|\.(pdf|xlsx|zip)$|/evidencias/")


def links_of(page) -> list[str]:
    """Same-site addresses that the page links to, without fragments."""
    hrefs = page.eval_on_selector_all(
        "a[href]", "links => links.map(link => [link.href, link.hasAttribute('download')])"
    )
    here = urlsplit(page.url).netloc
    found = [urldefrag(href).url for href, is_file in hrefs if not is_file]
    return [href for href in found if urlsplit(href).netloc == here and not FILES.search(urlsplit(href).path)]


def kind_of(address: str) -> str:
    """An address with its numbers, codes and dates taken out."""
    parts = urlsplit(address)
    path = re.sub(r"/(?:[0-9][^/]*|[A-Z][^/]*|[^/]*\d[^/]*)(?=/)", "/…", parts.path)
    path = re.sub(r"(/sectores/)[^/]+", r"\1…", path)
    return path + "?" + ",".join(sorted(re.findall(r"([^&=]+)=", parts.query)))


def pages_from(page, start: str):
    """Walk breadth-first through every kind of page, yielding after each one is open."""
    seen: dict[str, int] = {}
    queue, queued = deque([start]), {start}
    while queue:
        address = queue.popleft()
        if seen.get(kind_of(address), 0) >= SAME_KIND:
            continue
        seen[kind_of(address)] = seen.get(kind_of(address), 0) + 1
        response = page.goto(address)
        assert response.status == 200, f"{address}: {response.status}"
        yield address
        for link in links_of(page):
            if link not in queued:
                queued.add(link)
                queue.append(link)


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_is_accessible_and_fits_its_screen(visit, axe, site, role, size):
    visitor = visit(size)
    page = visitor.enter_as(role) if role else visitor.goto("/publico/")
    violations, too_wide, count = [], [], 0

    for address in pages_from(page, page.url):
        count += 1
        for violation in axe.run(page, options={"runOnly": RULES["runOnly"]}).response["violations"]:
            targets = [node["target"] for node in violation["nodes"]][:3]
            violations.append(f"{address}: {violation['id']} {violation['help']} {targets}")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            too_wide.append(address)

    assert violations == []
    assert too_wide == []
    assert count >= (5 if role else 2)
