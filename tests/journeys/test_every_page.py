"""Every page a person can reach by links, at desktop and phone width: accessible, quiet, and no wider than its screen."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import parse_qs, urldefrag, urlsplit

import pytest
from django.urls import resolve

from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.journey

# Who walks, and how many records of a kind show the page. None is a citizen.
PEOPLE = [("Jefe", 2), ("Administrador", 2), ("Directiv", 1), ("Enlace", 1), (None, 2)]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
AXE_RUN = """async rules => {
  const answer = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
  return answer.violations;
}"""
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
    """The view that answers, and the names of what is asked of it: its records differ only by their key."""
    parts = urlsplit(address)
    return f"{resolve(parts.path).view_name}?{','.join(sorted(parse_qs(parts.query)))}"


def pages_from(page, start: str, same_kind: int = 2):
    """Walk breadth-first through every kind of page, yielding after each one is open."""
    seen: dict[str, int] = {}
    queue, queued = deque([start]), {start}
    while queue:
        address = queue.popleft()
        if seen.get(kind_of(address), 0) >= same_kind:
            continue
        seen[kind_of(address)] = seen.get(kind_of(address), 0) + 1
        response = page.goto(address)
        assert response.status == 200, f"{address}: {response.status}"
        yield address
        for link in links_of(page):
            if link not in queued:
                queued.add(link)
                queue.append(link)


def complaints_about(page, axe) -> list[str]:
    """What is wrong with the open page at each width."""
    page.evaluate(axe.axe_script)
    wrong = []
    for name, (width, height) in {"desktop": DESKTOP, "phone": PHONE}.items():
        page.set_viewport_size({"width": width, "height": height})
        where = f"{page.url} ({name})"
        for violation in page.evaluate(AXE_RUN, RULES):
            targets = [node["target"] for node in violation["nodes"]][:3]
            wrong.append(f"{where}: {violation['id']} {violation['help']} {targets}")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{where}: wider than the screen")
    return wrong


@pytest.mark.parametrize(("role", "same_kind"), PEOPLE, ids=[role or "citizen" for role, _ in PEOPLE])
def test_every_page_is_accessible_and_fits_its_screen(visit, axe, role, same_kind):
    visitor = visit()
    page = visitor.enter_as(role) if role else visitor.goto("/publico/")

    wrong, kinds = [], set()
    for address in pages_from(page, page.url, same_kind):
        kinds.add(kind_of(address))
        wrong += complaints_about(page, axe)

    assert wrong == []
    assert len(kinds) >= (15 if role else 1)
