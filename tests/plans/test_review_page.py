"""The page of the review and its queue: what is read side by side, who acts, what it costs (act. 4 to 7; PG-V1, PG-04)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pes.models import UnitKind
from pes.permissions import Role
from plans import lifecycle, observations
from plans.editing import CellChange, change_goals, remove_goal
from plans.models import Goal, Observation, ObservationTurn, PlanGestion
from plans.pages.review import review_url
from plans.pages.threads import threads_of
from tests import make, people
from tests.answers import page_of

pytestmark = pytest.mark.django_db
HERE = "/planes/PLE-PIN/2022/"
REVIEW = f"{HERE}revision/"


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


def test_a_thread_about_a_goal_that_was_taken_out_is_answered_with_those_of_the_plan(them):
    plan = plan_in(them, "in_review", goals=2)
    goal = plan.goals.get(number=2)
    thread = observations.raise_observation(plan, goal, "", "¿Es de este proceso?", by=them.ana)
    lifecycle.send_back(plan, by=them.ana)
    remove_goal(goal, by=them.luis)
    change_goals(plan, [CellChange(1, "weight", Decimal(100))], by=them.luis)
    luis = page_of(them.luis)
    address = f"/planes/observaciones/{thread.pk}/responder/"

    assert f'action="{address}"' in text(luis.get(REVIEW))
    assert luis.post(address, {"text": "No: la quitamos."}, follow=True).status_code == 200
    lifecycle.submit(plan, by=them.luis)
