"""The leader of a process proposes the goals of a year: the grid is as quick as a spreadsheet, and says what is wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.looks import expect_well_made
from tests.journeys.plan_steps import card, confirm, open_sheet, plan_path, told

pytestmark = pytest.mark.journey
# One row of a spreadsheet, from the column «Meta» to «Articulación», as Excel puts it on the clipboard.
PROPOSED = [
    "Publicar 12 boletines de seguimiento a los planes de gestión.", "2", "Técnica", "5", "Boletines publicados",
    "Boletines publicados en el trimestre", "", "Boletines", "Eficacia", "", "Suma", "3", "3", "3", "3", "12",
    "Boletín publicado", "Página web", "Enlace de publicación", "Oficina Asesora de Planeación", "", "MIPG",
]  # fmt: skip
TRAINED = [
    "Capacitar a 1.200 personas en formulación de planes.", "1", "Técnica", "5", "Personas capacitadas",
    "Personas capacitadas en el trimestre", "", "Personas", "Eficacia", "", "Suma", "300", "300", "300", "300", "1200",
    "Listado de asistencia", "Aplicativo de capacitaciones", "Listas firmadas", "Oficina Asesora de Planeación", "", "",
]  # fmt: skip


@pytest.mark.rule("PT-02", "PT-20", "PG-02", "W-02")
def test_a_draft_is_mended_by_the_fixes_that_the_panel_proposes(visit, axe):
    visitor = visit()
    page = visitor.enter_as("Celeste")
    visitor.goto(plan_path("PLE-PIN"))
    expect(page.get_by_role("button", name="Enviar a revisión")).to_have_attribute("aria-disabled", "true")
    expect(card(page, "Qué sigue")).to_contain_text("La suma de los trimestres es 90 y la magnitud 100: faltan 10.")
    sheet = open_sheet(visitor, "PLE-PIN")
    expect(sheet.panel).to_contain_text("4 por corregir")
    expect_well_made(page, axe, "grid-with-problems")

    sheet.remedy("Sumar 10 a T4")
    sheet.expect_cells(1, {"t4": "30"})
    sheet.remedy("Cambiar el tipo a Creciente")
    sheet.expect_cells(3, {"programming_type": "Creciente"})
    sheet.panel.get_by_role("link", name="Objetivo estratégico").click()
    expect(sheet.cell(2, "objective")).to_be_focused()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(sheet.cell(2, "objective")).to_contain_text("2. ")
    sheet.remedy("Repartir proporcionalmente")

    expect(sheet.sum).to_contain_text("100,00")
    expect(sheet.panel).to_contain_text("Lista para enviar")
    expect_well_made(page, axe, "grid-mended")
    visitor.goto(plan_path("PLE-PIN"))
    confirm(page, "Enviar a revisión", "Enviar a revisión")
    told(page, "revisión")
    expect(page.locator("main")).to_contain_text("En revisión")


def test_a_goal_is_typed_and_two_more_are_pasted_from_a_spreadsheet(visit, axe):
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    page = visitor.enter_as("Teófilo")
    sheet = open_sheet(visitor, "comunicacion-estrategica")

    sheet.at(1, "text")
    page.keyboard.press("Control+Enter")
    expect(sheet.rows).to_have_count(6)
    expect(sheet.cell(6, "text")).to_be_focused()
    page.keyboard.type("Redactar 4 guías de lenguaje claro.")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    sheet.type(6, "weight", "2,5")
    sheet.expect_cells(6, {"text": "Redactar 4 guías de lenguaje claro.", "weight": "2,50"})

    sheet.paste(6, "text", [PROPOSED, ["1.200" if text == "1200" else text for text in TRAINED]])
    page.get_by_role("button", name="Agregar 1 meta y pegar").click()
    notices = page.locator("[data-pes-grid-notices]")
    expect(notices).to_contain_text("«1.200» se puede leer como 1200 o como 1,200.")
    notices.get_by_role("button", name="Dejar como estaba").click()
    sheet.expect_cells(6, {"text": "Redactar 4 guías de lenguaje claro."})

    sheet.paste(6, "text", [PROPOSED, TRAINED])
    expect(page.get_by_role("dialog")).to_contain_text("El bloque tiene 1 fila más que el plan")
    page.get_by_role("button", name="Agregar 1 meta y pegar").click()
    sheet.expect_cells(7, {"t1": "300", "magnitude": "1.200", "programming_type": "Suma"})
    sheet.expect_cells(6, {"text": PROPOSED[0], "weight": "5,00", "magnitude": "12", "articulation": "MIPG"})
    expect(sheet.sum).to_contain_text("110,00")
    expect_well_made(page, axe, "grid-pasted")

    page.reload()  # what is seen is what was saved
    sheet.expect_cells(7, {"text": TRAINED[0], "magnitude": "1.200"})


def test_the_last_change_is_undone_and_a_row_goes_up(visit):
    visitor = visit()
    page = visitor.enter_as("Teófilo")
    sheet = open_sheet(visitor, "AL-12")
    before = sheet.cell(2, "text").inner_text()

    sheet.type(2, "text", "Otra meta.")
    sheet.expect_cells(2, {"text": "Otra meta."})
    sheet.at(2, "text")
    page.keyboard.press("Control+Z")
    sheet.expect_cells(2, {"text": before})

    sheet.at(3, "text")
    page.keyboard.press("Alt+ArrowUp")
    expect(sheet.rows.nth(1)).to_have_attribute("data-goal", "3")
    expect(sheet.cell(3, "text")).to_be_focused()
    page.reload()
    assert sheet.order()[:3] == ["1", "3", "2"]


def test_a_wrong_figure_is_refused_in_its_cell_and_nothing_typed_is_lost(visit, axe):
    visitor = visit()
    page = visitor.enter_as("Teófilo")
    sheet = open_sheet(visitor, "AL-20")

    sheet.type(1, "magnitude", "muchas")
    expect(sheet.cell(1, "magnitude")).to_have_attribute("aria-invalid", "true")
    expect(sheet.cell(1, "magnitude")).to_have_text("muchas")
    expect(page.locator("[data-pes-grid-notices]")).to_contain_text("Dejar como estaba")
    expect_well_made(page, axe, "grid-refused")
    sheet.type(1, "magnitude", "500")
    sheet.expect_cells(1, {"magnitude": "500"})
    expect(sheet.state).to_contain_text("Guardado")


def test_the_cells_of_the_leading_area_are_locked_and_say_why(visit):
    """PG-08, AZ3: who has a shared goal in the plan writes its own cells, not the common ones."""
    visitor = visit()
    page = visitor.enter_as("Teófilo")
    sheet = open_sheet(visitor, "AL-17")
    shared = page.locator("tr[data-goal]").filter(has_text="Meta compartida").first
    number = int(shared.get_attribute("data-goal"))
    before = sheet.cell(number, "text").inner_text()

    sheet.at(number, "text")
    page.keyboard.type("Mía")

    expect(page.locator("#sheet-line")).to_contain_text("área que lidera la meta compartida")
    expect(sheet.cell(number, "text")).to_have_text(before)
    sheet.type(number, "weight", "9")
    sheet.expect_cells(number, {"weight": "9,00"})
