"""Files that are refused whole, with their exact reason (IM6, IM7, UP2, UP5)."""

from __future__ import annotations

import random
import stat
import zipfile
from pathlib import Path

import pytest

from pes.workbooks import limits
from pes.workbooks.cells import Kind
from pes.workbooks.names import column_letter
from pes.workbooks.reader import Workbook, read_workbook
from pes.workbooks.tables import Column, SheetSpec
from tests.pes.workbooks import hostile

SPEC = SheetSpec("Datos", {"clave": Column(Kind.KEY), "valor": Column(Kind.NUMBER)})
GOOD = hostile.table(hostile.row(2, hostile.text("A2", "1"), hostile.number("B2", "5")))


def read(path: Path) -> Workbook:
    """Read as the product does, within the ceilings of IM6."""
    started = hostile.processor_seconds()
    book = read_workbook(path, [SPEC])
    assert hostile.processor_seconds() - started < 5
    assert book.peak_kib < 300 * 1024
    return book


def refusal(path: Path) -> str:
    book = read(path)
    assert not book.sheets
    assert len(book.errors) == 1
    item = book.errors[0].as_json()
    assert item["message"]
    assert item["fix"]
    assert item["expected"]
    return item["code"]


@pytest.mark.rule("IM7")
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("xl/embeddings/oleObject1.bin", "embedded_object"),
        ("xl/activeX/activeX1.xml", "embedded_object"),
        ("xl/externalLinks/externalLink1.xml", "external_link"),
        ("xl/connections.xml", "external_link"),
        ("xl/media/otro.zip", "nested_archive"),
        ("xl/media/corre.exe", "embedded_object"),
        ("../fuera.xml", "unsafe_path"),
        ("/etc/passwd", "unsafe_path"),
        ("xl\\..\\x.xml", "unsafe_path"),
        ("C:/x.xml", "unsafe_path"),
    ],
)
def test_a_part_with_a_forbidden_name_is_refused(tmp_path: Path, name: str, code: str) -> None:
    path = hostile.book(tmp_path, GOOD, extra={name: "x"})

    assert refusal(path) == code


@pytest.mark.rule("IM7")
@pytest.mark.parametrize(
    ("magic", "code"), [(b"PK\x03\x04", "nested_archive"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "embedded_object")]
)
def test_a_disguised_part_is_known_by_its_first_bytes(tmp_path: Path, magic: bytes, code: str) -> None:
    path = hostile.book(tmp_path, GOOD, extra={"xl/media/image1.png": magic + bytes(20)})

    assert refusal(path) == code


@pytest.mark.rule("IM7")
def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    path = hostile.book(tmp_path, GOOD)
    link = zipfile.ZipInfo("xl/media/enlace.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")

    assert refusal(path) == "unsafe_path"


@pytest.mark.rule("IM7")
@pytest.mark.parametrize("kind", [hostile.MACRO_TYPE, hostile.PLAIN_TYPE.replace("sheet.main", "template.main")])
def test_a_macro_book_or_template_renamed_to_xlsx_is_refused(tmp_path: Path, kind: str) -> None:
    assert refusal(hostile.book(tmp_path, GOOD, main_type=kind)) == "not_plain_xlsx"


@pytest.mark.rule("IM7")
@pytest.mark.parametrize("prologue", [hostile.LAUGHS, hostile.XXE])
@pytest.mark.parametrize(
    "part",
    [
        "xl/worksheets/sheet1.xml",
        "xl/workbook.xml",
        "xl/styles.xml",
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
    ],
)
def test_declared_entities_are_refused_in_every_part(tmp_path: Path, part: str, prologue: str) -> None:
    contents = hostile.parts({"Datos": GOOD})
    body = str(contents[part]).removeprefix('<?xml version="1.0" encoding="UTF-8"?>')
    contents[part] = prologue + body

    assert refusal(hostile.pack(tmp_path / "libro.xlsx", contents)) == "forbidden_xml"


@pytest.mark.rule("IM7")
def test_an_entity_is_refused_in_utf_16_too(tmp_path: Path) -> None:
    xml = GOOD.replace('encoding="UTF-8"?>', f'encoding="UTF-16"?>{hostile.XXE}')

    assert refusal(hostile.book(tmp_path, xml.encode("utf-16"))) == "forbidden_xml"  # type: ignore[arg-type]


@pytest.mark.rule("IM7")
@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("cmd|'/c calc'!A0", "dde"),
        ('DDE("cmd","/c calc","x")', "dde"),
        ("[1]Hoja!A1", "external_link"),
        ("'[otro.xlsx]Hoja'!A1", "external_link"),
        ('WEBSERVICE("http://10.0.0.1/")', "external_link"),
    ],
)
def test_a_formula_that_reaches_outside_is_refused(tmp_path: Path, code: str, verdict: str) -> None:
    rows = hostile.row(2, hostile.text("A2", "1"), hostile.formula("B2", code, "5"))

    book = read(hostile.book(tmp_path, hostile.table(rows)))

    assert [(item.code, item.sheet, item.cell) for item in book.errors] == [(verdict, "Datos", "B2")]


@pytest.mark.rule("IM7")
def test_an_external_relationship_is_refused_but_a_hyperlink_is_not(tmp_path: Path) -> None:
    def with_link(kind: str) -> Path:
        rels = (
            f'<Relationships xmlns="{hostile.PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{hostile.OFFICE}/{kind}" Target="http://10.0.0.1/x" TargetMode="External"/></Relationships>'
        )
        return hostile.book(tmp_path, GOOD, extra={"xl/worksheets/_rels/sheet1.xml.rels": rels})

    assert refusal(with_link("image")) == "external_link"
    assert not read(with_link("hyperlink")).errors


@pytest.mark.rule("IM7")
def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    dense = hostile.book(tmp_path, GOOD, extra={"xl/media/image1.png": bytes(20 * limits.MEBIBYTE)})
    assert refusal(dense) == "zip_bomb"

    huge = hostile.book(tmp_path, GOOD, extra={"xl/media/image1.png": bytes(61 * limits.MEBIBYTE)})
    book = read(huge)

    assert book.errors[0].code == "too_big"
    assert book.peak_kib == 0  # no child was started


@pytest.mark.rule("IM7")
def test_a_book_of_more_than_200_parts_is_refused(tmp_path: Path) -> None:
    extra = {f"xl/media/image{n}.png": "x" for n in range(200)}

    assert refusal(hostile.book(tmp_path, GOOD, extra=extra)) == "too_many_parts"


@pytest.mark.rule("IM7")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_workbook"),
        (b"%PDF-1.7 ...", "not_a_workbook"),
        (b"clave;valor\n1;2\n", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_or_protected"),
        (b"PK\x03\x04" + bytes(600), "damaged"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "libro.xlsx"
    path.write_bytes(content)

    assert refusal(path) == code


@pytest.mark.rule("IM7")
@pytest.mark.parametrize(
    "xml",
    [
        GOOD[:-30],
        hostile.table(hostile.row(3, hostile.number("B3", "1")), hostile.row(2, hostile.number("B2", "1"))),
        hostile.table(hostile.row(2, hostile.number("B2", "1"), hostile.number("B2", "2"))),
        hostile.table(hostile.row(2, hostile.number("B7", "1"))),
        hostile.table(hostile.row(2, hostile.number("B2", "abc"))),
    ],
    ids=["truncated", "rows out of order", "cell twice", "cell of another row", "no number"],
)
def test_a_sheet_that_readers_would_read_differently_is_refused(tmp_path: Path, xml: str) -> None:
    assert refusal(hostile.book(tmp_path, xml)) == "damaged"


@pytest.mark.rule("IM6")
@pytest.mark.parametrize(("cell", "code"), [("XFD1048576", "too_many_rows"), ("XFD2", "too_many_columns")])
@pytest.mark.parametrize("before", ["", "<!-- with comments the empty tail is not skipped -->"])
def test_a_lonely_cell_at_the_far_corner_is_named(tmp_path: Path, cell: str, code: str, before: str) -> None:
    far = hostile.row(int(cell[3:]), hostile.number(cell, "1"))

    book = read(hostile.book(tmp_path, hostile.table(far, before=before)))

    assert [(item.code, item.sheet, item.cell) for item in book.errors] == [(code, "Datos", cell)]


@pytest.mark.rule("IM6")
def test_a_sheet_has_5000_data_rows_at_most(tmp_path: Path) -> None:
    rows = [hostile.row(at, hostile.text(f"A{at}", f"k{at}"), hostile.number(f"B{at}", "1")) for at in range(2, 5_003)]

    assert len(read(hostile.book(tmp_path, hostile.table(*rows[:-1])))["Datos"].rows) == 5_000
    assert [item.code for item in read(hostile.book(tmp_path, hostile.table(*rows))).errors] == ["too_many_rows"]


@pytest.mark.rule("IM6")
def test_more_empty_cells_than_a_sheet_may_have_are_refused(tmp_path: Path) -> None:
    rows = (
        hostile.row(at, *(f'<c r="{column_letter(n)}{at}" s="1"/>' for n in range(1, 451))) for at in range(2, 4_900)
    )
    last = hostile.row(5_000, hostile.number("B5000", "1"))

    assert refusal(hostile.book(tmp_path, hostile.table(*rows, last))) == "too_heavy"


@pytest.mark.rule("IM6")
def test_a_shared_text_repeated_without_end_is_refused(tmp_path: Path) -> None:
    shared = f'<sst xmlns="{hostile.MAIN}"><si><t>{"ab1 " * 8_000}</t></si></sst>'
    rows = [hostile.row(at, f'<c r="A{at}" t="s"><v>0</v></c>') for at in range(2, 2_000)]
    contents = hostile.parts({"Datos": hostile.table(*rows)}, extra={"xl/sharedStrings.xml": shared})
    contents["[Content_Types].xml"] = str(contents["[Content_Types].xml"]).replace(
        "</Types>",
        '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    )

    assert refusal(hostile.pack(tmp_path / "libro.xlsx", contents)) == "too_heavy"


@pytest.mark.rule("IM6")
def test_a_million_different_shared_texts_are_refused(tmp_path: Path) -> None:
    dice = random.Random(1)
    shared = "".join(f"<si><t>{dice.randrange(10**6)}</t></si>" for _ in range(1_300_000))
    path = hostile.book(tmp_path, GOOD, extra={"xl/sharedStrings.xml": f'<sst xmlns="{hostile.MAIN}">{shared}</sst>'})

    assert refusal(path) == "too_heavy"
