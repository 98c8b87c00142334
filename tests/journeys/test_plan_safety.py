"""Nothing that is typed is lost: without JavaScript, with a colleague in the same cell, with a server that goes away."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looks import expect_well_made
from tests.journeys.plan_steps import Sheet, confirm, open_sheet, plan_path, told

pytestmark = pytest.mark.journey
LINES = {
    "text": "Redactar 4 guías de lenguaje claro durante la vigencia.",
    "weight": "10",
    "indicator": "Guías redactadas",
    "numerator": "Guías redactadas en el trimestre",
    "unit": "Guías",
    "t1": "1", "t2": "1", "t3": "1", "t4": "1", "magnitude": "4",
    "deliverable": "Guía publicada",
    "source": "Página web",
    "verification": "Enlace de publicación",
    "responsible": "Oficina Asesora de Comunicaciones",
}  # fmt: skip
CHOICES = {"kind": "Técnica", "indicator_type": "Eficacia", "programming_type": "Suma"}


def test_a_goal_is_written_in_its_form_and_the_plan_sent_without_javascript(visit):
    visitor = visit(java_script_enabled=False)
    page = visitor.enter_as("Teófilo")
    visitor.goto(plan_path("comunicacion-estrategica", rest="metas/"))
    page.get_by_role("button", name="Agregar meta").click()
    page.get_by_role("heading", level=1, name="Meta 6").wait_for()
    write_goal(page)
    told(page, "guardada")

    visitor.goto(plan_path("comunicacion-estrategica", rest="coherencia/"))
    expect(page.locator("main")).to_contain_text("Las ponderaciones suman 110,00 y deben sumar 100,00: sobran 10,00.")
    page.get_by_role("button", name="Repartir proporcionalmente").click()
    visitor.goto(plan_path("comunicacion-estrategica"))
    confirm(page, "Enviar a revisión", "Enviar a revisión")
    told(page, "revisión")


def write_goal(page: Page) -> None:
    """Every box of the form of a goal."""
    for name, text in LINES.items():
        page.locator(f"[name={name}]").fill(text)
    for name, label in CHOICES.items():
        page.locator(f"[name={name}]").select_option(label=label)
    page.locator("[name=objective]").select_option(index=1)
    page.get_by_role("button", name="Guardar meta").click()


def test_a_form_that_is_refused_keeps_what_was_typed_without_javascript(visit):
    visitor = visit(java_script_enabled=False)
    page = visitor.enter_as("Teófilo")
    visitor.goto(plan_path("AL-20", rest="metas/1/"))
    page.locator("[name=magnitude]").fill("muchas")
    page.locator("[name=deliverable]").fill("Relación de expedientes con su fecha")
    page.get_by_role("button", name="Guardar meta").click()

    expect(page.locator("main")).to_contain_text("«muchas» no es un número.")
    expect(page.locator("[name=deliverable]")).to_have_value("Relación de expedientes con su fecha")


@pytest.mark.rule("WF3")
def test_whoever_saves_second_sees_both_texts_and_chooses(visit, axe):
    first, second = visit(), visit()
    sheets = []
    for visitor in (first, second):
        visitor.enter_as("Teófilo")
        sheets.append(open_sheet(visitor, "AL-12"))
    mine, theirs = "Grupo de gestión policiva", "Despacho de la alcaldía"

    sheets[0].type(1, "responsible", theirs)
    sheets[0].expect_cells(1, {"responsible": theirs})
    sheets[1].type(1, "responsible", mine)

    question = second.page.get_by_role("dialog")
    expect(question).to_contain_text("Otra persona cambió «Dependencia responsable» de la meta 1")
    expect(question).to_contain_text(theirs)
    expect(question).to_contain_text(mine)
    expect_well_made(second.page, axe, "grid-conflict")
    question.get_by_role("button", name="Poner el mío").click()
    sheets[1].expect_cells(1, {"responsible": mine})
    first.page.reload()
    sheets[0].expect_cells(1, {"responsible": mine})


def test_what_was_typed_when_the_server_went_away_is_offered_again(prepared, visit_site, tmp_path):
    store = prepared.copy(tmp_path / "demo")
    text = "Grupo de gestión del desarrollo"
    with store.served() as address:
        visitor = visit_site(address)
        visitor.enter_as("Teófilo")
        sheet = open_sheet(visitor, "AL-17")
    sheet.type(1, "responsible", text)
    expect(sheet.state).to_contain_text("Sin guardar: no hay conexión")
    expect(sheet.cell(1, "responsible")).to_have_text(text)
    visitor.page.close()
    assert any("ERR_CONNECTION_REFUSED" in complaint for complaint in visitor.complaints)
    visitor.complaints.clear()  # the browser says what the page said too

    with store.served(urlsplit(address).port):
        visitor.page = visitor.open_tab()
        sheet = Sheet(visitor.goto(plan_path("AL-17", rest="metas/")))
        notices = sheet.page.locator("[data-pes-grid-notices]")
        expect(notices).to_contain_text("Recuperamos")
        expect(notices).to_contain_text("1 celda")
        notices.get_by_role("button", name="Guardar ahora").click()
        sheet.expect_cells(1, {"responsible": text})
        sheet.page.reload()
        sheet.expect_cells(1, {"responsible": text})
        visitor.page.close()
    store.drop()
