"""SM-2: the states of a quarterly report, state by state, action by action and role by role."""

import pytest

from pes.permissions import CONSOLE_PERMISSIONS, ROLES, Permission
from pes.rules.transitions import reachable, transition_for
from tracking.rules.report_states import EDITABLE, OFFICIAL, SEALED, TRANSITIONS, ReportStatus

P = Permission
S = ReportStatus

# SM-2 as rules.md §5.3 draws it: from, verb, to, whose power.
EDGES = {
    ("open", "fill", "filling", P.QUARTER_FILL),
    ("open", "submit", "submitted", P.QUARTER_SUBMIT),
    ("filling", "submit", "submitted", P.QUARTER_SUBMIT),
    ("returned", "resubmit", "submitted", P.QUARTER_SUBMIT),
    ("submitted", "take", "in_review", P.QUARTER_REVIEW),
    ("in_review", "send_back", "returned", P.QUARTER_REVIEW),
    ("in_review", "validate", "validated", P.QUARTER_REVIEW),
    ("validated", "consolidate", "consolidated", P.QUARTER_CONSOLIDATE),
    ("consolidated", "publish", "published", P.QUARTER_PUBLISH),
    ("validated", "reopen", "in_review", P.QUARTER_REOPEN),
    ("consolidated", "reopen", "in_review", P.QUARTER_REOPEN),
    ("published", "reopen", "in_review", P.QUARTER_REOPEN),
}
# Who holds the power of each verb (procedure, activities 9 to 13).
HOLDERS = {
    "fill": {"lider_proceso", "alcalde_local", "delegado", "promotor", "equipo"},
    "submit": {"lider_proceso", "alcalde_local", "delegado"},
    "resubmit": {"lider_proceso", "alcalde_local", "delegado"},
    "take": {"jefe_oap", "analista_oap"},
    "send_back": {"jefe_oap", "analista_oap"},
    "validate": {"jefe_oap", "analista_oap"},
    "consolidate": {"jefe_oap", "analista_oap"},
    "publish": {"jefe_oap", "analista_oap", "comunicaciones"},
    "reopen": {"jefe_oap"},
}


@pytest.mark.rule("SM-2", "WF4")
@pytest.mark.parametrize("verb", list(HOLDERS))
@pytest.mark.parametrize("status", [status.value for status in ReportStatus])
def test_a_verb_leaves_only_the_states_of_the_table(status, verb):
    step = transition_for(TRANSITIONS, verb)

    assert (status in step.sources) is ((status, verb, step.target, step.permission) in EDGES)


@pytest.mark.rule("SM-2")
def test_the_table_has_these_verbs_and_no_other():
    assert sorted(step.name for step in TRANSITIONS) == sorted(HOLDERS)
    assert {step.name for step in TRANSITIONS if step.needs_reason} == {"reopen"}


@pytest.mark.rule("SM-2", "PG-R4", "AZ5")
@pytest.mark.parametrize("verb", list(HOLDERS))
def test_each_verb_is_of_these_roles_and_of_no_other(verb):
    power = transition_for(TRANSITIONS, verb).permission

    assert {role.value for role, definition in ROLES.items() if power in definition.permissions} == HOLDERS[verb]


@pytest.mark.rule("SM-2", "PG-R4")
def test_the_console_fills_in_and_does_nothing_else_to_a_report():
    powers = {step.permission for step in TRANSITIONS}

    assert powers & CONSOLE_PERMISSIONS == {P.QUARTER_FILL}


@pytest.mark.rule("SM-2", "WF18")
def test_every_state_is_reached_and_only_a_reopening_leaves_what_is_validated_backwards():
    assert reachable(TRANSITIONS, S.OPEN) == set(S)
    without = [step for step in TRANSITIONS if step.name != "reopen"]
    assert reachable(without, S.VALIDATED) == {S.VALIDATED, S.CONSOLIDATED, S.PUBLISHED}


@pytest.mark.rule("SM-2")
def test_every_state_has_its_own_spanish_name():
    assert [status.label for status in ReportStatus] == [
        "Abierto", "En diligenciamiento", "Enviado", "En revisión",
        "Devuelto", "Validado", "Consolidado", "Socializado",
    ]  # fmt: skip


@pytest.mark.rule("SM-2", "WF18")
def test_the_team_writes_before_sending_and_the_figures_count_from_the_validation():
    assert sorted(EDITABLE) == ["filling", "open", "returned"]
    assert sorted(OFFICIAL) == ["consolidated", "published", "validated"]
    assert sorted(SEALED) == ["consolidated", "published"]
    assert not EDITABLE & OFFICIAL
