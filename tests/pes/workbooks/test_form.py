"""Forms: what Excel lets people type, and what we read back (rules §5.4; IM1, IM2, IM14, EX1)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pes.workbooks.cells import Kind
from pes.workbooks.form import INSTRUCTIONS, LISTS, OWN_SHEETS
from pes.workbooks.instructions import instructions
from pes.workbooks.reader import read_workbook
from pes.workbooks.tables import Column, SheetSpec
from pes.workbooks.writer import Cell, Formula, SheetData, write_workbook
from tests.pes.workbooks import hostile

CREATED = dt.datetime.fromisoformat("2022-04-18T10:30:00")
HEADERS = ("numero", "meta", "tipo", "objetivo", "p_t1", "p_t2", "total")
KINDS = (Kind.INTEGER, Kind.PROSE, Kind.TEXT, Kind.TEXT, Kind.PROGRAMME, Kind.PROGRAMME, Kind.NUMBER)
OBJECTIVES = [f"Objetivo {at}, con una coma" for at in range(1, 5)]
TYPES = ["técnica", "transversal", "local"]
SPEC = SheetSpec(
    "Metas", {name: Column(kind, computed=name == "total") for name, kind in zip(HEADERS, KINDS, strict=True)}
)


def goal(number: int) -> list[Cell]:
    total = Formula("SUM(E{row}:F{row})", Decimal(number) + 2)
    return [number, f"=Meta & {number}", "técnica", OBJECTIVES[0], Decimal(number), Decimal(2), total]


def form(rows: Sequence[Sequence[Cell]] = (), **options: Any) -> SheetData:
    return SheetData("Metas", HEADERS, rows or [goal(1), goal(2)], **options)


def saved(folder: Path, *sheets: SheetData) -> Path:
    write_workbook(folder / "formulario.xlsx", sheets, created=CREATED)
    return folder / "formulario.xlsx"


def validations(path: Path) -> dict[str, Any]:
    return {str(rule.sqref): rule for rule in load_workbook(path)["Metas"].data_validations.dataValidation}


def test_a_short_list_is_offered_in_place_down_to_the_spare_rows(tmp_path: Path) -> None:
    path = saved(tmp_path, form(choices={"tipo": TYPES}))

    rule = validations(path)["C2:C503"]

    assert (rule.type, rule.formula1, rule.errorStyle) == ("list", '"técnica,transversal,local"', "stop")
    assert rule.showErrorMessage
    assert rule.error == "Escriba o escoja uno de estos valores: técnica; transversal; local."
    assert load_workbook(path).sheetnames == ["Metas"]


@pytest.mark.parametrize(
    "choices",
    [
        pytest.param(OBJECTIVES, id="commas"),
        pytest.param([f"Objetivo {at}" for at in range(40)], id="long"),
        pytest.param(['"entre comillas"', "otro"], id="quotes"),
        pytest.param([" con borde", "otro"], id="edges"),
    ],
)
def test_a_list_that_cannot_be_written_in_place_goes_to_a_hidden_sheet(tmp_path: Path, choices: list[str]) -> None:
    path = saved(tmp_path, form(choices={"objetivo": choices, "meta": choices}, spare_rows=10))

    book, rules = load_workbook(path), validations(path)

    assert book[LISTS].sheet_state == "hidden"
    assert [cell.value for cell in book[LISTS]["A"]][1:] == choices
    assert rules["D2:D13"].formula1 == rules["B2:B13"].formula1 == f"{LISTS}!$A$2:$A${len(choices) + 1}"


def test_two_lists_of_different_length_have_a_column_each(tmp_path: Path) -> None:
    path = saved(tmp_path, form(choices={"objetivo": OBJECTIVES, "meta": OBJECTIVES[:1]}))

    lists = load_workbook(path)[LISTS]

    assert {rule.formula1 for rule in validations(path).values()} == {"Listas!$A$2:$A$2", "Listas!$B$2:$B$5"}
    assert [cell.value for cell in lists["A"]][1:] == [OBJECTIVES[0], None, None, None]


def test_the_name_of_the_sheet_of_lists_is_ours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=LISTS):
        saved(tmp_path, SheetData(LISTS, ["a"], []), form(choices={"objetivo": OBJECTIVES}))


def test_help_is_shown_with_and_without_a_list_and_fits_what_excel_takes(tmp_path: Path) -> None:
    path = saved(tmp_path, form(choices={"tipo": TYPES}, help={"tipo": "Escoja una.", "meta": "x\x07" * 400}))

    rules = validations(path)

    assert (rules["C2:C503"].type, rules["C2:C503"].prompt) == ("list", "Escoja una.")
    assert (rules["B2:B503"].type, rules["B2:B503"].promptTitle) == (None, "meta")
    assert (rules["B2:B503"].prompt, rules["B2:B503"].showInputMessage) == ("x" * 254 + "…", True)


def test_only_locked_columns_are_protected_and_new_rows_can_be_typed(tmp_path: Path) -> None:
    path = saved(tmp_path, form(locked=frozenset({"numero", "total"}), formats={"p_t1": "0.0"}))

    sheet = load_workbook(path)["Metas"]

    assert [cell.protection.locked for cell in sheet[2]] == [True, False, False, False, False, False, True]
    columns = sheet.column_dimensions
    assert [columns[letter].protection.locked for letter in "ABCDEFG"] == [True] + [False] * 5 + [True]
    assert columns["E"].number_format == sheet["E2"].number_format == "0.0"
    assert sheet["A1"].protection.locked
    assert sheet.max_row == 3  # the spare rows are not written


def test_the_protection_has_no_password_and_lets_people_arrange_the_sheet(tmp_path: Path) -> None:
    protection = load_workbook(saved(tmp_path, form(locked=frozenset({"total"}))))["Metas"].protection

    assert protection.sheet
    assert (protection.password, protection.hashValue) == (None, None)
    allowed = ("formatColumns", "formatRows", "insertRows", "sort", "autoFilter", "selectLockedCells")
    assert not any(getattr(protection, name) for name in allowed)
    assert protection.insertColumns
    assert not load_workbook(saved(tmp_path, form()))["Metas"].protection.sheet


def test_long_texts_wrap_and_start_at_the_top(tmp_path: Path) -> None:
    sheet = load_workbook(saved(tmp_path, form(wrap=frozenset({"meta"}))))["Metas"]

    assert [(cell.alignment.wrap_text, cell.alignment.vertical) for cell in sheet[2]][:3] == [
        (None, "top"),
        (True, "top"),
        (None, "top"),
    ]
    assert sheet.column_dimensions["B"].alignment.wrap_text


@pytest.mark.parametrize(
    ("value", "read"),
    [
        pytest.param(Decimal("100.5"), 100.5, id="decimal"),
        pytest.param(7, 7, id="integer"),
        pytest.param("a<b", "a<b", id="text"),
        pytest.param(None, None, id="blank"),
        pytest.param(True, True, id="flag"),
        pytest.param(dt.date(2022, 3, 31), dt.datetime.fromisoformat("2022-03-31"), id="date"),
    ],
)
def test_a_formula_carries_its_value_and_its_row(tmp_path: Path, value: Any, read: object) -> None:
    data = SheetData("Metas", ["a", "b"], [["x", None], ["y", Formula('IF(A{row}<"z",1,0)', value)]])
    path = saved(tmp_path, data)

    assert load_workbook(path)["Metas"]["B3"].value == '=IF(A3<"z",1,0)'
    assert load_workbook(path, data_only=True)["Metas"]["B3"].value == read


def test_a_formula_without_a_finite_value_is_a_programming_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="B2"):
        saved(tmp_path, SheetData("Metas", ["a", "b"], [["x", Formula("1/3", Decimal("NaN"))]]))


@pytest.mark.rule("IM14")
def test_a_whole_form_is_read_back_as_it_was_written_without_a_word(tmp_path: Path) -> None:
    rows = [goal(number) for number in range(1, 30)]
    locked, lists = frozenset({"numero", "total"}), {"tipo": TYPES, "objetivo": OBJECTIVES}
    path = saved(
        tmp_path,
        form(rows, choices=lists, locked=locked, help={"meta": "Qué"}, wrap=frozenset({"meta"})),
        instructions("Plan de gestión 2022", ["Escriba una meta por fila."], {"meta": "El texto de la meta."}),
    )

    book = read_workbook(path, [SPEC], ignored=OWN_SHEETS)

    assert (book.errors, book.warnings) == ((), ())
    written = [[cell.value if isinstance(cell, Formula) else cell for cell in row] for row in rows]
    assert [list(row.values.values()) for row in book["Metas"]] == written


@pytest.mark.rule("IM1")
def test_a_sheet_is_ignored_only_when_the_caller_says_so(tmp_path: Path) -> None:
    path = saved(tmp_path, form(choices={"objetivo": OBJECTIVES}), SheetData("Otra", ["a"], []))

    told = [item.sheet for item in read_workbook(path, [SPEC]).warnings]
    left = [item.sheet for item in read_workbook(path, [SPEC], ignored=OWN_SHEETS).warnings]

    assert (told, left) == (["Otra", LISTS], ["Otra"])


@pytest.mark.rule("IMP-04")
@pytest.mark.rule("IM2")
def test_only_a_computed_column_may_lose_the_value_of_its_formula(tmp_path: Path) -> None:
    xml = hostile.table(hostile.row(2, hostile.formula("A2", "1+1", None), hostile.formula("B2", "1+1", "2")))
    path = hostile.book(tmp_path, xml)

    def read(computed: bool) -> Any:
        columns = {"clave": Column(Kind.NUMBER, computed=computed), "valor": Column(Kind.NUMBER, computed=computed)}
        return read_workbook(path, [SheetSpec("Datos", columns)])

    ours, theirs = read(True), read(False)

    assert [(item.code, item.cell) for item in ours.warnings] == [("formula_not_recalculated", "A2")]
    assert (ours.errors, ours["Datos"].rows[0].values) == ((), {"clave": None, "valor": Decimal(2)})
    assert [(item.code, item.cell) for item in theirs.errors] == [("formula_without_value", "A2")]
    assert [item.code for item in theirs.warnings] == ["formula_value"]


def test_instructions_number_their_paragraphs_and_tell_each_column() -> None:
    out = io.BytesIO()
    data = instructions("Plan 2022", ["Primero.", "=Segundo."], {"meta": "El texto", "p_t1": "Lo programado"})
    write_workbook(out, [data], created=CREATED)

    sheet = load_workbook(out)[INSTRUCTIONS]

    assert [[cell.value for cell in row] for row in sheet] == [
        [INSTRUCTIONS, "Plan 2022"],
        ["1.", "Primero."],
        ["2.", "=Segundo."],
        [None, None],
        ["Columna", "Qué se escribe"],
        ["meta", "El texto"],
        ["p_t1", "Lo programado"],
    ]
    assert all(sheet[cell].alignment.wrap_text for cell in ("B2", "B6"))
    assert (sheet["A5"].font.bold, sheet["A6"].font.bold) == (True, False)
    assert sheet["B3"].data_type == "s"
    assert sheet.column_dimensions["B"].width > 80
    assert sheet.auto_filter.ref is None
