"""Two versions of a plan, side by side: every difference, in words, and nothing else."""

from dataclasses import replace
from decimal import Decimal

import pytest

from plans.rules.differences import Difference, goal_differences, plan_differences
from plans.rules.fields import GOAL_FIELDS, QUARTER_NAMES, FieldKind
from plans.rules.goals import GoalStatus, Instrument
from plans.rules.values import value_of, with_value
from tests.plan_facts import goal, plan


def another(facts, field):
    """A value of the field that the goal does not have."""
    if field.choices:
        old = value_of(facts, field.name)
        values = [type(old)(stored) for stored, _ in field.choices]
        return next(value for value in values if value != old)
    if field.kind is FieldKind.OBJECTIVE:
        return 2
    if field.kind in (FieldKind.WEIGHT, FieldKind.AMOUNT, FieldKind.QUARTER):
        return Decimal("7.5")
    return "Otro"


@pytest.mark.parametrize("field", GOAL_FIELDS, ids=[field.name for field in GOAL_FIELDS])
def test_a_change_in_any_field_is_the_only_difference(field):
    before = goal(1)

    [found] = goal_differences(before, with_value(before, field.name, another(before, field)))

    assert (found.field, found.label) == (field.name, field.label)
    assert found.before_text != found.after_text


def test_differences_are_said_as_they_are_read():
    before = goal(1, magnitude=1000)
    after = goal(1, magnitude="1234.5", quarters=(25, 25, 25, None), source="", status=GoalStatus.ELIMINATED)

    assert goal_differences(before, after) == [
        Difference("t4", "Programado T4", "25", "sin programar"),
        Difference("magnitude", "Magnitud total", "1.000", "1.234,5"),
        Difference("source", "Fuente de información", "Sistema de gestión documental", "vacío"),
        Difference("status", "Estado de la meta", "Activa", "Meta eliminada"),
    ]


def test_the_same_amount_written_otherwise_is_no_difference():
    assert goal_differences(goal(1, magnitude="100.0000"), goal(1, magnitude=100)) == []
    assert goal_differences(goal(1, weight="12.5"), goal(1, weight="12.50")) == []


def test_zero_and_not_programmed_are_different():
    [found] = goal_differences(goal(1, quarters=(0, 1, 1, 1)), goal(1, quarters=(None, 1, 1, 1)))

    assert (found.field, found.before_text, found.after_text) == (QUARTER_NAMES[0], "0", "sin programar")


def test_a_plan_does_not_differ_from_itself():
    facts = plan(goal(1), goal(2))

    assert not plan_differences(facts, facts)


def test_goals_are_matched_by_their_number():
    before = plan(goal(1), goal(2), goal(3))
    after = plan(goal(2, text="Otra redacción"), goal(3), goal(4))

    found = plan_differences(before, after)

    assert found
    assert [one.number for one in found.added] == [4]
    assert [one.number for one in found.removed] == [1]
    assert [(one.number, one.text, [d.field for d in one.differences]) for one in found.changed] == [
        (2, "Otra redacción", ["text"])
    ]
    assert found.identification == ()


@pytest.mark.rule("PG-09h")
def test_a_removed_goal_is_gone_and_an_eliminated_one_is_changed():
    before = plan(goal(1), goal(2))
    after = plan(goal(1, status=GoalStatus.REMOVED), goal(2, status=GoalStatus.ELIMINATED))

    found = plan_differences(before, after)

    assert [one.number for one in found.removed] == [1]
    assert [one.number for one in found.changed] == [2]
    assert not plan_differences(after, after)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"process_objective": ""}, ("Objetivo del proceso", "Atender a la ciudadanía", "vacío")),
        ({"scope": "Todo"}, ("Alcance", "De la solicitud a la respuesta", "Todo")),
        ({"leader": "Alcaldesa"}, ("Líder", "Líder del proceso", "Alcaldesa")),
        ({"articulation_detail": "Meta 5"}, ("Detalle de la articulación", "vacío", "Meta 5")),
        (
            {"instruments": (Instrument.PES, Instrument.MIPG)},
            (
                "Instrumentos con que se articula",
                "Plan Estratégico Sectorial",
                "Modelo Integrado de Planeación y Gestión, Plan Estratégico Sectorial",
            ),
        ),
    ],
    ids=["process_objective", "scope", "leader", "articulation_detail", "instruments"],
)
def test_the_identification_differs_in_words(values, expected):
    before = plan(goal(1))

    [found] = plan_differences(before, replace(before, **values)).identification

    assert (found.label, found.before_text, found.after_text) == expected


def test_the_order_of_instruments_says_nothing_and_that_of_goals_does():
    before = plan(goal(1), goal(2), goal(3), instruments=(Instrument.PDD, Instrument.PES))
    after = plan(goal(3), goal(1), goal(4), instruments=(Instrument.PES, Instrument.PDD))

    assert plan_differences(before, after).identification == (
        Difference("position", "Orden de las metas", "1, 3", "3, 1"),
    )
