"""Once a plan is published its goals change by request only: refused by each rule of policy 9, or applied with its case."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.looks import expect_well_made, keep
from tests.journeys.plan_steps import (
    LAST,
    NEXT,
    apply_change,
    approve,
    begin_request,
    card,
    criterion,
    file_request,
    give_opinion,
    goal_card,
    plan_path,
    told,
    write_request,
)

pytestmark = pytest.mark.journey
LOCAL = "Subsecretaría de Gestión Local"
BLANK = {"deliverable": "Informe con su anexo"}
# rule, who asks, plan, goal, what is written, what the page says before it is sent
REFUSED = [
    pytest.param("PG-09a", "Darío", ("AL-01", LAST, 5), BLANK, f"venció el 30 de junio de {LAST}", id="a-too-late"),
    pytest.param("PG-09b", "Teófilo", ("AL-10", NEXT, 2), {"magnitude": "1"}, "la magnitud 1", id="b-incoherent"),
    pytest.param(
        "PG-09d", "Darío", ("AL-01", LAST, 2), BLANK | {"magnitude": "9000"},
        "No es solo un aumento de la magnitud: cambia algo más", id="d-not-only-an-increase",
    ),
    pytest.param("PG-09g", "Teófilo", ("AL-10", NEXT, 3), BLANK, "Falta la dependencia que da el concepto local", id="g"),
]  # fmt: skip


@pytest.mark.rule("PG-09a", "PG-09b", "PG-09d", "PG-09g")
@pytest.mark.parametrize(("rule", "person", "goal", "proposed", "reason"), REFUSED)
def test_a_request_is_refused_by_a_rule_that_is_told_before_it_is_sent(
    visit, axe, rule, person, goal, proposed, reason
):
    visitor = visit()
    visitor.enter_as(person)
    page = begin_request(visitor, *goal)
    write_request(page, office="" if rule == "PG-09g" else LOCAL, **proposed)

    expect(criterion(page, rule)).to_contain_text("No cumple")
    expect(criterion(page, rule)).to_contain_text(reason)
    expect_well_made(page, axe, f"request-{rule}")
    file_request(page)
    expect(page.get_by_role("alert")).to_contain_text(reason)
    expect(page.locator("main")).to_contain_text("Borrador")
    page.reload()
    expect(page.get_by_label("Memorando o correo dirigido")).to_have_value("Memorando 20260001")


@pytest.mark.rule("PG-09e")
def test_the_programme_of_a_quarter_that_ended_is_locked_and_says_why(visit):
    visitor = visit()
    visitor.enter_as("Darío")
    page = begin_request(visitor, "AL-01", LAST, 7)

    for quarter in "1234":
        expect(page.locator(f"#solicitud [name=t{quarter}]")).to_be_disabled()
        expect(page.locator("#solicitud")).to_contain_text(
            f"T{quarter} ya terminó: su programación no se modifica."
        )  # fmt: skip


@pytest.mark.rule("PG-09c", "PG-09f", "PG-09g", "PG-09i", "PG-09j")
def test_a_modification_is_asked_studied_approved_and_applied_and_only_once(visit, axe):
    leader, citizen = visit(), visit()
    leader.enter_as("Teófilo")
    page = begin_request(leader, "AL-10", NEXT, 7)
    write_request(page, office=LOCAL, t1="")
    expect(criterion(page, "PG-09b")).to_contain_text("Cumple")
    expect(criterion(page, "PG-09f")).to_contain_text("Por verificar")
    expect_well_made(page, axe, "request-draft")
    file_request(page)
    told(page, "adicada")
    address = page.url

    give_opinion(visit(), "Hilario", address, favourable=True, text="La capacitación se repite cada trimestre.")
    irene = give_opinion(visit(), "Irene", address, favourable=True, text="La planta se provee en el primer trimestre.")
    expect(irene.locator("main")).to_contain_text("En estudio")
    expect_well_made(irene, axe, "request-under-study")
    approve(visit(), address)
    page.goto(address)
    keep(page, "request-approved")
    apply_change(page, address, "2026-0777")
    expect_well_made(page, axe, "request-applied")

    leader.goto(plan_path("AL-10", rest="metas/7/"))
    history = page.locator("#historia")
    expect(history).to_contain_text("2026-0777")
    keep(page, "goal-history")
    read = citizen.goto(f"/publico/planes/AL-10/{NEXT}/")
    expect(read.locator("main")).to_contain_text("edición 2")
    expect(goal_card(read, 7)).to_contain_text("sin programar")
    read.locator("#ediciones summary").first.click()
    expect(read.locator("#ediciones")).to_contain_text("Programado T1")
    expect_well_made(read, axe, "public-second-edition")

    page = begin_request(leader, "AL-10", NEXT, 7)
    write_request(page, office=LOCAL, t2="")
    expect(criterion(page, "PG-09c")).to_contain_text("No cumple")
    expect(criterion(page, "PG-09c")).to_contain_text(f"La meta ya se modificó en {NEXT}")
    file_request(page)
    expect(page.get_by_role("alert")).to_contain_text("solo se puede una vez")


# who refuses its opinion, about which goal of Los Mártires, and what is asked
OPINIONS = [
    pytest.param("PG-09f", "Hilario", 7, {"t1": ""}, id="f-leading-process"),
    pytest.param("PG-09g", "Irene", 6, BLANK, id="g-local-office"),
]


@pytest.mark.rule("PG-09f", "PG-09g", "WF11")
@pytest.mark.parametrize(("rule", "person", "goal", "proposed"), OPINIONS)
def test_an_unfavourable_opinion_ends_a_request(visit, axe, rule, person, goal, proposed):
    leader = visit()
    leader.enter_as("Teófilo")
    page = begin_request(leader, "AL-14", NEXT, goal)
    write_request(page, office=LOCAL, **proposed)
    file_request(page)
    told(page, "adicada")

    adviser = give_opinion(visit(), person, page.url, favourable=False, text="Deja sin cobertura a la localidad.")

    expect(adviser.locator("main")).to_contain_text("No factible")
    page.reload()
    expect(page.locator("main")).to_contain_text("Deja sin cobertura a la localidad.")
    expect(card(page, "Conceptos previos")).to_contain_text("Desfavorable")
    for act in ("Poner en estudio", "Aprobar", "Aplicar el cambio", "Desistir"):
        expect(page.get_by_role("button", name=act)).to_have_count(0)
    expect_well_made(page, axe, f"request-not-feasible-{rule}")


@pytest.mark.rule("PG-09h", "WF10")
def test_a_goal_with_follow_up_is_never_deleted_but_marked(visit, axe):
    leader, citizen = visit(), visit()
    leader.enter_as("Teófilo")
    page = begin_request(leader, "AL-08", LAST, 4, "Preparar una eliminación")
    write_request(page, ground="Fuerza mayor", office=LOCAL)
    expect(criterion(page, "PG-09h")).to_contain_text("Meta eliminada")
    file_request(page)
    told(page, "adicada")
    address = page.url
    give_opinion(visit(), "Irene", address, favourable=True, text="La sede se adecúa durante toda la vigencia.")
    approve(visit(), address)
    apply_change(page, address, "2026-0778")

    page = leader.goto(plan_path("AL-08", LAST, "metas/4/"))
    expect(page.locator("main")).to_contain_text("Meta eliminada")
    expect(page.get_by_role("button", name=re.compile("^Quitar"))).to_have_count(0)
    keep(page, "goal-eliminated")
    read = citizen.goto(f"/publico/planes/AL-08/{LAST}/")
    expect(goal_card(read, 4)).to_contain_text("Meta eliminada")
    expect_well_made(read, axe, "public-eliminated")
