"""Cells of the grid over HTTP: saved all or none, refused with a reason, never over somebody else's work."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pes.models import AuditEvent
from plans.models import Goal, PlanGestion
from tests import people, plan_makers
from tests.people import Cast
from tests.plans.grids import change, draft, fill, send, shared

pytestmark = pytest.mark.django_db


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


def weight(plan: PlanGestion, number: int = 1) -> Decimal:
    return plan.goals.get(number=number).weight


def test_a_cell_is_saved_and_the_answer_says_what_it_holds(plan, luis):
    answer = send(luis, plan, change(1, "weight", "12.5", "50,00"))

    assert answer.status_code == 200
    said = answer.json()
    assert {"goal": 1, "field": "weight", "text": "12,50", "shown": "12,50"} in said["cells"]
    assert (said["sum"], said["sum_ok"], said["sum_words"]) == ("62,50", False, "Faltan 37,50")
    assert said["revision"] == plan_makers.again(plan).revision
    assert weight(plan) == Decimal("12.50")


@pytest.mark.rule("PT-02", "W-02")
def test_the_answer_counts_what_does_not_cohere_in_the_goals_it_touched(plan, luis):
    said = send(luis, plan, change(1, "t4", "15", "25")).json()

    assert list(said["goals"]) == ["1"]
    assert said["goals"]["1"] == {"blocking": 1, "warnings": 0, "summary": "1 por corregir"}


@pytest.mark.rule("PT-12")
def test_the_answer_shows_what_the_type_makes_of_a_quarter(plan, luis):
    """0 is not programmed, except when a goal counts down."""
    said = send(luis, plan, change(1, "t1", "0", "25")).json()

    assert next(cell for cell in said["cells"] if cell["field"] == "t1")["text"] == ""


def test_a_block_is_one_change_with_one_line_in_the_trail(plan, luis):
    cells = [change(goal, f"t{q}", str(q)) for goal in (1, 2) for q in (1, 2, 3, 4)]
    before = AuditEvent.objects.filter(verb="goals_changed").count()

    assert send(luis, plan, *cells).status_code == 200
    assert AuditEvent.objects.filter(verb="goals_changed").count() == before + 1


def test_of_a_block_with_a_text_that_is_no_value_nothing_is_saved(plan, luis):
    answer = send(luis, plan, change(1, "weight", "10"), change(2, "weight", "mucho"), change(2, "t1", "x"))

    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert [(error["goal"], error["field"]) for error in errors] == [(2, "weight"), (2, "t1")]
    assert all(error["message"] and error["fix"] for error in errors)
    assert weight(plan) == Decimal("50.00")


@pytest.mark.rule("PG-02")
def test_an_objective_that_is_not_there_is_told_at_its_cell(plan, luis):
    answer = send(luis, plan, change(1, "t1", "5"), change(2, "objective", "9"))

    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert (error["goal"], error["field"], error["code"]) == (2, "objective", "objective_unknown")


def test_what_somebody_else_changed_is_shown_and_not_overwritten(plan, luis):
    """WF3."""
    send(luis, plan, change(1, "weight", "40", "50,00"))

    answer = send(luis, plan, change(1, "weight", "30", "50,00"), change(2, "weight", "60", "50,00"))

    assert answer.status_code == 409
    assert answer.json()["conflicts"] == [
        {"goal": 1, "field": "weight", "label": "Ponderación (%)", "yours": "30", "theirs": "40,00"}
    ]
    assert (weight(plan), weight(plan, 2)) == (Decimal("40.00"), Decimal("50.00"))


def test_writing_what_is_already_there_is_no_conflict(plan, luis):
    send(luis, plan, change(1, "weight", "40", "50,00"))

    assert send(luis, plan, change(1, "weight", "40", "50,00")).status_code == 200


@pytest.mark.rule("PG-08")
@pytest.mark.parametrize("field", ["text", "indicator", "programming_type", "central_area"])
def test_the_common_fields_of_a_shared_goal_are_refused(them, plan, luis, field):
    """AZ3."""
    goal, _ = shared(them, plan)
    kept = Goal.objects.values().get(pk=goal.pk)

    answer = send(luis, plan, change(goal.number, field, "Constante" if field == "programming_type" else "PLE-PIN"))

    assert answer.status_code == 403
    assert answer.json()["errors"][0]["code"] == "shared_field"
    assert Goal.objects.values().get(pk=goal.pk) == kept


def test_what_a_cell_does_not_ask_for_is_ignored_and_logged(plan, luis, caplog):
    """AZ9."""
    answer = send(luis, plan, change(1, "t1", "5", status="published", plan=9), estado="published")

    assert answer.status_code == 200
    assert "['plan', 'status']" in caplog.text
    assert plan_makers.again(plan).status == "draft"


@pytest.mark.parametrize("name", ["status", "number", "position", "template", "plan", "first_reported_at", ""])
def test_a_field_that_is_no_column_is_not_written(plan, luis, name):
    """AZ9."""
    assert send(luis, plan, change(1, name, "x")).status_code == 400


def test_a_goal_of_another_plan_does_not_exist(them, plan, luis):
    """AZ10: numbers are of this plan only."""
    fill(plan_makers.draft(unit=them.alcaldia, by=them.marta, goals=1), 9)

    answer = send(luis, plan, change(7, "text", "ajena"))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "goal_unknown"
    assert not Goal.objects.filter(text="ajena").exists()


def test_another_plan_is_as_if_there_were_none(them, plan, client):
    """AZ2."""
    client.force_login(them.oscar)

    assert send(client, plan, change(1, "text", "x")).status_code == 404


@pytest.mark.parametrize("name", ["ana", "jorge", "diana", "olga"])
def test_who_only_reads_does_not_write(them, plan, client, name):
    client.force_login(people.with_second_factor(getattr(them, name)))

    assert send(client, plan, change(1, "text", "x")).status_code == 403
    assert plan.goals.get(number=1).text != "x"


def test_a_session_that_ended_is_sent_to_log_in_and_nothing_is_written(plan, client):
    """AU7: the grid keeps what was typed."""
    assert send(client, plan, change(1, "text", "x")).status_code == 302
    assert plan.goals.get(number=1).text != "x"


def test_a_plan_in_review_is_not_written(them, luis):
    sent = plan_makers.management_plan(unit=them.process, by=them.luis, status="in_review")

    answer = send(luis, sent, change(1, "text", "x"))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "plan_not_editable"


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{}", "nada", '{"changes": 3}', '{"changes": []}', '{"changes": [3]}', '{"changes": [], "add": -1}',
        '{"changes": [], "add": 201}', '{"changes": [], "add": true}', '{"changes": [], "add": "2"}', '"changes"',
        '{"changes": [{"goal": true, "field": "text", "value": "x"}]}',
        '{"changes": [{"goal": 0, "field": "text", "value": "x"}]}',
        '{"changes": [{"goal": -1, "field": "text", "value": "x"}]}',
        '{"changes": [{"goal": 99999999999, "field": "text", "value": "x"}]}',
        '{"changes": [{"goal": 1, "field": "text", "value": 5}]}',
        '{"changes": [{"goal": 1, "field": "text", "value": "x", "was": 5}]}',
        '{"changes": [{"goal": 1, "field": ["text"], "value": "x"}]}',
    ],
)  # fmt: skip
def test_what_no_grid_sends_is_refused(plan, luis, body):
    answer = luis.post(plan.url("cells"), body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"]


def test_a_get_writes_nothing(plan, luis):
    assert luis.get(plan.url("cells")).status_code == 405


def test_a_block_longer_than_the_plan_adds_the_goals_that_lack(plan, luis):
    cells = [change(2, "weight", "20"), change(-1, "weight", "30"), change(-2, "text", "Última")]

    said = send(luis, plan, *cells, add=2).json()

    assert said["added"] == [3, 4]
    assert 'data-goal="3"' in said["rows"]
    assert 'aria-rowindex="6"' in said["rows"]
    assert (weight(plan, 3), plan.goals.get(number=4).text) == (Decimal("30.00"), "Última")


def test_when_a_cell_of_such_a_block_is_wrong_no_goal_is_added(plan, luis):
    assert send(luis, plan, change(1, "t1", "9"), change(-1, "objective", "9"), add=1).status_code == 422
    assert send(luis, plan, change(1, "t1", "9", "77"), change(-1, "text", "x"), add=1).status_code == 409
    assert plan.goals.count() == 2
    assert plan_makers.again(plan).goals.get(number=1).targets.get(quarter=1).programmed == 25


def test_saving_a_cell_takes_the_same_queries_however_many_goals(plan, luis):
    """Issue point 3: constant work for a cell."""
    send(luis, plan, change(1, "t1", "1"))  # the first request of a session also notes that it is used
    counts = []
    for more in (18, 180):
        fill(plan, more)
        with CaptureQueriesContext(connection) as queries:
            assert send(luis, plan, change(1, "t1", str(more))).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_texts_of_a_cell_are_kept_word_for_word(plan, luis):
    text = 'Dos líneas\n"entre comillas" <b>&amp;'

    said = send(luis, plan, change(1, "text", text)).json()

    assert plan.goals.get(number=1).text == text
    assert json.loads(json.dumps(said))["cells"][-1]["text"] == text


@pytest.mark.rule("WF1")
def test_goals_whose_answer_was_lost_on_the_way_are_added_once(plan, luis):
    block = [change(1, "t1", "9"), change(-1, "text", "Nueva"), change(-2, "text", "Otra")]
    first = send(luis, plan, *block, add=2, key="1700000000000-0.5").json()

    again = send(luis, plan, *block, add=2, key="1700000000000-0.5").json()
    other = send(luis, plan, *block, add=2, key="1700000000001-0.5").json()

    assert first["added"] == again["added"]
    assert "Nueva" in again["rows"]
    assert {"goal": 1, "field": "t1", "text": "9", "shown": "9"} in again["cells"]
    assert len(other["added"]) == 2
    assert plan.goals.filter(text="Nueva").count() == 2


@pytest.mark.parametrize("key", [7, ["a"], "ñ", "a\0", "x" * 61], ids=["number", "list", "letter", "control", "long"])
def test_a_block_whose_name_no_grid_gives_is_not_read(plan, luis, key):
    assert send(luis, plan, add=1, key=key).status_code == 400
    assert plan.goals.count() == 2
