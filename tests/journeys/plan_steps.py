"""What people do with a plan de gestión, step by step, as the journeys tell it."""

from __future__ import annotations

import re
from datetime import date

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Visitor

# The demonstration has plans of the year to come and of the one that ended.
TODAY = timezone.localdate()
NEXT, LAST = TODAY.year + 1, TODAY.year - 1
PATIENCE = 20_000  # milliseconds


class Sheet:
    """The grid of a plan's goals, under somebody's hands."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.rows = page.locator("tr[data-goal]")
        self.state = page.locator("[data-pes-grid-state]")
        self.sum = page.locator("[data-pes-grid-sum]")
        self.panel = page.locator("[data-pes-grid-panel]")

    def cell(self, goal: int, field: str) -> Locator:
        """A cell by the number of its goal and the name of its column."""
        return self.page.locator(f'tr[data-goal="{goal}"] > [data-field="{field}"]')

    def at(self, goal: int, field: str) -> Locator:
        """Go to a cell with the mouse."""
        cell = self.cell(goal, field)
        cell.click()
        expect(cell).to_be_focused()
        return cell

    def type(self, goal: int, field: str, text: str, leave: str = "Enter") -> None:
        """Write over a cell, as in a spreadsheet: the first key replaces what it holds."""
        self.at(goal, field)
        self.page.keyboard.type(text)
        self.page.keyboard.press(leave)

    def paste(self, goal: int, field: str, rows: list[list[str]]) -> None:
        """Paste what a spreadsheet would leave on the clipboard, from a cell."""
        self.page.evaluate("text => navigator.clipboard.writeText(text)", "\n".join("\t".join(row) for row in rows))
        self.at(goal, field)
        self.page.keyboard.press("Control+V")

    def expect_cells(self, goal: int, texts: dict[str, str]) -> None:
        """What the cells of a goal say, once nothing waits to be saved."""
        for field, text in texts.items():
            expect(self.cell(goal, field)).to_have_text(text)
        expect(self.page.locator("td.is-unsaved")).to_have_count(0)

    def remedy(self, label: str) -> None:
        """Apply a proposed fix of the panel with one click."""
        self.panel.get_by_role("button", name=label, exact=True).click()

    def order(self) -> list[str]:
        """The numbers of the goals, from the top."""
        return self.rows.evaluate_all("rows => rows.map(row => row.dataset.goal)")


def plan_path(unit: str, vigencia: int = NEXT, rest: str = "") -> str:
    """Address of a plan, or of a page of it."""
    return f"/planes/{unit}/{vigencia}/{rest}"


def card(page: Page, title: str) -> Locator:
    """A card by its heading."""
    return page.locator(".card").filter(has=page.get_by_role("heading", name=title, exact=True)).first


def told(page: Page, words: str) -> None:
    """The message on top of the page after an act."""
    expect(page.locator("#mensajes")).to_contain_text(words, timeout=PATIENCE)


def confirm(page: Page, opens: str, does: str) -> None:
    """An act that asks once: open its question, and say yes."""
    page.locator("summary").filter(has_text=re.compile(f"^{re.escape(opens)}")).first.click()
    page.get_by_role("button", name=does, exact=True).last.click()


def open_sheet(visitor: Visitor, unit: str, vigencia: int = NEXT) -> Sheet:
    """The grid of a plan, ready for the keyboard."""
    page = visitor.goto(plan_path(unit, vigencia, "metas/"))
    expect(page.locator("table[role=grid]")).to_be_visible()
    return Sheet(page)


def goal_card(page: Page, number: int) -> Locator:
    """A goal on the review page, or on a public page."""
    return page.locator(f"#meta-{number}")


def observe(page: Page, goal: int, field: str, text: str) -> None:
    """Two clicks, as the analyst does it: open, write, register."""
    place = goal_card(page, goal)
    place.locator("summary").filter(has_text="Observar esta meta").click()
    place.get_by_label("Sobre").select_option(label=field)
    place.get_by_label("Observación", exact=True).fill(text)
    place.get_by_role("button", name="Registrar la observación").click()


def answer(page: Page, goal: int, text: str) -> None:
    """Answer the first thread of a goal that waits."""
    thread = goal_card(page, goal).locator("section").filter(has_text="Espera respuesta del equipo").first
    thread.get_by_label("Respuesta").fill(text)
    thread.get_by_role("button", name="Responder").click()


def fill_checklist(page: Page) -> None:
    """Answer «Cumple» to every question that a person answers."""
    box = page.locator("#lista")
    box.locator("summary").filter(has_text="Responder la lista").click()
    for choice in box.get_by_label("Cumple", exact=True).all():
        choice.check()
    box.get_by_role("button", name="Guardar la lista").click()


def set_term(page: Page, opens_on: date, closes_on: date) -> None:
    """The days of a consultation; those that have passed record one that was held elsewhere."""
    page.get_by_label("Abre").fill(opens_on.isoformat())
    page.get_by_label("Cierra").fill(closes_on.isoformat())
    page.get_by_label("Canales").fill("Encuentro en la Casa de la Participación")
    page.get_by_role("button", name="Guardar fechas").click()


def respond(page: Page, about: str, text: str) -> None:
    """Answer what a citizen said."""
    waiting = page.locator("[id^=aporte-]").filter(has_text=about)
    expect(waiting).to_contain_text("Por responder")
    waiting.locator("summary").filter(has_text="Responder").click()
    waiting.get_by_label("Respuesta", exact=True).fill(text)
    waiting.get_by_role("button", name="Publicar respuesta").click()


def make_official(page: Page, case: str, on: date) -> None:
    """Register the HOLA case on the plan's page, which makes it official (PG-06)."""
    page.get_by_label("Número del caso HOLA").fill(case)
    page.get_by_label("Fecha del caso").fill(on.isoformat())
    page.get_by_role("button", name="Oficializar").click()


def begin_request(
    visitor: Visitor, unit: str, vigencia: int, goal: int, does: str = "Preparar una modificación"
) -> Page:
    """From the sheet of a goal to a draft request about it."""
    page = visitor.goto(plan_path(unit, vigencia, f"metas/{goal}/"))
    page.get_by_role("link", name="Solicitar un cambio").click()
    page.get_by_role("button", name=does).click()
    page.wait_for_url("**/solicitudes/*/")
    return page


def write_request(page: Page, *, ground: str = "Ordinaria", office: str = "", **proposed: str) -> None:
    """Say why, and what would change, by the names of the boxes."""
    page.get_by_role("radio", name=re.compile(ground)).check()
    page.get_by_label("Justificación técnica o legal").fill("El proceso de contratación se adjudica más tarde.")
    page.get_by_label("Memorando o correo dirigido").fill("Memorando 20260001")
    if office:
        page.get_by_label("Dependencia que da el concepto local").select_option(label=office)
    for name, text in proposed.items():
        page.locator(f"#solicitud [name={name}]").fill(text)
    page.keyboard.press("Tab")


def criterion(page: Page, rule: str) -> Locator:
    """What the page says of a rule of policy 9."""
    return page.locator("#criterios li").filter(has=page.get_by_text(rule, exact=True))


def file_request(page: Page) -> None:
    """Send it to the head of the OAP."""
    page.get_by_role("button", name="Radicar la solicitud").click()


def give_opinion(visitor: Visitor, person: str, request: str, *, favourable: bool, text: str) -> Page:
    """Somebody who was asked says what they think; `request` is its address."""
    page = visitor.enter_as(person)
    page.goto(request)
    page.get_by_role("radio", name=re.compile("^Favorable$" if favourable else "Desfavorable")).check()
    page.get_by_label("En qué se basa").fill(text)
    page.get_by_label("Memorando o correo", exact=True).fill("Memorando 20260002")
    page.locator("button[type=submit]").filter(has_text="Emitir concepto").click()
    return page


def approve(visitor: Visitor, request: str) -> None:
    """The head of the OAP approves what was asked (PG-09i)."""
    page = visitor.enter_as("Amapola")
    page.goto(request)
    confirm(page, "Aprobar", "Sí, aprobar")
    told(page, "aprob")


def apply_change(page: Page, request: str, case: str) -> None:
    """The leader makes the adjusted version official (PG-09j)."""
    page.goto(request)
    page.get_by_label("Número del caso HOLA").fill(case)
    page.get_by_label("Fecha del caso").fill(TODAY.isoformat())
    page.get_by_role("button", name="Aplicar el cambio").click()
    told(page, "el plan tiene otra versión publicada")
