"""A quarter is reported: the promotora fills it in, a central area its part, who answers for it sends it once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.looks import expect_well_made, keep
from tests.journeys.plan_steps import LAST, PATIENCE, goal_card, told
from tests.journeys.report_steps import Report, report_path, send

pytestmark = pytest.mark.journey
PROOF = {"name": "soporte.txt", "mimeType": "text/plain", "buffer": b"Sin forma de soporte."}
Visit = Callable[..., Visitor]


@pytest.mark.rule("PG-R1", "PG-R2", "PG-R4", "PT-16b", "WF1", "AZ5")
def test_a_report_goes_from_the_promotora_to_its_receipt(visit: Visit, axe: Axe) -> None:
    promotora, leader = visit(), visit()
    fill_in_a_goal(promotora, axe)

    page = leader.enter_as("Celeste")
    page.get_by_role("link", name="reporte de T4").first.click()
    report = Report(leader, "PLE-PIN")
    expect(goal_card(page, 3)).to_contain_text("Falta: evidencias")
    expect(page.get_by_role("button", name="Enviar a la OAP")).to_have_attribute("aria-disabled", "true")
    report.bar.locator("summary").click()
    report.bar.get_by_role("link", name="Meta 4").click()
    expect(goal_card(page, 4)).to_be_in_viewport()
    report.prove(3, "https://ejemplo.invalid/documentos")
    report.write(
        4, numerator="4", denominator="27", analysis="Se devolvieron 4 de 27 reportes.",
        accumulated_analysis="Se llegó al nivel esperado del año.",
    )  # fmt: skip
    report.prove(4, "https://ejemplo.invalid/devoluciones")
    expect(report.bar).to_contain_text("4 de 4 metas completas", timeout=PATIENCE)

    twice = leader.open_tab()
    twice.goto(leader.site + report_path("PLE-PIN", rest="enviar/"))
    expect_well_made(twice, axe, "report-send")
    send(page)
    expect(page.locator(".report-receipt")).to_contain_text("Celeste Ficticia · Dentro del plazo · versión 1")
    expect_well_made(page, axe, "report-sent")
    twice.get_by_role("button", name="Enviar a la OAP").click()
    told(twice, "Usted ya lo hizo")
    assert twice.locator(".report-receipt").inner_text() == page.locator(".report-receipt").inner_text()


def fill_in_a_goal(promotora: Visitor, axe: Axe) -> None:
    """Figures save themselves, the percentage is computed, what it asks for appears, and only others can send."""
    page = promotora.enter_as("Emilia")
    expect(page.get_by_role("main")).to_contain_text("Faltan 8 datos")
    page.get_by_role("link", name="reporte de T4").click()
    report = Report(promotora, "PLE-PIN")
    expect(report.box(3, "delay_causes")).to_be_hidden()
    report.write(3, numerator="75", denominator="80")
    expect(report.figures(3)).to_contain_text("93,75")
    report.write(
        3, analysis="Se actualizaron 75 de 80 documentos.", accumulated_analysis="Faltan cinco documentos.",
        delay_causes="Los líderes de proceso pidieron más plazo.",
    )  # fmt: skip
    report.box(4, "numerator").fill("cuatro")
    page.keyboard.press("Tab")
    expect(goal_card(page, 4)).to_contain_text("«cuatro» no es un número", timeout=PATIENCE)
    page.locator("#m3_evidence input[type=file]").first.set_input_files([PROOF])
    expect(page.locator("#m3_evidence")).to_contain_text("soporte.txt")
    expect_well_made(page, axe, "report-filling")
    report.write(4, numerator="")

    expect(report.bar).to_contain_text("Lo envía Celeste Ficticia o Teófilo Postulado.")
    expect(page.get_by_role("link", name="Enviar a la OAP")).to_have_count(0)
    page.reload()
    expect(report.box(3, "delay_causes")).to_have_value("Los líderes de proceso pidieron más plazo.")


@pytest.mark.rule("PG-R4")
def test_a_delegate_sends_what_is_complete_shortly_before_its_due_date(visit: Visit) -> None:
    delegate = visit(PHONE)
    page = delegate.enter_as("Ximena")
    expect(page.get_by_role("main")).to_contain_text(
        re.compile(r"Falta 1 día|Faltan [2-5] días")
    )  # until a business day
    page.get_by_role("link", name="reporte de T4").click()
    send(page)
    expect(page.locator(".report-receipt")).to_contain_text("Ximena Apócrifa")
    keep(page, "report-delegate-phone")


@pytest.mark.rule("PG-08")
def test_a_central_area_pastes_a_block_and_the_plan_says_who_supplied_it(visit: Visit, axe: Axe) -> None:
    area, leader = visit(permissions=["clipboard-read", "clipboard-write"]), visit()
    page = area.enter_as("Yolanda")
    page.get_by_role("link", name="Metas a cargo").first.click()
    page.get_by_role("link", name=f"T4 de {LAST}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Metas a cargo, T4 de {LAST}")
    rows = page.locator("[data-pes-central-row]").filter(has_text="Pendiente")
    first = page.locator("[data-pes-central-row]", has_text="Alcaldía Local de Chapinero").first
    waiting = rows.count()

    page.evaluate("text => navigator.clipboard.writeText(text)", "4\t4\n3\t4")
    first.locator("[data-pes-central-cell]").first.click()
    page.keyboard.press("Control+V")
    expect(first.locator("[data-pes-central-result]")).to_contain_text("100,00", timeout=PATIENCE)
    second = page.locator("[data-pes-central-row]", has_text="Alcaldía Local de Santa Fe").first
    expect(second.locator("[data-pes-central-result]")).to_contain_text("75,00", timeout=PATIENCE)
    first.locator("textarea").first.fill("La alcaldía local participó en todas.")
    page.keyboard.press("Tab")
    expect(page.locator("[data-pes-central-status]")).to_contain_text("Guardado", timeout=PATIENCE)
    expect(first).not_to_contain_text("Falta")
    assert rows.count() < waiting
    expect_well_made(page, axe, "central-table")

    page = leader.enter_as("Teófilo")
    Report(leader, "AL-02")
    goal = page.locator("[data-pes-report-goal]").filter(has_text="jornadas de actualización")
    expect(goal).to_contain_text("Suministrado por Dirección para la Gestión Policiva")
    expect(goal.locator("form.report-entry")).to_have_count(0)


@pytest.mark.rule("WF3", "PG-08")
def test_two_people_of_an_area_choose_which_figure_stays(visit: Visit, axe: Axe) -> None:
    pages = [visit().enter_as("Yolanda") for _ in range(2)]
    row = pages[0].locator("[data-pes-central-row]")
    for page in pages:
        page.get_by_role("link", name="Metas a cargo").first.click()
        page.get_by_role("link", name=f"T4 de {LAST}").click()
    key = row.filter(has_text="Pendiente").last.get_attribute("id")
    boxes = [page.locator(f"[id='{key}'] [data-pes-central-cell]").first for page in pages]

    for page, box, typed in zip(pages, boxes, ("3", "2"), strict=True):
        box.fill(typed)
        box.press("Tab")
        expect(page.locator("[data-pes-central-status]")).to_contain_text(
            "Guardado" if typed == "3" else "sin guardar", timeout=PATIENCE
        )
    question = pages[1].locator(".central-ask")
    expect(question).to_contain_text("Ahora dice «3»")
    expect(boxes[1]).to_have_value("2")
    expect_well_made(pages[1], axe, "central-conflict")
    question.get_by_role("button", name="Dejar el de la otra persona").click()

    expect(boxes[1]).to_have_value("3")
    expect(question).to_have_count(0)


@pytest.mark.rule("WF3")
def test_who_saves_second_sees_both_texts_and_chooses(visit: Visit, axe: Axe) -> None:
    first, second = visit(), visit()
    first.enter_as("Darío")
    second.enter_as("Fabián")
    mine, theirs = Report(second, "AL-01"), Report(first, "AL-01")

    theirs.write(1, analysis="Lo que escribió la alcaldía.")
    mine.box(1, "analysis").fill("Lo que escribió el equipo.")
    second.page.keyboard.press("Tab")

    question = goal_card(second.page, 1).get_by_role("alert")
    expect(question).to_contain_text("Lo que escribió la alcaldía.", timeout=PATIENCE)
    expect(question).to_contain_text("Lo que escribió el equipo.")
    expect_well_made(second.page, axe, "report-conflict")
    question.get_by_role("button", name="Poner el mío").click()
    expect(mine.status).to_contain_text("Guardado a las", timeout=PATIENCE)
    first.page.reload()
    expect(theirs.box(1, "analysis")).to_have_value("Lo que escribió el equipo.")


@pytest.mark.rule("AU7")
def test_what_was_typed_when_the_session_ended_is_offered_after_logging_in(visit: Visit, axe: Axe) -> None:
    visitor = visit()
    visitor.enter_as("Camila")
    report = Report(visitor, "AL-03")
    visitor.context.clear_cookies(name="sessionid")
    report.box(5, "analysis").fill("Se escribió con la sesión terminada.")
    visitor.page.keyboard.press("Tab")
    expect(goal_card(visitor.page, 5).get_by_role("alert")).to_contain_text("Su sesión terminó.", timeout=PATIENCE)
    expect(report.box(5, "analysis")).to_have_value("Se escribió con la sesión terminada.")

    visitor.enter_as("Camila")
    report = Report(visitor, "AL-03")
    notice = goal_card(report.page, 5).locator("[role=status]").filter(has_text="Recuperamos")
    expect_well_made(report.page, axe, "report-recovered")
    notice.get_by_role("button", name="Guardar ahora").click()
    expect(report.status).to_contain_text("Guardado a las", timeout=PATIENCE)
    report.page.reload()
    expect(report.box(5, "analysis")).to_have_value("Se escribió con la sesión terminada.")


def test_a_goal_is_saved_and_a_refused_one_keeps_what_was_typed_without_javascript(visit: Visit) -> None:
    visitor = visit(PHONE, java_script_enabled=False)
    visitor.enter_as("Teófilo")
    page = Report(visitor, "AL-15").page
    save_plainly(page, 1, "muchas")
    expect(page.get_by_role("main")).to_contain_text("«muchas» no es un número.")
    expect(page.locator("#m1_analysis")).to_have_value("Se escribió sin JavaScript.")
    save_plainly(page, 1, "7")
    told(page, "Meta 1 guardada.")
    expect(page.locator("#m1_numerator")).to_have_value("7")


def save_plainly(page: Page, goal: int, numerator: str) -> None:
    """Fill in two boxes of a goal and press its button."""
    page.locator(f"#m{goal}_numerator").fill(numerator)
    page.locator(f"#m{goal}_denominator").fill("9")
    page.locator(f"#m{goal}_analysis").fill("Se escribió sin JavaScript.")
    goal_card(page, goal).get_by_role("button", name="Guardar").first.click()
