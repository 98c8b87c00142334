"""What a page must look like to anybody: accessible, and no wider than its screen; PES_SHOTS names a folder to keep it in."""

from __future__ import annotations

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import DESKTOP, PHONE

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
AXE_RUN = """async rules => {
  const answer = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
  return answer.violations;
}"""


def complaints_about(page: Page, axe: Axe) -> list[str]:
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


def expect_well_made(page: Page, axe: Axe, name: str) -> None:
    """The page as it stands now, with what somebody has done to it, at both widths."""
    keep(page, name)
    assert complaints_about(page, axe) == []
    keep(page, f"{name}-phone")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def keep(page: Page, name: str) -> None:
    """A picture of the whole page, when somebody wants to look at the journey."""
    if folder := os.environ.get("PES_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
