"""The workbook of Monitoreo 360: the figures of the page, as numbers with their unit (EX1)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from evaluation.territory.files import cells_of, workbook_of
from evaluation.territory.monitoring import Breakdown, Figure, Level
from pes.rules.numbers import NO_INFORMATION, format_magnitude, format_percent, spanish_figures

pytestmark = pytest.mark.rule("EX1", "GP-05")
AT = datetime(2025, 7, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "cells"),
    [
        (format_percent(Decimal("66.4")), (Decimal("66.40"), None, "%")),
        (format_percent(Decimal(0)), (Decimal("0.00"), None, "%")),
        (f"{format_magnitude(Decimal('4.5'), 2)} de 5", (Decimal("4.50"), 5, None)),
        (format_magnitude(Decimal("4.5"), 2), (Decimal("4.50"), None, None)),
        (spanish_figures(Decimal(8)), (8, None, None)),
        (spanish_figures(Decimal(1234567)), (1234567, None, None)),
        ("1 de 1.200", (1, 1200, None)),
        (NO_INFORMATION, (NO_INFORMATION, None, None)),
        ("Se ve al cerrar", ("Se ve al cerrar", None, None)),
        ("1.2345", ("1.2345", None, None)),
        ("4,50 de cinco", ("4,50 de cinco", None, None)),
    ],
)
def test_a_figure_of_the_page_becomes_cells(words, cells):
    found = cells_of(words)

    assert found == cells
    assert [type(one) for one in found] == [type(one) for one in cells]


def test_what_is_a_number_on_the_page_is_a_number_in_the_workbook():
    figures = (
        Figure("Criterios cumplidos", "66,40\u00a0%", "/", "Media de los chequeos"),
        Figure("Productos revisados", "8", "/"),
        Figure("Calificación general", "4,50 de 5", "/"),
        Figure("Devueltos", NO_INFORMATION, "/", is_missing=True),
    )
    parts = (Breakdown("Por asesor(a)", (("Fase I, Aurora", "50,00\u00a0%", "2"), ("Fase II", NO_INFORMATION, "1"))),)

    book = openpyxl.load_workbook(BytesIO(workbook_of([Level(2, "Productos", "Lista", figures, parts)], AT)))

    rows = [[cell.value for cell in row][3:6] for row in book["Monitoreo 360"].iter_rows(min_row=2)]
    assert rows == [[66.4, None, "%"], [8, None, None], [4.5, 5, None], [NO_INFORMATION, None, None]]
    assert book["Monitoreo 360"]["D2"].number_format == "#,##0.00##"
    sheet = book["Procesos"]
    assert [[cell.value for cell in row][2:] for row in sheet.iter_rows(min_row=2)] == [[50, 2], [NO_INFORMATION, 1]]
    assert (sheet["C1"].value, sheet["C2"].number_format) == ("Avance (%)", "0.00")
