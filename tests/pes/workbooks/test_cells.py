"""What each cell becomes (IM2–IM4, IM13; IMP-02, IMP-06)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from pes.workbooks.cells import CellProblem, Kind, RawCell, Value, read_cell
from pes.workbooks.reader import read_workbook
from pes.workbooks.tables import Column, SheetSpec
from tests.pes.workbooks import hostile


def value(kind: Kind, raw_kind: str, text: str, flags: str = "", **options: bool) -> tuple[Value, list[str]]:
    got, notes = read_cell(kind, RawCell(raw_kind, text, flags), **options)
    return got, [note.code for note in notes]


def problem(kind: Kind, raw_kind: str, text: str, flags: str = "") -> str:
    with pytest.raises(CellProblem) as caught:
        read_cell(kind, RawCell(raw_kind, text, flags))
    assert caught.value.note.message
    assert caught.value.note.fix
    return caught.value.note.code


@pytest.mark.rule("IM2")
def test_formulas_follow_their_cached_value(tmp_path: Path) -> None:
    rows = (
        hostile.row(2, hostile.text("A2", "sin"), hostile.formula("B2", "1+1", None)),
        hostile.row(3, hostile.text("A3", "con"), hostile.formula("B3", "1+1", "2")),
        hostile.row(4, hostile.text("A4", "mal"), hostile.formula("B4", "1/0", "#DIV/0!", "e")),
        hostile.row(5, hostile.text("A5", "vacía"), hostile.formula("B5", 'A9&amp;""', "", "str")),
        hostile.row(6, hostile.text("A6", "en blanco"), hostile.formula("B6", "1+1", "")),
    )
    spec = SheetSpec("Datos", {"clave": Column(Kind.KEY), "valor": Column(Kind.NUMBER)})

    book = read_workbook(hostile.book(tmp_path, hostile.table(*rows)), [spec])

    assert [(i.code, i.cell, i.found) for i in book.errors] == [
        ("formula_without_value", "B2", "=1+1"),
        ("excel_error", "B4", "#DIV/0!"),
        ("formula_without_value", "B6", "=1+1"),
    ]
    assert "fórmula sin valor" in book.errors[0].message
    assert [(i.code, i.cell) for i in book.warnings] == [("formula_value", "B3")]
    assert [row["valor"] for row in book["Datos"]] == [None, Decimal(2), None, None, None]


@pytest.mark.rule("IM3", "IMP-06")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("89,35%", "89.35"),
        ("0.8935", "0.8935"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("50,29", "50.29"),
        ("50 %", "50"),
        ("1.234,5", "1234.5"),
        ("\u00a027,5\u200b", "27.5"),
    ],
)
def test_a_number_typed_as_text_is_read_by_the_locale_rule(text: str, expected: str) -> None:
    assert value(Kind.NUMBER, "s", text)[0] == Decimal(expected)


@pytest.mark.rule("IM3")
def test_an_ambiguous_number_is_asked_never_guessed() -> None:
    assert problem(Kind.NUMBER, "s", "1.234") == "number_ambiguous"
    assert value(Kind.NUMBER, "n", "1.234") == (Decimal("1.234"), [])


@pytest.mark.rule("IM3")
@pytest.mark.parametrize(
    ("raw_kind", "text", "code"),
    [
        ("s", "mucho", "number_not_a_number"),
        ("d", "2022-03-31T00:00:00", "number_not_a_number"),
        ("b", "1", "number_not_a_number"),
        ("n", "inf", "number_out_of_range"),
        ("n", "nan", "number_out_of_range"),
        ("n", "1e+400", "number_out_of_range"),
        ("e", "#N/A", "excel_error"),
    ],
)
def test_what_is_no_number_is_an_error(raw_kind: str, text: str, code: str) -> None:
    assert problem(Kind.NUMBER, raw_kind, text) == code


@pytest.mark.rule("IMP-06")
def test_what_excel_shows_as_a_percentage_is_read_as_shown() -> None:
    assert value(Kind.PERCENT, "n", "0.8935", "p") == (Decimal("89.35"), [])
    assert value(Kind.NUMBER, "n", "0.8935", "p") == (Decimal("89.35"), ["percent_format"])


@pytest.mark.rule("IMP-06")
def test_a_scale_of_zero_to_one_is_doubted_aloud() -> None:
    assert value(Kind.PERCENT, "n", "0.25") == (Decimal("0.25"), ["scale_doubt"])
    assert value(Kind.PERCENT, "s", "0,25%") == (Decimal("0.25"), [])
    assert value(Kind.PERCENT, "n", "25.0") == (Decimal("25"), [])


def test_binary_noise_beyond_the_15_digits_of_excel_is_dropped() -> None:
    assert value(Kind.NUMBER, "n", "0.30000000000000004")[0] == Decimal("0.3")


@pytest.mark.rule("IMP-02")
@pytest.mark.parametrize(
    ("raw_kind", "text", "expected"),
    [
        ("n", "321", "321"),
        ("n", "321.0", "321"),
        ("s", "0002377", "2377"),
        ("s", "000", "0"),
        ("s", " P4 ", "P4"),
        ("s", "P\u00a0 4", "P 4"),
        ("s", "N/A", "N/A"),
        ("n", "2021011000123", "2021011000123"),
    ],
)
def test_keys_are_text_without_leading_zeros(raw_kind: str, text: str, expected: str) -> None:
    assert value(Kind.KEY, raw_kind, text)[0] == expected


@pytest.mark.rule("IMP-02")
def test_a_key_that_excel_has_spoiled_is_told() -> None:
    assert value(Kind.KEY, "n", "3.1") == ("3.1", ["number_as_key"])
    assert problem(Kind.KEY, "n", "2021011000123456") == "imprecise_key"
    assert problem(Kind.KEY, "d", "2022-04-03T00:00:00") == "not_a_key"


def test_integers_have_no_decimals() -> None:
    assert value(Kind.INTEGER, "n", "2022.0")[0] == 2022
    assert problem(Kind.INTEGER, "s", "2,5") == "not_an_integer"


@pytest.mark.rule("IM4")
@pytest.mark.parametrize(
    "text",
    [
        "2022-03-31",
        "31/03/2022",
        "31-3-2022",
        "31.03.2022",
        "31 de marzo de 2022",
        "31-mar-2022",
        "31 de Marzo del 2022",
        "2022/03/31",
        "2022-03-31 00:00:00",
    ],
)
def test_a_date_written_as_text_is_read(text: str) -> None:
    assert value(Kind.DATE, "s", text) == (dt.date(2022, 3, 31), [])


@pytest.mark.rule("IM4")
@pytest.mark.parametrize(
    ("raw_kind", "text", "code"),
    [
        ("s", "31/06/2022", "impossible_date"),
        ("s", "03/31/2022", "impossible_date"),
        ("s", "31/03/22", "not_a_date"),
        ("s", "pronto", "not_a_date"),
        ("s", "31 de brumario de 2022", "impossible_date"),
        ("n", "2022", "implausible_date"),
        ("n", "20220331", "not_a_date"),
        ("b", "1", "not_a_date"),
        ("d", "1900-01-01T00:00:00", "implausible_date"),
    ],
)
def test_a_date_that_cannot_be_is_a_row_error(raw_kind: str, text: str, code: str) -> None:
    assert problem(Kind.DATE, raw_kind, text) == code


@pytest.mark.rule("IM4")
@pytest.mark.parametrize(("is_1904", "serial"), [(False, 44651), (True, 43189)])
def test_serials_follow_the_epoch_of_the_book(tmp_path: Path, is_1904: bool, serial: int) -> None:
    rows = (
        hostile.row(2, hostile.number("B2", str(serial), hostile.DATE_STYLE)),
        hostile.row(3, hostile.number("B3", str(serial))),
        hostile.row(4, hostile.number("B4", f"{serial}.5", hostile.DATE_STYLE)),
    )
    spec = SheetSpec("Datos", {"valor": Column(Kind.DATE)})

    book = read_workbook(hostile.book(tmp_path, hostile.table(*rows), is_1904=is_1904), [spec])

    assert [row["valor"] for row in book["Datos"]] == [dt.date(2022, 3, 31)] * 3
    assert [(i.code, i.cell) for i in book.warnings if i.code != "unknown_header"] == [
        ("date_from_serial", "B3"),
        ("time_dropped", "B4"),
    ]


@pytest.mark.rule("IM13")
@pytest.mark.parametrize(
    ("text", "expected", "change"),
    [
        ("a\u00a0b", "a b", "espacios duros"),
        ("a\u200bb", "ab", "caracteres invisibles"),
        ("\ufeffa", "a", "caracteres invisibles"),
        ("“a” ‘b’", "\"a\" 'b'", "comillas tipográficas"),
        ("n\u0303", "ñ", "tildes descompuestas"),
        ("a\x07b", "ab", "caracteres de control"),
    ],
)
def test_what_cannot_be_seen_is_normalised_and_reported(text: str, expected: str, change: str) -> None:
    got, notes = read_cell(Kind.TEXT, RawCell("s", text))

    assert got == expected
    assert [(note.code, note.message) for note in notes] == [("normalised_text", f"Se normalizó el texto: {change}.")]


@pytest.mark.rule("IM13")
def test_a_narrative_keeps_its_quotes_and_lines() -> None:
    assert value(Kind.PROSE, "s", "“Bogotá”\r\ny la región ") == ("“Bogotá”\ny la región", [])


@pytest.mark.parametrize(
    ("raw_kind", "text", "expected"), [("s", "Sí", True), ("s", "no", False), ("b", "0", False), ("n", "1.0", True)]
)
def test_flags_are_yes_or_no(raw_kind: str, text: str, expected: bool) -> None:
    assert value(Kind.FLAG, raw_kind, text)[0] is expected
    assert problem(Kind.FLAG, "s", "quizá") == "not_a_flag"


def test_numbers_in_text_columns_read_as_people_see_them() -> None:
    assert value(Kind.TEXT, "n", "2022.0") == ("2022", [])
    assert value(Kind.TEXT, "d", "2022-03-31T00:00:00") == ("2022-03-31", ["date_as_text"])


@pytest.mark.rule("PT-12")
@pytest.mark.parametrize("text", ["NP", "np", "N/A", "-", "–", " "])
def test_not_programmed_is_a_blank_and_not_zero(text: str) -> None:
    assert value(Kind.PROGRAMME, "s", text) == (None, [])
    assert value(Kind.PROGRAMME, "n", "0") == (Decimal(0), [])


@pytest.mark.rule("PT-12")
def test_a_programme_is_a_number_or_nothing() -> None:
    assert value(Kind.PROGRAMME, "s", "27,5")[0] == Decimal("27.5")
    assert problem(Kind.PROGRAMME, "s", "pendiente") == "number_not_a_number"
