"""What a plan lacks or contradicts is found, in words, with its place and what to do."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pes.rules.programming import ProgrammingType
from plans.rules.fields import GOAL_FIELDS
from plans.rules.goals import GoalFacts, GoalKind, GoalStatus
from tests.plan_facts import OBJECTIVES, goal, labels, look, look_at_goal, places, plan

SUMA, CONSTANTE, CRECIENTE, DECRECIENTE = ProgrammingType


@pytest.mark.rule("PG-V1", "PG-02", "PG-03", "W-02", "PT-02", "PT-03", "PT-04")
def test_a_complete_and_coherent_plan_has_no_finding():
    assert look(plan(goal(1, weight=60), goal(2, weight=40))) == []


@pytest.mark.rule("PG-V1")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("text", "La meta 3 no tiene redacción."),
        ("indicator", "La meta 3 no tiene indicador."),
        ("numerator", "La meta 3 no tiene numerador."),
        ("unit", "La meta 3 no tiene unidad de medida."),
        ("deliverable", "La meta 3 no tiene entregable."),
        ("source", "La meta 3 no tiene fuente de información."),
        ("verification", "La meta 3 no tiene medio de verificación."),
        ("responsible", "La meta 3 no tiene dependencia responsable."),
    ],
)
def test_a_goal_says_everything_of_the_form(name, message):
    [found] = look_at_goal(goal(3, **{name: ""}))

    assert (found.field, found.problem.code, found.problem.rule) == (name, f"{name}_missing", "PG-V1")
    assert (found.problem.message, found.problem.blocking) == (message, True)
    assert found.problem.fix


@pytest.mark.rule("PG-V1", "W-02", "PT-01", "PG-02")
def test_an_empty_goal_lacks_every_required_field_in_the_order_of_the_form():
    found = look_at_goal(GoalFacts(number=1))

    wanted = [field.name for field in GOAL_FIELDS if field.required and field.name != "kind"]
    order = [finding.field for finding in found]
    assert [name for name in order if name != "t1"] == wanted
    assert order.index("t1") == order.index("magnitude") - 1
    assert all(finding.problem.blocking for finding in found)


@pytest.mark.rule("PG-V1")
@pytest.mark.parametrize("name", ["indicator_type", "weight"])
def test_a_choice_or_a_weight_left_blank_is_found(name):
    [found] = look_at_goal(replace(goal(1), **{name: None}))

    assert (found.field, found.problem.code) == (name, f"{name}_missing")


@pytest.mark.rule("PG-V1")
@pytest.mark.parametrize(
    ("unit", "denominator", "expected"),
    [
        ("Porcentaje", "", ["denominator_missing"]),
        ("%", "", ["denominator_missing"]),
        ("PORCENTAJE", "Solicitudes recibidas", []),
        ("Informes", "", []),
    ],
)
def test_a_percentage_without_denominator_is_a_warning(unit, denominator, expected):
    found = look_at_goal(goal(1, unit=unit, denominator=denominator))

    assert [finding.problem.code for finding in found] == expected
    assert not any(finding.problem.blocking for finding in found)


@pytest.mark.rule("PG-09f")
@pytest.mark.parametrize(
    ("kind", "area", "is_shared", "expected"),
    [
        (GoalKind.TRANSVERSAL, "", False, [("leading_unit_missing", True)]),
        (GoalKind.TRANSVERSAL, "lider", False, []),
        (GoalKind.TRANSVERSAL, "", True, []),
        (GoalKind.LOCAL, "", False, []),
        (GoalKind.TECNICA, "", False, []),
    ],
)
def test_a_transversal_goal_says_who_leads_it_before_it_is_published(kind, area, is_shared, expected):
    """Otherwise no request about it could ever be filed: nobody gives its prior opinion."""
    found = look_at_goal(goal(kind=kind, central_area=area, is_shared=is_shared))

    assert [(one.problem.code, one.problem.blocking) for one in found] == expected


@pytest.mark.rule("PG-V1", "PG-08")
def test_what_the_leading_area_left_blank_is_not_the_plans_to_complete():
    found = look_at_goal(goal(1, indicator="", responsible="", is_shared=True))

    assert {finding.field: "área que lidera" in finding.problem.fix for finding in found} == {
        "indicator": True,
        "responsible": False,
    }


@pytest.mark.rule("PG-02")
@pytest.mark.parametrize(
    ("objective", "code", "message"),
    [
        (None, "objective_missing", "La meta 3 no tiene objetivo estratégico."),
        (7, "objective_not_in_force", "La meta 3 sirve al objetivo 7, que no está en el marco vigente."),
    ],
)
def test_a_goal_serves_an_objective_in_force(objective, code, message):
    [found] = look_at_goal(goal(3, objective=objective))

    assert (found.field, found.problem.code, found.problem.rule) == ("objective", code, "PG-02")
    assert found.problem.message == message
    assert found.remedies == ()


@pytest.mark.rule("PG-02")
def test_with_one_objective_in_force_there_is_no_choice():
    [found] = look_at_goal(goal(3, objective=None), objectives={5: "Único"})

    assert labels(found) == ["Asignar el objetivo 5"]
    assert found.remedies[0].changes == ((3, "objective", "5"),)


@pytest.mark.rule("PG-02")
@pytest.mark.parametrize(("has_framework", "objectives"), [(False, {}), (False, OBJECTIVES), (True, {})])
def test_without_a_framework_the_plan_says_once_who_must_register_it(has_framework, objectives):
    found = look(plan(goal(1, objective=None)), has_framework=has_framework, objectives=objectives)

    assert places(found) == [(None, "objective", "framework_missing", "PG-02")]
    assert ("no tiene objetivos" in found[0].problem.message) is has_framework
    assert "Oficina Asesora de Planeación" in found[0].problem.fix


@pytest.mark.rule("PG-03")
def test_a_plan_articulated_with_nothing_is_warned():
    [found] = look(plan(goal(1), instruments=()))

    assert (found.goal, found.field, found.problem.rule, found.problem.blocking) == (
        None,
        "instruments",
        "PG-03",
        False,
    )


@pytest.mark.rule("PG-V1")
@pytest.mark.parametrize("name", ["process_objective", "scope", "leader"])
def test_an_incomplete_identification_is_a_warning(name):
    [found] = look(plan(goal(1), **{name: ""}))

    assert (found.goal, found.field, found.problem.blocking) == (None, name, False)


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize("status", [None, GoalStatus.REMOVED])
def test_a_plan_without_goals_is_not_a_plan(status):
    facts = plan(*([goal(1, status=status)] if status else []))

    assert places(look(facts)) == [(None, "text", "no_goals", "SM-1")]


@pytest.mark.rule("W-01", "W-03")
@pytest.mark.parametrize(
    ("weight", "code"),
    [(0, "weight_out_of_range"), (-1, "weight_out_of_range"), (101, "weight_out_of_range"),
     ("NaN", "weight_out_of_range"), (33.333, "weight_too_precise")],
)  # fmt: skip
def test_a_weight_that_is_no_share_is_found_in_its_goal_and_alone(weight, code):
    found = look(plan(goal(1, weight=weight), goal(2, weight=50)))

    assert [(finding.goal, finding.field, finding.problem.code) for finding in found] == [(1, "weight", code)]


@pytest.mark.rule("W-02")
def test_weights_that_miss_100_say_by_how_much_and_who_may_take_it():
    [found] = look(plan(goal(1, weight=50), goal(2, weight=47.5)))

    assert (found.goal, found.field, found.problem.rule) == (None, "weight", "W-02")
    assert found.problem.message == "Las ponderaciones suman 97,50 y deben sumar 100,00: faltan 2,50."
    assert [(remedy.label, remedy.changes) for remedy in found.remedies] == [
        ("Sumar 2,50 a la meta 1, la de mayor peso", ((1, "weight", "52,50"),)),
        ("Repartir proporcionalmente", ((1, "weight", "51,28"), (2, "weight", "48,72"))),
    ]


@pytest.mark.rule("W-02", "W-02b")
def test_an_eliminated_goal_keeps_its_weight_in_the_sum_and_is_not_looked_at_otherwise():
    gone = GoalFacts(number=1, weight=Decimal(40), status=GoalStatus.ELIMINATED)

    assert look(plan(gone, goal(2, weight=60))) == []
    [found] = look(plan(gone, goal(2, weight=30), goal(3, weight=20)))
    assert found.remedies[1].changes == ((2, "weight", "36,00"), (3, "weight", "24,00"))
    assert 1 not in [change.goal for remedy in found.remedies for change in remedy.changes]


@pytest.mark.rule("W-02", "PG-09h")
def test_a_removed_goal_is_not_looked_at_at_all():
    assert look(plan(GoalFacts(number=1, weight=Decimal(40), status=GoalStatus.REMOVED), goal(2))) == []


@pytest.mark.rule("W-02")
def test_groups_have_each_their_sum():
    shared = goal(2, weight=25, kind=GoalKind.TRANSVERSAL, is_shared=True)
    found = look(plan(goal(1, weight=79.5), shared), technical_weight=80)

    assert [finding.problem.message for finding in found] == [
        "Las metas técnicas suman 79,50 y deben sumar 80,00: faltan 0,50.",
        "Las metas transversales y locales suman 25,00 y deben sumar 20,00: sobran 5,00.",
    ]
    assert labels(found[1]) == ["Restar 5,00 de la meta 2, la de mayor peso"]


@pytest.mark.rule("W-02")
def test_a_group_without_goals_is_found():
    [found] = look(plan(goal(1, weight=80)), technical_weight=80)

    assert found.problem.message == "Las metas transversales y locales deben sumar 20,00 y el plan no tiene ninguna."
    assert found.remedies == ()


@pytest.mark.rule("W-02")
def test_groups_that_add_up_have_no_finding():
    local = goal(2, weight=20, kind=GoalKind.LOCAL)

    assert look(plan(goal(1, weight=80), local), technical_weight=80) == []
    assert look(plan(goal(1, weight=100)), technical_weight=100) == []


@pytest.mark.rule("PG-V1")
def test_findings_come_plan_first_then_by_position_and_field():
    found = look(plan(goal(9, weight=10, indicator="", objective=None), goal(2, weight=10, source="", text="")))

    assert [(finding.goal, finding.field) for finding in found] == [
        (None, "weight"), (9, "objective"), (9, "indicator"), (2, "text"), (2, "source"),
    ]  # fmt: skip


@pytest.mark.rule("PG-V1")
def test_a_sentence_names_its_goal_once():
    found = look(plan(goal(3, weight=90, indicator="", quarters=(25, 25, 25, 15))))

    assert [finding.as_sentence().message for finding in found] == [
        "Las ponderaciones suman 90,00 y deben sumar 100,00: faltan 10,00.",
        "La meta 3 no tiene indicador.",
        "Meta 3: La suma de los trimestres es 90 y la magnitud 100: faltan 10.",
    ]
