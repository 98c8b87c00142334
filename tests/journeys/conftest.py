"""Debian's Chromium, and sites for it to walk through: each file of journeys has a demonstration of its own."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.journeys.sites import Store, shared

DESKTOP, PHONE = (1280, 900), (390, 844)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]
# The browser reports every answer above 399; these say what to change in a form, or that a link was used already.
ANSWERS = re.compile(r"the server responded with a status of (409|410|422)")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A demonstration as `manage.py demo` leaves it, to be copied: one for all workers of the run."""
    temporary = tmp_path_factory.getbasetemp()
    folder = (temporary.parent if os.environ.get("PYTEST_XDIST_WORKER") else temporary) / "prepared"
    with shared(folder, lambda store: store.manage("demo", "--no-serve")) as store:
        yield store


@pytest.fixture(scope="module")
def site(prepared: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a demonstration that only this file of journeys changes."""
    store = prepared.copy(tmp_path_factory.mktemp("demo"))
    with store.served() as address:
        yield address
    store.drop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "chromium is missing: `make e2e` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield browser
        browser.close()


class Visitor:
    """A person at a screen: a browser context, and what went wrong in its pages."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context, self.site = context, site
        self.complaints: list[str] = []
        self.page = self.open_tab()

    def open_tab(self) -> Page:
        """Another tab of the same browser."""
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not ANSWERS.search(message.text):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def goto(self, path: str) -> Page:
        """Open a path of the site."""
        self.page.goto(self.site + path)
        return self.page

    def enter_as(self, role: str) -> Page:
        """Log in with one click as the demonstration's person of a role."""
        self.goto("/demo/")
        self.page.get_by_role("button", name=re.compile(role)).first.click()
        self.page.wait_for_url(lambda url: "/demo" not in url)
        return self.page


@pytest.fixture
def visit_site(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open a site in a fresh browser context; at the end no page may have complained."""
    visitors: list[Visitor] = []

    def open_at(site: str, size: tuple[int, int] = DESKTOP, **options: object) -> Visitor:
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, locale="es-CO", **options)
        visitors.append(Visitor(context, site))
        return visitors[-1]

    yield open_at
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []


@pytest.fixture
def visit(visit_site: Callable[..., Visitor], site: str) -> Callable[..., Visitor]:
    """Open this file's demonstration in a fresh browser context."""
    return lambda size=DESKTOP, **options: visit_site(site, size, **options)


@pytest.fixture(scope="session")
def axe() -> Axe:
    """The accessibility rules."""
    return Axe()
