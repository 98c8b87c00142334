"""The newcomer who directs: from one click to the measurement behind a figure, and home with the report."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey
NBSP = "\N{NO-BREAK SPACE}"


def figure(text: str) -> str:
    """A percentage as the site writes it."""
    return text.replace(" %", f"{NBSP}%")


def test_one_click_leads_to_the_published_figures_and_to_where_they_come_from(visit):
    page = visit().enter_as("Directiv")
    page.get_by_role("link", name="Tablero").first.click()

    index = page.locator(".hero")
    expect(index).to_contain_text(figure("37,20 %"))
    expect(index).to_contain_text("calculado por la herramienta")
    rows = page.locator("table.objectives tbody tr")
    said = ["Sin información", figure("50,24 %"), figure("24,15 %"), "Sin información", "Sin información"]
    for row, words in zip(rows.all(), said, strict=True):
        expect(row).to_contain_text(words)

    page.get_by_role("link", name="¿De dónde sale?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(figure("¿De dónde sale este 37,20 %?"))
    page.get_by_role("link", name="Posicionar un modelo de gobierno abierto").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(figure("¿De dónde sale este 24,15 %?"))
    row = page.get_by_role("row").filter(has_text="543")
    expect(row).to_contain_text("31,34")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(figure("¿De dónde sale este 25,00 %?"))
    page.get_by_role("link", name="Medición", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Medición del 31 de marzo de 2022")
    expect(page.locator(".kpi")).to_contain_text("6")


def test_the_report_is_downloaded_as_pdf_and_xlsx_with_the_same_figures(visit):
    page = visit().enter_as("Directiv")
    page.get_by_role("link", name="Informes").first.click()
    page.get_by_role("link", name="Primer semestre de 2022").click()

    pdf, workbook = downloaded(page, "PDF"), downloaded(page, "XLSX")

    assert pdf.startswith(b"%PDF-")
    assert workbook.startswith(b"PK")
    cells = {
        str(value)
        for sheet in load_workbook(BytesIO(workbook), read_only=True)
        for row in sheet.iter_rows(values_only=True)
        for value in row
    }
    assert {"50.24", "24.15"} <= cells


def downloaded(page: Page, suffix: str) -> bytes:
    """The bytes behind the first download of a format."""
    with page.expect_download() as waiting:
        page.locator("a.download").filter(has_text=suffix).first.click()
    return Path(waiting.value.path()).read_bytes()
