"""Workbooks we write: safe, complete, repeatable, and readable by ourselves (EX1, EX2, EX4, IM14)."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
import tracemalloc
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pes.workbooks.cells import Kind
from pes.workbooks.items import Item
from pes.workbooks.reader import read_workbook
from pes.workbooks.tables import Column, SheetSpec
from pes.workbooks.writer import Cell, SheetData, write_workbook

CREATED = dt.datetime.fromisoformat("2022-04-18T10:30:00")


def written(
    rows: Iterable[Sequence[Cell]], headers: Sequence[str] = ("a", "b"), **options: Any
) -> tuple[bytes, tuple[Item, ...]]:
    out = io.BytesIO()
    notes = write_workbook(out, [SheetData("Datos", headers, rows, **options)], created=CREATED)
    return out.getvalue(), notes


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content)).active


@pytest.mark.rule("EX1")
@pytest.mark.parametrize(
    "dangerous",
    ['=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1", "=1\r", "#N/A", "=cmd|'/c calc'!A0", "TRUE", "007"],
)
def test_text_stays_text_whatever_it_looks_like(dangerous: str) -> None:
    content, notes = written([[dangerous]])

    cell = opened(content)["A2"]

    assert cell.data_type == "s"
    assert cell.value == dangerous.replace("\r", "\n")
    assert notes == ()


@pytest.mark.rule("EX1")
def test_numbers_dates_and_flags_keep_their_type() -> None:
    row = [Decimal("50.24"), 3, dt.date(2022, 3, 31), CREATED, True, None, "", 2.5]
    sheet = opened(written([row], headers="abcdefgh", formats={"a": "0.00"})[0])

    assert [cell.value for cell in sheet[2]] == [
        50.24,
        3,
        dt.datetime.fromisoformat("2022-03-31"),
        CREATED,
        True,
        None,
        None,
        2.5,
    ]
    assert [sheet[cell].number_format for cell in ("A2", "B2", "C2", "D2")] == [
        "0.00",
        "General",
        "yyyy-mm-dd",
        "yyyy-mm-dd hh:mm",
    ]


@pytest.mark.rule("EX2")
def test_what_excel_does_not_admit_is_cleaned_and_noted() -> None:
    content, notes = written([["a\x07b\x00\ufffe\ud800", "ñ" * 40_000], [Decimal("NaN"), "_x0041_ <&>"]])

    sheet = opened(content)

    assert sheet["A2"].value == "ab"
    assert len(sheet["B2"].value) == 32_767
    assert [(note.code, note.cell) for note in notes] == [
        ("control_characters", "A2"),
        ("text_cut", "B2"),
        ("not_finite", "A3"),
    ]
    assert sheet["B3"].value == "_x005F_x0041_ <&>"  # as Excel itself escapes it


@pytest.mark.rule("EX2")
def test_sheet_titles_are_made_acceptable_and_different() -> None:
    out = io.BytesIO()
    titles = ["Plan 2022/2023: [x]", "'", "a" * 40, "A" * 40]

    notes = write_workbook(out, [SheetData(title, ["h"], []) for title in titles], created=CREATED)

    assert load_workbook(out).sheetnames == ["Plan 2022 2023 x", "Hoja", "a" * 31, "A" * 29 + " 2"]
    assert [note.code for note in notes] == ["sheet_title_changed"] * 4


@pytest.mark.rule("PD4")
def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    rows = [["texto", Decimal("1.5")]] * 50

    first, _ = written(rows)
    write_workbook(tmp_path / "l.xlsx", [SheetData("Datos", ["a", "b"], iter(rows))], created=CREATED)

    assert (tmp_path / "l.xlsx").read_bytes() == first
    properties = load_workbook(io.BytesIO(first)).properties
    assert (properties.creator, properties.created, properties.modified) == ("PES", CREATED, CREATED)


def test_the_header_is_frozen_styled_and_filtered() -> None:
    sheet = opened(written([["x", "y"]] * 3, widths={"a": 33})[0])

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B4"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width == 33


@pytest.mark.rule("EX4")
def test_a_generator_is_streamed_and_never_held() -> None:
    tracemalloc.start()
    written(["fila", number] for number in range(20_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 5 * 1024 * 1024


def test_a_source_of_rows_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    with pytest.raises(ZeroDivisionError):
        write_workbook(tmp_path / "l.xlsx", [SheetData("Datos", ["a"], ([1 // n] for n in (1, 0)))], created=CREATED)

    assert list(tmp_path.iterdir()) == []


def test_a_row_wider_than_its_headers_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="fila 2"):
        written([["a", "b", "c"]])


@pytest.mark.rule("IM14")
def test_what_we_write_we_read_back_unchanged(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["0", "=1+1 «ñ» & <x>\nsegunda línea _x0041_", Decimal("-1234.5678"), 2022, dt.date(2022, 3, 31), True],
        ["P4", None, Decimal("0.0001"), 0, None, False],
        ["321", "“comillas”", Decimal("99999999999999"), -5, dt.date(2100, 12, 31), None],
    ]
    kinds = {
        "clave": Kind.KEY,
        "texto": Kind.PROSE,
        "número": Kind.NUMBER,
        "año": Kind.INTEGER,
        "fecha": Kind.DATE,
        "sí": Kind.FLAG,
    }
    write_workbook(tmp_path / "l.xlsx", [SheetData("Datos", list(kinds), rows)], created=CREATED)

    book = read_workbook(
        tmp_path / "l.xlsx", [SheetSpec("Datos", {name: Column(kind) for name, kind in kinds.items()})]
    )

    assert not book.errors
    assert not book.warnings
    assert [list(row.values.values()) for row in book["Datos"]] == rows
