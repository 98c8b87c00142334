"""Policy 9, criterion by criterion: what may be asked about a goal, until when, and what it takes (PG-09a…j)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pes.rules.programming import ProgrammingType
from plans.rules.change_criteria import application_problems, decision_problems, filing_problems
from plans.rules.changes import (
    ChangeKind,
    Ground,
    counts_as_modification,
    elimination_effect,
)
from plans.rules.goals import GoalKind, GoalStatus
from tests.plan_facts import MARCH, codes, goal, increase, judge, proposal, refusals, result

CRECIENTE = ProgrammingType.CRECIENTE
MODIFY, ELIMINATE = ChangeKind
NORMATIVE, FORCE_MAJEURE = Ground.NORMATIVE, Ground.FORCE_MAJEURE
RULES = ["SM-3", "PG-09a", "PG-09b", "PG-09c", "PG-09d", "PG-09e", "PG-09f", "PG-09g", "PG-09h"]
JUNE_30, JULY_1, NOVEMBER = date(2026, 6, 30), date(2026, 7, 1), date(2026, 11, 10)


@pytest.mark.rule("PG-09a", "PG-09b", "PG-09c", "PG-09d", "PG-09e", "PG-09f", "PG-09g", "PG-09h")
def test_every_criterion_is_answered_once_and_in_order():
    results = judge(proposal())

    assert [found.rule for found in results] == RULES
    assert [found.met for found in results] == [True, True, True, True, None, True, None, None, None]
    assert all(found.message for found in results)


@pytest.mark.rule("SM-3")
def test_a_proposal_that_changes_nothing_is_refused():
    asked = proposal()

    assert refusals(replace(asked, proposed=asked.current)) == [("SM-3", "nothing_changed")]


@pytest.mark.rule("SM-3", "W-02")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"weight": 50}, "ponderación"),
        ({"kind": GoalKind.LOCAL}, "tipo de meta"),
        ({"central_area": "SGL"}, "área central"),
        ({"number": 2}, "número"),
        ({"status": GoalStatus.ELIMINATED}, "estado"),
    ],
    ids=["weight", "kind", "central_area", "number", "status"],
)
def test_a_request_does_not_touch(changes, words):
    found = result(proposal(text="Otra redacción", **changes), "SM-3")

    assert (found.met, codes(found.problems)) == (False, ["not_changeable"])
    assert words in found.message


@pytest.mark.rule("PG-09a")
@pytest.mark.parametrize(
    ("facts", "is_leader", "expected"),
    [
        ({}, True, []),
        ({"memo": " "}, True, ["memo_missing"]),
        ({"justification": ""}, True, ["justification_missing"]),
        ({}, False, ["not_the_leader"]),
        ({"memo": "", "justification": ""}, False, ["not_the_leader", "memo_missing", "justification_missing"]),
    ],
    ids=["complete", "no-memo", "no-reason", "not-leader", "nothing"],
)
@pytest.mark.parametrize("kind", list(ChangeKind))
def test_the_leader_asks_with_memo_and_justification(facts, is_leader, expected, kind):
    found = result(proposal(asks=kind, **facts), "PG-09a", is_leader=is_leader)

    assert codes(found.problems) == expected
    assert found.met is not bool(expected)


@pytest.mark.rule("PG-09a", "PG-09c", "PG-09d", "CAL-06", "WF8")
@pytest.mark.parametrize(
    ("asked", "on", "met"),
    [
        (proposal(), JUNE_30, True),
        (proposal(), JULY_1, False),
        (proposal(asks=ELIMINATE), JUNE_30, True),
        (proposal(asks=ELIMINATE), JULY_1, False),
        (proposal(asks=ELIMINATE, ground=FORCE_MAJEURE), NOVEMBER, True),
        (proposal(ground=NORMATIVE), NOVEMBER, True),
        (proposal(ground=FORCE_MAJEURE), NOVEMBER, True),
        (increase(), NOVEMBER, True),
        (proposal(text="Otra"), date(2025, 12, 20), True),
    ],
    ids=[
        "june-30", "july-1", "eliminate-june-30", "eliminate-july-1", "eliminate-force-majeure", "normative",
        "force-majeure", "increase", "before-the-vigencia",
    ],
)  # fmt: skip
def test_changes_are_asked_until_30_june_unless_an_exception_lifts_it(asked, on, met):
    found = result(asked, "PG-09a", on)

    assert found.met is met
    assert codes(found.problems) == ([] if met else ["too_late"])


@pytest.mark.rule("PG-09a", "WF8")
def test_a_request_filed_in_time_may_be_decided_later():
    assert result(proposal(), "PG-09a", filed_on=JUNE_30, today=NOVEMBER, at_decision=True).met is True


@pytest.mark.rule("PG-09b", "PT-02")
def test_the_goal_must_cohere_after_the_change():
    found = result(proposal(quarters=(25, 25, 20, 20)), "PG-09b")

    assert (found.met, codes(found.problems)) == (False, ["quarters_do_not_add_up"])
    assert found.problems[0].rule == "PG-09b"
    assert found.problems[0].message == "La suma de los trimestres es 90 y la magnitud 100: faltan 10."


@pytest.mark.rule("PG-09b")
@pytest.mark.parametrize(
    "changes", [{"text": ""}, {"deliverable": ""}, {"objective": 9}, {"programming_type": CRECIENTE}],
    ids=["text", "deliverable", "objective", "type"],
)  # fmt: skip
def test_every_element_of_the_goal_is_looked_at_again(changes):
    assert result(proposal(**changes), "PG-09b").met is False


@pytest.mark.rule("PG-09b")
def test_a_warning_goes_along_and_stops_nothing():
    asked = proposal(unit="Porcentaje")
    found = result(asked, "PG-09b")

    assert (found.met, codes(found.problems)) == (True, ["denominator_missing"])
    assert refusals(asked) == []


@pytest.mark.rule("PG-09b", "W-02")
def test_the_weight_of_the_goal_is_no_matter_of_a_request():
    assert result(proposal(current=goal(1, weight=None), text="Otra"), "PG-09b").met is True


@pytest.mark.rule("PG-09b", "PG-09c", "PG-09e")
def test_what_speaks_of_modifications_does_not_apply_to_an_elimination():
    results = {found.rule: found.met for found in judge(proposal(asks=ELIMINATE), approved_before=3)}

    assert [results[rule] for rule in ("PG-09b", "PG-09c", "PG-09d", "PG-09e")] == [None] * 4


@pytest.mark.rule("PG-09c", "WF7")
@pytest.mark.parametrize(
    ("asked", "approved_before", "met"),
    [
        (proposal(), 0, True),
        (proposal(), 1, False),
        (proposal(), 2, False),
        (proposal(ground=NORMATIVE), 1, True),
        (proposal(ground=FORCE_MAJEURE), 1, True),
        (increase(), 1, True),
    ],
    ids=["first", "second", "third", "normative", "force-majeure", "increase"],
)
def test_a_goal_is_modified_once_a_vigencia(asked, approved_before, met):
    found = result(asked, "PG-09c", approved_before=approved_before)

    assert found.met is met
    assert codes(found.problems) == ([] if met else ["already_modified"])


@pytest.mark.rule("PG-09c", "PG-09d")
@pytest.mark.parametrize(
    ("asked", "expected"),
    [(proposal(), True), (proposal(ground=NORMATIVE), True), (increase(), False), (proposal(asks=ELIMINATE), False)],
    ids=["modification", "normative", "increase", "elimination"],
)
def test_only_modifications_count(asked, expected):
    assert counts_as_modification(asked) is expected


@pytest.mark.rule("PG-09e", "WF5")
@pytest.mark.parametrize(
    ("on", "changes", "met"),
    [
        (date(2026, 3, 31), (20, 30, 20, 30), True),
        (date(2026, 4, 1), (20, 30, 20, 30), False),
        (date(2026, 4, 1), (25, 20, 25, 30), True),
        (date(2026, 9, 30), (25, 25, 25, 25), True),
        (date(2026, 10, 1), (25, 25, 25, 25), False),
        (date(2026, 12, 31), (25, 25, 20, 35), True),
        (date(2027, 1, 1), (25, 25, 20, 35), False),
        (date(2026, 4, 1), (None, 50, 20, 30), False),
    ],
)
def test_only_quarters_that_have_not_ended_are_programmed_anew(on, changes, met):
    found = result(proposal(quarters=changes), "PG-09e", on)

    assert found.met is met
    assert codes(found.problems) == ([] if met else ["quarter_ended"])


@pytest.mark.rule("PG-09e", "WF6")
def test_a_quarter_that_ends_while_the_request_waits_is_refused_at_decision():
    facts = {"filed_on": date(2026, 3, 20), "today": date(2026, 4, 2)}
    asked = proposal(quarters=(20, 30, 20, 30))

    assert result(asked, "PG-09e", at_decision=False, **facts).met is True
    decided = judge(asked, at_decision=True, **facts)
    assert codes(decision_problems(decided, approve=True, reason="", actor_filed=False)) == ["quarter_ended"]
    assert decision_problems(decided, approve=False, reason="El trimestre terminó.", actor_filed=False) == []


@pytest.mark.rule("PG-09e", "PG-09d")
def test_not_even_an_increase_touches_a_quarter_that_has_ended():
    grown = proposal(quarters=(35, 25, 20, 30), magnitude=110)

    assert refusals(grown, NOVEMBER) == [("PG-09e", "quarter_ended")]


@pytest.mark.rule("PG-09e")
def test_the_quarters_that_have_ended_are_named():
    found = result(proposal(quarters=(20, 30, 15, 35)), "PG-09e", NOVEMBER)

    assert found.message == "La propuesta cambia T1, T2 y T3: no se modifican periodos ya terminados."


@pytest.mark.rule("PG-09e", "PT-05")
@pytest.mark.parametrize(
    ("on", "discount", "changes", "warned"),
    [
        (date(2026, 4, 1), True, {"baseline": 5}, True),
        (date(2026, 4, 1), False, {"baseline": 5}, False),
        (date(2026, 3, 1), True, {"baseline": 5}, False),
        (date(2026, 4, 1), True, {"text": "Otra"}, False),
    ],
    ids=["discounted", "informative", "nothing-ended", "text"],
)
def test_a_base_that_changes_what_was_measured_is_a_warning(on, discount, changes, warned):
    current = goal(1, programming_type=CRECIENTE, quarters=(10, 20, 30, 40), magnitude=40, baseline=0)
    found = result(proposal(current=current, **changes), "PG-09e", on, discount_baseline=discount)

    assert codes(found.problems) == (["measured_otherwise"] if warned else [])
    assert not any(problem.blocking for problem in found.problems)
    assert found.met is not False


@pytest.mark.rule("PG-09h", "WF10")
@pytest.mark.parametrize(
    ("has_follow_up", "effect", "words"),
    [(True, GoalStatus.ELIMINATED, "«Meta eliminada»"), (False, GoalStatus.REMOVED, "se retirará")],
)
def test_a_goal_with_follow_up_is_flagged_and_never_deleted(has_follow_up, effect, words):
    found = result(proposal(asks=ELIMINATE), "PG-09h", has_follow_up=has_follow_up)

    assert elimination_effect(has_follow_up) is effect
    assert found.met is True
    assert words in found.message


@pytest.mark.rule("PG-09h")
@pytest.mark.parametrize("kind", list(ChangeKind))
@pytest.mark.parametrize("status", [GoalStatus.ELIMINATED, GoalStatus.REMOVED])
def test_a_goal_that_is_gone_is_not_changed_again(kind, status):
    current = goal(1, status=status)
    changes = {"text": "Otra"} if kind is MODIFY else {}

    assert refusals(proposal(current=current, asks=kind, **changes)) == [("PG-09h", "goal_not_active")]


@pytest.mark.rule("SM-3", "WF24")
@pytest.mark.parametrize(
    ("published", "open_requests", "expected"),
    [(True, 0, []), (False, 0, ["plan_not_published"]), (True, 1, ["another_request_open"])],
)
def test_a_goal_of_a_published_plan_has_one_request_at_a_time(published, open_requests, expected):
    assert codes(filing_problems(judge(proposal()), plan_published=published, open_requests=open_requests)) == expected


@pytest.mark.rule("PG-09a", "PG-09b", "PG-09c", "PG-09e", "PG-09i")
def test_an_approval_asks_every_criterion_again():
    asked = proposal(quarters=(20, 25, 20, 20), memo="")
    problems = decision_problems(
        judge(asked, NOVEMBER, approved_before=1, at_decision=True), approve=True, reason="", actor_filed=False
    )

    assert [problem.rule for problem in problems] == ["PG-09a", "PG-09a", "PG-09b", "PG-09c", "PG-09e"]


@pytest.mark.rule("PG-09i")
@pytest.mark.parametrize(
    ("approve", "reason", "expected"),
    [(True, "", []), (True, "Procede", []), (False, "No procede", []), (False, " ", ["reason_missing"])],
    ids=["approve", "approve-with-reason", "deny", "deny-without-reason"],
)
def test_a_denial_says_why(approve, reason, expected):
    results = judge(proposal(), at_decision=True)

    assert codes(decision_problems(results, approve=approve, reason=reason, actor_filed=False)) == expected


@pytest.mark.rule("PG-09i", "AZ4")
@pytest.mark.parametrize("approve", [True, False])
def test_who_asks_does_not_decide(approve):
    results = judge(proposal(), at_decision=True)

    problems = decision_problems(results, approve=approve, reason="Procede", actor_filed=True)

    assert codes(problems) == ["author_is_decider"]


@pytest.mark.rule("PG-09j")
@pytest.mark.parametrize(
    ("case", "on", "approved_on", "expected"),
    [
        ("306319", MARCH, None, []),
        ("306319", MARCH, MARCH, []),
        ("", MARCH, MARCH, ["hola_case_missing"]),
        ("306319", None, MARCH, ["hola_date_missing"]),
        ("306319", MARCH + timedelta(days=1), MARCH, ["hola_date_in_future"]),
        ("306319", MARCH - timedelta(days=1), MARCH, ["hola_before_approval"]),
    ],
    ids=["complete", "same-day", "no-case", "no-date", "tomorrow", "before-approval"],
)
def test_an_approved_change_takes_effect_with_its_hola_case(case, on, approved_on, expected):
    problems = application_problems(case, on, today=MARCH, approved_on=approved_on)

    assert codes(problems) == expected
    assert {problem.rule for problem in problems} <= {"PG-09j"}
