"""The panel of coherence: what blocks and what is worth a look, and remedies that one click applies."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.editing import change_identification
from plans.models import Goal, PlanGestion
from plans.pages.coherence import findings_of
from tests import people, plan_makers
from tests.people import Cast
from tests.plans.grids import AS_JSON, change, draft, fill, send, shared

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


def panel(client, plan: PlanGestion, **options) -> str:
    answer = client.get(plan.url("coherence"), **options)
    assert answer.status_code == 200
    return answer.content.decode()


def short(plan: PlanGestion, number: int = 1) -> None:
    """Take 10 from the last quarter of a goal: its sum no longer is its magnitude."""
    plan.goals.get(number=number).targets.filter(quarter=4).update(programmed=15)


def button(goal: int | None = 1, field: str = "magnitude", code: str = "quarters_do_not_add_up", remedy: int = 0):
    return {"goal": goal or "", "field": field, "code": code, "remedy": remedy}


def offered(plan: PlanGestion) -> list[list[str]]:
    return [[remedy.label for remedy in found.remedies] for found in findings_of(plan)]


@pytest.mark.rule("PT-02", "PT-03", "PT-04", "PT-20", "W-02", "PG-02", "PG-03", "PG-V1")
def test_a_coherent_plan_is_ready_to_be_sent(plan, luis):
    assert "Lista para enviar" in panel(luis, plan)
    assert findings_of(plan) == []


def test_a_plan_that_was_sent_is_coherent_and_no_longer_to_be_sent(them, plan, luis):
    plan_makers.send(plan, by=them.luis)

    text = panel(luis, plan)

    assert "Coherente" in text
    assert "Lista para enviar" not in text


@pytest.mark.rule("PG-03")
def test_what_does_not_block_is_only_worth_a_look(them, plan, luis):
    change_identification(plan, by=them.luis, instruments=[])

    text = panel(luis, plan)

    assert "Lista para enviar" in text
    assert "no dice con qué otros instrumentos" in text


@pytest.mark.rule("PT-02", "W-02")
def test_each_problem_is_in_words_with_its_fix_its_cell_and_its_buttons(plan, luis):
    short(plan)
    Goal.objects.filter(plan=plan, number=2).update(weight=40)

    text = panel(luis, plan)

    assert "2 por corregir" in text
    assert "La suma de los trimestres es 90 y la magnitud 100: faltan 10." in text
    assert 'data-goal="1" data-field="magnitude"' in text
    assert "Cambiar la magnitud a 90" in text
    assert text.index("Las ponderaciones suman 90,00") < text.index("Meta 1")


def test_beside_the_grid_a_long_list_ends_with_the_way_to_the_rest(plan, luis):
    fill(plan, 80)
    for goal in plan.goals.filter(number__gt=2):
        goal.targets.filter(quarter=4).update(programmed=15)

    text = panel(luis, plan, headers=HTMX)

    assert "<html" not in text
    assert text.count("<li data-goal") <= 60
    assert "Hay 21 más." in text
    assert panel(luis, plan).count("<li data-goal") == 80


def test_the_panel_takes_the_same_queries_whatever_the_plan(plan, luis):
    panel(luis, plan)
    counts = []
    for more in (18, 180):
        fill(plan, more)
        with CaptureQueriesContext(connection) as queries:
            panel(luis, plan, headers=HTMX)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.rule("PT-02")
def test_a_remedy_mends_the_goal_and_comes_back_to_the_panel(plan, luis):
    short(plan)
    labels = offered(plan)[0]

    answer = luis.post(plan.url("fix"), button(remedy=labels.index("Cambiar la magnitud a 90")))

    assert answer.url == plan.url("coherence")
    assert plan.goals.get(number=1).magnitude == Decimal(90)
    assert findings_of(plan) == []


def test_from_the_sheet_of_a_goal_one_comes_back_to_it(plan, luis):
    short(plan)

    assert luis.post(plan.url("fix"), button() | {"back": "1"}).url == plan.url("goal", 1)


def test_the_grid_is_told_which_cells_a_remedy_changed(plan, luis):
    short(plan)
    labels = offered(plan)[0]

    answer = luis.post(plan.url("fix"), button(remedy=labels.index("Sumar 10 a T4")), headers=AS_JSON)

    assert answer.status_code == 200
    said = answer.json()
    assert {"goal": 1, "field": "t4", "text": "25", "shown": "25"} in said["cells"]
    assert said["goals"]["1"]["blocking"] == 0


@pytest.mark.rule("W-02")
def test_a_remedy_of_the_plan_changes_its_goals_together(plan, luis):
    Goal.objects.filter(plan=plan, number=2).update(weight=40)
    found = findings_of(plan)[0]

    answer = luis.post(plan.url("fix"), button(None, "weight", found.problem.code), headers=AS_JSON)

    assert answer.json()["sum_ok"] is True


def test_a_remedy_of_what_is_no_longer_there_changes_nothing(plan, luis):
    """The server computes what is wrong again: an old page cannot mend what is mended."""
    short(plan)
    send(luis, plan, change(1, "t4", "25"))
    revision = plan_makers.again(plan).revision

    answer = luis.post(plan.url("fix"), button(), headers=AS_JSON)

    assert answer.status_code == 409
    assert "no hizo falta cambiar nada" in answer.json()["errors"][0]["message"]
    assert plan_makers.again(plan).revision == revision


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"goal": "x"}, button(9), button(field="t4"), button(code="otro"), button(remedy=9), button(remedy=-1),
        {"goal": "1", "field": "magnitude", "code": "quarters_do_not_add_up", "remedy": "9" * 30},
        button() | {"goal": "1" * 30},
    ],
)  # fmt: skip
def test_a_remedy_that_was_not_offered_changes_nothing(plan, luis, sent):
    short(plan)

    assert luis.post(plan.url("fix"), sent, headers=AS_JSON).status_code == 409
    assert plan.goals.get(number=1).magnitude == Decimal(100)


@pytest.mark.rule("PG-08")
def test_no_remedy_is_offered_that_writes_what_the_leading_area_writes(them, plan, luis):
    """AZ3."""
    goal, _ = shared(them, plan)
    text = panel(luis, plan)

    assert f'data-goal="{goal.number}"' in text
    assert all(
        one.field not in {"text", "unit", "programming_type"}
        for found in findings_of(plan)
        for remedy in found.remedies
        for one in remedy.changes
        if one.goal == goal.number
    )


def test_who_only_reads_sees_the_panel_without_buttons_and_is_refused(them, plan, client):
    short(plan)
    for name in ("ana", "diana", "olga"):
        client.force_login(people.with_second_factor(getattr(them, name)))

        assert "Cambiar la magnitud" not in panel(client, plan)
        assert client.post(plan.url("fix"), button()).status_code == 403
    assert plan.goals.get(number=1).magnitude == Decimal(100)


def test_a_plan_out_of_reach_is_not_found(them, plan, client):
    client.force_login(them.oscar)

    assert client.get(plan.url("coherence")).status_code == 404
    assert client.post(plan.url("fix"), button()).status_code == 404


def test_a_plan_in_review_offers_no_remedies(them, luis):
    sent = plan_makers.management_plan(unit=them.process, by=them.luis, status="in_review")
    short(sent)

    assert "Cambiar la magnitud" not in panel(luis, sent)
    assert luis.post(sent.url("fix"), button(), headers=AS_JSON).status_code == 422
    assert luis.get(sent.url("fix")).status_code == 405
