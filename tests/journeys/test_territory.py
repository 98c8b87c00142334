"""An advisor of a region logs what they did with a municipality on a phone; the coordinator reads it the same day."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.looks import expect_well_made, keep
from tests.journeys.plan_steps import told

pytestmark = pytest.mark.journey
LOG = "/territorio/asistencia/"
THEME, ANSWER = "Acta de empalme", "Se explicó qué anexos lleva el acta de empalme."
DONE = "Se revisó el programa de gobierno con la alcaldía y se anotaron los compromisos."


@pytest.mark.rule("GP-05")
def test_an_advisor_logs_on_a_phone_and_the_coordinator_reads_it(visit, axe):
    advisor = visit(PHONE)
    entity = ask_quickly(advisor, axe)
    log_a_visit(advisor, entity, axe)
    read_as_coordinator(visit(), entity, axe)


def ask_quickly(advisor: Visitor, axe) -> str:
    """Three boxes for a quick question; gives the name of the entity."""
    page = advisor.enter_as("Gardenia")
    page = advisor.goto(LOG)
    page.get_by_role("button", name="Registrar duda").click()
    expect(page.get_by_role("main")).to_contain_text("Este campo es obligatorio.")
    expect_well_made(page, axe, "assistance-quick-refused")
    choice = page.get_by_role("main").get_by_label("Entidad", exact=True).first
    choice.select_option(index=1)
    entity = choice.evaluate("select => select.selectedOptions[0].textContent.trim()")
    page.get_by_label("Tema").fill(THEME)
    page.get_by_label("Respuesta").fill(ANSWER)
    page.get_by_role("button", name="Registrar duda").click()
    told(page, "registrada")
    expect(page.get_by_role("row").filter(has_text=THEME)).to_contain_text("Duda rápida")
    return str(entity)


def log_a_visit(advisor: Visitor, entity: str, axe) -> None:
    """A visit with its length, who came and what was done."""
    page = advisor.page
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.get_by_role("link", name="Registrar asistencia").click()
    keep(page, "assistance-pick-phone")
    page.get_by_role("main").get_by_role("link", name=entity).first.click()
    page.get_by_label("Duración").fill("90")
    page.get_by_label("Participantes").fill("6")
    page.get_by_label("Tema").fill("Programa de gobierno")
    page.get_by_label("Qué se hizo").fill(DONE)
    expect_well_made(page, axe, "assistance-form")
    page.get_by_role("button", name="Guardar").click()
    told(page, "Asistencia registrada")
    expect(page.get_by_role("main")).to_contain_text(DONE)
    expect_well_made(page, axe, "assistance")


def read_as_coordinator(coordinator: Visitor, entity: str, axe) -> None:
    """Both are in the log of the region, with who did them."""
    page = coordinator.enter_as("Renato")
    coordinator.goto(LOG)
    for words in (THEME, "Programa de gobierno"):
        row = page.get_by_role("row").filter(has_text=words).first
        expect(row).to_contain_text("Gardenia")
    expect(page.get_by_role("row").filter(has_text=THEME).first).to_contain_text(entity.split(",")[0].split(" (")[0])
    expect_well_made(page, axe, "assistances")
    page.get_by_role("link", name="Avance", exact=True).first.click()
    expect_well_made(page, axe, "territory-progress")
