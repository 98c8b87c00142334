"""A site as a newcomer starts it (`manage.py demo`), and Debian's Chromium to walk through it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.services import Postgres

ROOT = Path(__file__).resolve().parents[2]
DESKTOP, PHONE = (1280, 900), (390, 844)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]
START_SECONDS = 120


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a demonstration of its own, on the engine that PES_TEST_DB names."""
    folder = tmp_path_factory.mktemp("demo")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    postgres = Postgres().start() if os.environ.get("PES_TEST_DB", "postgres") == "postgres" else None
    url = postgres.url() if postgres else f"sqlite:///{folder / 'demo.sqlite3'}"
    own = {
        "DATABASE_URL": url,
        "MEDIA_ROOT": str(folder / "media"),
        "PES_VAR_DIR": str(folder / "var"),
        "PES_DEMO": "1",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env=os.environ | own,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/salud/", process, folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)
        if postgres:
            postgres.stop()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the demonstration did not answer: {log.read_text()[-3000:]}")


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
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def _heard(self, message: object) -> None:
        if message.type in {"error", "warning"}:  # type: ignore[attr-defined]
            self.complaints.append(f"{self.page.url}: {message.text}")  # type: ignore[attr-defined]

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
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Visitor]]:
    """Open the site in a fresh browser context; at the end no page may have complained."""
    visitors: list[Visitor] = []

    def open_at(size: tuple[int, int] = DESKTOP, **options: object) -> Visitor:
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, locale="es-CO", **options)
        visitors.append(Visitor(context, site))
        return visitors[-1]

    yield open_at
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe() -> Axe:
    """The accessibility rules."""
    return Axe()
