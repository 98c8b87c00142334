"""Published plans without an account: what everybody reads and takes away, and what nobody does (AZ12, AZ13)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from pes.frameworks import add_objective, register_framework
from plans import observations
from plans.content import facts_of
from plans.models import PlanVersion
from plans.open_data import open_file
from plans.pages.public import editions_of, public_plan
from plans.rules.changes import ChangeKind
from tests import change_makers, make, people, plan_makers
from tests.answers import page_of

pytestmark = [pytest.mark.django_db, pytest.mark.rule("AZ12")]
LIST, PAGE = "/publico/planes/", "/publico/planes/PLE-PIN/2022/"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"


@pytest.fixture(autouse=True)
def in_may():
    with time_machine.travel(change_makers.MAY, tick=False):
        yield


@pytest.fixture
def them():
    return people.cast()


def published(them, unit=None, by=None, **kinds):
    return make.management_plan(unit=unit or them.process, by=by or them.luis, **kinds)


def read(client, path=PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


def applied(found, kind=ChangeKind.MODIFY):
    """A published plan of two goals, one of them changed by a request that was applied."""
    goal = found.goal()
    return change_makers.request_at("applied", goal, by=found.them.luis, world=found, kind=kind)


@pytest.mark.rule("PG-01")
@pytest.mark.parametrize("status", ["draft", "in_review", "with_observations", "validated", "official"])
def test_what_is_not_published_is_not_found_and_looks_like_what_does_not_exist(them, client, status):
    published(them, status=status)

    answers = [client.get(f"{PAGE}{end}") for end in ("", "metas.json", "metas.xlsx", "metas.csv")]
    unknown = client.get("/publico/planes/NADA/2022/")

    assert [answer.status_code for answer in (*answers, unknown)] == [404] * 5
    assert answers[0].content == unknown.content
    assert "PLE-PIN" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("status", ["published", "closed"])
def test_a_published_plan_is_read_by_everybody_with_its_goals_by_quarter(them, client, status):
    published(them, status=status, goals=[{"t1": None, "t4": Decimal(50)}])

    page = read(client)

    for words in (
        "Planeación Institucional",
        "Atender 100 solicitudes",
        "sin programar",
        "100 Solicitudes",
        "edición 1",
    ):
        assert words in page
    assert "Cuenta el 100,00\u00a0% del plan" in page


def test_the_list_leads_to_each_plan_and_filters_by_entity_and_vigencia(them, client):
    published(them)
    published(them, unit=them.other_alcaldia, by=them.oscar)
    published(them, vigencia=2023)

    assert PAGE in read(client, LIST)
    assert PAGE not in read(client, f"{LIST}?entidad=sdg")
    assert "/publico/planes/AL-02/2022/" in read(client, f"{LIST}?entidad=sdg&vigencia=2022")
    assert PAGE not in read(client, f"{LIST}?vigencia=2023")
    assert "No hay planes publicados con ese filtro" in read(client, f"{LIST}?vigencia=1999&entidad=nada")


def test_no_draft_observation_refused_request_or_name_of_staff_reaches_anybody(client):
    found = change_makers.world()
    them = found.them
    plan = make.management_plan(unit=them.process, by=them.luis, status="with_observations", goals=2)
    observations.answer(plan.observations.get(), "Respuesta canario", by=them.luis)
    plan_makers.send(plan, by=them.luis)
    for step in (plan_makers.validated, plan_makers.made_official, plan_makers.published):
        step(plan, by=them.luis)
    goal = plan.goals.get(number=1)
    denied = change_makers.request_at("denied", goal, by=them.luis, world=found, justification="Justificación canario")
    change_makers.drafted(plan.goals.get(number=2), by=them.luis, proposed={"text": "Texto canario"})
    everything = "".join(
        [
            read(client, LIST),
            read(client),
            read(client, "/publico/"),
            *(client.get(f"{PAGE}metas.{suffix}").content.decode() for suffix in ("json", "csv")),
        ]
    )

    assert denied.status == "denied"
    for canary in ("canario", "Líder del proceso", plan_makers.OPINION, plan_makers.CASE, "Revisado por la OAP"):
        assert canary not in everything
    for person in vars(them).values():
        assert getattr(person, "full_name", "") == "" or person.full_name not in everything
        assert getattr(person, "email", "") == "" or person.email not in everything


def test_what_was_published_is_read_and_never_the_rows_behind_it(them, client):
    plan = published(them)
    plan.goals.update(text="Canario de la fila")

    assert "Canario de la fila" not in read(client) + client.get(f"{PAGE}metas.json").content.decode()


@pytest.mark.rule("AZ13", "PG-09j")
def test_an_applied_request_makes_another_edition_that_says_what_changed(client):
    request = applied(change_makers.world())

    page = read(client)

    assert "edición 2" in page
    assert f"Ajustada por la solicitud n.º {request.pk}, radicada el 10 de mayo de 2022." in page
    assert "Programado T4" in page
    assert "Primera publicación del plan." in page


@pytest.mark.rule("AZ13")
def test_an_older_edition_stays_readable_and_says_that_it_was_replaced(client):
    applied(change_makers.world())

    older = read(client, f"{PAGE}?version=1")
    quarters = [
        json.loads(client.get(f"{PAGE}metas.json{query}").content)["metas"][0]["p_t4"] for query in ("?version=1", "")
    ]

    assert "Esta edición fue reemplazada" in older
    assert "La reemplazó la edición 2, del 10 de mayo de 2022." in older
    assert quarters == ["25", "30"]
    assert "Esta edición fue reemplazada" not in read(client)


@pytest.mark.parametrize("asked", ["0", "3", "x", "", "9" * 5000, "-1", "1 "])
def test_an_edition_that_there_is_not_is_not_found(them, client, asked):
    published(them)

    assert client.get(PAGE, {"version": asked}).status_code == 404
    assert client.get(f"{PAGE}metas.json", {"version": asked}).status_code == 404


@pytest.mark.parametrize("year", ["9" * 20, "0000", "20222", "x"])
@pytest.mark.parametrize("page", ["/publico/planes/PLE-PIN/{}/", "/publico/consultas/PLE-PIN/{}/"])
def test_a_year_that_cannot_be_is_not_found(client, page, year):
    assert client.get(page.format(year)).status_code == 404


@pytest.mark.rule("PG-09h")
def test_an_eliminated_goal_stays_in_sight_and_says_so(client):
    found = change_makers.world()
    goal = found.goal()
    type(goal).objects.filter(pk=goal.pk).update(first_reported_at=change_makers.MAY)
    change_makers.request_at("applied", goal, by=found.them.luis, world=found, kind=ChangeKind.ELIMINATE)

    page = read(client)

    assert "Meta eliminada" in page
    assert "Ya no cuenta en el plan" in page
    assert json.loads(client.get(f"{PAGE}metas.json").content)["metas"][0]["estado_meta"] == "eliminada"


def test_the_open_data_are_what_the_page_shows(them, client):
    plan = published(them, goals=[{"t1": None, "t4": Decimal("50.5"), "magnitude": Decimal("100.5")}, {}])
    shown = public_plan(plan, editions_of(plan), 1)
    page = read(client)
    document = json.loads(client.get(f"{PAGE}metas.json").content)
    book = load_workbook(io.BytesIO(client.get(f"{PAGE}metas.xlsx").content))
    rows = [dict(zip((c.value for c in book["Metas"][1]), (c.value for c in row), strict=True)) for row in book["Metas"].iter_rows(min_row=2)]  # fmt: skip
    lines = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}metas.csv").content.decode("utf-8-sig"))))

    for datum in (*shown.identification, *(datum for goal in shown.goals for datum in goal.data)):
        assert datum.value in (None, "") or datum.text in page
    assert [goal["no_meta"] for goal in document["metas"]] == [row["no_meta"] for row in rows] == [1, 2]
    assert document["metas"][0] | {"p_t1": "", "p_t4": "50.5"} == document["metas"][0] | {
        "p_t1": "",
        "p_t4": lines[0]["p_t4"],
    }
    assert (rows[0]["p_t4"], rows[0]["p_t1"], document["metas"][0]["p_t1"]) == (50.5, None, None)
    assert list(lines[0])[:5] == ["entidad_codigo", "unidad_codigo", "vigencia", "edicion", "no_meta"]
    assert all({**goal}.keys() <= line.keys() for goal, line in zip(document["metas"], lines, strict=True))


def test_every_value_is_the_same_in_the_three_files(them, client):
    plan = published(them, goals=3)
    facts = facts_of(plan)
    document = json.loads(client.get(f"{PAGE}metas.json").content)
    lines = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}metas.csv").content.decode("utf-8-sig"))))

    told = [{name: "" if value is None else str(value) for name, value in goal.items()} for goal in document["metas"]]
    assert [{name: line[name] for name in goal} for line, goal in zip(lines, told, strict=True)] == told
    assert [goal["ponderacion"] for goal in told] == ["33.33", "33.33", "33.34"]
    assert [goal["meta"] for goal in told] == [goal.text for goal in facts.goals]


@pytest.mark.rule("EX1")
@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)"])
def test_a_text_that_a_spreadsheet_would_run_stays_a_text(them, client, text):
    published(them, goals=[{"deliverable": text}])

    line = next(csv.DictReader(io.StringIO(client.get(f"{PAGE}metas.csv").content.decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(client.get(f"{PAGE}metas.xlsx").content))
    cells = [cell for row in book["Metas"].iter_rows(min_row=2) for cell in row if cell.value == text]

    assert line["entregable"] == f"'{text}"
    assert [cell.data_type for cell in cells] == ["s"]


def test_a_hostile_text_is_shown_as_a_text(them, client):
    published(them, goals=[{"text": HOSTILE}])

    page = client.get(PAGE).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert HOSTILE in unescape(page)


def test_the_digests_on_the_page_are_those_of_the_edition_and_of_the_file(them, client):
    plan = published(them)
    content = client.get(f"{PAGE}metas.json").content

    page = read(client)

    assert hashlib.sha256(content).hexdigest() in page
    assert PlanVersion.objects.get(plan=plan, event="published").digest in page
    assert json.loads(content)["huella_edicion"] in page


@pytest.mark.parametrize("suffix", ["json", "xlsx", "csv"])
def test_an_edition_always_gives_the_same_bytes(them, suffix):
    plan = published(them)
    shown = public_plan(plan, editions_of(plan), 1, history=False)
    first = open_file(shown, suffix).content

    with time_machine.travel("2023-01-01"):
        assert open_file(shown, suffix).content == first


def test_the_demonstration_marks_page_and_files(them, client, settings):
    published(them)
    before = client.get(f"{PAGE}metas.json").content.decode()
    settings.PES_DEMO = True

    assert "advertencia" not in before
    assert json.loads(client.get(f"{PAGE}metas.json").content)["advertencia"] == "Datos de demostración"
    assert "Datos de demostración." in read(client)
    book = load_workbook(io.BytesIO(client.get(f"{PAGE}metas.xlsx").content))
    assert book["Metas"].oddHeader.center.text == "Datos de demostración"


@pytest.mark.parametrize("suffix", ["pdf", "html", "JSON", "xls"])
def test_there_are_three_formats_and_no_other(them, client, suffix):
    published(them)

    assert client.get(f"{PAGE}metas.{suffix}").status_code == 404


@pytest.mark.rule("LD3")
def test_caches_keep_what_a_visitor_sees_and_never_a_menu(them, client):
    published(them)
    answers = [client.get(path) for path in (LIST, PAGE, f"{PAGE}metas.json")]
    again = client.get(f"{PAGE}metas.json", headers={"If-None-Match": answers[2]["ETag"]})

    assert {answer["Cache-Control"] for answer in answers} == {"public, max-age=300"}
    assert not any(answer.cookies for answer in answers)
    assert again.status_code == 304
    assert answers[2]["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "private" in page_of(them.ana).get(PAGE)["Cache-Control"]


@pytest.mark.rule("AZ16")
@pytest.mark.parametrize("end", ["", "metas.json"])
def test_other_methods_give_no_more(them, client, end):
    published(them)

    head = client.head(f"{PAGE}{end}")

    assert (head.status_code, head.content) == (200, b"")
    assert [client.generic(method, f"{PAGE}{end}").status_code for method in ("OPTIONS", "POST", "PUT", "DELETE")] == [405] * 4  # fmt: skip


def test_the_list_and_a_plan_ask_as_many_questions_whatever_they_hold(them):
    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(path).status_code == 200
        return len(queries)

    published(them, goals=1)
    published(them, unit=them.alcaldia, by=them.marta, goals=12)
    few = asked(LIST)
    published(them, vigencia=2023)
    published(them, unit=them.other_alcaldia, by=them.oscar)

    assert asked(LIST) == few
    assert asked(PAGE) == asked("/publico/planes/AL-01/2022/")


def test_the_portal_and_every_page_lead_here(client):
    page = client.get("/publico/").content.decode()

    assert page.count('href="/publico/planes/"') >= 2
    assert page.count('href="/publico/consultas/"') >= 2


def test_a_framework_adopted_later_does_not_reword_what_was_published(them, client):
    """AZ13: its objectives have the same numbers."""
    published(them)
    before = client.get(f"{PAGE}metas.json").content
    later = register_framework(
        them.process.parent, act="Resolución 2 de 2022", valid_from=date(2022, 6, 1), valid_until=None, by=them.ana
    )
    add_objective(later, number=1, text="Otro objetivo", sector_objective=None, by=them.ana)

    assert "Otro objetivo" not in read(client)
    assert client.get(f"{PAGE}metas.json").content == before
