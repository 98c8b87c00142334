"""Importing a plan: all or nothing, twice the same, every problem with its sheet and cell (issue §6, IM1–IM14)."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from pes.models import AuditEvent
from pes.rules.programming import ProgrammingType
from plans.content import facts_of
from plans.models import PlanGestion
from plans.rules.goals import GoalKind, GoalStatus, IndicatorKind, Instrument
from plans.workbook.apply import import_plan
from plans.workbook.reading import read_plan_workbook
from tests import make, people, plan_makers
from tests.pes_books import run
from tests.plans.books import LINE, changed, codes, exported, imported, line, lines, refused, save, written

pytestmark = pytest.mark.django_db
IDENTIFICATION = {
    "codigo_formato": "PLE-PIN-F017",
    "vigencia": 2022,
    "unidad": "PLE-PIN",
    "objetivo_proceso": "Orientar la gestión",
    "alcance": "Toda la entidad",
    "lider": "Líder del proceso",
    "articulacion": "PES; PDD",
    "articulacion_detalle": "Aporta al objetivo 1",
}


@pytest.fixture
def them():
    found = people.cast()
    plan_makers.prepare(found.process, 2022)
    return found


@pytest.fixture
def plan(them):
    return PlanGestion.open_own(them.process, 2022, by=them.luis)


def goals(plan):
    return facts_of(plan).goals


@pytest.mark.rule("IM14", "PT-01")
def test_a_workbook_fills_an_empty_plan(them, plan, tmp_path):
    path = save(tmp_path / "a.xlsx", lines(2), IDENTIFICATION)

    answer, code = imported(path, them.process)

    assert (code, answer) == (0, {"created": 2, "updated": 1, "unchanged": 0, "errors": [], "warnings": []})
    plan.refresh_from_db()
    assert (plan.leader, plan.chosen_instruments) == ("Líder del proceso", (Instrument.PDD, Instrument.PES))
    goal = goals(plan)[0]
    assert (goal.number, goal.objective, goal.kind, goal.weight) == (1, 1, GoalKind.TECNICA, Decimal(50))
    assert (goal.numerator, goal.denominator) == ("Solicitudes atendidas", "Solicitudes recibidas")
    assert (goal.indicator_type, goal.programming_type) == (IndicatorKind.EFICACIA, ProgrammingType.SUMA)
    assert (goal.quarters, goal.magnitude, goal.status) == ((Decimal(25),) * 4, Decimal(100), GoalStatus.ACTIVE)
    assert plan.revision == 1


@pytest.mark.rule("IM10", "IMP-05")
def test_the_same_file_twice_changes_nothing_and_its_hash_is_recorded(them, plan, tmp_path):
    path = save(tmp_path / "a.xlsx", lines(3), IDENTIFICATION)
    imported(path, them.process)
    before = written()

    answer, code = imported(path, them.process)

    assert (code, answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 0, 3)
    assert written() == [*before[:-1], before[-1] + 1]
    event = AuditEvent.objects.filter(verb="plan_imported").latest("pk")
    assert (event.after["sha256"], event.after["unchanged"]) == (hashlib.sha256(path.read_bytes()).hexdigest(), 3)
    plan.refresh_from_db()
    assert plan.revision == 1


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(them, plan, tmp_path):
    before = written()

    answer, code = imported(save(tmp_path / "a.xlsx", lines(2)), them.process, dry_run=True)

    assert (code, answer["created"], answer["errors"]) == (0, 2, [])
    assert written() == before


@pytest.mark.rule("IMP-05")
def test_a_change_leaves_both_values_in_the_audit(them, plan, tmp_path):
    imported(save(tmp_path / "a.xlsx", lines(2), IDENTIFICATION), them.process)
    rows = [line(1, ponderacion="49,5"), line(2, ponderacion="50,5")]

    answer, _code = imported(
        save(tmp_path / "b.xlsx", rows, IDENTIFICATION | {"alcance": "Media entidad"}), them.process
    )

    assert (answer["created"], answer["updated"], answer["unchanged"]) == (0, 3, 0)
    event = AuditEvent.objects.filter(verb="plan_imported").latest("pk")
    assert event.before["goals"] == {"1": {"weight": "50,00"}, "2": {"weight": "50,00"}}
    assert event.after["goals"] == {"1": {"weight": "49,50"}, "2": {"weight": "50,50"}}
    assert (event.before["scope"], event.after["scope"]) == ("Toda la entidad", "Media entidad")


@pytest.mark.rule("IM9")
def test_goals_that_the_file_leaves_out_stay_and_that_is_said(them, plan, tmp_path):
    imported(save(tmp_path / "a.xlsx", lines(3)), them.process)

    answer, code = imported(save(tmp_path / "b.xlsx", lines(3)[:1]), them.process)

    absent = [item for item in answer["warnings"] if item["code"] == "goals_not_in_file"]
    assert (code, absent[0]["found"]) == (0, "2, 3")
    assert len(goals(plan)) == 3


@pytest.mark.rule("IM1", "IMP-01")
def test_columns_are_found_by_the_headings_that_people_use_in_any_order(them, plan, tmp_path):
    human = {
        "no_meta": "No. meta", "p_t1": "Programado T1", "ponderacion": "Ponderación (%)", "meta": "META",
        "tipo_programacion": "Tipo de programación", "linea_base": "Línea base", "magnitud_total": "Magnitud total",
        "responsable_reporte_central": "Reporta (área central)", "estado_meta": "Estado de la meta",
    }  # fmt: skip
    rows = [{human.get(key, key): value for key, value in reversed(row.items())} for row in lines(2)]

    answer, code = imported(save(tmp_path / "a.xlsx", rows), them.process)

    assert (code, answer["created"], goals(plan)[1].quarters[0]) == (0, 2, Decimal(25))


@pytest.mark.rule("IM1")
@pytest.mark.parametrize("title", ["Metas", "METAS 2022", "Hoja1"])
def test_the_only_sheet_of_a_book_is_taken_for_the_goals(them, plan, tmp_path, title):
    answer, code = imported(save(tmp_path / "a.xlsx", lines(2), title=title), them.process)

    assert (code, answer["created"]) == (0, 2)


@pytest.mark.rule("IM1")
def test_every_missing_header_is_told_at_once(them, plan, tmp_path):
    rows = lines(1)
    rows[0]["ponderasion"] = rows[0].pop("ponderacion")
    del rows[0]["entregable"]

    answer = refused(
        save(tmp_path / "a.xlsx", rows),
        them.process,
        ("Metas", "A1", "missing_header"),
        ("Metas", "A1", "missing_header"),
    )

    assert "¿Es la columna «ponderasion»?" in answer["errors"][0]["fix"]


@pytest.mark.rule("IM1")
def test_a_repeated_header_a_book_without_goals_and_two_unknown_sheets_are_refused(them, plan, tmp_path):
    rows = lines(1)
    rows[0]["Programado T1"] = 5
    refused(save(tmp_path / "a.xlsx", rows), them.process, ("Metas", "X1", "duplicate_header"))

    book = load_workbook(save(tmp_path / "b.xlsx", lines(1), title="Hoja1"))
    book.create_sheet("Hoja2")
    book.save(tmp_path / "b.xlsx")
    refused(tmp_path / "b.xlsx", them.process, ("Metas", "", "missing_sheet"))


@pytest.mark.rule("IM2")
def test_a_formula_without_value_and_an_excel_error_refuse_the_whole_file(them, plan, tmp_path):
    path = save(tmp_path / "a.xlsx", [line(1, p_t1="=20+5"), line(2, magnitud_total="#DIV/0!")])

    refused(path, them.process, ("Metas", "L2", "formula_without_value"), ("Metas", "P3", "excel_error"))


@pytest.mark.rule("IM3", "IMP-06")
@pytest.mark.parametrize("typed", ["49,35%", "49.35", "49,35", 49.35, "\u00a049,35 %"])
def test_a_weight_may_be_typed_in_every_usual_way(them, plan, tmp_path, typed):
    imported(save(tmp_path / "a.xlsx", [line(1, ponderacion=typed), line(2, ponderacion="50,65")]), them.process)

    assert goals(plan)[0].weight == Decimal("49.35")


@pytest.mark.rule("IM3", "IM8")
def test_an_ambiguous_number_is_asked_and_never_guessed(them, plan, tmp_path):
    rows = [line(1), line(2, p_t1="1.234", magnitud_total="1.234,5"), line(3, ponderacion="ciento")]

    answer = refused(
        save(tmp_path / "a.xlsx", rows),
        them.process,
        ("Metas", "L3", "number_ambiguous"),
        ("Metas", "E4", "number_not_a_number"),
    )

    assert answer["errors"][0]["found"] == "1.234"
    assert "1234" in answer["errors"][0]["fix"]


@pytest.mark.rule("IM4")
def test_a_date_in_a_column_of_numbers_is_an_error_and_the_date_of_the_plan_is_not_read(them, plan, tmp_path):
    identification = IDENTIFICATION | {"fecha": "31/06/2022", "version_plan": 1}
    path = changed(save(tmp_path / "a.xlsx", lines(1), identification), {"L2": "2022-03-31"})

    answer = refused(path, them.process, ("Metas", "L2", "number_not_a_number"))

    assert [item["code"] for item in answer["warnings"]] == []


@pytest.mark.rule("IM5")
def test_data_hidden_by_merged_cells_is_an_error_and_hidden_rows_are_read_and_told(them, plan, tmp_path):
    path = save(tmp_path / "a.xlsx", lines(3))
    book = load_workbook(path)
    book["Metas"].row_dimensions[3].hidden = True
    book.save(path)
    answer, code = imported(path, them.process)
    assert (code, answer["created"]) == (0, 3)
    assert ("", "hidden_rows") in codes(answer["warnings"])

    book["Metas"].merge_cells("A2:A3")
    book.save(path)
    answer, code = imported(path, them.process)
    assert (code, {item["code"] for item in answer["errors"]}) == (1, {"empty_cell"})


@pytest.mark.rule("IM6")
def test_a_row_far_away_is_refused_and_never_dropped(them, plan, tmp_path):
    path = changed(save(tmp_path / "a.xlsx", lines(1)), {"A1048576": 2})

    refused(path, them.process, ("Metas", "A1048576", "too_many_rows"))


@pytest.mark.rule("IM7")
def test_what_is_no_workbook_is_refused(them, plan, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"<html>no</html>")

    refused(tmp_path / "a.xlsx", them.process, ("", "", "not_a_workbook"))


@pytest.mark.rule("IM8")
def test_one_bad_row_of_many_writes_nothing_and_every_problem_is_told(them, plan, tmp_path):
    rows = lines(40)
    rows[34] |= {"tipo_meta": "regional", "p_t2": "mil", "objetivo_estrategico": "9. Otro"}

    answer = refused(
        save(tmp_path / "a.xlsx", rows),
        them.process,
        ("Metas", "M36", "number_not_a_number"),
        ("Metas", "B36", "objective_unknown"),
        ("Metas", "D36", "kind_unknown"),
    )

    assert answer["errors"][2]["found"] == "regional"
    assert "Transversal" in answer["errors"][2]["fix"]


@pytest.mark.rule("IM13")
def test_what_cannot_be_seen_is_cleaned_and_told(them, plan, tmp_path):
    rows = [line(1, meta="\ufeffAtender\u00a0100\u200b solicitudes “urgentes”", unidad_medida="  Solicitudes ")]

    answer, code = imported(save(tmp_path / "a.xlsx", rows), them.process)

    assert (code, codes(answer["warnings"])[0]) == (0, ("C2", "normalised_text"))
    assert goals(plan)[0].text == "Atender 100 solicitudes “urgentes”"
    assert goals(plan)[0].unit == "Solicitudes"


@pytest.mark.rule("IMP-02")
def test_a_number_of_goal_is_one_number_however_it_is_typed(them, plan, tmp_path):
    imported(save(tmp_path / "a.xlsx", [line(7)]), them.process)

    answer, _code = imported(save(tmp_path / "b.xlsx", [line("007")]), them.process)

    assert (answer["created"], answer["unchanged"]) == (0, 1)


@pytest.mark.rule("IM1")
@pytest.mark.parametrize(
    ("number", "cell", "expected"),
    [
        (None, "A3", "empty_cell"),
        (0, "A3", "number_out_of_range"),
        (1, "A3", "repeated_row"),
        ("x", "A3", "number_not_a_number"),
    ],
    ids=["blank", "zero", "repeated", "words"],
)
def test_every_row_needs_its_own_number(them, plan, tmp_path, number, cell, expected):
    refused(save(tmp_path / "a.xlsx", [line(1), line(number)]), them.process, ("Metas", cell, expected))


@pytest.mark.parametrize(
    "typed", ["2. Objetivo estratégico 2", "2", 2, "objetivo estrategico 2", "2.", " 2) Otra redacción"]
)
@pytest.mark.rule("PG-02")
def test_an_objective_is_named_by_its_number_or_by_its_text(them, plan, tmp_path, typed):
    imported(save(tmp_path / "a.xlsx", [line(1, objetivo_estrategico=typed)]), them.process)

    assert goals(plan)[0].objective == 2


def test_a_plan_that_is_not_open_is_opened_for_who_may_and_that_is_said(them, tmp_path):
    path = save(tmp_path / "a.xlsx", lines(1))

    answer, code = imported(path, them.process, email=them.luis.email)

    assert (code, answer["created"], answer["warnings"][0]["code"]) == (0, 1, "plan_opened")
    assert PlanGestion.objects.get().opened_by == them.luis
    assert AuditEvent.objects.get(verb="plan_imported").actor_id == them.luis.pk


@pytest.mark.parametrize("who", ["console", "pilar"])
def test_a_plan_that_is_not_open_is_refused_to_who_may_not_open_it(them, tmp_path, who):
    email = None if who == "console" else them.pilar.email

    answer = refused(save(tmp_path / "a.xlsx", lines(1)), them.process, ("", "", "plan_not_open"), email=email)

    assert answer["errors"][0]["rule"] == "SM-1"


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize(
    ("unit", "vigencia", "expected"),
    [("process", 2030, "methodology_missing"), ("head", 2022, "no_plan_for_unit")],
)
def test_a_plan_that_cannot_be_opened_is_refused_with_its_reason(them, tmp_path, unit, vigencia, expected):
    path = save(tmp_path / "a.xlsx", lines(1))

    refused(path, getattr(them, unit), ("", "", expected), vigencia=vigencia, email=them.jorge.email)


@pytest.mark.rule("AZ2")
@pytest.mark.parametrize("who", ["marta", "oscar", "diana", "ana", "olga"])
def test_who_may_not_write_the_plan_imports_nothing(them, plan, tmp_path, who):
    path = save(tmp_path / "a.xlsx", lines(1))

    answer = refused(path, them.process, ("", "", "forbidden"), email=getattr(them, who).email)

    assert answer["errors"][0]["rule"] == "AZ1"


def test_an_unknown_unit_person_or_file_is_told_in_the_documented_way(them, tmp_path):
    path = save(tmp_path / "a.xlsx", lines(1))

    unknown = run("import_plan", str(path), unit="NADA", vigencia=2022)
    assert (unknown[1], unknown[0]["errors"][0]["code"]) == (1, "unit_unknown")
    with pytest.raises(CommandError) as refused_:
        call_command("import_plan", str(tmp_path / "no.xlsx"), unit="PLE-PIN", vigencia=2022)
    assert refused_.value.returncode == 2


def test_in_words_the_answer_says_how_many_and_each_problem_with_its_cell(them, plan, tmp_path, capsys):
    call_command("import_plan", str(save(tmp_path / "a.xlsx", lines(2))), unit="PLE-PIN", vigencia=2022)
    assert "Importado: 2 creadas, 0 cambiadas, 0 sin cambio." in capsys.readouterr().out

    with pytest.raises(SystemExit) as ended:
        call_command("import_plan", str(save(tmp_path / "b.xlsx", [line(1, p_t1="x")])), unit="PLE-PIN", vigencia=2022)
    assert ended.value.code == 1
    assert "Metas L2:" in capsys.readouterr().err


def test_a_workbook_of_ours_that_another_program_saved_comes_back_with_its_changes(them, tmp_path):
    make.management_plan(unit=them.process, by=them.luis, status="draft", goals=2)
    path = changed(exported(tmp_path / "a.xlsx", them.process), {"C3": "Atender otra cosa durante la vigencia"})

    answer, code = imported(path, them.process)

    assert (code, answer["updated"], answer["unchanged"], answer["errors"]) == (0, 1, 1, [])
    assert answer["warnings"] == []


@pytest.mark.rule("IM10")
def test_an_import_asks_as_much_of_the_database_for_many_goals_as_for_few(them, plan, tmp_path):
    def queries(count: int) -> list[int]:
        workbook = read_plan_workbook(save(tmp_path / "a.xlsx", lines(count)))
        counts = []
        for _ in ("written", "unchanged"):
            with CaptureQueriesContext(connection) as asked:
                import_plan(workbook, them.process, 2022, by=them.luis)
            counts.append(len(asked))
        plan.goals.all().delete()
        return counts

    assert queries(4) == queries(20)


@pytest.mark.rule("DA4")
def test_the_trace_keeps_what_a_new_goal_said(them, plan, tmp_path):
    imported(save(tmp_path / "a.xlsx", [line(1)]), them.process)
    imported(save(tmp_path / "b.xlsx", [line(1, ponderacion=40), line(9)]), them.process)

    event = AuditEvent.objects.filter(verb="plan_imported").latest("pk")

    assert event.after["new_goals"] == [9]
    assert (event.after["goals"]["9"]["text"], event.after["goals"]["9"]["t1"]) == (LINE["meta"], "25")
    assert event.after["goals"]["1"]["weight"] == "40,00"
    assert "9" not in event.before["goals"]
