"""Sheets that are odd but honest: read to the last row, and every oddity told (IM1, IM5, IM6)."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest

from pes.workbooks.cells import Kind
from pes.workbooks.items import Item
from pes.workbooks.reader import Workbook, read_workbook
from pes.workbooks.tables import Column, SheetSpec
from tests.pes.workbooks import hostile
from tests.pes.workbooks.hostile import number, row, text

SPEC = SheetSpec("Datos", {"clave": Column(Kind.KEY), "valor": Column(Kind.NUMBER)})


def read(path: Path, *specs: SheetSpec) -> Workbook:
    started = hostile.processor_seconds()
    book = read_workbook(path, specs or [SPEC])
    assert hostile.processor_seconds() - started < 5
    assert book.peak_kib < 300 * 1024
    return book


def codes(items: tuple[Item, ...]) -> list[tuple[str, str]]:
    return [(item.code, item.cell) for item in items]


def line(at: int, value: str = "1", attributes: str = "") -> str:
    return row(at, text(f"A{at}", f"k{at}"), number(f"B{at}", value), attributes=attributes)


@pytest.mark.rule("IM6")
def test_a_million_empty_rows_cost_nothing_and_lose_nothing(tmp_path: Path) -> None:
    path = hostile.book(tmp_path, hostile.table(line(2), hostile.empty_rows(1_048_574)))

    book = read(path)

    assert codes(book.errors) == []
    assert [(r.number, r["clave"], r["valor"]) for r in book["Datos"]] == [(2, "k2", Decimal(1))]


@pytest.mark.rule("IM6")
def test_data_after_a_million_empty_rows_is_refused_not_dropped(tmp_path: Path) -> None:
    path = hostile.book(tmp_path, hostile.table(line(2), hostile.empty_rows(1_048_573), line(1_048_576)))

    assert codes(read(path).errors) == [("too_many_rows", "B1048576")]


@pytest.mark.rule("IM6")
@pytest.mark.parametrize(
    "last",
    [
        '<c r="B9"><v xml:space="preserve"   n="a>b row> &lt;/row>">7</v></c>',
        '<c r="B9"><!-- </sheetData> --><v>7</v></c>',
        f'<x:c xmlns:x="{hostile.MAIN}" r="B9"><x:v>7</x:v></x:c>',
        '<c r="B9" t="str"><v>7</v></c><!-- <v> -->',
        '<?x </row></sheetData> ?><c r="B9"><v>7</v></c>',
        '<c r="B9" t="inlineStr"><is><r><t>7</t></r></is></c>',
    ],
    ids=["long tag", "closing in comment", "prefixed", "mark in comment", "instruction", "rich text"],
)
def test_the_last_cell_before_an_empty_tail_is_never_lost(tmp_path: Path, last: str) -> None:
    merged = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    path = hostile.book(tmp_path, hostile.table(line(2), row(9, last), hostile.empty_rows(2_000, 10), after=merged))

    book = read(path)

    assert [(r.number, r["valor"]) for r in book["Datos"]] == [(2, 1), (9, 7)]
    assert codes(book.warnings) == [("merged_cells", "A2")]


@pytest.mark.rule("IM6")
@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_other_encodings_are_read_whole(tmp_path: Path, encoding: str) -> None:
    xml = hostile.table(row(2, text("A2", "peñón"), number("B2", "1")), hostile.empty_rows(50)).replace(
        "UTF-8", encoding
    )

    book = read(hostile.book(tmp_path, xml.encode(encoding)))  # type: ignore[arg-type]

    assert [(r["clave"], r["valor"]) for r in book["Datos"]] == [("peñón", 1)]


@pytest.mark.rule("IM6")
@pytest.mark.parametrize("dimension", ["A1", "A1:B2", "A1:XFD1048576", "ZZ9:A1", "nada"])
def test_a_wrong_dimension_drops_no_row(tmp_path: Path, dimension: str) -> None:
    rows = [line(at) for at in range(2, 402)]
    path = hostile.book(tmp_path, hostile.table(*rows, before=f'<dimension ref="{dimension}"/>'))

    book = read(path)

    assert [r.number for r in book["Datos"]] == list(range(2, 402))
    assert not book.errors
    assert not book.warnings


def test_gaps_and_cells_without_reference_keep_their_place(tmp_path: Path) -> None:
    bare = '<row><c t="inlineStr"><is><t>x</t></is></c><c><v>7</v></c></row>'
    path = hostile.book(tmp_path, hostile.table(line(2), line(50), bare))

    sheet = read(path)["Datos"]

    assert [(r.number, r.cells["valor"]) for r in sheet] == [(2, "B2"), (50, "B50"), (51, "B51")]
    assert sheet.rows[2]["valor"] == 7


def headers(*names: str) -> str:
    return row(1, *(text(f"{chr(65 + at)}1", name) for at, name in enumerate(names)))


@pytest.mark.rule("IM1")
def test_headers_are_found_by_name_in_any_order_and_dress(tmp_path: Path) -> None:
    spec = SheetSpec(
        "Indicadores",
        {"tipo_programacion": Column(Kind.TEXT), "meta": Column(Kind.TEXT, aliases=("Meta del sector",))},
        patterns={r"p_(\d{4})": Column(Kind.NUMBER)},
    )
    titles = row(1, text("A1", "Plan estratégico"))
    found = row(
        3,
        text("A3", " P 2023"),
        text("B3", "META  del Sector"),
        text("C3", "Tipo\u00a0Programación"),
        text("D3", "p_2022"),
    )
    data = row(4, number("A4", "2"), text("B4", "m"), text("C4", "SUMA"), number("D4", "1"))
    path = hostile.pack(tmp_path / "l.xlsx", hostile.parts({"INDICADORES ": hostile.sheet([titles, found, data])}))

    book = read(path, spec)

    assert not book.errors
    assert not book.warnings
    assert book["Indicadores"].headers == {"p_2023": "A", "meta": "B", "tipo_programacion": "C", "p_2022": "D"}
    assert book["Indicadores"].rows[0].values == {
        "p_2023": Decimal(2),
        "meta": "m",
        "tipo_programacion": "SUMA",
        "p_2022": Decimal(1),
    }


@pytest.mark.rule("IM1")
def test_every_header_problem_is_listed_at_once(tmp_path: Path) -> None:
    spec = SheetSpec("Datos", {name: Column(Kind.TEXT) for name in ("clave", "valor", "unidad", "fuente")})
    path = hostile.book(
        tmp_path,
        hostile.sheet([headers("clave", "Clave", "unidades", "color"), row(2, text("A2", "x"), text("F2", "suelto"))]),
    )

    book = read(path, spec)

    assert codes(book.errors) == [
        ("duplicate_header", "B1"),
        ("missing_header", "A1"),
        ("missing_header", "A1"),
        ("missing_header", "A1"),
    ]
    assert [item.expected for item in book.errors[1:]] == [
        "la columna «valor»",
        "la columna «unidad»",
        "la columna «fuente»",
    ]
    assert "unidades" in book.errors[2].fix
    assert codes(book.warnings) == [("unknown_header", "C1"), ("unknown_header", "D1"), ("column_without_header", "F2")]


@pytest.mark.rule("IM1")
def test_missing_and_unknown_sheets_are_told(tmp_path: Path) -> None:
    path = hostile.pack(tmp_path / "l.xlsx", hostile.parts({"Otra": hostile.table(line(2))}))

    book = read(path, SPEC, SheetSpec("Opcional", {}, required=False))

    assert [(item.code, item.sheet) for item in book.errors] == [("missing_sheet", "Datos")]
    assert [(item.code, item.sheet) for item in book.warnings] == [("unknown_sheet", "Otra")]


@pytest.mark.rule("IM1")
def test_an_empty_sheet_misses_all_its_headers(tmp_path: Path) -> None:
    book = read(hostile.book(tmp_path, hostile.sheet([])))

    assert codes(book.errors) == [("missing_header", "A1"), ("missing_header", "A1")]


@pytest.mark.rule("IM1")
def test_a_row_without_a_value_that_must_be_there_is_told(tmp_path: Path) -> None:
    spec = SheetSpec("Datos", {"clave": Column(Kind.KEY, filled=True), "valor": Column(Kind.NUMBER)})
    path = hostile.book(
        tmp_path, hostile.table(row(2, number("B2", "5")), row(3, text("A3", " \u200b"), text("B3", "")))
    )

    book = read(path, spec)

    assert codes(book.errors) == [("empty_cell", "A2")]


@pytest.mark.rule("IM5")
def test_only_the_anchor_of_merged_cells_is_read_and_it_is_told(tmp_path: Path) -> None:
    merged = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    path = hostile.book(tmp_path, hostile.table(line(2), row(3, '<c r="A3" s="1"/>', number("B3", "2")), after=merged))

    book = read(path)

    assert codes(book.errors) == []
    assert codes(book.warnings) == [("merged_cells", "A2")]
    assert [r["clave"] for r in book["Datos"]] == ["k2", None]


@pytest.mark.rule("IM5")
def test_data_under_merged_cells_is_an_error(tmp_path: Path) -> None:
    merged = '<mergeCells><mergeCell ref="A2:B3"/></mergeCells>'
    path = hostile.book(tmp_path, hostile.table(line(2), line(3), after=merged))

    book = read(path)

    assert codes(book.errors) == [("hidden_by_merge", "B2"), ("hidden_by_merge", "A3"), ("hidden_by_merge", "B3")]
    assert book.errors[1].found == "k3"


@pytest.mark.rule("IM5")
def test_hidden_rows_columns_and_sheets_are_read_and_told(tmp_path: Path) -> None:
    xml = hostile.table(
        line(2),
        line(3, attributes='hidden="1"'),
        '<row r="9" hidden="1"/>',
        before='<cols><col min="2" max="2" hidden="1"/><col min="9" max="16384" hidden="1"/></cols>',
        after='<autoFilter ref="A1:B3"/>',
    )
    path = hostile.book(tmp_path, xml, hidden=["Datos"])

    book = read(path)

    assert [r["valor"] for r in book["Datos"]] == [1, 1]
    assert [(i.code, i.found) for i in book.warnings] == [
        ("hidden_sheet", "Datos"),
        ("hidden_rows", "filas 3"),
        ("hidden_columns", "columnas B"),
    ]
    assert "filtro" in book.warnings[1].message


def test_too_many_merges_are_refused(tmp_path: Path) -> None:
    merged = "".join(f'<mergeCell ref="D{at}:E{at}"/>' for at in range(1, 10_002))
    path = hostile.book(tmp_path, hostile.table(line(2), after=f"<mergeCells>{merged}</mergeCells>"))

    assert codes(read(path).errors) == [("too_heavy", "")]


def test_equal_warnings_of_a_column_are_one_item(tmp_path: Path) -> None:
    rows = [row(at, text(f"A{at}", f"k\u00a0{at}"), number(f"B{at}", "1")) for at in range(2, 102)]

    book = read(hostile.book(tmp_path, hostile.table(*rows)))

    assert codes(book.warnings) == [("normalised_text", "A2")]
    assert "otras 99 celdas" in book.warnings[0].message


def test_a_thousand_errors_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    rows = [row(at, text(f"B{at}", "no")) for at in range(2, 1_502)]

    book = read(hostile.book(tmp_path, hostile.table(*rows)))

    assert len(book.errors) == 1_001
    assert book.errors[-1].code == "more_errors"
    assert book.errors[-1].found == "500 errores más"


def test_an_uploaded_stream_is_read_like_a_file(tmp_path: Path) -> None:
    path = hostile.book(tmp_path, hostile.table(line(2)))

    from_stream = read_workbook(io.BytesIO(path.read_bytes()), [SPEC])

    assert from_stream["Datos"] == read(path)["Datos"]
    assert from_stream.sha256 == read(path).sha256
