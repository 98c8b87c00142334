"""The leader who prefers Excel: takes the plan's workbook, changes it there, and brings it back."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Download, Page, expect

from tests.journeys.looks import expect_well_made
from tests.journeys.plan_steps import card, open_sheet, plan_path, told

pytestmark = pytest.mark.journey
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def read(download: Download) -> Workbook:
    """What the browser saved, as Excel opens it."""
    return load_workbook(BytesIO(Path(download.path()).read_bytes()))


def exported(page: Page) -> Workbook:
    """Take the workbook of the plan whose Excel page is open."""
    with page.expect_download() as waiting:
        page.locator("a.download").filter(has_text="Libro del plan").click()
    return read(waiting.value)


def place(sheet: Worksheet, goal: int, header: str) -> str:
    """Where a goal's column stands, found as a person would: by its number and its heading."""
    head = next(row for row in sheet.iter_rows() if any(cell.value == "no_meta" for cell in row))
    columns = {cell.value: cell.column_letter for cell in head}
    numbers = {str(row[0].value): row[0].row for row in sheet.iter_rows(min_row=head[0].row + 1) if row[0].value}
    return f"{columns[header]}{numbers[str(goal)]}"


def send(page: Page, book: Workbook, name: str) -> None:
    """Choose a workbook on the Excel page, and send it."""
    buffer = BytesIO()
    book.save(buffer)
    page.get_by_label("Libro de Excel").set_input_files(
        {"name": name, "mimeType": XLSX, "buffer": buffer.getvalue()}
    )  # fmt: skip
    page.get_by_role("button", name="Cargar y revisar").click()
    page.wait_for_url("**/excel/*-*/")


def test_a_workbook_is_taken_changed_previewed_and_applied_once(visit, axe):
    visitor = visit()
    page = visitor.enter_as("Celeste")
    visitor.goto(plan_path("PLE-PIN", rest="excel/"))
    expect_well_made(page, axe, "excel")
    book = exported(page)

    goals = book["Metas"]
    goals[place(goals, 1, "p_t4")] = 30
    goals[place(goals, 4, "ponderacion")] = 15
    send(page, book, "mi plan.xlsx")

    expect(page.get_by_role("heading", level=1)).to_have_text("Qué cambia este libro")
    changes = card(page, "Metas que cambian")
    expect(changes.get_by_role("region", name="Meta 1")).to_contain_text("Programado T4")
    expect(changes.get_by_role("region", name="Meta 4")).to_contain_text("15,00")
    expect_well_made(page, axe, "excel-preview")
    page.get_by_role("button", name="Aplicar").click()
    told(page, "Libro aplicado")
    expect_well_made(page, axe, "excel-applied")

    sheet = open_sheet(visitor, "PLE-PIN")
    sheet.expect_cells(1, {"t4": "30"})
    sheet.expect_cells(4, {"weight": "15,00"})
    visitor.goto(plan_path("PLE-PIN", rest="excel/"))
    send(page, exported(page), "otra vez.xlsx")
    expect(page.locator(".kpi").filter(has_text="Cambios").first).to_contain_text("0")
    expect(page.get_by_role("button", name="Aplicar")).to_have_attribute("aria-disabled", "true")


@pytest.mark.rule("IM8")
def test_a_workbook_with_errors_comes_back_with_a_comment_on_each_wrong_cell(visit, axe):
    visitor = visit()
    page = visitor.enter_as("Teófilo")
    visitor.goto(plan_path("AL-12", rest="excel/"))
    book = exported(page)
    goals = book["Metas"]
    wrong = {place(goals, 1, "magnitud_total"): "muchos", place(goals, 2, "tipo_programacion"): "Escalonada"}
    for at, value in wrong.items():
        goals[at] = value
    send(page, book, "con errores.xlsx")

    expect(page.get_by_role("button", name="Aplicar")).to_have_attribute("aria-disabled", "true")
    for at, value in wrong.items():
        row = page.get_by_role("row").filter(has_text=at).first
        expect(row).to_contain_text(value)
    expect_well_made(page, axe, "excel-errors")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Descargar anotado").click()
    returned = read(waiting.value)["Metas"]

    said = {cell.coordinate: cell.comment.text for row in returned.iter_rows() for cell in row if cell.comment}
    texts = {str(cell.value): cell.coordinate for row in returned.iter_rows() for cell in row}
    assert "número" in said[texts["muchos"]]
    assert "Suma" in said[texts["Escalonada"]]


@pytest.mark.rule("IM11", "WF3")
def test_a_plan_that_changed_meanwhile_is_shown_again_before_it_is_written(visit, axe):
    writer, colleague = visit(), visit()
    page = writer.enter_as("Teófilo")
    writer.goto(plan_path("AL-20", rest="excel/"))
    book = exported(page)
    goals = book["Metas"]
    goals[place(goals, 1, "meta")] = "Impulsar 100 expedientes en la localidad."
    send(page, book, "sumapaz.xlsx")

    colleague.enter_as("Teófilo")
    sheet = open_sheet(colleague, "AL-20")
    sheet.type(2, "responsible", "Otra dependencia")
    sheet.expect_cells(2, {"responsible": "Otra dependencia"})
    page.get_by_role("button", name="Aplicar").click()

    expect(page.locator("main")).to_contain_text("El plan cambió después de la vista previa")
    expect(page.locator("main")).to_contain_text("Otra dependencia")
    expect_well_made(page, axe, "excel-stale")
