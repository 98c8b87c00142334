"""The head of the planning office: consolidates what others measured, issues the report once, and publishes it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey
SECTOR = "/sectores/gestion-publica"
STAFF = ["Amapola", "Olinda", "@demo.invalid"]  # who issued, who measured, and everybody's addresses


def test_a_cutoff_goes_from_measured_to_published(visit):
    liaison, chief = visit(), visit()
    measure(liaison, "543", "12,75")

    page = chief.enter_as("Jefe")
    wait_for(page, chief.site + "/", "Consolidar el corte del 30 de junio de 2022")
    page.get_by_role("link", name="Consolidar el corte del 30 de junio de 2022").click()
    card = page.locator(".card").filter(has_text="30 de junio de 2022").first
    card.locator("summary").filter(has_text="Consolidar").click()
    card.get_by_role("button", name="Sí, consolidar").click()
    expect(page.locator("#mensajes")).to_contain_text("Corte del 30 de junio de 2022 consolidado")

    chief.goto(f"{SECTOR}/informes/mensual/2022-06/")
    page.get_by_role("button", name="Emitir el informe").dblclick()
    page.wait_for_url("**/trabajos/**")
    page.get_by_role("link", name="Abrir el informe").click(timeout=60_000)
    editions = page.locator(".card").filter(has=page.get_by_role("heading", name="Ediciones"))
    expect(editions.get_by_role("listitem")).to_have_count(1)

    expect(visit().goto("/publico/").get_by_role("main")).not_to_contain_text("junio de 2022")
    editions.locator("summary").filter(has_text="Publicar").click()
    editions.get_by_role("button", name="Sí, publicar").click()
    expect(page.locator("#mensajes")).to_contain_text("portal público")

    read_as_a_citizen(visit().goto("/publico/"))


def read_as_a_citizen(page: Page) -> None:
    """Find the report, read it and take it home; nobody's name is in it."""
    page.get_by_role("link", name="junio de 2022").first.click()
    text = page.content()
    assert [name for name in STAFF if name in text] == []
    with page.expect_download() as waiting:
        page.locator("a.download").filter(has_text="XLSX").first.click()
    book = load_workbook(BytesIO(Path(waiting.value.path()).read_bytes()), read_only=True)
    cells = " ".join(str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row)
    assert "543" in cells
    assert [name for name in STAFF if name in cells] == []
    with page.expect_download() as waiting:
        page.locator("a.download").filter(has_text="PDF").first.click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")


def test_who_measured_does_not_consolidate(visit):
    """AZ4: the button is there, disabled, and says why."""
    chief = visit()
    measure(chief, "644", "30", role="Jefe", on="2022-09-30")

    page = chief.goto(f"{SECTOR}/cortes/")
    wait_for(page, f"{chief.site}{SECTOR}/cortes/", "30 de septiembre de 2022")

    card = page.locator(".card").filter(has_text="30 de septiembre de 2022").first
    expect(card.get_by_role("button", name="Consolidar")).to_have_attribute("aria-disabled", "true")
    expect(card).to_contain_text("quien registra no aprueba")


def measure(visitor, key: str, achieved: str, *, role: str = "Enlace", on: str = "2022-06-30") -> None:
    """Register a measurement as somebody."""
    page = visitor.enter_as(role)
    visitor.goto(f"{SECTOR}/indicadores/{key}/mediciones/nueva/")
    page.get_by_label("Fecha de corte").fill(on)
    page.get_by_label("Ejecutado").fill(achieved)
    page.get_by_role("button", name="Guardar medición").click()
    expect(page.locator("#mensajes")).to_contain_text("registrada")


def wait_for(page: Page, address: str, words: str) -> None:
    """Open an address, again until a job has made it say something."""
    for _ in range(120):
        page.goto(address)
        if words in page.get_by_role("main").inner_text():
            return
        page.wait_for_timeout(250)
    pytest.fail(f"{address} never said {words}")
