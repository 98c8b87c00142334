"""The planning office opens a PES and runs its DOFA with an entity; who directs reads how far it has come."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.looks import expect_well_made, keep
from tests.journeys.pes_steps import FIRST, PERIOD, pes_path
from tests.journeys.plan_steps import PATIENCE, TODAY, card, confirm, told

pytestmark = pytest.mark.journey
NAME = f"Plan estratégico del sector Gestión Pública {PERIOD}"
# Quadrant → what the office and the entity write in it; each sees what the other wrote without loading the page.
NOTES = {
    "Fortalezas": ("Los equipos conocen el servicio a la ciudadanía", "Hay una red de puntos de atención"),
    "Oportunidades": ("La ciudadanía usa cada vez más los canales digitales", "Otras ciudades comparten sus sistemas"),
    "Debilidades": ("Los archivos siguen en papel", "Los sistemas no se hablan entre sí"),
    "Amenazas": ("Los ataques informáticos crecen", "Recortes en la mitad del periodo"),
}
GROUP = "Información dispersa"


@pytest.mark.rule("PES-06", "LC-01", "LC-02", "LC-04")
def test_a_pes_is_opened_its_dofa_is_held_and_its_road_is_read(visit, axe):
    office, entity = visit(), visit(PHONE)
    open_the_pes(office, axe)
    board = open_the_workshop(office, axe)
    write_together(office, entity, board, axe)
    group_and_vote(office, entity, axe)
    read_the_road(visit(), axe)


def open_the_pes(office: Visitor, axe) -> None:
    """From the list of sectors to a road that says what comes first."""
    page = office.enter_as("Benito")
    page.get_by_role("link", name="PES", exact=True).first.click()
    page.get_by_role("link", name="Sectores").click()
    page.get_by_role("link", name="Abrir un PES").click()
    page.get_by_role("button", name="Abrir el PES").click()
    expect(page.locator("main")).to_contain_text("Este campo es obligatorio.")
    expect_well_made(page, axe, "plan-open")
    page.get_by_label("Nombre").fill(NAME)
    page.get_by_label("Primera vigencia").fill(str(FIRST))
    page.get_by_role("button", name="Abrir el PES").click()

    told(page, f"PES {PERIOD} abierto")
    expect(page).to_have_url(re.compile(pes_path("gestion-publica", "camino/$")))
    expect(page.locator(".road-now")).to_contain_text("Fase 1 de 6")
    expect(page.locator(".station")).to_have_count(6)
    expect(gate(page)).to_contain_text("No se ha hecho el taller DOFA")
    expect_well_made(page, axe, "road-opened")


def gate(page: Page) -> Locator:
    """What the gate of the chosen phase asks for."""
    return page.locator("#fase .gate-list")


def open_the_workshop(office: Visitor, axe) -> str:
    """The gate leads to the workshop that it asks for; gives the path of its board."""
    page = office.page
    gate(page).get_by_role("listitem").filter(has_text="Taller DOFA").get_by_role("link", name="Ir a hacerlo").click()
    page.get_by_role("link", name="Abrir taller").click()
    page.get_by_label("Título").fill("DOFA del sector")
    page.get_by_label("Fecha del taller").fill(TODAY.isoformat())
    page.get_by_label("Votos por persona").fill("2")
    page.get_by_role("button", name="Abrir taller").click()
    told(page, "ya se pueden escribir notas")
    expect_well_made(page, axe, "dofa-empty")
    return page.url.removeprefix(office.site)


def quadrant(page: Page, name: str) -> Locator:
    """A quadrant of the board."""
    return page.get_by_role("region", name=name)


def write(page: Page, name: str, text: str) -> None:
    """A note in a quadrant."""
    quadrant(page, name).get_by_role("textbox").fill(text)
    quadrant(page, name).get_by_role("button", name="Agregar").click()
    told(page, f"Nota agregada en {name}")


def write_together(office: Visitor, entity: Visitor, board: str, axe) -> None:
    """One at a computer and one on a phone fill the four quadrants; what one writes comes to the other by itself."""
    entity.enter_as("Olinda")
    entity.goto(board)
    for name, (ours, theirs) in NOTES.items():
        write(office.page, name, ours)
        write(entity.page, name, theirs)
    for name, (_, theirs) in NOTES.items():
        expect(quadrant(office.page, name)).to_contain_text(theirs, timeout=PATIENCE)
    expect(office.page.locator("#dofa-resumen")).to_contain_text("8 notas de 1 entidad y del sector")
    keep(entity.page, "dofa-writing-phone")
    expect_well_made(office.page, axe, "dofa-written")


def group_and_vote(office: Visitor, entity: Visitor, axe) -> None:
    """The office brings together what says the same; both vote; closing shows the count and fills the gate."""
    page, other = office.page, entity.page
    confirm(page, "Pasar a agrupar", "Pasar a agrupar")
    weak = quadrant(page, "Debilidades")
    weak.get_by_label("Grupo nuevo").fill(GROUP)
    weak.get_by_role("button", name="Crear grupo").click()
    for text in NOTES["Debilidades"]:
        weak.get_by_label(text).check()
    weak.get_by_label("Mover las notas marcadas a").select_option(label=GROUP)
    weak.get_by_role("button", name="Mover").click()
    expect(weak.locator(".dofa-group")).to_contain_text(NOTES["Debilidades"][1])
    expect_well_made(page, axe, "dofa-grouped")

    confirm(page, "Abrir la votación", "Abrir la votación")
    entity.page.reload()
    for voter in (page, other):
        voter.get_by_role("button", name=f"Votar por {GROUP}").click()
        expect(quadrant(voter, "Debilidades")).to_contain_text("Usted le dio 1 voto")
    expect_well_made(other, axe, "dofa-voting")
    confirm(page, "Cerrar el taller", "Cerrar el taller")
    expect(quadrant(page, "Debilidades").locator(".dofa-group")).to_contain_text("2 votos")
    expect_well_made(page, axe, "dofa-closed")


def read_the_road(director: Visitor, axe) -> None:
    """From one click: where the PES is, what its gate still misses, and who has to do it."""
    page = director.enter_as("Maitena")
    page.get_by_role("link", name="PES", exact=True).first.click()
    page.get_by_role("link", name="Camino").first.click()

    expect(page.locator(".road-now")).to_contain_text("Fase 1 de 6")
    expect(gate(page).get_by_role("listitem").filter(has_text="Taller DOFA")).to_contain_text("Cumplida")
    expect(card(page, "Las seis fases")).to_contain_text("A la vez, después de la aprobación")
    expect(page.get_by_role("link", name="Programar la fase")).to_have_count(0)
    expect_well_made(page, axe, "road-of-director")
    page.get_by_role("link", name="Cronograma").first.click()
    expect_well_made(page, axe, "road-timeline")
