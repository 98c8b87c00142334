"""Importing a quarter's report: all or nothing, twice the same, every problem with its cell (issue §7, IM1–IM14)."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest
from django.core.management import CommandError
from openpyxl import load_workbook

from pes.models import AuditEvent
from tests import people
from tests.tracking import report_books
from tests.tracking.report_books import imported, line, refused, save
from tracking.models import GoalReport

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def area(them):
    return report_books.central_area(them)


@pytest.fixture
def report(them, area):
    return report_books.open_report(them, area[0])


def entry(report, number):
    return GoalReport.objects.select_related("narrative").get(report=report, goal__number=number)


@pytest.mark.rule("IM14", "PG-05")
def test_the_seven_columns_fill_a_report(them, report, tmp_path):
    rows = [
        line(1, ejecutado_q="20,5", causas_retraso_q="Faltó personal."),
        line(2, ejecutado_q=None, numerador_q=45, denominador_q=50),
    ]
    path = save(tmp_path / "a.xlsx", rows)

    answer, code = imported(path, them.process)

    assert (code, answer["errors"], answer["updated"], answer["unchanged"]) == (0, [], 2, 0)
    assert entry(report, 1).achieved == Decimal("20.5")
    assert entry(report, 1).narrative.delay_causes == "Faltó personal."
    assert (entry(report, 2).numerator, entry(report, 2).denominator) == (45, 50)
    report.refresh_from_db()
    assert report.status == "filling"
    said = AuditEvent.objects.get(verb="report_imported")
    assert said.after["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert AuditEvent.objects.filter(verb="entry_written").count() == 2


@pytest.mark.rule("IM10", "IM14")
def test_the_same_file_twice_changes_nothing(them, report, tmp_path):
    path = save(tmp_path / "a.xlsx", [line(1), line(2, ejecutado_q=90)])
    imported(path, them.process)
    figures = report_books.stored()[:-1]

    answer, code = imported(path, them.process)

    assert (code, answer["errors"], answer["updated"], answer["unchanged"]) == (0, [], 0, 2)
    assert report_books.stored()[:-1] == figures


def test_only_the_columns_that_come_are_written(them, report, tmp_path):
    imported(save(tmp_path / "a.xlsx", [line(1, analisis_q="Un análisis.")]), them.process)

    answer, code = imported(save(tmp_path / "b.xlsx", [{"no_meta": 1, "ejecutado_q": 26}]), them.process)

    found = entry(report, 1)
    assert (code, answer["updated"]) == (0, 1)
    assert (found.achieved, found.narrative.analysis) == (26, "Un análisis.")
    imported(save(tmp_path / "c.xlsx", [{"no_meta": 1, "analisis_q": None}]), them.process)
    assert (entry(report, 1).achieved, entry(report, 1).narrative.analysis) == (26, "")


@pytest.mark.rule("IMP-05", "IM9")
def test_a_workbook_exported_before_warns_of_what_it_would_clear(them, report, tmp_path):
    imported(save(tmp_path / "a.xlsx", [line(1, ejecutado_q=17, analisis_q="x" * 99)]), them.process)

    answer, code = imported(save(tmp_path / "b.xlsx", [line(1, ejecutado_q=None, analisis_q=None)]), them.process)

    told = [item for item in answer["warnings"] if item["code"] == "cell_cleared"]
    assert (code, answer["updated"]) == (0, 1)
    assert [(item["cell"], item["found"], item["expected"]) for item in told] == [
        ("D2", "", "17"), ("E2", "", "x" * 60),
    ]  # fmt: skip
    assert {(item["sheet"], item["rule"]) for item in told} == {("Reporte", "IMP-05")}
    assert "borra lo que hoy dice el reporte en «Ejecutado»" in told[0]["message"]
    again, _code = imported(save(tmp_path / "c.xlsx", [line(1, ejecutado_q=None, analisis_q=None)]), them.process)
    assert "cell_cleared" not in {item["code"] for item in again["warnings"]}


@pytest.mark.rule("IM1", "IMP-01")
def test_columns_are_found_by_the_names_that_people_use_and_by_this_quarter(them, report, tmp_path):
    rows = [{"Análisis del trimestre": "Sí.", "ejecutado_t2": 99, "ejecutado_T1": 24, "No. meta": "01", "Notas": "x"}]

    answer, code = imported(save(tmp_path / "a.xlsx", rows, title="Hoja1"), them.process)

    assert (code, entry(report, 1).achieved, entry(report, 1).narrative.analysis) == (0, 24, "Sí.")
    told = {item["code"]: item["found"] for item in answer["warnings"] if item["code"] == "unknown_header"}
    assert told
    assert entry(report, 1).numerator is None


@pytest.mark.rule("IM1")
def test_a_renamed_missing_or_repeated_header_is_told_and_nothing_is_written(them, report, tmp_path):
    refused(
        save(tmp_path / "a.xlsx", [{"no_meta": 1, "ejecutdo_q": 9}]),
        them.process,
        ("B1", "missing_header"),
        ("", "missing_header"),
    )
    answer = refused(
        save(tmp_path / "b.xlsx", [{"no_meta": 1, "analisis_q": "Sí", "ejecutado__Q": 9, "ejecutado": 8}]),
        them.process,
        ("D1", "duplicate_header"),
    )
    assert "ya está en C1" in answer["errors"][0]["message"]
    refused(save(tmp_path / "c.xlsx", [{"ejecutado_q": 9}]), them.process, ("A1", "missing_header"))
    refused(save(tmp_path / "d.xlsx", [{"no_meta": 1}]), them.process, ("", "missing_header"))


@pytest.mark.rule("IM3", "IMP-06", "PT-12")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("20,5", "20.5"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        (0, "0"),
        ("-", None),
        ("NP", None),
        (" 7 ", "7"),
    ],
    ids=["comma", "spanish", "english", "zero", "dash", "np", "spaces"],
)
def test_amounts_are_read_as_people_write_them(them, report, tmp_path, typed, kept):
    imported(save(tmp_path / "a.xlsx", [line(1, ejecutado_q=99)]), them.process)

    _answer, code = imported(save(tmp_path / "b.xlsx", [line(1, ejecutado_q=typed)]), them.process)

    assert (code, entry(report, 1).achieved) == (0, None if kept is None else Decimal(kept))


@pytest.mark.rule("IM8", "IM3", "PT-16b", "PT-16", "AZ10", "PG-R1")
def test_every_problem_is_told_with_its_cell_and_nothing_is_written(them, report, tmp_path):
    rows = [
        line(1, ejecutado_q="1.234"),
        line(2, numerador_q=45, denominador_q=50, ejecutado_q=80),
        line(9),
        line(1, analisis_q="x" * 4001),
    ]

    answer = refused(
        save(tmp_path / "a.xlsx", rows),
        them.process,
        ("D2", "number_ambiguous"), ("D3", "achieved_disagrees"), ("A4", "goal_unknown"), ("E5", "text_too_long"),
        ("A5", "repeated_row"),
    )  # fmt: skip

    wrong = answer["errors"][1]
    assert (wrong["sheet"], wrong["rule"], wrong["found"]) == ("Reporte", "PT-16b", "80")
    assert "El ejecutado es 80 y del numerador y el denominador resulta 90." in wrong["message"]


@pytest.mark.rule("IMP-04")
@pytest.mark.parametrize(("typed", "code"), [(80, 0), ("80,00%", 0), (0.8, 1), (79.99, 1), (100, 1)])
def test_a_typed_percentage_must_be_the_computed_one(them, report, tmp_path, typed, code):
    path = save(tmp_path / "a.xlsx", [line(1, ejecutado_q=20, resultado_q=typed)])

    answer, ended = imported(path, them.process)

    assert ended == code
    for item in answer["errors"]:
        assert (item["code"], item["cell"], item["expected"]) == ("percent_disagrees", "H2", "80,00 %")
        assert "en el libro y calculado es 80,00 %" in item["message"]


@pytest.mark.rule("IMP-04")
def test_a_third_agrees_at_two_decimals_and_the_accumulated_is_compared_too(them, report, tmp_path):
    third = line(1, ejecutado_q=Decimal("8.3333"), resultado_q=33.33, resultado_acum_q=8.33, ejecutado_acum_q=8.3333)
    answer, code = imported(save(tmp_path / "a.xlsx", [third]), them.process)
    assert (code, answer["errors"]) == (0, [])

    wrong = {**third, "resultado_acum_q": 9, "ejecutado_acum_q": 9, "programado_q": 26}
    answer, code = imported(save(tmp_path / "b.xlsx", [wrong]), them.process)
    assert [item["code"] for item in answer["errors"]] == [
        "programme_differs", "percent_disagrees", "accumulated_disagrees",
    ]  # fmt: skip


@pytest.mark.rule("AZ3", "PG-08", "IM9")
def test_the_cells_of_a_central_area_change_only_in_its_name(them, area, report, tmp_path):
    path = save(tmp_path / "a.xlsx", [{"no_meta": 3, "ejecutado_q": 9}])

    answer = refused(path, them.process, ("B2", "central_goal"), email=them.luis.email)
    assert (answer["errors"][0]["rule"], answer["errors"][0]["found"]) == ("AZ3", "9")
    refused(path, them.process, ("B2", "central_goal"))
    imported(path, them.process, email=area[1].email)

    assert entry(report, 3).achieved == 9
    assert entry(report, 3).supplied_at is not None
    refused(save(tmp_path / "b.xlsx", [line(1)]), them.process, ("D2", "team_goal"), email=area[1].email)
    same = save(tmp_path / "c.xlsx", [{"no_meta": 3, "ejecutado_q": 9}, {"no_meta": 1, "ejecutado_q": 20}])
    assert imported(same, them.process)[1] == 0


@pytest.mark.rule("AZ1", "AZ2")
def test_who_may_not_write_the_report_imports_nothing(them, report, tmp_path):
    for person in (them.ana, them.marta, them.diana):
        answer, code = imported(save(tmp_path / "a.xlsx", [line(1)]), them.process, email=person.email)
        assert (code, [item["code"] for item in answer["errors"]]) == (1, ["forbidden"])


@pytest.mark.rule("SM-2", "WF18")
def test_a_report_out_of_the_teams_hands_takes_no_difference(them, report, tmp_path):
    path = save(tmp_path / "a.xlsx", [line(1, ejecutado_q=20)])
    imported(path, them.process)
    type(report).objects.update(
        status="submitted", submitted_by=them.luis, submitted_at=report.opened_at, first_submitted_at=report.opened_at
    )

    assert imported(path, them.process)[0]["unchanged"] == 1
    refused(save(tmp_path / "b.xlsx", [line(1, ejecutado_q=21)]), them.process, ("D2", "not_editable"))


@pytest.mark.rule("IM9")
def test_the_workbook_of_another_report_is_refused(them, report, tmp_path):
    path = save(tmp_path / "a.xlsx", [line(1)], unidad="AL-01", vigencia=2021, trimestre=2)

    answer, code = imported(path, them.process)

    assert code == 1
    assert [item["code"] for item in answer["errors"]] == ["unit_differs", "vigencia_differs", "quarter_differs"]
    refused(save(tmp_path / "b.xlsx", [line(1, unidad="AL-01")]), them.process, ("H2", "unit_differs"))


def test_a_dry_run_says_it_all_and_writes_nothing(them, report, tmp_path):
    before = report_books.stored()

    answer, code = imported(save(tmp_path / "a.xlsx", [line(1, ejecutado_q=20)]), them.process, dry_run=True)

    assert (code, answer["updated"]) == (0, 1)
    assert [item["code"] for item in answer["warnings"]] == ["goals_not_in_file", "delay_causes_missing"]
    assert report_books.stored() == before


@pytest.mark.rule("IM5", "IM13")
def test_merged_hidden_and_odd_texts(them, report, tmp_path):
    path = save(
        tmp_path / "a.xlsx", [line(1, analisis_q="\u200bSe atendi\u00f3\u00a0todo\ufeff"), line(2, ejecutado_q=90)]
    )
    book = load_workbook(path)
    book["Reporte"].row_dimensions[3].hidden = True
    book.save(path)

    answer, code = imported(path, them.process)

    assert (code, entry(report, 1).narrative.analysis) == (0, "Se atendió todo")
    assert {"normalised_text", "hidden_rows"} <= {item["code"] for item in answer["warnings"]}
    book["Reporte"].merge_cells("D2:D3")
    book["Reporte"]["D2"].value = 20
    book.save(path)
    assert imported(path, them.process)[1] == 0
    assert entry(report, 2).achieved is None


def test_a_report_that_is_not_open_and_a_unit_that_is_not_there(them, report, tmp_path):
    path = save(tmp_path / "a.xlsx", [line(1)])

    for answer, code in (imported(path, them.process, quarter=2), imported(path, them.second_entity)):
        assert (code, answer["errors"][0]["code"]) == (1, "report_unknown")
    with pytest.raises(CommandError):
        imported(tmp_path / "no.xlsx", them.process)


@pytest.mark.rule("IM7", "UP5")
def test_what_is_no_workbook_is_refused_with_its_reason(them, report, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"%PDF-1.7 esto no es un libro")

    answer, code = imported(path, them.process)

    assert (code, answer["errors"][0]["code"]) == (1, "not_a_workbook")
