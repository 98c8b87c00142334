"""Exporting a quarter's report: what comes out goes back in and changes nothing (IM14)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from openpyxl import load_workbook

from tests import people, plan_makers, report_makers
from tests.tracking import report_books
from tests.tracking.report_books import exported, imported
from tracking.content import TEXTS
from tracking.filling import EntryChange, supply_entries, write_entries
from tracking.report_workbook import shape
from tracking.rules.report_states import ReportStatus

pytestmark = [pytest.mark.django_db, pytest.mark.rule("IM14")]


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def area(them):
    return report_books.central_area(them)


@pytest.fixture
def report(them, area):
    found = report_books.open_report(them, area[0], status="filling")
    write_entries(found, [EntryChange(2, SHARE)], by=them.luis)
    supply_entries(found, area[0], [EntryChange(3, {"achieved": Decimal("4.5")})], by=area[1])
    return found


SHARE = {"achieved": None, "numerator": Decimal(7), "denominator": Decimal(9), "delay_causes": "Menos personal."}


@pytest.mark.rule("SM-2", "WF18")
@pytest.mark.parametrize("steps", range(4))
def test_a_report_round_trips_whatever_its_state(them, area, report, tmp_path, steps):
    supply_entries(report, area[0], [EntryChange(3, {"analysis": "A", "delay_causes": "B"})], by=area[1])
    for step in (ReportStatus.SUBMITTED, ReportStatus.IN_REVIEW, ReportStatus.VALIDATED)[:steps]:
        report_makers.take_step(report, step, {})

    answer, code = imported(exported(tmp_path / "a.xlsx", them.process), them.process)

    assert (code, answer["errors"], answer["warnings"]) == (0, [], [])
    assert (answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 3)


@pytest.mark.rule("EX1", "EX2", "IM13")
def test_odd_texts_and_amounts_round_trip(them, report, tmp_path):
    odd = ["=HYPERLINK(1)", "-5 %", "@aquí", "“Sí” y ‘no’", "Uno\nDos", "_x0041_ no es A", "1.234", "NP"]
    for number in (1, 2):
        texts = dict(zip(TEXTS, odd[number * 4 - 4 :], strict=False))
        values = {"achieved": Decimal("12345678901234.1234"), "numerator": None, "denominator": None, **texts}
        write_entries(report, [EntryChange(number, values)], by=them.luis)

    answer, code = imported(exported(tmp_path / "a.xlsx", them.process), them.process)

    assert (code, answer["errors"], answer["updated"]) == (0, [], 0)


def test_the_book_says_what_it_is_of_and_computes_as_the_screen_does(them, report, tmp_path):
    book = load_workbook(exported(tmp_path / "a.xlsx", them.process), data_only=True)
    sheet = book[shape.REPORT]
    headers = [cell.value for cell in sheet[1]]
    one, two, three = (dict(zip(headers, values, strict=True)) for values in sheet.iter_rows(2, values_only=True))

    assert book.sheetnames == [shape.ABOUT, shape.REPORT, "Instrucciones"]
    assert headers == list(shape.HEADERS)
    said = {row[0]: row[1] for row in book[shape.ABOUT].iter_rows(values_only=True)}
    assert (said["unidad"], said["vigencia"], said["trimestre"]) == ("PLE-PIN", 2022, 1)
    assert (one["programado_q"], one["ejecutado_q"], one["resultado_q"], one["resultado_acum_q"]) == (25, 25, 100, 25)
    assert (two["numerador_q"], two["denominador_q"], two["ejecutado_q"]) == (7, 9, None)
    assert (two["resultado_q"], two["suministrada_por"]) == (86.42, None)
    assert (three["ejecutado_q"], three["suministrada_por"]) == (4.5, "Gestión Territorial")
    assert one["evidencia_q"] == "Soporte"


@pytest.mark.rule("IMP-04")
def test_what_is_ours_is_locked_grey_and_recomputed_by_excel(them, report, tmp_path):
    sheet = load_workbook(exported(tmp_path / "a.xlsx", them.process))[shape.REPORT]
    at = {cell.value: cell.column_letter for cell in sheet[1]}

    formula = sheet[f"{at['resultado_q']}2"].value
    assert formula.startswith(f"=IF(AND(ISNUMBER({at['numerador_q']}2),ISNUMBER({at['denominador_q']}2))")
    assert sheet[f"{at['resultado_acum_q']}2"].value == (
        f'=IF(AND({at["numerador_q"]}2="",{at["denominador_q"]}2="",{at["ejecutado_q"]}2=25),25.00,"")'
    )
    assert sheet.protection.sheet
    cells = {header: sheet[f"{at[header]}2"] for header in shape.HEADERS}
    for header, cell in cells.items():
        if cell.value is None:
            continue
        assert cell.protection.locked is (header in shape.LOCKED), header
        assert (cell.fill.start_color.rgb == "00F2F2F2") is (header in shape.LOCKED), header


def test_a_level_and_the_quarters_before_it_round_trip(them, area, tmp_path):
    falling = {"programming_type": "DECRECIENTE", "t1": 9, "t2": 8, "t3": 7, "t4": 5, "magnitude": 5, "baseline": 10}
    plan = plan_makers.management_plan(unit=them.alcaldia, by=them.marta, goals=[falling, report_books.SHARE])
    second = {1: {"achieved": Decimal("8.5"), "delay_causes": "Sí."}, 2: dict(SHARE)}
    report_makers.report(plan, status="filling", entries={1: {"achieved": Decimal(9)}, 2: dict(SHARE)})
    report_makers.report(plan, 2, status="filling", entries=second)
    path = exported(tmp_path / "a.xlsx", them.alcaldia, 2)

    answer, code = imported(path, them.alcaldia, 2)

    sheet = load_workbook(path, data_only=True)[shape.REPORT]
    found = list(sheet.iter_rows(2, values_only=True))
    at = shape.HEADERS.index
    assert (code, answer["updated"], answer["errors"]) == (0, 0, [])
    assert [row[at("resultado_q")] for row in found] == [75, 86.42]
    assert [row[at("resultado_acum_q")] for row in found] == [30, 86.42]
