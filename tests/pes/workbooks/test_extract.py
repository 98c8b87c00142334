"""What the child makes of a workbook's XML, beside what openpyxl makes of it (IM2, IM4, IM7)."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from pes.workbooks import parts
from pes.workbooks.content import Content
from pes.workbooks.extract import extract
from pes.workbooks.items import Refusal
from tests.pes.workbooks import hostile

STRINGS_TYPE = f'Type="{hostile.OFFICE}/sharedStrings"'


def answered(source: Path | bytes) -> dict[str, Any]:
    content = source if isinstance(source, bytes) else source.read_bytes()
    return extract(io.BytesIO(content), ["datos"])


def cells(source: Path | bytes) -> dict[tuple[int, int], list[str]]:
    (sheet,) = answered(source)["sheets"]
    return {(number, column): rest for number, row in sheet["rows"] for column, *rest in row}


def with_strings(folder: Path, table: str, *links: str) -> Path:
    rows = hostile.table(hostile.row(2, '<c r="A2" t="s"><v>0</v></c>', '<c r="B2" t="s"><v>1</v></c>'))
    contents = hostile.parts({"Datos": rows})
    added = "".join(f'<Relationship Id="s{at}" {STRINGS_TYPE} Target="{link}"/>' for at, link in enumerate(links))
    relations = str(contents["xl/_rels/workbook.xml.rels"]).replace("</Relationships>", f"{added}</Relationships>")
    contents |= {"xl/_rels/workbook.xml.rels": relations, "xl/textos.xml": f'<sst xmlns="{hostile.MAIN}">{table}</sst>'}
    return hostile.pack(folder / "libro.xlsx", contents)


def test_the_formats_nobody_declares_are_those_of_every_workbook() -> None:
    def known(shows: Any) -> set[int]:
        return {identifier for identifier, code in BUILTIN_FORMATS.items() if shows(code)}

    assert known(is_date_format) == parts.BUILT_IN_DATES
    assert known(is_timedelta_format) == parts.BUILT_IN_SPANS
    assert known(lambda code: "%" in code) == parts.BUILT_IN_PERCENTS


@pytest.mark.parametrize(
    "code",
    [
        *("yyyy-mm-dd", "[$-240A]d mmm yyyy;@", "[h]:mm", "hh:mm AM/PM", "[Red]0.00", '0.0" días"', "0.0%", "#,##0"),
        *('"m"0', "0_d", "[mm]:ss", "General;yyyy", "0;0%", "\\m0"),
    ],
)
def test_declared_formats_are_understood_as_openpyxl_does(code: str) -> None:
    assert parts._shown(164, code) == (is_date_format(code), is_timedelta_format(code), "%" in code)


@pytest.mark.rule("IM4")
@pytest.mark.parametrize("is_1904", [False, True])
def test_every_kind_of_cell_is_read_as_openpyxl_reads_it(is_1904: bool) -> None:
    formats = ["General", "yyyy-mm-dd hh:mm:ss", "[h]:mm:ss", "0.0%", "dd/mm/yyyy"]
    values = [0, 0.5, 1, 59, 60, 61, 44651, 44651.999999, 44651.123456, 99_999, -0.25, 2.5e-7]
    book = Workbook()
    if is_1904:
        book.epoch = dt.datetime(1904, 1, 1)  # noqa: DTZ001
    book.active.title = "Datos"
    for row, value in enumerate(values, 1):
        for column, code in enumerate(formats, 1):
            book.active.cell(row, column, value).number_format = code
    book.active.append(["texto", True, False, "#N/A", "=1+1", "x" * 40])
    out = io.BytesIO()
    book.save(out)

    expected: dict[tuple[int, int], list[str]] = {}
    for cell in (cell for row in load_workbook(out, data_only=True).active for cell in row):
        if cell.value is not None:
            expected[cell.row, cell.column] = [
                *told(cell.value, cell.data_type),
                "p" if "%" in cell.number_format else "",
            ]
    read = cells(out.getvalue())

    assert read.pop((len(values) + 1, 5)) == ["x", "=1+1", "f"]
    assert read == expected


def told(value: Any, data_type: str) -> tuple[str, str]:
    if data_type == "e":
        return "e", value
    if isinstance(value, bool):
        return "b", str(int(value))
    if isinstance(value, str):
        return "s", value
    if isinstance(value, (int, float)):
        return "n", repr(value)
    return ("d", value.isoformat()) if isinstance(value, dt.datetime) else ("t", str(value))


def test_rich_texts_are_joined_and_phonetic_guides_left_out(tmp_path: Path) -> None:
    runs = "<r><rPr><b/></rPr><t>uno </t></r><r><t>dos</t></r><rPh sb='0' eb='1'><t>GUÍA</t></rPh>"
    shared = f"<si>{runs}</si><si><t>_x005F_x0041_ _x0041_</t></si>"

    assert cells(with_strings(tmp_path, shared, "textos.xml"))[2, 1] == ["s", "uno dos", ""]
    assert cells(with_strings(tmp_path, shared, "/xl/textos.xml"))[2, 2] == ["s", "_x0041_ A", ""]
    inline = hostile.book(tmp_path, hostile.table(f'<row r="2"><c r="A2" t="inlineStr"><is>{runs}</is></c></row>'))
    assert cells(inline)[2, 1] == ["s", "uno dos", ""]


@pytest.mark.parametrize(
    ("written", "read"),
    [("_xD83C__xDF33_ árbol", "🌳 árbol"), ("_xD800_ media", "\ufffd media"), ("_x_xD8", "_x_xD8")],
    ids=["two halves", "one half", "nothing"],
)
def test_half_a_character_never_reaches_the_page_nor_the_database(tmp_path: Path, written: str, read: str) -> None:
    inline = f'<row r="2"><c r="A2" t="inlineStr"><is><t>{written}</t></is></c></row>'

    assert cells(hostile.book(tmp_path, hostile.table(inline)))[2, 1] == ["s", read, ""]


@pytest.mark.rule("IM7")
def test_two_tables_of_texts_are_refused_because_readers_would_differ(tmp_path: Path) -> None:
    path = with_strings(tmp_path, "<si><t>a</t></si>", "textos.xml", "styles.xml")

    with pytest.raises(Refusal, match="damaged"):
        answered(path)


@pytest.mark.rule("IM7")
def test_entities_are_refused_in_texts_whatever_their_part_is_called(tmp_path: Path) -> None:
    contents = dict(zipfile_parts(with_strings(tmp_path, "<si><t>a</t></si>", "textos.dat")))
    contents["xl/textos.dat"] = hostile.XXE.encode() + contents.pop("xl/textos.xml")

    with pytest.raises(Refusal, match="forbidden_xml"):
        answered(hostile.pack(tmp_path / "otro.xlsx", contents))


def zipfile_parts(path: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


@pytest.mark.rule("IM2")
@pytest.mark.parametrize(
    ("xml", "read"),
    [
        pytest.param(
            '<c r="A2"><f>1</f></c><c r="B2"><v>5</v></c>', [["x", "=1", "f"], ["n", "5", ""]], id="valueless"
        ),
        pytest.param('<c r="A2" t="str"><f>""</f><v></v></c>', [], id="empty text"),
        pytest.param('<c r="A2"><f/><v>7</v></c>', [["n", "7", "f"]], id="shared formula"),
        pytest.param('<c r="A2"><v>7</v><f>7</f></c>', [["n", "7", "f"]], id="formula last"),
        pytest.param('<c r="A2"><v>7</v><v>8</v></c>', [["n", "7", ""]], id="two values"),
        pytest.param('<c r="A2" t="inlineStr"><v>7</v></c>', [], id="inline without text"),
        pytest.param('<c r="A2"><is><t>7</t></is></c>', [], id="text in a number"),
        pytest.param('<c r="A2" t="d"><v>2022-03-31</v></c>', [["d", "2022-03-31T00:00:00", ""]], id="iso date"),
        pytest.param(
            '<c r="A2" t="d"><v>2022-03-31T10:30:00Z</v></c>', [["d", "2022-03-31T10:30:00", ""]], id="instant"
        ),
        pytest.param('<c r="A2" t="d"><v>10:30:00</v></c>', [["t", "10:30:00", ""]], id="iso time"),
        pytest.param('<c r="A2" s="1"><v>1e20</v></c>', [["e", "#VALUE!", ""]], id="impossible date"),
    ],
)
def test_what_a_cell_says_is_taken_once_and_never_made_up(tmp_path: Path, xml: str, read: list[list[str]]) -> None:
    path = hostile.book(tmp_path, hostile.table(f'<row r="2">{xml}</row>'))

    assert [rest for (row, _column), rest in cells(path).items() if row == 2] == read


@pytest.mark.parametrize("text", ["uno", "", "1_", "0x1"])
def test_a_number_that_is_none_is_damage(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Content(parts.Book()).read("n", text, 0)


@pytest.mark.rule("IM5")
def test_chart_sheets_and_sheets_without_a_part_are_no_sheets(tmp_path: Path) -> None:
    contents = hostile.parts({"Datos": hostile.table(), "Gráfico": hostile.table(), "Perdida": hostile.table()})
    relations = str(contents["xl/_rels/workbook.xml.rels"])
    contents["xl/_rels/workbook.xml.rels"] = relations.replace(
        'worksheet" Target="worksheets/sheet2.xml', 'chartsheet" Target="worksheets/sheet2.xml'
    )
    del contents["xl/worksheets/sheet3.xml"]

    assert answered(hostile.pack(tmp_path / "libro.xlsx", contents))["titles"] == ["Datos"]
