"""The methodological review: threads that are only added to, the checklist, and their page (act. 4 to 7; PG-V1, PG-04)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pes.models import AuditEvent, UnitKind
from pes.permissions import Role
from pes.rules.problems import Refused
from plans import checklist, lifecycle, observations
from plans.editing import CellChange, change_goals
from plans.models import Goal, Observation, ObservationTurn, PlanGestion, ReviewCheck
from plans.pages.review import review_url
from plans.pages.threads import threads_of
from plans.rules.plan_states import PlanStatus, ReviewItem
from tests import make, people, plan_makers
from tests.answers import codes, page_of

pytestmark = pytest.mark.django_db
HERE = "/planes/PLE-PIN/2022/"
REVIEW = f"{HERE}revision/"
STATES = [status.value for status in PlanStatus]


@pytest.fixture
def them() -> people.Cast:
    return people.cast()


@pytest.fixture
def area(them) -> people.OrganizationUnit:
    """An office of the entity that leads a goal of the process."""
    return people.unit("SUBGL", UnitKind.OFFICE, them.head, "Subsecretaría de Gestión Local")


@pytest.fixture
def rosa(area) -> people.User:
    """Who leads that goal (R7)."""
    return people.person("Rosa Área", Role.AREA_CENTRAL, area)


def plan_in(them, status, **options) -> PlanGestion:
    return make.management_plan(unit=them.process, by=them.luis, status=status, **options)


def led_by(plan, area) -> Goal:
    """The plan's first goal, reported by an area."""
    Goal.objects.filter(plan=plan, number=1).update(central_area=area)
    return plan.goals.get(number=1)


def text(answer) -> str:
    return answer.content.decode()


# --- who speaks, and when


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize("state", STATES)
def test_the_oap_observes_only_what_is_in_review(them, state):
    plan = plan_in(them, state)

    if state == "in_review":
        assert observations.raise_observation(plan, None, "scope", "Falta.", by=them.ana).pk
        return
    with pytest.raises(Refused) as refused:
        observations.raise_observation(plan, None, "scope", "Falta.", by=them.ana)
    assert codes(refused) == ["not_under_review"]


@pytest.mark.rule("PG-04")
@pytest.mark.parametrize("state", STATES)
def test_the_leading_area_annotates_its_goals_while_they_are_formulated(them, area, rosa, state):
    plan = plan_in(them, state, goals=2)
    own, other = led_by(plan, area), plan.goals.get(number=2)

    with pytest.raises(PermissionDenied):
        observations.raise_observation(plan, other, "text", "No es suya.", by=rosa)
    with pytest.raises(PermissionDenied):
        observations.raise_observation(plan, None, "", "Ni el plan.", by=rosa)
    if state in {"draft", "in_review", "with_observations"}:
        assert observations.raise_observation(plan, own, "text", "Ajustar.", by=rosa).goal == own
    else:
        with pytest.raises(Refused):
            observations.raise_observation(plan, own, "text", "Ajustar.", by=rosa)


@pytest.mark.rule("AZ1")
@pytest.mark.parametrize("name", ["luis", "pilar", "diana", "olga", "elena", "marta", "oscar", "alicia"])
def test_nobody_else_observes(them, name):
    plan = plan_in(them, "in_review")

    with pytest.raises(PermissionDenied):
        observations.raise_observation(plan, None, "", "Hola", by=getattr(them, name))
    assert not Observation.objects.exists()


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize("state", ["in_review", "with_observations"])
def test_the_team_answers_when_it_has_the_plan(them, state):
    plan = plan_in(them, "in_review")
    thread = observations.raise_observation(plan, None, "", "Falta.", by=them.ana)
    if state == "with_observations":
        lifecycle.send_back(plan, by=them.ana)
        observations.answer(thread, "Hecho.", by=them.pilar)
        assert observations.unanswered(plan) == 0
        return
    with pytest.raises(Refused) as refused:
        observations.answer(thread, "Hecho.", by=them.pilar)
    assert codes(refused) == ["not_your_turn"]


@pytest.mark.rule("AZ1")
@pytest.mark.parametrize("name", ["diana", "olga", "marta", "oscar", "alicia"])
def test_nobody_else_answers(them, name):
    plan = plan_in(them, "with_observations")

    with pytest.raises(PermissionDenied):
        observations.answer(plan.observations.get(), "Hecho.", by=getattr(them, name))


@pytest.mark.rule("SM-1")
def test_an_insistence_opens_the_thread_again(them):
    plan = plan_in(them, "with_observations")
    thread = plan.observations.get()
    observations.answer(thread, "Precisado.", by=them.luis)
    lifecycle.submit(plan, by=them.luis)
    assert observations.unanswered(plan) == 0

    observations.answer(thread, "Sigue sin precisarse.", by=them.ana)

    assert observations.unanswered(plan) == 1
    assert list(thread.turns.order_by("pk").values_list("side", "text")) == [
        ("reviewer", plan_makers.OPINION),
        ("team", "Precisado."),
        ("reviewer", "Sigue sin precisarse."),
    ]


@pytest.mark.parametrize(
    ("said", "code"), [("  ", "text_missing"), ("x" * 4001, "text_too_long")], ids=["blank", "long"]
)
def test_a_turn_says_something_that_fits(them, said, code):
    plan = plan_in(them, "in_review")

    with pytest.raises(Refused) as refused:
        observations.raise_observation(plan, None, "", said, by=them.ana)

    assert codes(refused) == [code]


@pytest.mark.rule("AZ10")
def test_a_goal_of_another_plan_or_a_field_that_is_not_there_is_refused(them):
    plan = plan_in(them, "in_review")
    other = make.management_plan(unit=them.alcaldia, by=them.marta, status="in_review").goals.get()

    with pytest.raises(Refused) as refused:
        observations.raise_observation(plan, other, "status", "Cruzada.", by=them.ana)

    assert codes(refused) == ["goal_unknown", "field_unknown"]


@pytest.mark.rule("WF1")
def test_saying_the_same_twice_says_it_once(them):
    plan = plan_in(them, "in_review")
    first = observations.raise_observation(plan, None, "", "Falta.", by=them.ana)

    assert observations.raise_observation(plan, None, "", " Falta. ", by=them.ana) == first
    lifecycle.send_back(plan, by=them.ana)
    turn = observations.answer(first, "Hecho.", by=them.luis)
    assert observations.answer(first, "Hecho.", by=them.luis) == turn
    assert ObservationTurn.objects.count() == 2


@pytest.mark.rule("DA5")
def test_nothing_said_is_changed_or_taken_away(them):
    plan_in(them, "with_observations")

    for act in (
        lambda: ObservationTurn.objects.update(text="otra cosa"),
        lambda: ObservationTurn.objects.all().delete(),
        lambda: Observation.objects.update(field=""),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_each_turn_leaves_its_trace(them):
    plan = plan_in(them, "with_observations")
    observations.answer(plan.observations.get(), "Hecho.", by=them.pilar)

    raised, answered = (AuditEvent.objects.get(verb=verb) for verb in ("observation_raised", "observation_answered"))

    assert (raised.actor, raised.after["goal"], raised.after["text"]) == (them.ana, 1, plan_makers.OPINION)
    assert (answered.actor, answered.after["text"]) == (them.pilar, "Hecho.")


# --- the checklist


@pytest.mark.rule("PG-V1")
def test_an_answer_may_be_corrected_until_the_plan_leaves_the_review(them):
    plan = plan_in(them, "in_review")
    item = ReviewItem.INDICATOR_FORMULATION
    checklist.check(plan, {item: checklist.Answer(False, "Sin denominador")}, by=them.ana)
    checklist.check(plan, {item: checklist.Answer(True)}, by=them.jorge)

    assert [(row.passed, row.by) for row in ReviewCheck.objects.all()] == [(True, them.jorge)]
    last = AuditEvent.objects.filter(verb="review_checked").first()
    assert (last.before, last.after) == ({item: "No cumple: Sin denominador"}, {item: "Cumple"})


@pytest.mark.rule("PG-V1")
def test_the_consistency_of_the_type_is_answered_by_the_rules(them):
    plan = plan_in(them, "in_review")

    with pytest.raises(Refused) as refused:
        checklist.check(plan, {ReviewItem.TYPE_CONSISTENCY: checklist.Answer(True)}, by=them.ana)

    assert codes(refused) == ["answered_by_rules"]


@pytest.mark.rule("PG-V1")
@pytest.mark.parametrize("state", [state for state in STATES if state != "in_review"])
def test_the_checklist_is_answered_only_in_review(them, state):
    plan = plan_in(them, state)

    with pytest.raises(Refused) as refused:
        checklist.check(plan, {ReviewItem.INDICATOR_FORMULATION: checklist.Answer(True)}, by=them.ana)

    assert codes(refused) == ["not_under_review"]


# --- the page


@pytest.mark.rule("PG-V1")
def test_the_reviewer_sees_goals_rules_and_questions_side_by_side(them):
    plan_in(them, "in_review", goals=2)

    page = text(page_of(them.ana).get(REVIEW))

    for words in ("Meta 2 · Atender", "Programación de la meta", "¿Los indicadores están bien formulados?"):
        assert words in page
    assert "Lo responde el sistema con PT-02 a PT-04." in page
    assert "Falta responder: ¿Los indicadores" in page
    assert "No hay ninguna observación que espere respuesta." in page


def test_an_observation_takes_one_form_and_comes_back_to_its_goal(them):
    plan = plan_in(them, "in_review", goals=25)
    ana = page_of(them.ana)

    answer = ana.post(
        f"{HERE}observaciones/nueva/",
        {"goal": "23", "field": "indicator", "text": "Falta el denominador."},
        follow=True,
    )

    thread = plan.observations.get()
    assert answer.redirect_chain == [(f"{REVIEW}?pagina=2#hilo-{thread.pk}", 302)]
    assert "Meta 23 · Indicador" in text(answer)
    assert review_url(plan, None) == REVIEW


def test_what_was_refused_keeps_what_was_typed(them):
    plan_in(them, "draft")

    answer = page_of(them.ana).post(f"{HERE}observaciones/nueva/", {"field": "scope", "text": "Muy largo de escribir"})

    assert answer.status_code == 422
    assert "Muy largo de escribir" in text(answer)
    assert "no se observa ahora" in text(answer)


def test_the_team_answers_on_the_page(them):
    plan = plan_in(them, "with_observations")
    thread = plan.observations.get()
    luis = page_of(them.luis)
    assert f'action="/planes/observaciones/{thread.pk}/responder/"' in text(luis.get(REVIEW))

    answer = luis.post(f"/planes/observaciones/{thread.pk}/responder/", {"text": "Precisado."}, follow=True)

    assert "Respuesta registrada." in text(answer)
    assert "Respondida" in text(answer)


@pytest.mark.rule("AZ8")
@pytest.mark.parametrize("name", ["marta", "oscar"])
def test_a_thread_of_another_plan_is_not_there(them, name):
    plan = plan_in(them, "with_observations")

    answer = page_of(getattr(them, name)).post(
        f"/planes/observaciones/{plan.observations.get().pk}/responder/", {"text": "Hola"}
    )

    assert answer.status_code == 404
    assert ObservationTurn.objects.count() == 1


@pytest.mark.rule("PG-04")
def test_the_leading_area_reads_and_annotates_its_goal_without_reading_the_plan(them, area, rosa):
    plan = plan_in(them, "in_review", goals=2)
    goal = led_by(plan, area)
    browser = page_of(rosa)

    made = browser.post(f"{HERE}observaciones/nueva/", {"goal": "1", "text": "Ajustar la fuente."})
    foreign = browser.post(f"{HERE}observaciones/nueva/", {"goal": "2", "text": "No es mía."})
    whole = browser.post(f"{HERE}observaciones/nueva/", {"text": "Todo el plan."})

    thread = Observation.objects.get()
    assert made.headers["Location"] == f"{goal.get_absolute_url()}#hilo-{thread.pk}"
    assert (foreign.status_code, whole.status_code, browser.get(REVIEW).status_code) == (404, 404, 404)
    assert [found.title for found in threads_of(goal, rosa)] == ["Meta 1"]
    assert threads_of(plan, rosa)[0].pk == thread.pk


@pytest.mark.rule("SM-1")
def test_what_changed_since_it_was_sent_before_is_marked(them):
    plan = plan_in(them, "with_observations", goals=2)
    change_goals(plan, [CellChange(2, "indicator", "Solicitudes resueltas a tiempo")], by=them.luis)
    observations.answer(plan.observations.get(), "Hecho.", by=them.luis)
    lifecycle.submit(plan, by=them.luis)
    ana = page_of(them.ana)

    everything, changed = text(ana.get(REVIEW)), text(ana.get(f"{REVIEW}?ver=cambios"))

    assert "Solicitudes <del>atendidas</del>" in everything
    assert "Solicitudes <ins>resueltas a tiempo</ins>" in everything
    assert ('id="meta-1"' in changed, 'id="meta-2"' in changed) == (False, True)


def test_a_plan_of_two_hundred_goals_is_still_reviewed_by_pages(them):
    plan_in(them, "in_review", goals=[{"weight": "0.50"}] * 200)

    page = text(page_of(them.ana).get(f"{REVIEW}?pagina=10"))

    assert page.count('id="meta-') == 20
    assert 'id="meta-200"' in page


def test_the_review_costs_the_same_with_many_goals_and_threads(them):
    few_plan = plan_in(them, "in_review", goals=2)
    many_plan = make.management_plan(unit=them.alcaldia, by=them.marta, status="in_review", goals=40)
    for plan in (few_plan, many_plan):
        for goal in plan.goals.in_force():
            observations.raise_observation(plan, goal, "text", f"Observación {goal.number}", by=them.ana)
    ana = page_of(them.ana)
    ana.get(REVIEW)

    with CaptureQueriesContext(connection) as few:
        ana.get(REVIEW)
    with CaptureQueriesContext(connection) as many:
        ana.get("/planes/AL-01/2022/revision/")

    assert len(many) == len(few)


# --- the queue


def aged(plan: PlanGestion, days: int) -> None:
    PlanGestion.objects.filter(pk=plan.pk).update(submitted_at=timezone.now() - timedelta(days=days))


def test_the_queue_shows_the_oldest_first_with_its_days(them):
    aged(plan_in(them, "in_review"), 3)
    aged(make.management_plan(unit=them.alcaldia, by=them.marta, status="in_review"), 12)

    answer = page_of(them.ana).get("/planes/revision/")

    assert [row["code"] for row in answer.context["rows"]] == ["AL-01", "PLE-PIN"]
    assert [row["days"] for row in answer.context["rows"]] == ["12 días", "3 días"]


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", ["PLE-PIN"]),
        ("estado=with_observations", ["AL-01"]),
        ("estado=published", ["PLE-PIN"]),
        ("nivel=local", []),
        ("vigencia=2023", []),
        ("vigencia=99999999999999999999", ["PLE-PIN"]),
    ],
)
def test_the_queue_is_filtered(them, query, seen):
    plan_in(them, "in_review")
    make.management_plan(unit=them.alcaldia, by=them.marta, status="with_observations")

    answer = page_of(them.ana).get(f"/planes/revision/?{query}")

    assert [row["code"] for row in answer.context["rows"]] == seen


@pytest.mark.rule("AZ1")
@pytest.mark.parametrize(
    ("name", "status"),
    [("ana", 200), ("jorge", 200), ("luis", 403), ("marta", 403), ("diana", 403), ("olga", 403), ("alicia", 403)],
)
def test_the_queue_is_for_who_reviews(them, name, status):
    assert page_of(getattr(them, name)).get("/planes/revision/").status_code == status


@pytest.mark.rule("AZ11")
def test_the_queue_shows_no_plan_of_another_sector(them):
    make.management_plan(unit=them.other_alcaldia, by=them.oscar, status="in_review")

    assert page_of(them.ana).get("/planes/revision/").context["rows"] == []
