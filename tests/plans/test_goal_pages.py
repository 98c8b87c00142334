"""The sheet of a goal: its form without JavaScript, who may open it, and what stands beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from plans.models import Goal, PlanGestion
from plans.rules.fields import BY_NAME, COMMON, GOAL_FIELDS
from plans.rules.goals import GoalStatus
from tests import people, plan_makers
from tests.people import Cast
from tests.plans.grids import draft, fill, shared

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


def sheet(client, plan: PlanGestion, number: int = 1) -> str:
    answer = client.get(plan.url("goal", number))
    assert answer.status_code == 200
    return answer.content.decode()


def posted(client, plan: PlanGestion, number: int = 1, /, **changes: str) -> dict[str, Any]:
    """What a browser sends when the form of the page is sent with some fields changed."""
    form = client.get(plan.url("goal", number)).context["form"]
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return data | changes


def save(client, plan: PlanGestion, data: dict[str, Any], number: int = 1):
    return client.post(plan.url("goal-save", number), data)


def test_every_field_has_a_box_its_label_and_its_help(plan, luis):
    text = sheet(luis, plan)

    assert all(f'name="{field.name}"' in text and f'name="was_{field.name}"' in text for field in GOAL_FIELDS)
    assert all(field.help in text for field in GOAL_FIELDS)
    assert 'data-pes-draft="meta-PLE-PIN-2022-1"' in text


def test_a_form_that_changes_nothing_saves_nothing(plan, luis):
    revision = plan_makers.again(plan).revision

    answer = luis.post(plan.url("goal-save", 1), posted(luis, plan), follow=True)

    assert "No había cambios que guardar" in answer.content.decode()
    assert plan_makers.again(plan).revision == revision


def test_what_is_typed_is_saved(plan, luis):
    data = posted(luis, plan, text="Otra meta\r\nen dos líneas", t1="NP", t4="50", kind="Local", objective="2")

    answer = save(luis, plan, data)

    assert answer.url == plan.url("goal", 1)
    goal = plan.goals.select_related("strategic_objective").get(number=1)
    assert (goal.text, goal.kind) == ("Otra meta\nen dos líneas", "local")
    assert goal.strategic_objective.number == 2
    assert list(goal.targets.values_list("programmed", flat=True))[::3] == [None, Decimal(50)]


def test_a_text_of_several_lines_is_not_taken_for_a_change(plan, luis):
    Goal.objects.filter(plan=plan, number=1).update(text="Una\ndos")
    data = {name: str(value).replace("\n", "\r\n") for name, value in posted(luis, plan).items()}

    answer = luis.post(plan.url("goal-save", 1), data, follow=True)

    assert "No había cambios que guardar" in answer.content.decode()


def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(plan, luis):
    answer = save(luis, plan, posted(luis, plan, weight="200", t1="mucho", text="Escrito"))

    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'id="id_weight_error"' in text
    assert 'id="id_t1_error"' in text
    assert ">\nEscrito</textarea>" in text
    assert 'value="mucho"' in text
    assert plan.goals.get(number=1).weight == Decimal("50.00")


def test_a_draft_may_lack_what_sending_asks_for(plan, luis):
    assert save(luis, plan, posted(luis, plan, indicator="", magnitude="", weight="")).status_code == 302
    assert plan.goals.get(number=1).magnitude is None


def test_a_stale_form_shows_both_texts_and_saving_again_is_a_decision(plan, luis):
    """WF3."""
    data = posted(luis, plan, responsible="Lo mío", source="También mío")
    Goal.objects.filter(plan=plan, number=1).update(responsible="Lo de otra persona")

    answer = save(luis, plan, data)

    assert answer.status_code == 409
    assert answer.context["form"].stale == (("Dependencia responsable", "Lo de otra persona", "Lo mío"),)
    assert 'value="Lo mío"' in answer.content.decode()
    assert plan.goals.get(number=1).source != "También mío"
    save(luis, plan, answer.context["form"].data.dict())
    goal = plan.goals.get(number=1)
    assert (goal.responsible, goal.source) == ("Lo mío", "También mío")


def test_another_field_that_somebody_changed_meanwhile_is_not_touched(plan, luis):
    data = posted(luis, plan, source="Lo mío")
    Goal.objects.filter(plan=plan, number=1).update(responsible="Lo de otra persona")

    assert save(luis, plan, data).status_code == 302
    goal = plan.goals.get(number=1)
    assert (goal.responsible, goal.source) == ("Lo de otra persona", "Lo mío")


@pytest.mark.rule("PG-08")
def test_the_fields_of_the_leading_area_have_no_box_and_are_not_written(them, plan, luis):
    """AZ3."""
    goal, _ = shared(them, plan)
    text = sheet(luis, plan, goal.number)
    assert not any(f'name="{name}"' in text for name in COMMON)
    assert "Meta compartida de Talento Humano" in text

    save(luis, plan, posted(luis, plan, goal.number, text="Cambiada", weight="7"), goal.number)
    goal.refresh_from_db()
    assert (goal.text, goal.weight) == ("Meta de todos", Decimal("7.00"))


def test_what_the_form_does_not_ask_for_is_ignored(plan, luis, caplog):
    """AZ9."""
    save(luis, plan, posted(luis, plan, source="x", status="eliminated", number="9"))

    goal = plan.goals.get(number=1)
    assert (goal.status, goal.source) == (GoalStatus.ACTIVE, "x")
    assert "['number', 'status']" in caplog.text


@pytest.mark.rule("PT-02")
def test_what_does_not_cohere_is_told_with_its_remedies(plan, luis):
    save(luis, plan, posted(luis, plan, t4="15"))

    text = sheet(luis, plan)

    assert "La suma de los trimestres es 90 y la magnitud 100: faltan 10." in text
    assert "Cambiar la magnitud a 90" in text


def test_the_neighbours_are_a_click_away(plan, luis):
    fill(plan, 1)

    assert sheet(luis, plan, 2).count("Anterior") == sheet(luis, plan, 2).count("Siguiente") == 1
    assert "Anterior" not in sheet(luis, plan, 1)
    assert "Siguiente" not in sheet(luis, plan, 3)


@pytest.mark.rule("PG-04", "PG-08")
def test_the_area_that_leads_a_goal_reads_it_and_not_the_plan(them, plan, client):
    goal, _ = shared(them, plan)
    client.force_login(people.User.objects.get(full_name="Rosa Responsable"))

    text = sheet(client, plan, goal.number)

    assert "Meta de todos" in text
    assert f'href="{plan.url("goals")}"' not in text
    assert "Usted puede leer este plan" in text
    assert client.get(plan.url("goals")).status_code == 404
    assert client.get(plan.url("goal", 1)).status_code == 404
    assert save(client, plan, {"text": "x"}, goal.number).status_code == 403


@pytest.mark.parametrize(("name", "status"), [("ana", 200), ("diana", 200), ("olga", 200), ("oscar", 404)])
def test_who_reads_the_plan_reads_its_goals(them, plan, client, name, status):
    client.force_login(people.with_second_factor(getattr(them, name)))

    assert client.get(plan.url("goal", 1)).status_code == status


def test_who_only_reads_has_no_form_and_is_refused(them, plan, client):
    client.force_login(them.diana)

    assert "Guardar meta" not in sheet(client, plan)
    assert client.post(plan.url("goal-save", 1), {"text": "x"}).status_code == 403


@pytest.mark.parametrize("number", [0, 9, 99999999])
def test_a_goal_that_is_not_there_is_not_found(plan, luis, number):
    assert luis.get(plan.url("goal", number)).status_code == 404
    assert luis.post(plan.url("goal-save", number), {}).status_code == 404


def test_a_goal_that_was_taken_out_is_not_found(plan, luis):
    luis.post(plan.url("goal-remove", 1))

    assert luis.get(plan.url("goal", 1)).status_code == 404


def test_a_goal_in_a_plan_that_is_not_written_is_read(them, luis):
    found = plan_makers.management_plan(unit=them.process, by=them.luis, status="published")

    text = sheet(luis, found)

    assert "Guardar meta" not in text
    assert "Solicitar un cambio" in text
    assert "Historia de la meta" in text
    assert luis.post(found.url("goal-save", 1), {"text": "x"}).status_code == 422


def test_what_was_observed_is_answered_beside_the_goal(them, luis):
    found = plan_makers.management_plan(unit=them.process, by=them.luis, status="with_observations")

    text = sheet(luis, found)

    assert plan_makers.OPINION in text
    assert "Guardar meta" in text


def test_a_sheet_takes_the_same_queries_in_a_plan_of_20_goals_and_of_200(plan, luis):
    sheet(luis, plan)
    counts = []
    for more in (18, 180):
        fill(plan, more)
        with CaptureQueriesContext(connection) as queries:
            sheet(luis, plan)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_amounts_are_typed_with_the_keyboard_of_figures(plan, luis):
    assert sheet(luis, plan).count('inputmode="decimal"') == sum(
        1 for field in BY_NAME.values() if field.kind in {"weight", "amount", "quarter"}
    )


def test_in_production_the_parts_of_a_module_are_named_after_their_content(tmp_path):
    hashed = {"staticfiles": {"BACKEND": "pes.static_files.HashedFiles"}}
    with override_settings(STORAGES=hashed, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)

    modules = [path for path in tmp_path.glob("js/grid.*.js") if path.suffixes[0] != ".js"]
    assert len(modules) == 1
    parts = [line.split('"')[1] for line in modules[0].read_text().splitlines() if line.startswith("import")]
    assert parts
    assert all(len(part.split(".")) == 4 and (tmp_path / "js" / part).exists() for part in parts)
