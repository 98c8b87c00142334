"""An import obeys what the screen obeys: states, shared goals, programme, weights, units, texts (IM9)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pes.rules.programming import ProgrammingType
from plans import shared_goals
from plans.content import facts_of
from plans.editing import CellChange, add_goal, change_goals, remove_goal
from plans.models import Goal, PlanGestion
from plans.rules.goals import GoalKind, GoalStatus
from plans.rules.plan_states import EDITABLE, PlanStatus
from tests import make, people, plan_makers
from tests.plans.books import changed, codes, exported, imported, line, lines, refused, save

pytestmark = pytest.mark.django_db


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


def first(items, code):
    return next(item for item in items if item["code"] == code)


@pytest.mark.rule("SM-1", "PG-09e", "WF18")
@pytest.mark.parametrize("status", [one for one in PlanStatus if one not in EDITABLE])
def test_outside_its_editable_states_a_plan_takes_no_difference(them, tmp_path, status):
    make.management_plan(unit=them.process, by=them.luis, status=status, goals=2)
    path = exported(tmp_path / "a.xlsx", them.process)

    changed(path, {"L3": 26, "P3": 101})
    answer = refused(path, them.process, ("Metas", "L3", "plan_not_editable"))
    assert answer["errors"][0]["rule"] == "SM-1"

    exported(path, them.process)
    changed(path, {"B9": "Otro alcance"}, "Plan")
    refused(path, them.process, ("Plan", "B9", "plan_not_editable"))

    exported(path, them.process)
    changed(path, {"A4": 3, "C4": "Una meta más"})
    assert "plan_not_editable" in dict(map(reversed, codes(imported(path, them.process)[0]["errors"])))


@pytest.mark.rule("IM9")
@pytest.mark.parametrize(
    ("pair", "expected"), [({"unidad": "AL-01"}, "unit_differs"), ({"vigencia": 2023}, "vigencia_differs")]
)
def test_the_workbook_of_another_plan_is_refused(them, plan, tmp_path, pair, expected):
    refused(save(tmp_path / "a.xlsx", lines(1), pair), them.process, ("Plan", "B2", expected))


@pytest.mark.rule("IM9")
def test_the_format_of_the_other_level_is_told(them, plan, tmp_path):
    answer, code = imported(save(tmp_path / "a.xlsx", lines(1), {"codigo_formato": "PLE-PIN-F018"}), them.process)

    assert (code, ("B2", "format_differs") in codes(answer["warnings"])) == (0, True)


@pytest.mark.rule("IM1", "PG-03")
def test_the_sheet_plan_is_read_by_its_keys(them, plan, tmp_path):
    pairs = {"lider": "L" * 251, "articulacion": "PES; Ninguno", "Alcance": "a" * 4001, "color": "azul"}

    answer = refused(
        save(tmp_path / "a.xlsx", lines(1), pairs),
        them.process,
        ("Plan", "B4", "text_too_long"),
        ("Plan", "B2", "text_too_long"),
        ("Plan", "B3", "instrument_unknown"),
    )

    assert codes(answer["warnings"]) == [("A5", "plan_key_unknown")]


@pytest.mark.rule("PG-08", "AZ3", "IM9")
def test_the_common_fields_of_a_shared_goal_do_not_change_by_import(them, plan, tmp_path):
    common = {"text": "Realizar las jornadas acordadas", "kind": GoalKind.TRANSVERSAL, "unit": "Jornadas"}
    template = shared_goals.write(them.process, 2022, by=them.ana, values=common)
    shared_goals.assign(template, [them.process], by=them.ana, values={"weight": Decimal(1)})
    path = changed(exported(tmp_path / "a.xlsx", them.process), {"C2": "Otro texto", "E2": 2, "J2": 7})

    answer = refused(path, them.process, ("Metas", "C2", "shared_field"), email=them.luis.email)

    assert answer["errors"][0]["rule"] == "PG-08"
    changed(path, {"C2": common["text"]})
    answer, code = imported(path, them.process)
    goal = goals(plan)[0]
    assert (code, answer["updated"], goal.text, goal.weight, goal.baseline) == (0, 1, common["text"], 2, 7)


@pytest.mark.rule("PT-02")
@pytest.mark.parametrize(("total", "is_told"), [(100, False), ("100,01", True), (90, True)])
def test_a_sum_that_is_not_the_magnitude_is_told_and_kept_as_on_the_screen(them, plan, tmp_path, total, is_told):
    answer, code = imported(save(tmp_path / "a.xlsx", [line(1, magnitud_total=total)]), them.process)

    assert (code, answer["created"], answer["errors"]) == (0, 1, [])
    told = [(item["cell"], item["code"], item["rule"]) for item in answer["warnings"] if item["rule"] == "PT-02"]
    assert bool(told) is is_told
    if told:
        assert told[0][1] == "quarters_do_not_add_up"


@pytest.mark.rule("PT-03b")
def test_a_decreciente_without_linea_base_is_not_taken(them, plan, tmp_path):
    falling = {"tipo_programacion": "DECRECIENTE", "p_t1": 8, "p_t2": 6, "p_t3": 4, "p_t4": 0, "magnitud_total": 0}

    answer = refused(save(tmp_path / "a.xlsx", [line(1, **falling)]), them.process, ("Metas", "J2", "baseline_missing"))
    assert answer["errors"][0]["rule"] == "PT-03b"

    answer, code = imported(save(tmp_path / "b.xlsx", [line(1, **falling, linea_base=10)]), them.process)
    assert (code, goals(plan)[0].quarters[3], goals(plan)[0].magnitude) == (0, Decimal(0), Decimal(0))


@pytest.mark.rule("PT-12")
@pytest.mark.parametrize("typed", [None, "NP", "np", "N/A", "-", " ", 0, "0"], ids=repr)
def test_what_is_not_programmed_is_null_and_never_0(them, plan, tmp_path, typed):
    rows = [line(1, p_t1=typed, p_t2=50)]

    answer, code = imported(save(tmp_path / "a.xlsx", rows), them.process)
    assert (code, answer["errors"], goals(plan)[0].quarters[0]) == (0, [], None)

    again, _code = imported(save(tmp_path / "a.xlsx", rows), them.process)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 1)


@pytest.mark.rule("PT-20")
@pytest.mark.parametrize(
    ("programme", "kind"),
    [
        ((10, 20, 30, 40, 100), ProgrammingType.SUMA),
        ((50, 50, 50, 50, 50), ProgrammingType.CONSTANTE),
        ((10, 20, 30, 40, 40), ProgrammingType.CRECIENTE),
    ],
)
def test_a_blank_type_is_deduced_and_told(them, plan, tmp_path, programme, kind):
    cells = dict(zip(("p_t1", "p_t2", "p_t3", "p_t4", "magnitud_total"), programme, strict=True))
    path = save(tmp_path / "a.xlsx", [line(1, tipo_programacion=None, **cells)])

    answer, code = imported(path, them.process)

    assert (code, goals(plan)[0].programming_type) == (0, kind)
    told = first(answer["warnings"], "type_inferred")
    assert (told["cell"], told["rule"]) == ("K2", "PT-20")
    assert kind in told["message"]
    assert imported(path, them.process)[0]["unchanged"] == 1


@pytest.mark.rule("PT-20")
def test_a_blank_type_with_more_than_one_reading_is_asked(them, plan, tmp_path):
    once = {"p_t1": None, "p_t2": None, "p_t3": None, "p_t4": 100}

    answer = refused(
        save(tmp_path / "a.xlsx", [line(1, tipo_programacion=None, **once)]),
        them.process,
        ("Metas", "K2", "type_ambiguous"),
    )

    assert "SUMA o CONSTANTE o CRECIENTE" in answer["errors"][0]["message"]


@pytest.mark.rule("PT-20", "IM8")
def test_a_type_is_not_asked_while_a_quarter_cannot_be_read(them, plan, tmp_path):
    rows = [line(1, tipo_programacion=None, p_t1="mil"), line(2, tipo_programacion="#N/A")]

    refused(
        save(tmp_path / "a.xlsx", rows),
        them.process,
        ("Metas", "L2", "number_not_a_number"),
        ("Metas", "K3", "excel_error"),
    )


@pytest.mark.rule("PT-20", "IM14")
def test_a_draft_without_type_or_programme_is_taken_as_it_is(them, tmp_path):
    plan = PlanGestion.open_own(them.process, 2022, by=them.luis)
    add_goal(plan, by=them.luis, values={"text": "Solo el texto"})
    add_goal(plan, by=them.luis, values={"text": "Con magnitud", "magnitude": Decimal(3), "t1": Decimal(1)})
    falling = {"programming_type": ProgrammingType.DECRECIENTE, "t1": Decimal(0), "magnitude": Decimal(0)}
    add_goal(plan, by=them.luis, values=falling)

    answer, code = imported(exported(tmp_path / "a.xlsx", them.process), them.process)

    assert (code, answer["errors"], answer["updated"], answer["unchanged"]) == (0, [], 0, 3)


@pytest.mark.rule("IMP-06", "W-02")
def test_weights_between_0_and_1_are_doubted_aloud_and_a_wrong_sum_is_told(them, plan, tmp_path):
    rows = [line(1, ponderacion="0,5"), line(2, ponderacion="0,5")]

    answer, code = imported(save(tmp_path / "a.xlsx", rows), them.process)

    doubt = first(answer["warnings"], "scale_doubt")
    assert (code, doubt["cell"], doubt["rule"]) == (0, "E2", "IMP-06")
    assert "1 más" in doubt["message"]
    assert any(item["rule"] == "W-02" for item in answer["warnings"])


@pytest.mark.rule("W-01", "W-03", "WF12")
@pytest.mark.parametrize("typed", ["33,333", -1, "101", 0], ids=["decimals", "negative", "above", "zero"])
def test_a_weight_that_the_screen_refuses_is_refused(them, plan, tmp_path, typed):
    answer, code = imported(save(tmp_path / "a.xlsx", [line(1, ponderacion=typed)]), them.process)

    assert (code, answer["errors"][0]["cell"]) == (1, "E2")
    assert not goals(plan)


@pytest.mark.rule("PT-18")
def test_an_amount_with_more_decimals_than_are_kept_is_rounded_and_told(them, plan, tmp_path):
    answer, code = imported(save(tmp_path / "a.xlsx", [line(1, p_t1=25.00004)]), them.process)

    assert (code, goals(plan)[0].quarters[0]) == (0, Decimal(25))
    assert ("L2", "rounded") in codes(answer["warnings"])


@pytest.mark.rule("IMP-04")
def test_a_computed_column_is_compared_and_never_taken(them, plan, tmp_path):
    answer, code = imported(save(tmp_path / "a.xlsx", [line(1, suma_trimestres=99)]), them.process)

    assert (code, first(answer["warnings"], "sum_differs")["rule"]) == (0, "IMP-04")


@pytest.mark.rule("PG-08")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [("ple-pin", "PLE-PIN"), ("Alcaldía Local de Usaquén", "AL-01"), (None, ""), ("AL-02", "unit_unknown")],
    ids=["code", "name", "blank", "of another entity"],
)
def test_the_reporting_area_is_a_unit_of_the_entity(them, plan, tmp_path, typed, expected):
    answer, code = imported(save(tmp_path / "a.xlsx", [line(1, responsable_reporte_central=typed)]), them.process)

    if code:
        assert codes(answer["errors"]) == [("U2", expected)]
    else:
        assert goals(plan)[0].central_area == expected


@pytest.mark.rule("PG-V1")
def test_a_text_that_does_not_fit_is_refused_and_never_cut(them, plan, tmp_path):
    rows = [line(1, unidad_medida="x" * 61, meta="m" * 1001)]

    answer = refused(
        save(tmp_path / "a.xlsx", rows),
        them.process,
        ("Metas", "C2", "text_too_long"),
        ("Metas", "H2", "text_too_long"),
    )

    assert "1001" in answer["errors"][0]["message"]


@pytest.mark.rule("PG-09h")
@pytest.mark.parametrize("typed", ["eliminada", "Meta eliminada", "suspendida"])
def test_a_goal_is_not_eliminated_by_import(them, plan, tmp_path, typed):
    imported(save(tmp_path / "a.xlsx", lines(2)), them.process)
    rows = lines(2)
    rows[1]["estado_meta"] = typed

    answer = refused(save(tmp_path / "b.xlsx", rows), them.process, ("Metas", "W3", "status_not_by_import"))

    assert "solicitud" in answer["errors"][0]["fix"]


@pytest.mark.rule("PG-09h", "IM14")
def test_an_eliminated_goal_comes_back_as_it_is_and_takes_no_change(them, tmp_path):
    plan = make.management_plan(unit=them.process, by=them.luis, status="draft", goals=2)
    Goal.objects.filter(plan=plan, number=2).update(status=GoalStatus.ELIMINATED)
    path = exported(tmp_path / "a.xlsx", them.process)
    assert imported(path, them.process)[0]["unchanged"] == 2

    refused(changed(path, {"S3": "Otro medio"}), them.process, ("Metas", "S3", "goal_eliminated"))


@pytest.mark.rule("PG-09h")
def test_the_number_of_a_goal_that_was_taken_out_is_not_used_again(them, tmp_path):
    plan = make.management_plan(unit=them.process, by=them.luis, status="draft", goals=2)
    path = exported(tmp_path / "a.xlsx", them.process)
    remove_goal(plan.goals.get(number=2), by=them.luis)

    refused(path, them.process, ("Metas", "A3", "goal_removed"))


@pytest.mark.rule("IM11", "WF3")
def test_an_import_takes_what_the_file_says_over_what_changed_since_it_was_exported(them, tmp_path):
    plan = make.management_plan(unit=them.process, by=them.luis, status="draft", goals=1)
    path = exported(tmp_path / "a.xlsx", them.process)
    change_goals(plan, [CellChange(1, "responsible", "Otro equipo")], by=them.pilar)

    answer, code = imported(path, them.process)

    assert (code, answer["updated"], goals(plan)[0].responsible) == (0, 1, "Equipo del proceso")
