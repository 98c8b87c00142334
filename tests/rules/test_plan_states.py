"""SM-1: the states of a plan de gestión, state by state, and what each step needs."""

from datetime import date

import pytest

from pes.permissions import Permission
from pes.rules.problems import Problem
from pes.rules.transitions import reachable, transition_for
from plans.rules.findings import Finding
from plans.rules.plan_states import (
    EDITABLE,
    TRANSITIONS,
    ConsultationFacts,
    PlanStatus,
    ReviewItem,
    automatic_answer,
    closing_problems,
    official_problems,
    opening_problems,
    publication_problems,
    resubmission_problems,
    send_back_problems,
    submission_problems,
    validation_problems,
)

P = Permission
TODAY = date(2026, 2, 10)
INCOHERENT = Finding(3, "magnitude", Problem("quarters_do_not_add_up", "PT-02", "La suma de los trimestres es 90."))
UNWEIGHTED = Finding(None, "weight", Problem("weights_do_not_add_up", "W-02", "Las ponderaciones suman 90,00."))
UNCLEAR = Finding(3, "denominator", Problem("denominator_missing", "PG-V1", "Sin denominador.", blocking=False))
ALL_MET = {item: True for item in ReviewItem if not item.is_automatic}

# SM-1 as rules.md §5.3 draws it: from, verb, to, whose power.
EDGES = [
    ("draft", "submit", "in_review", P.PLAN_SUBMIT),
    ("with_observations", "resubmit", "in_review", P.PLAN_SUBMIT),
    ("in_review", "send_back", "with_observations", P.PLAN_REVIEW),
    ("in_review", "validate", "validated", P.PLAN_REVIEW),
    ("validated", "make_official", "official", P.PLAN_SUBMIT),
    ("official", "publish", "published", P.PLAN_PUBLISH),
    ("published", "renew", "published", None),
    ("published", "close", "closed", P.PLAN_CLOSE),
]
VERBS = [verb for _, verb, _, _ in EDGES]


def codes(problems):
    return [problem.code for problem in problems]


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize("status", [status.value for status in PlanStatus])
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_leaves_only_the_states_of_the_table(status, verb):
    step = transition_for(TRANSITIONS, verb)

    assert (status in step.sources) is ((status, verb, step.target, step.permission) in EDGES)


@pytest.mark.rule("SM-1")
def test_the_table_has_these_verbs_and_no_other():
    assert sorted(step.name for step in TRANSITIONS) == sorted(VERBS)
    assert not any(step.needs_reason for step in TRANSITIONS)


@pytest.mark.rule("SM-1")
def test_every_state_is_reached_and_a_closed_plan_is_left_by_nobody():
    assert reachable(TRANSITIONS, PlanStatus.DRAFT) == set(PlanStatus)
    assert reachable(TRANSITIONS, PlanStatus.CLOSED) == {PlanStatus.CLOSED}
    assert reachable(TRANSITIONS, PlanStatus.PUBLISHED) == {PlanStatus.PUBLISHED, PlanStatus.CLOSED}


@pytest.mark.rule("SM-1")
def test_every_state_has_its_own_spanish_name():
    assert [status.label for status in PlanStatus] == [
        "Borrador", "En revisión", "Con observaciones", "Validado", "Oficializado", "Publicado", "Cerrado",
    ]  # fmt: skip


@pytest.mark.rule("SM-1")
def test_goals_are_written_only_while_the_unit_has_the_plan():
    assert {status for status in PlanStatus if status in EDITABLE} == {PlanStatus.DRAFT, PlanStatus.WITH_OBSERVATIONS}


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize(("published", "expected"), [(True, []), (False, ["methodology_missing"])])
def test_plans_open_once_the_methodology_is_published(published, expected):
    assert codes(opening_problems(methodology_published=published, vigencia=2026)) == expected


@pytest.mark.rule("SM-1")
def test_a_coherent_plan_with_its_mesa_is_sent_and_warnings_do_not_stop_it():
    assert submission_problems([UNCLEAR], workshops=1) == []


@pytest.mark.rule("SM-1", "PT-02", "W-02")
def test_an_incoherent_plan_is_not_sent_and_every_problem_names_its_goal():
    problems = submission_problems([UNWEIGHTED, INCOHERENT, UNCLEAR], workshops=1)

    assert [problem.message for problem in problems] == [
        "Las ponderaciones suman 90,00.",
        "Meta 3: La suma de los trimestres es 90.",
    ]


@pytest.mark.rule("SM-1")
def test_a_plan_without_a_mesa_de_trabajo_is_not_sent():
    [problem] = submission_problems([], workshops=0)

    assert (problem.code, problem.rule) == ("workshop_missing", "SM-1")
    assert "mesa" in problem.fix


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize(
    ("unanswered", "message"),
    [(0, None), (1, "Hay 1 observación sin respuesta."), (2, "Hay 2 observaciones sin respuesta.")],
)
def test_a_plan_comes_back_only_with_every_observation_answered(unanswered, message):
    problems = resubmission_problems([], workshops=1, unanswered=unanswered)

    assert [problem.message for problem in problems] == ([message] if message else [])


@pytest.mark.rule("SM-1")
def test_a_plan_that_comes_back_is_looked_at_as_the_first_time():
    assert codes(resubmission_problems([INCOHERENT], workshops=0, unanswered=1)) == [
        "quarters_do_not_add_up",
        "workshop_missing",
        "observations_unanswered",
    ]


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize(("waiting", "expected"), [(0, ["observation_missing"]), (1, [])])
def test_a_plan_goes_back_only_with_something_to_answer(waiting, expected):
    assert codes(send_back_problems(waiting)) == expected


@pytest.mark.rule("PG-V1")
def test_the_checklist_is_activity_4_of_the_procedure():
    assert [item.value for item in ReviewItem] == [
        "objective_coherence", "programme_coherence", "type_consistency", "indicator_formulation",
    ]  # fmt: skip
    assert [item for item in ReviewItem if item.is_automatic] == [ReviewItem.TYPE_CONSISTENCY]
    assert all(
        item.question.startswith("¿") and item.norm.startswith("PLE-PIN-P005 v8, actividad 4") for item in ReviewItem
    )


@pytest.mark.rule("PG-V1", "PT-02")
def test_the_system_answers_only_about_the_type_of_programme():
    assert automatic_answer(ReviewItem.TYPE_CONSISTENCY, [UNWEIGHTED, UNCLEAR]) is True
    assert automatic_answer(ReviewItem.TYPE_CONSISTENCY, [INCOHERENT]) is False
    assert automatic_answer(ReviewItem.INDICATOR_FORMULATION, []) is None


@pytest.mark.rule("PG-V1")
def test_a_plan_with_its_checklist_complete_is_validated():
    assert validation_problems(ALL_MET, [UNCLEAR], unanswered=0, actor_submitted=False) == []


@pytest.mark.rule("PG-V1")
@pytest.mark.parametrize("item", [item.value for item in ALL_MET])
@pytest.mark.parametrize(("answer", "ending"), [(None, "unanswered"), (False, "not_met")])
def test_every_item_of_the_checklist_must_be_met(item, answer, ending):
    problems = validation_problems(ALL_MET | {ReviewItem(item): answer}, [], unanswered=0, actor_submitted=False)

    assert [(problem.code, problem.rule) for problem in problems] == [(f"{item}_{ending}", "PG-V1")]


@pytest.mark.rule("PG-V1")
def test_an_unanswered_checklist_lists_every_question_a_person_must_answer():
    problems = validation_problems({}, [], unanswered=0, actor_submitted=False)

    assert [problem.message for problem in problems] == [f"Falta responder: {item.question}" for item in ALL_MET]


@pytest.mark.rule("PG-V1", "SM-1", "AZ4")
@pytest.mark.parametrize(
    ("findings", "unanswered", "actor_submitted", "expected"),
    [
        ([INCOHERENT], 0, False, "quarters_do_not_add_up"),
        ([], 1, False, "observations_unanswered"),
        ([], 0, True, "author_is_reviewer"),
    ],
    ids=["incoherent", "unanswered", "own-plan"],
)
def test_a_plan_is_not_validated_while(findings, unanswered, actor_submitted, expected):
    problems = validation_problems(ALL_MET, findings, unanswered=unanswered, actor_submitted=actor_submitted)

    assert codes(problems) == [expected]


ENDED = ConsultationFacts(date(2026, 1, 10), date(2026, 2, 9))


def official(findings=(), case="HOLA 306319", on=TODAY, consultation=ENDED):
    return official_problems(findings, hola_case=case, hola_on=on, today=TODAY, consultation=consultation)


@pytest.mark.rule("PG-06", "PG-07b")
@pytest.mark.parametrize(
    "consultation",
    [ENDED, ConsultationFacts(is_waived=True), ConsultationFacts(TODAY, date(2026, 3, 1), 2, is_waived=True)],
    ids=["ended", "waived", "waived-while-open"],
)
def test_a_plan_with_its_case_and_its_consultation_is_made_official(consultation):
    assert official(consultation=consultation) == []


@pytest.mark.rule("PG-06")
@pytest.mark.parametrize(
    ("case", "on", "expected"),
    [
        ("", TODAY, ["hola_case_missing"]),
        (" ", None, ["hola_case_missing", "hola_date_missing"]),
        ("306319", None, ["hola_date_missing"]),
        ("306319", date(2026, 2, 11), ["hola_date_in_future"]),
    ],
    ids=["no-case", "nothing", "no-date", "tomorrow"],
)
def test_a_plan_is_not_official_without_a_hola_case_and_its_date(case, on, expected):
    problems = official(case=case, on=on)

    assert codes(problems) == expected
    assert {problem.rule for problem in problems} == {"PG-06"}


@pytest.mark.rule("PG-07b")
@pytest.mark.parametrize(
    ("consultation", "expected"),
    [
        (None, ["consultation_missing"]),
        (ConsultationFacts(), ["consultation_missing"]),
        (ConsultationFacts(date(2026, 1, 10), TODAY), ["consultation_open"]),
        (ConsultationFacts(date(2026, 1, 10), date(2026, 2, 9), 1), ["contributions_unanswered"]),
        (ConsultationFacts(TODAY, TODAY, 3), ["consultation_open", "contributions_unanswered"]),
    ],
    ids=["none", "no-dates", "last-day", "unanswered", "open-and-unanswered"],
)
def test_a_plan_is_not_official_before_its_consultation_has_ended_and_been_answered(consultation, expected):
    problems = official(consultation=consultation)

    assert codes(problems) == expected
    assert {problem.rule for problem in problems} == {"PG-07b"}


@pytest.mark.rule("PG-07b")
def test_dates_and_counts_of_the_consultation_are_said_in_words():
    problems = official(consultation=ConsultationFacts(TODAY, TODAY, 1))

    assert [problem.message for problem in problems] == [
        "La consulta ciudadana termina el 10 de febrero de 2026.",
        "La consulta ciudadana tiene 1 aporte sin respuesta.",
    ]


@pytest.mark.rule("PG-08", "SM-1")
def test_a_shared_goal_that_stopped_cohering_keeps_the_plan_from_being_official():
    assert codes(official(findings=[INCOHERENT, UNCLEAR])) == ["quarters_do_not_add_up"]


@pytest.mark.rule("PG-01")
@pytest.mark.parametrize(
    ("validated", "approved", "expected"),
    [
        (True, True, []),
        (False, True, ["not_validated"]),
        (True, False, ["not_approved"]),
        (False, False, ["not_validated", "not_approved"]),
    ],
)
def test_a_plan_is_published_once_the_oap_and_its_leader_agree(validated, approved, expected):
    assert codes(publication_problems(validated=validated, approved=approved)) == expected


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize(("quarter", "expected"), [(0, False), (1, False), (3, False), (4, True)])
def test_a_plan_is_closed_once_its_fourth_quarter_is_consolidated(quarter, expected):
    assert (closing_problems(quarter) == []) is expected


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize(("quarter", "words"), [(0, "no hay nada consolidado"), (3, "solo está consolidado hasta T3")])
def test_how_far_a_plan_is_consolidated_is_said(quarter, words):
    assert words in closing_problems(quarter)[0].message


@pytest.mark.rule("SM-3")
def test_undecided_changes_are_a_warning_of_closing():
    warned = closing_problems(4, changes_under_way=2)

    assert [(problem.code, problem.blocking) for problem in warned] == [("changes_under_way", False)]
    assert [problem.code for problem in closing_problems(3, changes_under_way=2)] == ["quarter_not_consolidated"]
