"""SM-3: the states of a change request, state by state."""

import pytest

from pes.permissions import Permission
from pes.rules.transitions import reachable, transition_for
from plans.rules.change_states import OPEN, TERMINAL, TRANSITIONS, ChangeStatus

P = Permission

# SM-3 as rules.md §5.3 draws it: from, verb, to, whose power.
EDGES = [
    ("draft", "file", "filed", P.CHANGE_FILE),
    ("filed", "route", "awaiting_opinion", None),
    ("awaiting_opinion", "favour", "under_study", P.OPINION_GIVE),
    ("awaiting_opinion", "disfavour", "not_feasible", P.OPINION_GIVE),
    ("filed", "study", "under_study", P.CHANGE_STUDY),
    ("under_study", "approve", "approved", P.CHANGE_DECIDE),
    ("under_study", "deny", "denied", P.CHANGE_DECIDE),
    ("approved", "apply", "applied", P.PLAN_SUBMIT),
    ("filed", "withdraw", "withdrawn", P.CHANGE_FILE),
    ("awaiting_opinion", "withdraw", "withdrawn", P.CHANGE_FILE),
    ("under_study", "withdraw", "withdrawn", P.CHANGE_FILE),
]
VERBS = list(dict.fromkeys(verb for _, verb, _, _ in EDGES))


@pytest.mark.rule("SM-3")
@pytest.mark.parametrize("status", [status.value for status in ChangeStatus])
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_leaves_only_the_states_of_the_table(status, verb):
    step = transition_for(TRANSITIONS, verb)

    assert (status in step.sources) is ((status, verb, step.target, step.permission) in EDGES)


@pytest.mark.rule("SM-3", "PG-09i")
def test_the_table_has_these_verbs_and_only_a_denial_needs_a_reason():
    assert sorted(step.name for step in TRANSITIONS) == sorted(VERBS)
    assert [step.name for step in TRANSITIONS if step.needs_reason] == ["deny"]


@pytest.mark.rule("SM-3")
def test_every_state_is_reached_from_the_draft():
    assert reachable(TRANSITIONS, ChangeStatus.DRAFT) == set(ChangeStatus)


@pytest.mark.rule("SM-3")
@pytest.mark.parametrize("status", [status.value for status in ChangeStatus])
def test_only_a_terminal_state_is_left_by_nobody(status):
    is_left = any(status in step.sources for step in TRANSITIONS)

    assert is_left is (ChangeStatus(status) not in TERMINAL)


@pytest.mark.rule("SM-3", "WF11")
def test_a_request_with_an_unfavourable_opinion_never_comes_back():
    assert reachable(TRANSITIONS, ChangeStatus.NOT_FEASIBLE) == {ChangeStatus.NOT_FEASIBLE}


@pytest.mark.rule("SM-3", "WF24")
def test_a_request_is_open_from_its_filing_until_it_is_settled():
    assert {status.value for status in OPEN} == {"filed", "awaiting_opinion", "under_study", "approved"}


@pytest.mark.rule("SM-3")
def test_every_state_has_its_own_spanish_name():
    assert [status.label for status in ChangeStatus] == [
        "Borrador", "Radicada", "Pendiente de concepto", "No factible", "En estudio", "Aprobada", "Negada", "Aplicada",
        "Desistida",
    ]  # fmt: skip
