"""Without JavaScript, and without a mouse: everything still works."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey
SECTOR = "/sectores/gestion-publica"


def test_figures_are_read_and_chosen_without_javascript(visit):
    visitor = visit(java_script_enabled=False)
    page = visitor.enter_as("Directiv")
    visitor.goto(f"{SECTOR}/tablero/")

    expect(page.locator(".hero")).to_contain_text("37,20")
    page.locator("select[name=vigencia]").select_option("2021")
    page.locator("form:has(select[name=vigencia]) button").click()
    expect(page.get_by_role("main")).to_contain_text("La vigencia no tiene cortes")


def test_a_measurement_is_registered_without_javascript(visit):
    visitor = visit(java_script_enabled=False)
    page = visitor.enter_as("Enlace")
    visitor.goto(f"{SECTOR}/indicadores/466/mediciones/nueva/")
    page.get_by_label("Fecha de corte").fill("2022-05-31")
    page.get_by_label("Ejecutado").fill("0,5")
    page.get_by_label("Enlace").fill("https://ejemplo.invalid/acta")

    page.get_by_role("button", name="Guardar medición").click()

    expect(page.locator("#mensajes")).to_contain_text("registrada")
    expect(page.get_by_role("main")).to_contain_text("No custodiado")


def test_the_helpers_of_weights_work_without_javascript(visit):
    visitor = visit(java_script_enabled=False)
    page = visitor.enter_as("Analista")
    visitor.goto(f"{SECTOR}/ponderacion/2023/3/")

    page.get_by_role("button", name="Iguales").click()
    expect(page.locator("#id_peso-543")).to_have_value("16,67")
    page.get_by_role("button", name="Guardar ponderaciones").click()

    expect(page.locator("#mensajes")).to_contain_text("Ponderaciones guardadas.")


def test_a_report_is_asked_for_and_found_without_javascript(visit):
    visitor = visit(java_script_enabled=False)
    page = visitor.enter_as("Analista")
    visitor.goto(f"{SECTOR}/informes/mensual/2022-03/")
    page.get_by_role("button", name="Generar otro borrador").click()

    for _ in range(60):
        if page.get_by_role("link", name="Abrir el informe").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    page.get_by_role("link", name="Abrir el informe").click()

    expect(page.locator(".document")).to_contain_text("marzo de 2022")


def tab_to(page: Page, words: str, presses: int = 80) -> None:
    """Press Tab until the focus is on an element that says some words; it must be seen at every step."""
    for _ in range(presses):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["visible"], f"the focus is not seen on: {focus['says']}"
        if words in focus["says"]:
            return
    pytest.fail(f"Tab never reached {words}")


# What is focused, and whether it is drawn inside the window with an outline (or a frame) of its own.
FOCUS = """() => {
  const box = document.activeElement, style = getComputedStyle(box), place = box.getBoundingClientRect();
  const inside = place.width > 0 && place.height > 0 && place.bottom > 0 && place.top < innerHeight;
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  const says = (box.getAttribute("aria-label") || box.innerText || box.name || box.tagName).trim();
  return {says, visible: box === document.body || (inside && (outlined || style.boxShadow !== "none"))};
}"""


def test_from_the_door_to_an_objective_with_the_keyboard_only(visit):
    visitor = visit()
    page = visitor.goto("/")
    tab_to(page, "Directiv")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mi trabajo")

    tab_to(page, "Tablero")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sector Gestión Pública")

    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS) == {"says": "Saltar al contenido", "visible": True}
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenido"
    tab_to(page, "Posicionar un modelo de gobierno abierto")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Objetivo 3")
