"""What people do with a quarterly report, step by step, as the journeys tell it."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.plan_steps import LAST, PATIENCE, goal_card, told

ENTITY = "sdg"


def report_path(unit: str, quarter: int = 4, rest: str = "") -> str:
    """Address of a report of the year that ended, or of a page of it."""
    return f"/planes/{unit}/{LAST}/trimestres/{quarter}/{rest}"


def close_path(quarter: int, level: str = "local") -> str:
    """Address of the close of a quarter."""
    return f"/cierres/{ENTITY}/{LAST}/{quarter}/{level}/"


class Report:
    """The page of a report, under somebody's hands."""

    def __init__(self, visitor: Visitor, unit: str, quarter: int = 4) -> None:
        self.page = visitor.goto(report_path(unit, quarter))
        self.status = self.page.locator("[data-pes-report-status]")
        self.bar = self.page.locator("[data-pes-report-bar]")

    def box(self, goal: int, field: str) -> Locator:
        """Where something of a goal is written."""
        return self.page.locator(f"#m{goal}_{field}")

    def write(self, goal: int, **texts: str) -> None:
        """Write fields of a goal by their names and wait until the page says that they are kept."""
        for name, text in texts.items():
            self.box(goal, name).fill(text)
            self.page.keyboard.press("Tab")
        expect(self.status).to_contain_text(re.compile("Guardado a las|Todo está guardado"), timeout=PATIENCE)
        expect(goal_card(self.page, goal)).not_to_have_class(re.compile("is-unsaved"), timeout=PATIENCE)

    def figures(self, goal: int) -> Locator:
        """What the rules computed of a goal."""
        return goal_card(self.page, goal).locator("[data-pes-report-figures]")

    def prove(self, goal: int, address: str) -> None:
        """Prove a goal with a link."""
        place = self.page.locator(f"#m{goal}_evidence")
        place.locator("summary").filter(has_text="Aportar un enlace").click()
        place.get_by_label("Enlace", exact=True).fill(address)
        place.get_by_role("button", name="Aportar enlace").click()
        expect(place.locator("[data-pes-evidence-list]")).to_contain_text("No custodiado", timeout=PATIENCE)


def send(page: Page, again: bool = False) -> None:
    """From the report to the OAP: look at what goes, and send it."""
    label = "Enviar otra vez a la OAP" if again else "Enviar a la OAP"
    page.get_by_role("link", name=label, exact=True).click()
    page.get_by_role("button", name=label, exact=True).click()
    told(page, "Reporte enviado el")


def take(page: Page) -> None:
    """Begin the review of the report that is open."""
    page.get_by_role("button", name="Tomar para revisar").click()
    told(page, "suyo para revisarlo")


def unfold(page: Page, goal: int) -> Locator:
    """A goal of the review; those without findings are folded."""
    place = goal_card(page, goal)
    if (folded := place.locator(":scope > details:not([open]) > summary")).count():
        folded.click()
    return place


def correct(page: Page, goal: int, field: str, value: str, reason: str) -> None:
    """Leave a field of a goal as the OAP knows it to be, and say why."""
    place = unfold(page, goal)
    place.locator("summary").filter(has_text="Corregir un dato").click()
    place.get_by_label("Dato", exact=True).select_option(label=field)
    place.get_by_label("Dato corregido").fill(value)
    place.get_by_label("Motivo").fill(reason)
    place.get_by_role("button", name="Corregir con este motivo").click()


def extend(page: Page, to: date, reason: str) -> None:
    """Give a report more days."""
    page.get_by_role("link", name="Prorrogar el plazo").click()
    page.get_by_label("Nuevo vencimiento").fill(to.isoformat())
    page.get_by_label("Motivo").fill(reason)
    page.get_by_role("button", name="Prorrogar", exact=True).click()
