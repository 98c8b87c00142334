"""Every page a person can reach by links, at desktop and phone width: accessible, quiet, and no wider than its screen."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import parse_qs, urldefrag, urlsplit

import pytest
from django.urls import resolve

from tests.journeys.looks import complaints_about

pytestmark = pytest.mark.journey

STAFF = "(?!.*:(public|portal))"  # citizens walk the public ones
PLANS = "plans:(?!public)"
WORK = "(plans|tracking):(?!public)"  # plans and their quarterly reports
REPORTS = "tracking:"
RESULTS = "evaluation:(dashboard|standing|score|ranking|close)"
REGION = ".*:(territory|assistance|entity-products|product|perception|advisor-report|monitoring|rating)"
PHASES = (
    "pes:(?!public|home|territory)|evaluation:(cascade|viability|improvement|responsibles|agenda|bottleneck|action)"
)
OFFICE = "administration:|account|mfa|usersessions|pes:home"
# Who walks, how many records of a kind show the page, and in which part of the site. None is a citizen.
PEOPLE = [
    pytest.param("Jefe", 1, STAFF, id="Jefe"),
    pytest.param("Administrador", 2, OFFICE, id="Administrador"),
    pytest.param("Directiv", 1, STAFF, id="Directiv"),
    pytest.param("Enlace", 1, STAFF, id="Enlace"),
    pytest.param("Celeste", 1, WORK, id="lider-proceso"),
    pytest.param("Darío", 1, WORK, id="alcalde-local"),
    pytest.param("Emilia", 2, REPORTS, id="promotor"),
    pytest.param("Sabina", 1, WORK, id="analista-gobierno"),
    pytest.param("Yolanda", 1, WORK, id="area-central"),
    pytest.param("Abril", 1, RESULTS, id="directivo-gobierno"),
    pytest.param("Irene", 1, PLANS, id="concepto-local"),
    pytest.param("Wenceslao", 1, f"{PLANS}|{RESULTS}", id="comunicaciones"),
    pytest.param("Gardenia", 1, REGION, id="asesora"),
    pytest.param("Eulalia", 1, PHASES, id="enlace-gobierno"),
    pytest.param(None, 2, "", id="citizen"),
]
FILES = re.compile(
    r"/(descargar|archivos?|acto|exportar|pdf|docx|html|json)/|\.(pdf|xlsx|csv|json|zip|docx|ics)$|/evidencias/[0-9a-f-]+/$"
    r"|/rendicion/\d+/informe/(\d+/)?$"
)


def links_of(page) -> list[str]:
    """Same-site addresses that the page links to, without fragments."""
    hrefs = page.eval_on_selector_all(
        "a[href]", "links => links.map(link => [link.href, link.hasAttribute('download')])"
    )
    here = urlsplit(page.url).netloc
    found = [urldefrag(href).url for href, is_file in hrefs if not is_file]
    return [href for href in found if urlsplit(href).netloc == here and not FILES.search(urlsplit(href).path)]


def kind_of(address: str) -> str:
    """The view that answers, and what is asked of it: records differ by their key only, and an order by no row."""
    parts = urlsplit(address)
    asked = sorted(set(parse_qs(parts.query)) - {"orden"})
    return f"{resolve(parts.path).view_name}?{','.join(asked)}"


def pages_from(page, start: str, same_kind: int = 2, part: str = ""):
    """Walk breadth-first through every kind of page of a part of the site, yielding after each one is open."""
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
            if link not in queued and re.match(part, kind_of(link)):
                queued.add(link)
                queue.append(link)


@pytest.mark.parametrize(("role", "same_kind", "part"), PEOPLE)
def test_every_page_is_accessible_and_fits_its_screen(visit, axe, role, same_kind, part):
    visitor = visit()
    page = visitor.enter_as(role) if role else visitor.goto("/publico/")

    wrong, kinds = [], set()
    for address in pages_from(page, page.url, same_kind, part):
        kinds.add(kind_of(address))
        wrong += complaints_about(page, axe)

    assert wrong == []
    assert len(kinds) >= (15 if part == STAFF else 4)  # who gives opinions sees the requests only
