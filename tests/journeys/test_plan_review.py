"""A proposal under review: observed, answered, compared, validated, consulted, made official, published and read."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.journeys.looks import expect_well_made, keep
from tests.journeys.plan_steps import (
    NEXT,
    TODAY,
    answer,
    card,
    confirm,
    fill_checklist,
    goal_card,
    make_official,
    observe,
    open_sheet,
    plan_path,
    respond,
    set_term,
    told,
)

pytestmark = pytest.mark.journey
UNIT = "fomento-y-proteccion-de-derechos-humanos"
NAMES = ["Teófilo", "Sabina", "Amapola", "Wenceslao", "@demo.invalid"]  # staff, who are nobody's business outside


@pytest.mark.rule("PG-V1", "PG-06", "PG-07b", "PG-01")
def test_a_proposal_goes_from_the_analyst_to_the_citizen(visit, axe):
    analyst, leader = visit(), visit()
    return_with_observations(analyst, axe)
    answer_and_send_again(leader, axe)
    compare_and_validate(analyst, axe)
    consult_and_make_official(leader, axe)

    press = visit()
    page = press.enter_as("Wenceslao")
    press.goto(plan_path(UNIT))
    confirm(page, "Publicar", "Publicar")
    told(page, "publicado")

    read_as_a_citizen(visit().goto("/publico/"), axe)


def return_with_observations(analyst, axe) -> None:
    """The oldest of the queue, an observation about a goal and one about a field of another, and back it goes."""
    page = analyst.enter_as("Sabina")
    analyst.goto("/planes/revision/")
    keep(page, "queue")
    first = page.get_by_role("row").nth(1)
    expect(first).to_contain_text("Hoy")
    first.get_by_role("link").click()
    page.get_by_role("navigation", name="Páginas del plan").get_by_role("link", name="Revisión").click()

    expect(page.get_by_role("button", name="Devolver")).to_have_attribute("aria-disabled", "true")
    observe(page, 1, "Toda la meta", "Precise qué se entiende por persona formada.")
    told(page, "registrada")
    observe(page, 2, "Medio de verificación", "Indique de qué sistema sale el registro.")
    expect(goal_card(page, 2)).to_contain_text("Espera respuesta del equipo")
    expect(page.get_by_role("button", name="Validar")).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_label("Insistencia").first).to_be_hidden()  # who just observed is not asked to insist
    expect_well_made(page, axe, "review-observed")
    page.locator("summary").filter(has_text="Devolver").click()
    page.get_by_label("Memorando o correo con que se devuelve").fill("Memorando 20 de noviembre")
    page.get_by_role("button", name="Devolver al equipo").click()
    told(page, "observaciones")


def answer_and_send_again(leader, axe) -> None:
    """Until each observation has its answer the plan cannot be sent, and the button says so."""
    page = leader.enter_as("Teófilo")
    leader.goto(plan_path(UNIT))
    expect(page.get_by_role("button", name="Enviar otra vez")).to_have_attribute("aria-disabled", "true")
    expect(card(page, "Qué sigue")).to_contain_text("Hay 2 observaciones sin respuesta.")
    keep(page, "plan-with-observations")

    sheet = open_sheet(leader, UNIT)
    sheet.type(2, "verification", "Reporte del sistema de rutas de protección.")
    sheet.expect_cells(2, {"verification": "Reporte del sistema de rutas de protección."})
    leader.goto(plan_path(UNIT, rest="revision/"))
    answer(page, 1, "La que termina el curso; así lo dice el numerador.")
    told(page, "esp")
    answer(page, 2, "Se precisó el sistema.")
    keep(page, "review-answered")
    leader.goto(plan_path(UNIT))
    confirm(page, "Enviar otra vez", "Enviar otra vez")
    told(page, "revisión")


def compare_and_validate(analyst, axe) -> None:
    """What changed is marked on the review page and between the versions; the checklist is the analyst's."""
    page = analyst.page
    analyst.goto(plan_path(UNIT, rest="revision/"))
    expect(goal_card(page, 2)).to_contain_text("Cambió desde el envío anterior")
    expect(goal_card(page, 1)).not_to_contain_text("Cambió desde el envío anterior")
    expect(goal_card(page, 2).locator("ins").first).to_contain_text("Reporte")
    analyst.goto(plan_path(UNIT, rest="versiones/"))
    keep(page, "versions")
    analyst.goto(plan_path(UNIT, rest="versiones/1/2/"))
    expect(page.locator("main")).to_contain_text("Medio de verificación")
    expect(page.locator("main ins").first).to_be_visible()
    expect_well_made(page, axe, "version-diff")

    analyst.goto(plan_path(UNIT, rest="revision/"))
    fill_checklist(page)
    told(page, "ista")
    keep(page, "review-checked")
    confirm(page, "Validar", "Validar el plan")
    told(page, "alid")


def consult_and_make_official(leader, axe) -> None:
    """The consultation was held elsewhere: its days have passed, and what was said there is answered first (PG-07b)."""
    page = leader.page
    leader.goto(plan_path(UNIT))
    expect(card(page, "Qué sigue")).to_contain_text("consulta ciudadana")
    expect(page.get_by_role("button", name="Oficializar")).to_have_attribute("aria-disabled", "true")

    leader.goto(plan_path(UNIT, rest="consulta/"))
    set_term(page, TODAY - timedelta(days=20), TODAY - timedelta(days=5))
    told(page, "Fechas guardadas")
    page.locator("#registrar summary").click()
    page.get_by_label("Aporte", exact=True).fill("Que los cursos lleguen también a los colegios rurales.")
    page.get_by_label("Por dónde llegó").fill("Encuentro")
    page.get_by_label("Recibido el").fill((TODAY - timedelta(days=10)).isoformat())
    page.get_by_role("button", name="Registrar aporte").click()
    leader.goto(plan_path(UNIT))
    expect(page.get_by_role("button", name="Oficializar")).to_have_attribute("aria-disabled", "true")
    leader.goto(plan_path(UNIT, rest="consulta/"))
    keep(page, "consultation-to-answer")
    respond(page, "colegios rurales", "Se acoge: dos de los cursos se darán en Sumapaz.")
    told(page, "espuesta")

    leader.goto(plan_path(UNIT))
    make_official(page, "", TODAY)
    expect(page.locator("main")).to_contain_text("Falta")
    expect_well_made(page, axe, "official-without-case")
    make_official(page, "2026-0098", TODAY)
    told(page, "oficial")


def read_as_a_citizen(page: Page, axe) -> None:
    """Find the plan from the portal, read it on a page with a permanent address, take its data; no name of staff."""
    page.get_by_role("main").get_by_role("link", name="Planes de gestión").first.click()
    page.get_by_role("link", name="Derechos Humanos").first.click()
    expect(page).to_have_url(re.compile(f"/publico/planes/{UNIT}/{NEXT}/$"))
    expect(goal_card(page, 2)).to_contain_text("rutas de protección")
    expect_well_made(page, axe, "public-plan")
    assert [name for name in NAMES if name in page.content()] == []

    book = load_workbook(BytesIO(taken(page, "XLSX")), read_only=True)
    cells = " ".join(str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row)
    assert "Reporte del sistema de rutas de protección." in cells
    data = json.loads(taken(page, "JSON"))
    assert len(data["metas"]) == 5
    assert [name for name in NAMES if name in cells + json.dumps(data, ensure_ascii=False)] == []


def taken(page: Page, kind: str) -> bytes:
    """A file of open data, by the word on its door."""
    with page.expect_download() as waiting:
        page.locator("a.download").filter(has_text=kind).first.click()
    return Path(waiting.value.path()).read_bytes()


@pytest.mark.rule("PG-07b")
def test_a_citizen_without_an_account_comments_and_reads_the_answer(visit, axe):
    citizen, leader = visit(), visit()
    page = citizen.goto("/publico/consultas/")
    expect_well_made(page, axe, "public-consultations")
    page.get_by_role("link", name=f"Usme {NEXT}").click()
    expect_well_made(page, axe, "public-consultation")
    page.get_by_role("button", name="Enviar aporte").click()
    expect(page.locator("#opinar")).to_contain_text("Este campo es obligatorio.")
    page.get_by_label("Su aporte").fill("Falta una meta sobre los parques de la localidad.")
    page.get_by_label("Su nombre o el de su organización").fill("Vecina de la demostración")
    page.get_by_role("button", name="Enviar aporte").click()
    expect(page.locator("main")).to_contain_text("Recibimos su aporte")
    expect_well_made(page, axe, "public-receipt")
    page.get_by_role("link", name="Volver a la consulta").click()
    expect(page.get_by_role("main")).not_to_contain_text("parques de la localidad")

    page = leader.enter_as("Teófilo")
    leader.goto(plan_path("AL-05"))
    expect(card(page, "Qué sigue")).to_contain_text("consulta")
    expect(page.get_by_role("button", name="Oficializar")).to_have_attribute("aria-disabled", "true")
    leader.goto(plan_path("AL-05", rest="consulta/"))
    respond(page, "parques de la localidad", "Los parques están en el proyecto 1234 del fondo de desarrollo local.")
    told(page, "espuesta")

    citizen.page.reload()
    expect(citizen.page.get_by_role("main")).to_contain_text("parques de la localidad")
    expect(citizen.page.get_by_role("main")).to_contain_text("proyecto 1234")


@pytest.mark.rule("PG-07b", "PG-06")
def test_the_head_of_the_office_waives_a_consultation_with_a_reason(visit, axe):
    chief, leader = visit(), visit()
    page = leader.enter_as("Teófilo")
    leader.goto(plan_path("AL-13", rest="consulta/"))
    expect(page.get_by_role("button", name="Eximir")).to_have_attribute("aria-disabled", "true")

    page = chief.enter_as("Amapola")
    chief.goto(plan_path("AL-13", rest="consulta/"))
    page.locator("#eximir summary").click()
    page.get_by_label("Motivo de la exención").fill("La localidad consultó lo mismo en sus encuentros ciudadanos.")
    page.get_by_role("button", name="Eximir de la consulta").click()
    told(page, "eximid")
    expect(page.locator("main")).not_to_contain_text("La consulta no tiene fechas")
    expect_well_made(page, axe, "consultation-waived")

    page = leader.page
    leader.goto(plan_path("AL-13"))
    keep(page, "plan-validated")
    make_official(page, "2026-0131", TODAY)
    told(page, "oficial")
    expect(card(page, "Historia")).to_contain_text("2026-0131")
