"""Two people in one section of the document: neither loses what the other put in, and the panel follows each save."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.looks import expect_well_made
from tests.journeys.pes_steps import pes_path

pytestmark = pytest.mark.journey
SECTION = "Articulación con el MIPG"
LIVE = "Tabla de datos: Programas del PDD"


@pytest.mark.rule("WF3", "LC-07")
def test_a_table_of_data_is_never_lost_in_silence_and_the_panel_says_when_a_section_may_be_ready(visit, axe):
    first, second = visit(), visit()
    there, here = opened(first, "Sabina"), opened(second, "Dionisio")
    expect(panel(there)).to_contain_text("Por empezar")
    expect(there.get_by_role("button", name="Dar por lista")).to_have_attribute("aria-disabled", "true")

    there.get_by_label("Tabla o figura de los datos").select_option(label="Programas del PDD")
    save(there)
    expect(there.locator(".paper-saved")).to_contain_text("Guardado")
    expect(panel(there)).to_contain_text("En redacción")

    write(here, "El modelo sostiene este plan.")
    save(here)
    asked = here.get_by_role("alert")
    expect(asked.locator("del")).to_have_text(LIVE)
    expect(panel(here)).to_contain_text("En redacción")
    expect_well_made(here, axe, "writing-conflict")
    asked.get_by_role("button", name="Quedarme con lo guardado").click()
    expect(here.locator(".paper-editor figure")).to_contain_text("Programas del PDD")

    write(here, "El modelo sostiene este plan.")
    save(here)
    expect(here.get_by_role("button", name="Dar por lista")).not_to_have_attribute("aria-disabled", "true")
    here.get_by_role("button", name="Dar por lista").click()
    expect(here.locator("main")).to_contain_text("está lista y no recibe cambios")
    expect(panel(here)).to_contain_text("Lista")


def opened(visitor: Visitor, person: str) -> Page:
    """The section as a person finds it in the document."""
    visitor.enter_as(person)
    page = visitor.goto(pes_path("gobierno", "documento/"))
    page.get_by_role("link", name=f"Escribir «{SECTION}»").click()
    return page


def panel(page: Page) -> Locator:
    """The state of the section, beside its text."""
    return page.locator('[data-pes-panel="state"]')


def write(page: Page, words: str) -> None:
    """Put words at the end of the section."""
    page.locator(".paper-editor").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def save(page: Page) -> None:
    """Without waiting for the pause after which it saves itself."""
    page.get_by_role("button", name="Guardar", exact=True).click()
