"""A citizen answers the survey of a sector once, with and without JavaScript; the office reads the count."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.looks import expect_well_made
from tests.journeys.pes_steps import pes_path

pytestmark = pytest.mark.journey
SURVEY = "Prioridades del sector Gobierno"
THANKS = "Gracias: recibimos su respuesta"
ANSWERED = re.compile(r"(\d+)\s+respuestas? en línea")


@pytest.mark.rule("LC-05")
def test_a_citizen_answers_once_and_finds_thanks_afterwards(visit, axe):
    office = visit()
    office.enter_as("Sabina")
    before = count(office)

    citizen = visit(PHONE)
    page = find(citizen)
    expect_well_made(page, axe, "survey")
    send(page)
    expect(page.locator("main")).to_contain_text("Marque")
    expect_well_made(page, axe, "survey-refused")
    answer(page)
    expect_well_made(page, axe, "survey-thanks")
    assert find(citizen).get_by_role("checkbox").count() == 0
    expect(page.locator("main")).to_contain_text(THANKS)

    assert count(office) == before + 1
    expect_well_made(office.page, axe, "survey-of-office")


@pytest.mark.rule("LC-05")
def test_without_javascript_the_survey_is_answered_the_same(visit):
    office = visit()
    office.enter_as("Sabina")
    before = count(office)

    citizen = visit(java_script_enabled=False)
    answer(find(citizen))
    expect(find(citizen).locator("main")).to_contain_text(THANKS)

    assert count(office) == before + 1


def find(citizen: Visitor) -> Page:
    """From the portal to the survey, in two clicks."""
    page = citizen.goto("/publico/")
    page.get_by_role("main").get_by_role("link", name="Encuestas ciudadanas").click()
    page.get_by_role("link", name=SURVEY).click()
    return page


def send(page: Page) -> None:
    """Send what is marked; who reads takes longer than the seconds that the form asks for."""
    page.wait_for_timeout(3_500)
    page.get_by_role("button", name="Enviar respuesta").click()


def answer(page: Page) -> None:
    """Mark two priorities, say which is the other, and send."""
    page.get_by_label("Recuperación de espacio público").check()
    page.get_by_label("Otro, ¿cuál?", exact=True).check()
    page.get_by_label("escriba cuál").fill("Más árboles en los andenes")
    send(page)
    expect(page.locator("main")).to_contain_text(THANKS)


def count(office: Visitor) -> int:
    """How many answers in line the office reads."""
    page = office.goto(pes_path("gobierno", "encuestas/"))
    page.get_by_role("link", name=SURVEY).click()
    found = ANSWERED.search(page.locator("main").inner_text())
    assert found, "the page does not say how many answered"
    return int(found[1])
