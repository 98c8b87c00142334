"""The page of the grid: its columns, its blocks of rows, what is locked and why, and its row acts."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pes.models import AuditEvent
from plans.models import Goal, PlanGestion
from plans.rules.fields import GOAL_FIELDS
from plans.rules.goals import GoalStatus
from tests import people, plan_makers
from tests.people import Cast
from tests.plans.grids import AS_JSON, draft, fill, shared

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def them() -> Cast:
    return people.cast()


@pytest.fixture
def plan(them) -> PlanGestion:
    return draft(them)


@pytest.fixture
def luis(them, client):
    client.force_login(them.luis)
    return client


def page(client, plan: PlanGestion, query: str = "", **options) -> str:
    answer = client.get(f"{plan.url('goals')}{query}", **options)
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(text: str) -> list[int]:
    return [int(found) for found in re.findall(r'<tr data-goal="(\d+)"', text)]


def order(plan: PlanGestion) -> list[int]:
    return [goal.number for goal in plan.goals.in_force()]


def test_every_column_of_a_goal_is_in_the_grid(plan, luis):
    text = page(luis, plan)

    assert all(f'<td data-field="{field.name}"' in text for field in GOAL_FIELDS)
    assert re.findall(r'sheet-group"><span>([^<]+)', text) == ["Qué", "Indicador", "Programación", "Verificación"]


@pytest.mark.rule("W-02")
def test_the_sum_of_the_weights_is_at_the_foot(plan, luis):
    assert "<b>100,00</b> <span>Suma exacta</span>" in page(luis, plan)

    Goal.objects.filter(plan=plan, number=1).update(weight="60.50")
    assert "<b>110,50</b> <span>Sobran 10,50</span>" in page(luis, plan)


@pytest.mark.rule("W-02", "PG-09h")
def test_an_eliminated_goal_is_flagged_locked_and_keeps_its_weight_in_the_sum(plan, luis):
    Goal.objects.filter(plan=plan, number=2).update(status=GoalStatus.ELIMINATED)

    text = page(luis, plan)

    assert "Meta eliminada" in text
    assert text.count("data-lock=") == len(GOAL_FIELDS)
    assert "<b>100,00</b>" in text


@pytest.mark.rule("PG-08")
def test_the_cells_of_the_leading_area_are_locked_and_say_why(them, plan, luis):
    shared(them, plan)

    text = page(luis, plan)

    assert text.count("data-lock=") == sum(1 for field in GOAL_FIELDS if field.common)
    assert "Lo escribe el área que lidera la meta compartida" in text
    assert "Meta compartida" in text


@pytest.mark.parametrize("name", ["ana", "jorge", "diana", "olga"])
def test_who_may_not_write_reads_the_same_table_and_is_told_why(them, plan, client, name):
    client.force_login(people.with_second_factor(getattr(them, name)))

    text = page(client, plan)

    assert "Usted puede leer este plan" in text
    assert "data-readonly" in text
    assert "Agregar meta" not in text
    assert numbers(text) == [1, 2]


@pytest.mark.parametrize(
    ("status", "words"), [("in_review", "El plan está en revisión"), ("published", "solo con una solicitud")]
)
def test_in_a_state_that_is_not_written_the_page_says_what_comes_next(them, luis, status, words):
    found = plan_makers.management_plan(unit=them.process, by=them.luis, status=status)

    text = page(luis, found)

    assert words in text
    assert "data-readonly" in text


def test_a_plan_out_of_reach_is_not_found(them, plan, client):
    client.force_login(them.oscar)

    assert client.get(plan.url("goals")).status_code == 404


def test_twenty_rows_come_first_and_the_others_when_they_are_looked_at(plan, luis):
    fill(plan, 43)

    text = page(luis, plan)
    assert numbers(text) == list(range(1, 21))
    assert f'hx-get="{plan.url("goals")}?desde=20"' in text
    block = page(luis, plan, "?desde=20", headers=HTMX)
    assert numbers(block) == list(range(21, 41))
    assert "<html" not in block
    assert 'aria-rowindex="23"' in block
    last = page(luis, plan, "?desde=40", headers=HTMX)
    assert numbers(last) == list(range(41, 46))
    assert "hx-get" not in last
    assert numbers(page(luis, plan, "?desde=20&todas=1", headers=HTMX)) == list(range(21, 46))
    assert numbers(page(luis, plan, "?desde=20&todas=1")) == list(range(21, 41))


def test_without_javascript_the_blocks_are_pages(plan, luis):
    fill(plan, 30)

    text = page(luis, plan, "?desde=20")

    assert numbers(text) == list(range(21, 33))
    assert f'href="{plan.url("goals")}?desde=0">1 a 20</a>' in text
    assert '<span aria-current="page">21 a 32</span>' in text


@pytest.mark.parametrize("since", ["7", "999999", "-20", "x", "２０", "99999999999999999999"])
def test_a_place_that_no_block_begins_at_is_the_first_one(plan, luis, since):
    assert numbers(page(luis, plan, f"?desde={since}")) == [1, 2]


def test_opening_takes_the_same_queries_for_20_goals_and_for_200(plan, luis):
    page(luis, plan)
    counts = []
    for more in (18, 180):
        fill(plan, more)
        with CaptureQueriesContext(connection) as queries:
            page(luis, plan)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_empty_plan_says_what_to_do(them, luis):
    empty = draft(them, goals=0)

    text = page(luis, empty)

    assert "El plan aún no tiene metas" in text
    assert "Agregar la primera meta" in text


def test_a_goal_is_added_without_javascript_and_opens_its_sheet(plan, luis):
    answer = luis.post(plan.url("goal-new"))

    assert answer.url == plan.url("goal", 3)
    assert order(plan) == [1, 2, 3]


def test_a_goal_that_is_taken_out_can_be_restored(plan, luis):
    answer = luis.post(plan.url("goal-remove", 1), follow=True)

    assert "Metas retiradas" in answer.content.decode()
    assert order(plan) == [2]
    luis.post(plan.url("goal-restore", 1))
    assert order(plan) == [1, 2]


def test_row_acts_answer_the_grid_with_the_sum(plan, luis):
    said = luis.post(plan.url("goal-remove", 1), headers=AS_JSON).json()

    assert (said["sum"], said["sum_ok"]) == ("50,00", False)
    refused = luis.post(plan.url("goal-remove", 1), headers=AS_JSON)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "goal_not_removable"


@pytest.mark.rule("PG-08")
def test_a_shared_goal_is_not_taken_out_by_the_plan(them, plan, luis):
    goal, _ = shared(them, plan)

    answer = luis.post(plan.url("goal-remove", goal.number), follow=True)

    assert "solo el área que la lidera puede quitarla" in answer.content.decode()
    assert goal.number in order(plan)


def test_a_goal_moves_one_place_and_never_past_the_ends(plan, luis):
    fill(plan, 1)

    def move(number, direction):
        luis.post(plan.url("goals-order"), {"goal": number, "direction": direction})
        return order(plan)

    assert move(3, "up") == [1, 3, 2]
    assert move(1, "down") == [3, 1, 2]
    assert move(3, "up") == [3, 1, 2]
    assert move(2, "down") == [3, 1, 2]


@pytest.mark.parametrize("number", ["9", "x", "", "-1"])
def test_a_goal_that_is_not_in_the_plan_does_not_move(plan, luis, number):
    assert luis.post(plan.url("goals-order"), {"goal": number, "direction": "up"}).status_code == 404


@pytest.mark.parametrize("act", ["goal-new", "goals-order", "goal-remove", "goal-restore"])
def test_row_acts_are_refused_to_who_only_reads_and_hidden_from_strangers(them, plan, client, act):
    url = plan.url(act, *([1] if act in {"goal-remove", "goal-restore"} else []))
    for user, status in ((them.oscar, 404), (them.diana, 403), (them.ana, 403)):
        client.force_login(people.with_second_factor(user))
        assert client.post(url, {"goal": 1, "direction": "down"}).status_code == status
    before = AuditEvent.objects.exclude(verb__in=["access_denied", "logged_in"]).count()

    assert client.get(url).status_code == 405
    assert (order(plan), AuditEvent.objects.exclude(verb__in=["access_denied", "logged_in"]).count()) == (
        [1, 2],
        before,
    )
