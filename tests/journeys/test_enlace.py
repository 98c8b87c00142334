"""The planning liaison of an entity: measures with proof, never loses a line, never overwrites a colleague."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey
SHEET = "/sectores/gestion-publica/indicadores/{}/"
NEW = SHEET + "mediciones/nueva/"


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    """A PDF of one page."""
    file = tmp_path / "acta de seguimiento.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(file)
    return file


def fill(page: Page, *, on: str, achieved: str, analysis: str) -> None:
    """Type a measurement."""
    page.get_by_label("Fecha de corte").fill(on)
    page.get_by_label("Ejecutado").fill(achieved)
    page.get_by_label("Análisis").fill(analysis)


def test_a_measurement_with_its_proof_opens_a_cutoff(visit, proof):
    visitor = visit()
    page = visitor.enter_as("Enlace")
    visitor.goto(SHEET.format("543"))
    page.get_by_role("link", name="Registrar medición").click()
    fill(page, on="2022-06-30", achieved="12,75", analysis="Se cumplieron los hitos del semestre.")
    page.get_by_label("Archivos de evidencia").set_input_files(proof)
    expect(page.locator(".drop-files")).to_contain_text("acta de seguimiento.pdf")

    page.get_by_role("button", name="Guardar medición").click()

    expect(page.locator("#mensajes")).to_contain_text("Medición del 30 de junio de 2022 registrada")
    expect(page.locator(".kpi")).to_contain_text("12,75")
    expect(page.get_by_role("main")).to_contain_text("Se cumplieron los hitos del semestre.")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="acta de seguimiento.pdf").click()
    assert Path(waiting.value.path()).read_bytes() == proof.read_bytes()

    dashboard_of(page, visitor.site, "30 de junio")
    expect(page.locator("table.objectives")).to_contain_text("32,97\N{NO-BREAK SPACE}%")  # 24,15 + 31,34 × 6,75 / 24
    expect(page.locator(".hero")).to_contain_text("En curso")


def test_a_figure_that_can_be_read_two_ways_is_asked_for_again(visit):
    visitor = visit()
    page = visitor.enter_as("Enlace")
    visitor.goto(NEW.format("644"))
    fill(page, on="2022-06-30", achieved="1.234", analysis="Texto que no se pierde.")

    page.get_by_role("button", name="Guardar medición").click()

    expect(page.locator(".field-error")).to_contain_text("1.234")
    expect(page.get_by_label("Análisis")).to_have_value("Texto que no se pierde.")


def test_a_stale_edit_shows_the_difference_and_overwrites_nothing(visit):
    visitor = visit()
    page = visitor.enter_as("Enlace")
    visitor.goto(NEW.format("554"))
    fill(page, on="2022-06-30", achieved="40", analysis="Primera lectura.")
    page.get_by_role("button", name="Guardar medición").click()
    page.get_by_role("link", name="Corregir").click()
    other = visitor.open_tab()
    other.goto(page.url)

    page.get_by_label("Ejecutado").fill("41,5")
    page.get_by_role("button", name="Guardar corrección").click()
    expect(page.locator("#mensajes")).to_contain_text("corregida")
    other.get_by_label("Ejecutado").fill("42,25")
    other.get_by_role("button", name="Guardar corrección").click()

    difference = other.get_by_role("row").filter(has_text="Ejecutado")
    expect(difference).to_contain_text("42,25")
    expect(difference).to_contain_text("41,5")
    page.reload()
    expect(page.locator(".kpi")).to_contain_text("41,5")


def test_what_was_typed_survives_a_session_that_expired(visit):
    visitor = visit()
    page = visitor.enter_as("Enlace")
    visitor.goto(NEW.format("321"))
    fill(page, on="2022-06-30", achieved="31,25", analysis="Escrito antes de que la sesión venciera.")
    visitor.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Guardar medición").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ingresar")
    page.get_by_role("button", name="Entrar como Olinda").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Registrar medición")
    expect(page.get_by_text("Recuperamos lo que usted escribió")).to_be_visible()
    expect(page.get_by_label("Fecha de corte")).to_have_value("2022-06-30")
    expect(page.get_by_label("Ejecutado")).to_have_value("31,25")
    expect(page.get_by_label("Análisis")).to_have_value("Escrito antes de que la sesión venciera.")
    page.get_by_role("button", name="Guardar medición").click()
    expect(page.locator("#mensajes")).to_contain_text("registrada")


def dashboard_of(page: Page, site: str, cutoff: str) -> None:
    """Open the dashboard, again until the job has computed the cut-off."""
    for _ in range(120):
        page.goto(f"{site}/sectores/gestion-publica/tablero/")
        if cutoff in page.locator("select[name=corte]").inner_text():
            return
        page.wait_for_timeout(250)
    pytest.fail(f"no cut-off of {cutoff} was computed")
