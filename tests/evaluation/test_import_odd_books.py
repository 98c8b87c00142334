"""Odd, broken and hostile workbooks at the door of the import: the verdict, and nothing written (IM2, IM5–IM8)."""

import json
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from evaluation.pes_workbook.apply import import_workbook
from evaluation.pes_workbook.fixture import read_fixture
from pes.models import Indicator, User
from tests.pes_books import imported, problems, published, refused, row, run, save, written

pytestmark = pytest.mark.django_db


def rezipped(path: Path, change) -> Path:
    """The same container with parts changed: `change` takes a name and bytes and gives bytes."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            out.writestr(name, change(name, source.read(name)))
    return target


@pytest.mark.rule("IM8")
def test_row_350_of_400_refuses_all_and_is_named(tmp_path):
    tables = published()
    tables["Mediciones"] = [
        {"indicador": "321", "corte": date(2020, 1, 1) + timedelta(days=day), "ejecutado": "1", "analisis": ""}
        for day in range(400)
    ]
    tables["Mediciones"][349]["ejecutado"] = "mucho"

    answer = refused(tables, tmp_path, ("Mediciones", "C351", "number_not_a_number"))

    item = answer["errors"][0]
    assert (item["found"], item["rule"]) == ("mucho", "IM3")
    assert item["expected"]
    assert item["fix"]


@pytest.mark.rule("IM5")
def test_merged_cells_give_only_their_anchor_and_the_rest_is_missed_aloud(tmp_path):
    path = save(published(), tmp_path / "pes.xlsx")
    book = load_workbook(path)
    book["Indicadores"].merge_cells("E4:E7")  # one goal, four indicators: how people lay it out
    book.save(path)
    before = written()

    answer, code = run("import_pes", str(path))

    assert (code, problems(answer)) == (1, [("Indicadores", f"E{line}", "empty_cell") for line in (5, 6, 7)])
    assert [item["code"] for item in answer["warnings"]] == ["merged_cells"]
    assert written() == before


@pytest.mark.rule("IM5")
def test_hidden_rows_are_read_and_told(tmp_path):
    path = save(published(), tmp_path / "pes.xlsx")
    book = load_workbook(path)
    book["Indicadores"].row_dimensions[3].hidden = True
    book.save(path)

    answer, code = run("import_pes", str(path))

    assert (code, answer["created"], [item["code"] for item in answer["warnings"]]) == (0, 35, ["hidden_rows"])


@pytest.mark.rule("IM6")
def test_a_wrong_dimension_drops_no_row(tmp_path):
    path = save(published(), tmp_path / "pes.xlsx")
    lying = rezipped(path, lambda _name, part: re.sub(rb'<dimension ref="[^"]+"', b'<dimension ref="A1:B2"', part))

    answer, code = run("import_pes", str(lying))

    assert (code, answer["created"], Indicator.objects.count()) == (0, 35, 9)


@pytest.mark.rule("IM6")
def test_a_cell_in_the_last_corner_is_refused(tmp_path):
    path = save(published(), tmp_path / "pes.xlsx")
    book = load_workbook(path)
    book["Mediciones"]["XFD1048576"] = "x"
    book.save(path)
    before = written()

    answer, code = run("import_pes", str(path))

    assert (code, answer["errors"][0]["rule"], written()) == (1, "IM6", before)


@pytest.mark.rule("IM7")
@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("xl/media/image1.xml", b"0" * 70_000_000, "too_big"),
        ("xl/media/image1.xml", b"0" * 20_000_000, "zip_bomb"),
        ("xl/vbaProject.bin", b"macro", "macros"),
    ],
)
def test_a_container_that_is_no_plain_book_is_refused(tmp_path, part, content, code):
    path = save(published(), tmp_path / "pes.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, content)
    before = written()

    answer, ended = run("import_pes", str(path))

    assert (ended, [item["code"] for item in answer["errors"]], written()) == (1, [code], before)


@pytest.mark.rule("IM7")
def test_an_entity_bomb_is_refused(tmp_path):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    path = save(published(), tmp_path / "pes.xlsx")
    armed = rezipped(path, lambda name, part: bomb + part if name.endswith("sheet1.xml") else part)
    before = written()

    answer, code = run("import_pes", str(armed))

    assert (code, answer["errors"][0]["rule"], written()) == (1, "IM7", before)


@pytest.mark.rule("IM2")
def test_a_broken_formula_is_named_by_its_error(tmp_path):
    tables = published()
    row(tables, "Mediciones", "indicador", "321")["ejecutado"] = "#DIV/0!"

    answer, code = imported(tables, tmp_path)

    assert (code, problems(answer)) == (1, [("Mediciones", "C2", "excel_error")])


def test_reading_again_takes_the_same_queries_whatever_the_size(tmp_path):
    console = User.objects.console()
    asked = []
    for copies in (1, 12):
        path = tmp_path / f"{copies}.json"
        path.write_text(json.dumps({"sheets": grown(copies)}))
        assert import_workbook(read_fixture(path), by=console).errors == ()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = import_workbook(read_fixture(path), by=console)
        assert (answer.created, answer.updated) == (0, 0)
        asked.append(len(queries))

    assert asked[0] == asked[1]


def grown(copies: int):
    """The published plan with more indicators in its first objective, each in a measured vigencia."""
    tables = published()
    model = row(tables, "Indicadores", "clave", "321")
    for number in range(copies):
        tables["Indicadores"].append(model | {"clave": f"X{number}", "objetivo": "1", "codigo_meta": f"9{number}"})
        tables["Mediciones"].append(
            {"indicador": f"X{number}", "corte": "2022-03-31", "ejecutado": "1", "analisis": ""}
        )
    return tables
