"""The document of a PES: entities observe it, its gate is passed, they approve it, and a citizen reads and keeps it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.looks import expect_well_made, keep
from tests.journeys.pes_steps import FIRST, pes_path
from tests.journeys.plan_steps import TODAY, confirm, told
from tracking.demo_evidence import pdf

pytestmark = pytest.mark.journey
ROOM = pes_path("gobierno", "aprobacion/")
PUBLIC = f"/publico/pes/gobierno/{FIRST}/"
ENTITIES = {"sdg": "Dionisio", "dadep": "Eulalia", "idpac": "Fermín"}
STAFF = ["Sabina", "Amapola", *ENTITIES.values(), "@demo.invalid"]  # who are nobody's business outside
OBJECTIVES = (1, 2, 3)
LONG = "0123456789abcdef" * 4  # a word of the length of a digest, which a phone has to break
WORDS = "La visión nombra el espacio público como lugar de encuentro."
OBSERVED = "Falta decir qué organizaciones juveniles participan."
PDF = {"mimeType": "application/pdf", "buffer": pdf("Acto inventado", [])}
MADE = 60  # seconds in which the files of the adopted version are ready


@pytest.mark.rule("LC-01", "LC-02", "LC-06", "LC-08", "REF-01")
def test_a_version_is_observed_adjusted_approved_adopted_and_found(visit, axe):
    head, chief, entities = visit(), visit(), {code: visit(PHONE) for code in ENTITIES}
    for code, entity in entities.items():
        entity.enter_as(ENTITIES[code])
    observe(entities["idpac"])
    answer_everything(head, axe)
    pass_the_gate(head, chief)
    adjust_and_present(head)
    compare(head, axe)
    for code, entity in entities.items():
        say(entity, code, "Ya la leímos", "leyó la versión 2")
    page = head.goto(ROOM)
    page.get_by_role("button", name="Pedir la aprobación").click()
    told(page, "Se pidió la aprobación")
    for code, entity in entities.items():
        say(entity, code, "Aprobar la versión", "aprobó la versión 2")
    hear_the_committee(head)
    record_the_act(chief, axe)
    read_as_a_citizen(visit(), axe)


def observe(entity: Visitor) -> None:
    """An entity reads the version on a phone and says what is missing."""
    page = entity.goto(f"{ROOM}entidades/idpac/")
    page.get_by_role("button", name="Registrar observación").click()
    expect(page.locator("#observar")).to_contain_text("Escriba qué observa su entidad.")
    page.locator("#observar").get_by_label("Observación", exact=True).fill(OBSERVED)
    page.get_by_role("button", name="Registrar observación").click()
    told(page, "Observación registrada")
    expect(page.locator(".threads, .thread").first).to_contain_text(OBSERVED)


def answer_everything(head: Visitor, axe) -> None:
    """Approval waits for each observation's answer and for the gate of the phase before, which the room leads to."""
    page = head.enter_as("Sabina")
    head.goto(ROOM)
    expect(page.get_by_role("button", name="Pedir la aprobación")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("main")).to_contain_text("no se ha abierto: falta cerrar la fase 2 (puerta G2)")
    expect_well_made(page, axe, "approval-observed")
    page.get_by_role("link", name=re.compile("Responder 3 observaciones")).click()
    for _ in range(3):
        respond(page.locator(".thread:has(form)").first)
        told(page, "Respondida")
    expect(page.locator(".thread:has(form)")).to_have_count(0)


def respond(thread: Locator) -> None:
    """Accept what was observed, and say where it is taken up."""
    if not thread.get_by_label("Explicación").is_visible():
        thread.locator("summary").filter(has_text="Responder").click()
    thread.get_by_role("radio", name="Acogida", exact=True).check()
    thread.get_by_label("Sección que se ajusta").select_option(label="2.5.2 Visión")
    thread.get_by_label("Explicación").fill("Se recoge en la visión.")
    thread.get_by_role("button", name="Responder").click()


def pass_the_gate(head: Visitor, chief: Visitor) -> None:
    """The office writes the section and shares the weights that gate G2 lacks, and its head closes the phase."""
    page = head.goto(ROOM)
    page.get_by_role("link", name="Ver qué le falta a la puerta G2").click()
    lacking = page.locator("#fase .gate-list")
    expect(lacking).to_contain_text("Falta contenido en 1.8.")
    lacking.get_by_role("listitem").filter(has_text="seis capítulos").get_by_role("link", name="Ir a hacerlo").click()
    write(page, "Articulación con el MIPG", f"El modelo integrado ordena la gestión. {LONG}")
    for number in OBJECTIVES:
        head.goto(f"/sectores/gobierno/ponderacion/{TODAY.year}/{number}/")
        page.get_by_role("button", name="Iguales").click()
        page.get_by_role("button", name="Guardar ponderaciones").click()
        told(page, "Ponderaciones guardadas")

    page = chief.enter_as("Amapola")
    chief.goto(f"{pes_path('gobierno', 'camino/')}?fase=F2")
    confirm(page, "Cerrar la fase", "Sí, cerrarla")
    told(page, "Fase F2 cerrada")


def write(page: Page, section: str, text: str) -> None:
    """From the list of sections to one with its text saved."""
    page.get_by_role("link", name=f"Escribir «{section}»").click()
    editor = page.locator("[contenteditable=true]").first
    editor.click()
    page.keyboard.type(text)
    page.get_by_role("button", name=re.compile("^Guardar")).first.click()
    expect(page.locator("main")).to_contain_text(text)


def adjust_and_present(head: Visitor) -> None:
    """The head of the sector writes what was accepted, and presents another version with its term."""
    page = head.goto(pes_path("gobierno", "documento/"))
    write(page, "Visión", WORDS)

    head.goto(ROOM)
    page.get_by_role("link", name="Presentar otra versión").click()
    page.get_by_label("Plazo para observar").fill((TODAY + timedelta(days=8)).isoformat())
    page.get_by_label("Nota para las entidades").fill("La visión nombra el espacio público.")
    page.get_by_role("button", name="Presentar a las entidades").click()
    told(page, "Versión 2 presentada")


def compare(head: Visitor, axe) -> None:
    """What changed between the two versions, however long its words: the walk through every page never has two."""
    page = head.goto(pes_path("gobierno", "versiones/1/frente-a/2/"))
    for words in (WORDS, LONG):
        expect(page.locator("ins").filter(has_text=words)).to_be_visible()
    expect_well_made(page, axe, "versions-compared")


def say(entity: Visitor, code: str, button: str, words: str) -> None:
    """An entity acts on the version that is presented now."""
    page = entity.goto(f"{ROOM}entidades/{code}/")
    page.get_by_role("button", name=button).click()
    told(page, words)


def hear_the_committee(head: Visitor) -> None:
    """What the Comité Sectorial said, with its minutes."""
    page = head.goto(ROOM)
    keep(page, "approval-approved")
    page.get_by_role("link", name="Registrar la sesión del Comité").click()
    page.get_by_label("Fecha de la sesión").fill(TODAY.isoformat())
    page.get_by_role("radio").first.check()
    page.locator("input[type=file]").set_input_files({"name": "acta-comite.pdf", **PDF})
    page.locator("main button[type=submit]").last.click()
    told(page, "Sesión registrada")


def record_the_act(chief: Visitor, axe) -> None:
    """Who heads the office records the act, which seals the version and makes it public."""
    page = chief.goto(ROOM)
    page.get_by_role("link", name="Registrar el acto").click()
    page.get_by_label("Número").fill("0412")
    page.get_by_label("Fecha del acto").fill(TODAY.isoformat())
    page.get_by_label("Quién lo expide").fill("Secretaría Distrital de Gobierno")
    page.locator("input[type=file]").set_input_files({"name": "resolucion-0412.pdf", **PDF})
    page.locator("main button[type=submit]").last.click()
    told(page, "adopta la versión 2")
    expect_well_made(page, axe, "approval-adopted")


def read_as_a_citizen(citizen: Visitor, axe) -> None:
    """Two clicks from the portal to the document; it is read there, and taken as a file that opens."""
    wait_for_the_files(citizen)
    page = citizen.goto("/publico/")
    page.get_by_role("main").get_by_role("link", name="Planes estratégicos sectoriales", exact=True).click()
    page.get_by_role("link", name=re.compile("Sector Gobierno")).first.click()
    expect(page.locator(".document")).to_contain_text(WORDS)
    expect(page.locator("main")).to_contain_text("Resolución 0412 de")
    expect_well_made(page, axe, "public-pes")
    assert [name for name in STAFF if name in page.content()] == []
    assert taken(page, "PDF").startswith(b"%PDF-")


def wait_for_the_files(citizen: Visitor) -> None:
    """The job makes them after the act is recorded; asked outside the browser, which would remember the answer."""
    for _ in range(MADE):
        if 'class="format">PDF' in citizen.context.request.get(f"{citizen.site}{PUBLIC}").text():
            return
        citizen.page.wait_for_timeout(1_000)
    raise AssertionError("the files of the adopted version were not made")


def taken(page: Page, kind: str) -> bytes:
    """A file of the document, by the word on its door."""
    with page.expect_download() as waiting:
        page.locator("a.download").filter(has_text=kind).first.click()
    return Path(waiting.value.path()).read_bytes()
