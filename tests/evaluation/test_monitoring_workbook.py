"""The workbook of Monitoreo 360: the figures of the page, as numbers with their unit (EX1)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from evaluation.territory.files import workbook_of
from evaluation.territory.monitoring import Breakdown, Figure, Level
from evaluation.territory.quantities import TOP, count, percent, score
from pes.rules.numbers import NO_INFORMATION

pytestmark = pytest.mark.rule("EX1", "GP-05")
AT = datetime(2025, 7, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (percent(Decimal("66.404")), "66,40\u00a0%"),
        (percent(Decimal(0)), "0,00\u00a0%"),
        (score(Decimal("4.5"), TOP), "4,50 de 5"),
        (score(Decimal("4.5")), "4,50"),
        (count(1234567), "1.234.567"),
        (count(1, 1200), "1 de 1.200"),
    ],
)
def test_a_quantity_is_read_as_the_country_writes_it(quantity, words):
    assert str(quantity) == words


def test_what_is_a_number_on_the_page_is_a_number_in_the_workbook():
    figures = (
        Figure("Criterios cumplidos", percent(Decimal("66.4")), "/", "Media de los chequeos"),
        Figure("Productos revisados", count(8), "/"),
        Figure("Calificación general", score(Decimal("4.5"), TOP), "/"),
        Figure("Devueltos", None, "/"),
    )
    parts = (
        Breakdown("Por asesor(a)", (("Fase I, Aurora", percent(Decimal(50)), count(2)), ("Fase II", None, count(1)))),
    )

    book = openpyxl.load_workbook(BytesIO(workbook_of([Level(2, "Productos", "Lista", figures, parts)], AT)))

    rows = [[cell.value for cell in row][3:6] for row in book["Monitoreo 360"].iter_rows(min_row=2)]
    assert rows == [[66.4, None, "%"], [8, None, None], [4.5, 5, None], [NO_INFORMATION, None, None]]
    assert [book["Monitoreo 360"][cell].number_format for cell in ("D2", "D3")] == ["#,##0.00##", "General"]
    sheet = book["Procesos"]
    assert [[cell.value for cell in row][2:] for row in sheet.iter_rows(min_row=2)] == [[50, 2], [NO_INFORMATION, 1]]
    assert [sheet[cell].number_format for cell in ("C2", "D2")] == ["0.00", "General"]
