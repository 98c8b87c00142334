"""The plans of the demonstration are plausible: what is wrong in them is wrong on purpose."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from django.conf import settings

from pes.rules.coherence import coherence_problems
from pes.rules.inference import infer_type
from pes.rules.numbers import parse_number
from pes.rules.programming import ProgrammingType
from pes.rules.weights import sum_problem
from plans.demo_plans import (
    FIXTURE,
    MAIN_OFFSET,
    demo_framework,
    demo_plans,
    demo_requests,
    demo_templates,
    demo_workshops,
)
from plans.models.review import Side
from plans.rules.change_states import OPEN, ChangeStatus
from plans.rules.fields import BY_NAME, COMMON, GOAL_FIELDS, QUARTER_NAMES
from plans.rules.findings import plan_findings
from plans.rules.goals import GoalFacts, GoalKind
from plans.rules.plan_states import PlanStatus

PLANS = tuple(demo_plans())
REQUESTS = tuple(demo_requests())
COMPLETE = [plan for plan in PLANS if not plan.flaws]
MAIN = {plan.unit: plan for plan in PLANS if plan.vigencia_offset == MAIN_OFFSET}
UNITS = json.loads((settings.BASE_DIR / "fixtures" / "organizacion.json").read_text(encoding="utf-8"))["units"]
KIND_OF = {unit["code"]: unit["kind"] for unit in UNITS}


def named(plan) -> str:
    return f"{plan.unit}{plan.vigencia_offset:+}"


def codes(goal: GoalFacts) -> list[str]:
    """What the programme of a goal contradicts."""
    assert goal.programming_type is not None
    assert goal.magnitude is not None
    problems = coherence_problems(goal.programming_type, goal.magnitude, goal.quarters, goal.baseline)
    return [problem.code for problem in problems]


def weight_codes(plan) -> list[str]:
    found = sum_problem(goal.weight for goal in plan.facts.goals if goal.weight is not None)
    return [found.code] if found else []


def changed(goal: GoalFacts, proposed) -> GoalFacts:
    """The goal as a request wants it."""
    amounts = {name: parse_number(text) if text else None for name, text in proposed.items() if is_amount(name)}
    quarters = tuple(amounts.get(name, now) for name, now in zip(QUARTER_NAMES, goal.quarters, strict=True))
    texts = {name: text for name, text in proposed.items() if not is_amount(name)}
    return replace(goal, quarters=quarters, magnitude=amounts.get("magnitude", goal.magnitude), **texts)


def is_amount(name: str) -> bool:
    return name in (*QUARTER_NAMES, "magnitude")


def test_the_data_say_that_they_are_invented():
    about = json.loads(FIXTURE.read_text(encoding="utf-8"))["about"]

    assert about == "Metas inventadas de la demostración; no son cifras oficiales."


def test_every_process_and_alcaldia_of_the_entity_has_its_plan():
    ours = {u["code"] for u in UNITS if u["parent"] == "sdg" and u["kind"] in ("process", "alcaldia_local")}

    assert set(MAIN) == ours
    assert Counter(KIND_OF[unit] for unit in MAIN) == {"process": 7, "alcaldia_local": 20}


@pytest.mark.rule("PT-02", "PT-03", "PT-04", "PT-20")
@pytest.mark.parametrize("plan", COMPLETE, ids=named)
def test_the_goals_of_a_complete_plan_cohere(plan):
    assert {goal.number: codes(goal) for goal in plan.facts.goals if codes(goal)} == {}
    for goal in plan.facts.goals:
        assert infer_type(goal.quarters, goal.magnitude) in (goal.programming_type, None)


@pytest.mark.rule("PG-V1")
@pytest.mark.parametrize("discount", [False, True], ids=["baseline-kept", "baseline-discounted"])
@pytest.mark.parametrize("plan", COMPLETE, ids=named)
def test_the_panel_finds_nothing_in_a_complete_plan_whatever_the_methodology(plan, discount):
    objectives = demo_framework().objectives

    assert (
        plan_findings(
            plan.facts, objectives=objectives, discount_baseline=discount, technical_weight=None, has_framework=True
        )
        == []
    )


@pytest.mark.rule("W-02")
@pytest.mark.parametrize("plan", COMPLETE, ids=named)
def test_the_weights_of_a_complete_plan_add_up(plan):
    assert sum(goal.weight for goal in plan.facts.goals) == Decimal("100.00")


@pytest.mark.rule("PG-02", "PG-03")
@pytest.mark.parametrize("plan", COMPLETE, ids=named)
def test_a_complete_plan_lacks_nothing(plan):
    facts = plan.facts
    missing = [
        (goal.number, field.name)
        for goal in facts.goals
        for field in GOAL_FIELDS
        if field.required and getattr(goal, field.name) in (None, "")
    ]

    assert missing == []
    assert all([facts.process_objective, facts.scope, facts.leader, facts.instruments, facts.articulation_detail])
    assert {goal.objective for goal in facts.goals} <= set(demo_framework().objectives)
    assert 4 <= sum(not goal.is_shared for goal in facts.goals) <= 6


def test_no_text_is_longer_than_its_column_or_left_with_a_blank_to_fill():
    texts = [
        (field, getattr(goal, field.name))
        for plan in PLANS
        for goal in plan.facts.goals
        for field in GOAL_FIELDS
        if isinstance(getattr(goal, field.name, None), str)
    ]

    assert [text for field, text in texts if field.limit and len(text) > field.limit] == []
    assert [
        plan.unit for plan in PLANS if "{" in repr(plan.facts.goals) or "{" in plan.facts.leader + plan.facts.scope
    ] == []


@pytest.mark.parametrize("plan", [plan for plan in PLANS if plan.flaws], ids=named)
def test_an_unfinished_plan_is_a_draft_with_the_flaws_it_announces(plan):
    found = {code for goal in plan.facts.goals for code in codes(goal)} | set(weight_codes(plan))

    assert found == set(plan.flaws)
    assert plan.state == PlanStatus.DRAFT


def test_the_draft_of_the_demonstrations_leader_explains_each_kind_of_problem():
    accion, asistencia, procedimientos, *_ = MAIN["PLE-PIN"].facts.goals

    assert sum(quarter for quarter in accion.quarters if quarter) == 90
    assert accion.magnitude == 100
    assert asistencia.objective is None
    assert infer_type(procedimientos.quarters, procedimientos.magnitude) != procedimientos.programming_type
    assert sum(goal.weight for goal in MAIN["PLE-PIN"].facts.goals) == Decimal("97.50")


def test_there_are_drafts_without_problems_too():
    assert [plan.unit for plan in COMPLETE if plan.state == PlanStatus.DRAFT]


@pytest.mark.rule("PT-01")
def test_every_programming_type_occurs():
    found = {goal.programming_type for plan in COMPLETE for goal in plan.facts.goals}

    assert found == set(ProgrammingType)


@pytest.mark.rule("SM-1")
def test_there_is_a_plan_in_every_state():
    assert {plan.state for plan in PLANS} == set(PlanStatus)
    assert {plan.state for plan in MAIN.values()} == set(PlanStatus) - {PlanStatus.CLOSED}


@pytest.mark.rule("PG-06", "PG-07")
@pytest.mark.parametrize("plan", PLANS, ids=named)
def test_what_is_official_has_its_case_and_its_consultation(plan):
    if plan.state not in (PlanStatus.OFFICIAL, PlanStatus.PUBLISHED, PlanStatus.CLOSED):
        assert plan.hola_case == ""
        return

    consultation = plan.consultation
    assert plan.hola_case
    assert consultation is not None
    assert consultation.waiver_reason or consultation.opens_days_ago > consultation.closes_days_ago > 0
    assert all(contribution.answer for contribution in consultation.contributions)


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize("plan", [plan for plan in PLANS if plan.observations], ids=named)
def test_observations_fit_the_state_of_the_plan(plan):
    sides = {turn[0] for thread in plan.observations for turn in thread.turns}
    last = {thread.turns[-1][0] for thread in plan.observations}

    assert sides <= set(Side.values)
    assert all(thread.turns[0][0] == Side.REVIEWER for thread in plan.observations)
    assert all(thread.field in BY_NAME for thread in plan.observations if thread.goal is not None)
    assert (Side.REVIEWER in last) == (plan.state == PlanStatus.WITH_OBSERVATIONS)


def test_with_observations_some_are_answered_and_some_are_not():
    plans = [plan for plan in PLANS if plan.state == PlanStatus.WITH_OBSERVATIONS]

    assert plans
    for plan in plans:
        assert {thread.turns[-1][0] for thread in plan.observations} == set(Side.values)


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize("plan", [plan for plan in PLANS if plan.state != PlanStatus.DRAFT], ids=named)
def test_no_plan_was_sent_without_a_workshop(plan):
    held = [w for w in demo_workshops() if w.vigencia_offset == plan.vigencia_offset and plan.unit in w.units]

    assert held


@pytest.mark.rule("PG-04", "PG-08")
def test_shared_goals_say_the_same_in_every_plan():
    templates = {(template.key, template.vigencia_offset): template for template in demo_templates()}

    main = [template for template in templates.values() if template.vigencia_offset == MAIN_OFFSET]
    assert Counter(str(template.goal.kind) for template in main) == {"transversal": 2, "local": 1}
    assert len(next(template for template in main if template.goal.kind == GoalKind.LOCAL).units) == 20
    assert {KIND_OF[template.owner] for template in main} == {"process"}
    for plan in PLANS:
        for number, key in plan.templates.items():
            template, goal = templates[key, plan.vigencia_offset], plan.facts.goals[number - 1]
            assert goal.is_shared
            assert plan.unit in template.units
            assert {name: getattr(goal, name) for name in COMMON} == {
                name: getattr(template.goal, name) for name in COMMON
            }


@pytest.mark.rule("SM-3")
def test_there_is_a_request_in_every_state():
    assert {request.state for request in REQUESTS} == set(ChangeStatus)


@pytest.mark.rule("SM-3")
def test_requests_are_about_published_plans_and_one_goal_has_one_open():
    open_ones = Counter((request.unit, request.goal) for request in REQUESTS if request.state in OPEN)

    assert {MAIN[request.unit].state for request in REQUESTS} == {PlanStatus.PUBLISHED}
    assert set(open_ones.values()) == {1}


@pytest.mark.rule("PG-09b")
@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: f"{request.unit}-{request.goal}-{request.state}")
def test_what_a_request_proposes_coheres(request_):
    before = [
        earlier.proposed
        for earlier in REQUESTS
        if earlier.state == ChangeStatus.APPLIED and (earlier.unit, earlier.goal) == (request_.unit, request_.goal)
    ]
    goal = MAIN[request_.unit].facts.goals[request_.goal - 1]
    if request_.state != ChangeStatus.APPLIED:
        for proposed in before:
            goal = changed(goal, proposed)

    after = changed(goal, request_.proposed)

    assert set(request_.proposed) <= set(BY_NAME)
    assert codes(after) == []
    assert (after == goal) == (request_.kind == "eliminate")
    assert not goal.is_shared or not set(request_.proposed) & COMMON
    assert request_.justification
    assert request_.memo.startswith("Memorando de demostración")


@pytest.mark.rule("PG-09f", "PG-09g")
@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: f"{request.unit}-{request.goal}-{request.state}")
def test_requests_have_the_opinions_that_their_state_needs(request_):
    plan = MAIN[request_.unit]
    goal = plan.facts.goals[request_.goal - 1]
    needed = {"transversal"} if goal.kind == GoalKind.TRANSVERSAL else set()
    needed |= {"local"} if KIND_OF[request_.unit] == "alcaldia_local" else set()
    given = {opinion.favourable for opinion in request_.opinions}

    if request_.state not in (ChangeStatus.DRAFT, ChangeStatus.WITHDRAWN):
        assert {opinion.kind for opinion in request_.opinions} == needed
        assert bool(request_.local_office) == ("local" in needed)
    if request_.state in (ChangeStatus.UNDER_STUDY, ChangeStatus.APPROVED, ChangeStatus.DENIED, ChangeStatus.APPLIED):
        assert given <= {True}
    assert (False in given) == (request_.state == ChangeStatus.NOT_FEASIBLE)
    assert (None in given) == (request_.state == ChangeStatus.AWAITING_OPINION)
