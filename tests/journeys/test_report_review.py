"""A quarter is reviewed and closed: observed, corrected, validated, extended, reopened, consolidated twice, published."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from holidays import country_holidays
from playwright.sync_api import Page, expect

from pes.rules.calendar import next_business_day
from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.looks import expect_well_made, keep
from tests.journeys.plan_steps import PATIENCE, TODAY, answer, card, confirm, goal_card, observe, told
from tests.journeys.report_steps import close_path, correct, extend, report_path, send, take, unfold

pytestmark = pytest.mark.journey
NAMES = ["Teófilo", "Sabina", "Amapola", "Wenceslao", "@demo.invalid"]  # staff, who are nobody's business outside
Visit = Callable[..., Visitor]


@pytest.mark.rule("PG-R5", "PT-19", "WF19", "WF21")
def test_an_analyst_observes_corrects_with_a_reason_and_validates(visit: Visit, axe: Axe) -> None:
    analyst, leader = visit(), visit()
    page = analyst.enter_as("Sabina")
    page.get_by_role("link", name="reporte de T4 de").first.wait_for()
    analyst.goto("/revision-trimestral/")
    row = page.get_by_role("row").filter(has_text="AL-07")
    row.get_by_role("link").click()
    take(page)
    heads = unfold(page, 2).get_by_role("columnheader")
    expect(heads).to_have_text([re.compile(said) for said in ("Dato", "T1", "T2", "T3", "T4")])
    observe(page, 2, "Análisis del trimestre", "Diga cuántos expedientes quedaron con decisión.")
    told(page, "registrada")
    expect_well_made(page, axe, "report-review-observed")
    confirm(page, "Devolver", "Devolver al equipo")
    told(page, "devuelto")

    page = leader.enter_as("Teófilo")
    leader.goto(report_path("AL-07"))
    expect(page.get_by_role("button", name="Enviar otra vez a la OAP")).to_have_attribute("aria-disabled", "true")
    answer(page, 2, "Quedaron 40 con decisión; así lo dice el soporte.")
    told(page, "Respuesta registrada")
    send(page, again=True)

    page = analyst.page
    analyst.goto(report_path("AL-07", rest="revision/"))
    take(page)
    correct(page, 5, "Ejecutado", "1", "El soporte muestra un solo diálogo.")
    told(page, "corregida")
    expect(goal_card(page, 5)).to_contain_text("Corregida por la OAP")
    expect(page.get_by_role("button", name="Validar")).to_have_attribute("aria-disabled", "true")
    correct(page, 5, "Causas del retraso", "El segundo diálogo se aplazó.", "Lo dice el acta del primero.")
    told(page, "corregida")
    expect_well_made(page, axe, "report-review-corrected")
    confirm(page, "Validar", "Validar el reporte")
    told(page, "validado")

    leader.goto(report_path("AL-07"))
    expect(goal_card(leader.page, 5)).to_contain_text("El soporte muestra un solo diálogo.")


@pytest.mark.rule("CAL-05", "WF14")
def test_the_head_sees_what_is_stuck_and_gives_more_days(visit: Visit, axe: Axe) -> None:
    page = visit().enter_as("Amapola")
    page.get_by_role("link", name="Tablero de espera").click()
    row = page.get_by_role("row").filter(has_text="AL-17").filter(has_text="Venció hace")
    expect(row).to_contain_text("Teófilo Postulado")
    keep(page, "ageing")
    row.get_by_role("link").click()
    page.get_by_role("navigation", name="Páginas del reporte").get_by_role("link", name="Revisión").click()
    years = (TODAY.year, TODAY.year + 1)
    to = next_business_day(TODAY + timedelta(days=3), country_holidays("CO", years=years))
    extend(page, to, "El sistema estuvo fuera de servicio.")
    told(page, "plazo")
    expect(page.get_by_role("main")).to_contain_text(f"faltan {(to - TODAY).days} días")
    expect(page.get_by_role("main")).to_contain_text("El vencimiento legal era")


@pytest.mark.rule("PG-PUB", "REP-04", "REP-05", "AZ4")
def test_a_reopened_report_makes_another_run_that_is_published_and_read(visit: Visit, axe: Axe) -> None:
    chief, analyst = visit(), visit()
    page = chief.enter_as("Amapola")
    chief.goto(report_path("AL-10", 3, "revision/"))
    confirm_with(page, "Reabrir", "Motivo", "Llegó un soporte que cambia una cifra.", "Reabrir el reporte")
    told(page, "reabierto")

    page = analyst.enter_as("Sabina")
    analyst.goto(report_path("AL-10", 3, "revision/"))
    correct(page, 2, "Ejecutado", "340", "El soporte que llegó suma 340.")
    told(page, "corregida")
    confirm(page, "Validar", "Validar el reporte")
    told(page, "validado")

    page = chief.page
    chief.goto(close_path(3))
    confirm_with(page, "Consolidar", "Motivo", "Se recoge lo corregido en Engativá.", "Sí, consolidar")
    page.get_by_role("link", name="Ver los resultados").click(timeout=60_000)
    expect(page.get_by_role("main")).to_contain_text("Corrida 2 · metodología")
    runs = card(page, "Corridas").get_by_role("row")
    expect(runs.nth(1)).to_contain_text("Se recoge lo corregido en Engativá.")
    expect(runs.nth(2)).to_contain_text("Sustituida")
    page.get_by_role("link", name="Comprobar la huella").click()
    expect(page.get_by_role("main")).to_contain_text("La huella corresponde")
    page.locator("summary").filter(has_text="Registrar un acta").click()
    page.get_by_label("Acta", exact=False).first.fill("4 de la demostración")
    page.get_by_label(re.compile("Fecha")).fill(TODAY.isoformat())
    page.get_by_role("button", name="Registrar el acta").click()
    told(page, "Acta 4 de la demostración registrada.")
    expect_well_made(page, axe, "close-again")

    press = visit()
    page = press.enter_as("Wenceslao")
    press.goto(close_path(3))
    confirm(page, "Publicar los resultados", "Sí, publicar")
    told(page, "portal público")
    read_as_a_citizen(visit().goto("/publico/"), axe)


def confirm_with(page: Page, opens: str, label: str, text: str, does: str) -> None:
    """An act that asks for its reason once."""
    page.locator("summary").filter(has_text=re.compile(f"^{opens}")).first.click()
    page.get_by_label(label).first.fill(text)
    page.get_by_role("button", name=does, exact=True).click()


def read_as_a_citizen(page: Page, axe: Axe) -> None:
    """The ranking, a unit's year and the data, without an account; nobody's name is in them."""
    page.get_by_role("link", name="Ver los resultados").click()
    page.get_by_role("link", name=re.compile("Tercer trimestre.*Alcaldías locales")).click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("100,00")
    expect_well_made(page, axe, "public-ranking")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert [name for name in NAMES if name in page.content()] == []
    with page.expect_download() as waiting:
        page.locator("a.download").filter(has_text="JSON").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert "AL-10" in json.dumps(json.loads(text))
    assert [name for name in NAMES if name in text] == []
    page.get_by_role("link", name="Alcaldía Local de Engativá").click()
    expect(page.get_by_role("main")).to_contain_text("T3")


@pytest.mark.rule("PT-17")
def test_who_directs_goes_from_the_sector_to_the_hash_of_an_evidence_file(visit: Visit, axe: Axe) -> None:
    director = visit()
    page = director.enter_as("Abril")
    page.get_by_role("link", name="Tablero").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sector Gobierno")
    expect(page.get_by_role("main")).to_contain_text("Planes de gestión con resultado")
    page.locator("#planes-de-gestion").get_by_role("row").filter(has_text="AL-08").get_by_role("link").nth(2).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("¿De dónde sale este 99,11")
    expect(page.get_by_role("main")).to_contain_text("Verificado")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("¿De dónde sale")
    proof = page.locator("p").filter(has_text="SHA-256").filter(has=page.locator("code")).first
    expect(proof.locator("code")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    with page.expect_download(timeout=PATIENCE) as waiting:
        proof.get_by_role("link").click(modifiers=["Alt"])
    assert waiting.value.suggested_filename.startswith("Soporte T3")
    expect_well_made(page, axe, "score-goal")
