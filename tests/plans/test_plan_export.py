"""Exporting a plan: what comes out goes back in and changes nothing (IM14)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from pes.rules.programming import ProgrammingType
from plans.content import facts_of
from plans.editing import change_identification
from plans.rules.goals import GoalKind, IndicatorKind
from plans.rules.plan_states import PlanStatus
from plans.workbook.shape import HEADERS, PLAN_KEYS
from tests import make, people
from tests.plans.books import exported, imported

pytestmark = [pytest.mark.django_db, pytest.mark.rule("IM14")]


@pytest.fixture
def them():
    return people.cast()


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize("status", list(PlanStatus))
def test_a_plan_round_trips_in_every_state(them, tmp_path, status):
    plan = make.management_plan(unit=them.process, by=them.luis, status=status, goals=3)

    answer, code = imported(exported(tmp_path / "plan.xlsx", them.process), them.process)

    plan.refresh_from_db()
    assert (code, answer["errors"]) == (0, [])
    assert (answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 3)


@pytest.mark.rule("EX1", "EX2")
def test_odd_texts_and_amounts_round_trip(them, tmp_path):
    odd = [
        "  con espacios  ", '=HYPERLINK("x")', "-5 %", "@aquí", "Comillas “tipográficas” y ‘simples’",
        "Línea uno\nLínea dos", "_x0041_ no es A", "<b>&amp;</b> ñandú é", "1.234", "00321", "NP", "N/A", "activa / b",
    ]  # fmt: skip
    amounts = {"t1": Decimal("0.0001"), "t2": Decimal("12345678901234.1234"), "magnitude": Decimal("9999999.99")}
    goals = [
        {"text": text, "indicator": text, "denominator": text, "source": text, "responsible": text[:250], **amounts}
        for text in odd
    ]
    make.management_plan(unit=them.process, by=them.luis, status="draft", goals=goals)

    answer, code = imported(exported(tmp_path / "plan.xlsx", them.process), them.process)

    assert (code, answer["errors"], answer["updated"], answer["unchanged"]) == (0, [], 0, len(odd))


def test_nothing_is_lost_between_two_plans(them, tmp_path):
    falling = {
        "programming_type": ProgrammingType.DECRECIENTE, "t1": Decimal(9), "t2": None, "t3": Decimal("4.5"),
        "t4": Decimal(0), "magnitude": Decimal(0), "baseline": Decimal("9.25"), "kind": GoalKind.TRANSVERSAL,
        "denominator": "Casos recibidos", "indicator_type": IndicatorKind.EFECTIVIDAD, "central_area": "AL-01",
        "objective": 3, "unit": "Casos",
    }  # fmt: skip
    plan = make.management_plan(unit=them.process, by=them.luis, status="draft", goals=[falling, {}])
    path = exported(tmp_path / "a.xlsx", them.process)
    before = facts_of(plan)
    plan.goals.all().delete()
    change_identification(plan, by=them.luis, process_objective="", scope="", leader="", instruments=[])

    answer, code = imported(path, them.process)

    plan.refresh_from_db()
    assert (code, answer["created"], answer["updated"], answer["errors"]) == (0, 2, 1, [])
    assert facts_of(plan) == before


def test_the_sheets_and_headers_are_the_documented_ones(them, tmp_path):
    make.management_plan(unit=them.process, by=them.luis, status="published", goals=2)

    book = load_workbook(exported(tmp_path / "a.xlsx", them.process))

    assert book.sheetnames[:3] == ["Plan", "Metas", "Instrucciones"]
    assert [cell.value for cell in book["Metas"][1]] == [*HEADERS, "suma_trimestres"]
    assert [row[0].value for row in book["Plan"].iter_rows(min_row=2)] == list(PLAN_KEYS)
    said = {row[0].value: row[1].value for row in book["Plan"].iter_rows(min_row=2)}
    assert (said["codigo_formato"], said["unidad"], said["vigencia"]) == ("PLE-PIN-F017", "PLE-PIN", 2022)
    assert (said["estado"], said["version_plan"], said["articulacion"]) == ("Publicado", 1, "PES")
    assert said["control_cambios"].startswith("Versión 1 · ")
    first = {header.value: cell.value for header, cell in zip(book["Metas"][1], book["Metas"][2], strict=True)}
    assert (first["objetivo_estrategico"], first["tipo_meta"]) == ("1. Objetivo estratégico 1", "técnica")
    assert (first["tipo_programacion"], first["p_t1"], first["estado_meta"]) == ("SUMA", 25, "activa")
    assert first["suma_trimestres"] == "=SUM(L2:O2)"


def test_an_alcaldia_has_the_other_format_and_an_empty_plan_is_the_template(them, tmp_path):
    make.management_plan(unit=them.alcaldia, by=them.marta, status="draft", goals=0)

    book = load_workbook(exported(tmp_path / "a.xlsx", them.alcaldia))

    assert [book["Plan"]["B2"].value, book["Plan"]["B5"].value] == ["PLE-PIN-F018", "local"]
    assert book["Metas"].max_row == 1


def test_what_may_be_chosen_is_offered_and_what_is_computed_is_protected(them, tmp_path):
    make.management_plan(unit=them.process, by=them.luis, status="draft", goals=1)

    sheet = load_workbook(exported(tmp_path / "a.xlsx", them.process))["Metas"]

    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert rules["K2"].formula1 == '"SUMA,CONSTANTE,CRECIENTE,DECRECIENTE"'
    assert rules["D2"].formula1 == '"técnica,transversal,local"'
    assert rules["W2"].formula1 == '"activa,eliminada"'
    assert {"B2", "I2", "U2"} <= {cell for cell, rule in rules.items() if rule.type == "list"}
    assert (sheet.protection.sheet, sheet["X2"].protection.locked, sheet["C2"].protection.locked) == (True, True, False)
    assert (sheet.freeze_panes, sheet["C2"].alignment.wrap_text) == ("B2", True)


@pytest.mark.parametrize(("demo", "mark"), [(True, "Datos de demostración"), (False, None)])
def test_every_sheet_of_the_demonstration_says_so_and_still_comes_back(them, tmp_path, settings, demo, mark):
    settings.PES_DEMO = demo
    make.management_plan(unit=them.process, by=them.luis, status="draft", goals=1)

    path = exported(tmp_path / "a.xlsx", them.process)

    book = load_workbook(path)
    assert {sheet.oddHeader.center.text for sheet in book if sheet.title != "Listas"} == {mark}
    assert book.properties.description == mark
    assert imported(path, them.process)[0]["warnings"] == []


def test_a_file_that_cannot_be_written_is_explained_in_spanish(them, tmp_path):
    make.management_plan(unit=them.process, by=them.luis, status="draft", goals=1)

    with pytest.raises(CommandError, match=r"no existe el archivo o su carpeta\.$") as refused:
        call_command("export_plan", unit="PLE-PIN", vigencia=2022, out=tmp_path / "nada" / "a.xlsx")

    assert refused.value.returncode == 2


def test_in_words_an_export_says_where_it_is(them, tmp_path, capsys):
    make.management_plan(unit=them.process, by=them.luis, status="draft", goals=[{"text": "Con\x01control"}])

    call_command("export_plan", unit="PLE-PIN", vigencia=2022, out=tmp_path / "a.xlsx")

    assert capsys.readouterr().out == f"Exportado: {tmp_path / 'a.xlsx'}\n"
