"""A file handed back with its errors written on it (IM8)."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pes.workbooks import limits
from pes.workbooks.annotated import annotate, readdressed
from pes.workbooks.cells import Kind
from pes.workbooks.form import OBSERVATIONS, OWN_SHEETS
from pes.workbooks.items import Item, Severity
from pes.workbooks.reader import Workbook, read_workbook
from pes.workbooks.tables import Column, SheetSpec
from pes.workbooks.writer import Cell, SheetData, write_workbook

CREATED = dt.datetime.fromisoformat("2022-04-18T10:30:00")
COLUMNS = {"clave": Kind.KEY, "valor": Kind.NUMBER, "fecha": Kind.DATE, "programa": Kind.PROGRAMME}
SPEC = SheetSpec("Datos", {name: Column(kind) for name, kind in COLUMNS.items()})
ROWS: list[list[Cell]] = [["a", Decimal(1), None, None], ["b", None, dt.date(2022, 3, 31), Decimal(2)]]


def item(cell: str, sheet: str = "Datos", severity: Severity = Severity.ERROR, **texts: str) -> Item:
    told = {"found": "1.234", "expected": "un número", "message": "Es ambiguo.", "fix": "Escriba 1234."} | texts
    return Item(sheet, cell, "some_code", "IM3", severity=severity, **told)


def annotated(folder: Path, items: Sequence[Item], **options: Any) -> Path:
    data = SheetData("Datos", list(COLUMNS), iter(ROWS), **options)
    annotate(folder / "con errores.xlsx", [data], items, created=CREATED)
    return folder / "con errores.xlsx"


@pytest.mark.rule("IM8")
def test_a_cell_says_what_is_wrong_with_it_and_how_to_mend_it(tmp_path: Path) -> None:
    cell = load_workbook(annotated(tmp_path, [item("B2")]))["Datos"]["B2"]

    assert cell.comment.author == "PES"
    assert cell.comment.text == "Error: Es ambiguo.\nEscriba 1234.\nValor: 1.234\nSe espera: un número"
    assert (cell.value, cell.number_format) == (1, "#,##0.00##")


@pytest.mark.rule("IM8")
def test_errors_and_warnings_differ_in_colour_and_the_error_wins(tmp_path: Path) -> None:
    both = [item("A3", severity=Severity.WARNING), item("A3", message="Otra cosa.")]
    items = [item("A1"), item("B2"), item("A2", severity=Severity.WARNING), *both]

    sheet = load_workbook(annotated(tmp_path, items))["Datos"]

    colours = {cell: sheet[cell].fill.start_color.rgb for cell in ("A1", "B2", "A2", "A3")}
    assert colours["A1"] == colours["B2"] == colours["A3"] != colours["A2"]
    assert sheet["D2"].fill.fill_type is None
    assert sheet["A1"].comment.text.startswith("Error: Es ambiguo.")
    assert "Advertencia: Es ambiguo." in sheet["A3"].comment.text
    assert "Error: Otra cosa." in sheet["A3"].comment.text


@pytest.mark.rule("IM8")
def test_blank_cells_and_rows_below_the_last_can_be_marked_and_still_typed(tmp_path: Path) -> None:
    path = annotated(tmp_path, [item("C2"), item("B9")], locked=frozenset({"clave"}))

    sheet = load_workbook(path)["Datos"]

    assert [sheet[cell].value for cell in ("C2", "B9")] == [None, None]
    assert all(sheet[cell].comment and not sheet[cell].protection.locked for cell in ("C2", "B9"))
    assert [cell.value for cell in sheet[2]] == ["a", 1, None, None]


@pytest.mark.rule("IM8")
def test_every_item_is_listed_first_also_those_without_a_place(tmp_path: Path) -> None:
    warning = item("", "", Severity.WARNING, message="El archivo es viejo.")
    path = annotated(tmp_path, [item("B2"), item("A1", "Otra hoja"), warning])

    book = load_workbook(path)
    rows = list(book[OBSERVATIONS].iter_rows(values_only=True))

    assert book.sheetnames == [OBSERVATIONS, "Datos"]
    assert rows == [
        ("hoja", "celda", "gravedad", "valor", "motivo", "sugerencia"),
        ("Datos", "B2", "Error", "1.234", "Es ambiguo.", "Escriba 1234."),
        ("Otra hoja", "A1", "Error", "1.234", "Es ambiguo.", "Escriba 1234."),
        (None, None, "Advertencia", "1.234", "El archivo es viejo.", "Escriba 1234."),
    ]
    assert book["Datos"]["A1"].comment is None


@pytest.mark.rule("EX1")
@pytest.mark.rule("EX2")
def test_what_was_typed_can_neither_run_nor_break_the_file(tmp_path: Path) -> None:
    path = annotated(tmp_path, [item("B2", found="=1+1", message="=\x07mensaje <&>")])

    book = load_workbook(path)

    assert [(cell.data_type, cell.value) for cell in book[OBSERVATIONS][2][3:5]] == [
        ("s", "=1+1"),
        ("s", "=mensaje <&>"),
    ]
    assert "=mensaje <&>" in book["Datos"]["B2"].comment.text


@pytest.mark.rule("IM8")
def test_it_is_read_again_as_if_nothing_had_been_said(tmp_path: Path) -> None:
    path = annotated(tmp_path, [item("B2"), item("C2"), item("A1"), item("A3", severity=Severity.WARNING)])

    book = read_workbook(path, [SPEC], ignored=OWN_SHEETS)

    assert (book.errors, book.warnings) == ((), ())
    assert [list(row.values.values()) for row in book["Datos"]] == ROWS


@pytest.mark.rule("PD4")
def test_the_same_items_give_the_same_bytes(tmp_path: Path) -> None:
    first = annotated(tmp_path, [item("B2")]).read_bytes()

    assert annotated(tmp_path, [item("B2")]).read_bytes() == first


@pytest.mark.rule("IM6")
def test_a_big_file_is_marked_without_being_held_and_never_passes_the_limit(tmp_path: Path) -> None:
    rows = (["clave larga " * 20, Decimal(at), None, None] for at in range(limits.MAX_ROWS + 50))
    items = [item(f"B{at}") for at in range(2, 1_002)]
    items.append(item("A1048576"))
    tracemalloc.start()
    annotate(tmp_path / "l.xlsx", [SheetData("Datos", list(COLUMNS), rows)], items, created=CREATED)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    book = read_workbook(tmp_path / "l.xlsx", [SPEC], ignored=OWN_SHEETS)

    assert (book.errors, len(book["Datos"].rows)) == ((), limits.MAX_ROWS)
    assert peak < 20 * limits.MEBIBYTE


def uploaded(folder: Path) -> Workbook:
    """Their own layout: a title, other columns, another order."""
    rows: list[list[Cell]] = [
        ["Mi tabla"],
        ["VALOR", "notas", "Clave", "fecha", "programa"],
        ["1.234", "x", "0321", "31/06/2022", "NP"],
        [],
        [Decimal("1e15"), "y", "P4", dt.date(2022, 3, 31), "muchos"],
    ]
    path = folder / "suyo.xlsx"
    write_workbook(path, [SheetData("DATOS", ["x", *"bcde"], rows)], created=CREATED)
    return read_workbook(path, [SPEC])


@pytest.mark.rule("IM8")
def test_what_was_typed_is_kept_also_when_it_was_refused(tmp_path: Path) -> None:
    sheet = uploaded(tmp_path)["Datos"]

    assert [[row.written(header) for header in COLUMNS] for row in sheet] == [
        ["321", "1.234", "31/06/2022", "NP"],
        ["P4", Decimal("1e15"), dt.date(2022, 3, 31), "muchos"],
    ]
    assert sheet.rows[0].typed == {"valor": "1.234", "fecha": "31/06/2022", "programa": "NP"}


@pytest.mark.rule("IM8")
def test_items_move_with_their_cells_to_our_layout(tmp_path: Path) -> None:
    book = uploaded(tmp_path)
    items = readdressed([*book.errors, *book.warnings], book["Datos"], list(COLUMNS))

    assert [(moved.code, moved.cell) for moved in items] == [
        ("number_ambiguous", "B2"),
        ("impossible_date", "C2"),
        ("number_out_of_range", "B3"),
        ("number_not_a_number", "D3"),
        ("unknown_header", ""),
    ]
    assert items[-1].found == "notas (celda B3 del archivo cargado)"


@pytest.mark.rule("IM8")
@pytest.mark.parametrize(
    ("cell", "code", "moved"),
    [
        pytest.param("C3", "some_code", "A1", id="header"),
        pytest.param("C3", "missing_header", "", id="about another header"),
        pytest.param("C5", "some_code", "", id="row that was not read"),
        pytest.param("Z4", "some_code", "", id="column that was not read"),
    ],
)
def test_an_item_is_never_put_on_a_cell_it_does_not_speak_of(tmp_path: Path, cell: str, code: str, moved: str) -> None:
    (found,) = readdressed([replace(item(cell), code=code)], uploaded(tmp_path)["Datos"], list(COLUMNS))

    assert found.cell == moved
    assert found.found == ("1.234" if moved else f"1.234 (celda {cell} del archivo cargado)")


@pytest.mark.rule("IM6")
def test_a_cell_beyond_what_is_read_is_listed_and_not_marked(tmp_path: Path) -> None:
    book = load_workbook(annotated(tmp_path, [item(f"A{limits.MAX_ROWS + 2}")]))

    assert book["Datos"].max_row == 3
    assert book[OBSERVATIONS]["B2"].value == f"A{limits.MAX_ROWS + 2}"


def test_items_of_other_sheets_and_without_a_cell_are_not_moved(tmp_path: Path) -> None:
    items = [item("A5", "Plan"), item("")]

    assert readdressed(items, uploaded(tmp_path)["Datos"], list(COLUMNS)) == items
