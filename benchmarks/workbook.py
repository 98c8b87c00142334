"""Export of a large sheet, beside xlsxwriter in constant memory; each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from benchmarks.measure import race_fresh
from benchmarks.table import Row
from pes.workbooks.writer import SheetData, write_workbook

ROWS = 100_000
COLUMNS = 30
REPETITIONS = 3
HEADERS = [f"Columna {at}" for at in range(1, COLUMNS + 1)]
CREATED = datetime(2023, 12, 31, tzinfo=UTC)
TEXTS = ("Porcentaje de avance de la meta", "Entidad responsable", "Reporte trimestral con análisis", "Sin información")


def rows() -> Iterator[list[str | int | Decimal | date]]:
    """Rows as a report has them: a third texts, a third amounts, dates and whole numbers."""
    day = date(2023, 3, 31)
    for number in range(ROWS):
        row: list[str | int | Decimal | date] = []
        for at in range(COLUMNS // 6):
            row += [
                f"{TEXTS[(number + at) % 4]} {number}",
                Decimal(number * 7 + at) / 4,
                number + at,
                day,
                TEXTS[at % 4],
                Decimal(number % 101),
            ]
        yield row


def ours(folder: str) -> None:
    """The product's writer."""
    write_workbook(Path(folder) / "ours.xlsx", [SheetData("Datos", HEADERS, rows())], created=CREATED)


def floor(folder: str) -> None:
    """xlsxwriter with the same values and the same number formats."""
    book = xlsxwriter.Workbook(Path(folder) / "floor.xlsx", {"constant_memory": True, "tmpdir": folder})
    sheet = book.add_worksheet("Datos")
    amount, day = book.add_format({"num_format": "#,##0.00##"}), book.add_format({"num_format": "yyyy-mm-dd"})
    formats = {Decimal: amount, date: day}
    sheet.write_row(0, 0, HEADERS)
    for number, row in enumerate(rows(), 1):
        for at, value in enumerate(row):
            sheet.write(number, at, value, formats.get(type(value)))
    book.close()


def run(say: Callable[[str], None]) -> list[Row]:
    """Time and peak of both, in turn."""
    with TemporaryDirectory(prefix="pes-bench-") as folder:
        mine, theirs = race_fresh(REPETITIONS, ("workbook.ours", folder), ("workbook.floor", folder))
    note = f"{ROWS} filas × {COLUMNS} columnas; pico de xlsxwriter {theirs.peak:.0f} MB"
    return [Row("XLSX 100.000 × 30", mine.seconds, theirs.seconds, 1.4, peak=mine.peak, peak_target=200, note=note)]
