"""An advisor of a region logs what they did with a municipality on a phone; Monitoreo 360 shows it the same day."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.looks import expect_well_made, keep
from tests.journeys.plan_steps import TODAY, told

pytestmark = pytest.mark.journey
LOG, MONTH = "/territorio/asistencia/", f"/territorio/monitoreo/?mes={TODAY:%Y-%m}"
THEME, ANSWER = "Anexos del acta", "Se explicó qué anexos lleva el acta de empalme."
DONE = "Se revisó el programa de gobierno con la alcaldía y se anotaron los compromisos."


@pytest.mark.rule("GP-05")
def test_an_advisor_logs_on_a_phone_and_the_coordinator_reads_it(visit, axe):
    advisor, coordinator = visit(PHONE), visit()
    coordinator.enter_as("Renato")
    before = logged(coordinator)

    entity = ask_quickly(advisor, axe)
    log_a_visit(advisor, entity, axe)

    read_as_coordinator(coordinator, axe)
    assert logged(coordinator) == before + 2
    expect_well_made(coordinator.page, axe, "monitoring")


def logged(coordinator: Visitor) -> int:
    """Assistances of this month, as Monitoreo 360 counts them."""
    figure = coordinator.goto(MONTH).get_by_role("link", name=re.compile("Asistencias registradas"))
    found = re.search(r"\d+", figure.inner_text())
    return int(found[0]) if found else 0


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


def read_as_coordinator(coordinator: Visitor, axe) -> None:
    """Both are in the log of the region, with who did them, and the progress of the region is a click away."""
    page = coordinator.goto(LOG)
    for words in (THEME, "programa de gobierno con la alcaldía"):
        expect(page.get_by_role("row").filter(has_text=words)).to_contain_text("Gardenia")
    expect_well_made(page, axe, "assistances")
    page.get_by_role("link", name="Avance", exact=True).first.click()
    expect_well_made(page, axe, "territory-progress")
