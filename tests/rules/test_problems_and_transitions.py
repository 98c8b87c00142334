"""Problems that refuse, states that never collapse, and tables of transitions."""

from enum import StrEnum

import pytest

from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.states import FigureState
from pes.rules.transitions import Transition, reachable, transition_for

BLOCKING = Problem("no_name", "PG-01", "Falta el nombre.")
WARNING = Problem("short", "PG-03", "El texto es corto.", blocking=False)


class Status(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    DONE = "done"
    LOST = "lost"


TABLE = (
    Transition("send", {Status.DRAFT}, Status.SENT, Permission.PES_EDIT),
    Transition("send_back", {Status.SENT}, Status.DRAFT, Permission.PES_READ, needs_reason=True),
    Transition("finish", {Status.SENT}, Status.DONE, None),
    Transition("find", {Status.LOST}, Status.DRAFT, None),
)


def test_blocking_problems_refuse_and_are_carried_along():
    with pytest.raises(Refused, match="Falta el nombre") as refused:
        refuse_if_any([WARNING, BLOCKING])

    assert refused.value.problems == (BLOCKING,)


def test_warnings_refuse_nothing():
    refuse_if_any([WARNING])


def test_a_transition_is_found_by_its_verb():
    assert transition_for(TABLE, "send_back").needs_reason
    assert transition_for(TABLE, "send_back").sources == frozenset({Status.SENT})


@pytest.mark.parametrize(("table", "name"), [(TABLE, "destroy"), (TABLE + TABLE, "send")])
def test_a_verb_that_is_not_exactly_once_in_the_table_is_an_error(table, name):
    with pytest.raises(LookupError, match=name):
        transition_for(table, name)


def test_reachable_states_follow_the_table():
    assert reachable(TABLE, Status.DRAFT) == {Status.DRAFT, Status.SENT, Status.DONE}
    assert reachable(TABLE, Status.DONE) == {Status.DONE}


@pytest.mark.rule("PT-12", "W-06")
def test_every_state_of_a_figure_has_its_own_name():
    assert len({state.label for state in FigureState}) == len(FigureState) == 6
    assert FigureState.NOT_PROGRAMMED.label == "No programada"
    assert FigureState.NOT_PROGRAMMED.objective_label == "Sin programación"
    assert FigureState.PENDING.objective_label == "Pendiente"
