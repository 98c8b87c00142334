"""The analyst of the planning office: weighs the indicators of a year, and leaves the approval to somebody else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey
EDITOR = "/sectores/gestion-publica/ponderacion/2023/3/"


def expect_boxes(page: Page, weights: dict[str, str]) -> None:
    """What the boxes hold, by indicator."""
    for key, weight in weights.items():
        expect(page.locator(f"#id_peso-{key}")).to_have_value(weight)


def fill(page: Page, weights: dict[str, str]) -> None:
    """Type weights."""
    for key, weight in weights.items():
        page.locator(f"#id_peso-{key}").fill(weight)


def test_weights_are_summed_helped_previewed_and_saved(visit):
    visitor = visit()
    page = visitor.enter_as("Analista")
    visitor.goto(EDITOR)
    total = page.locator("[data-pes-sum]")

    page.get_by_role("button", name="Iguales").click()
    expect_boxes(page, dict.fromkeys(["464", "465", "466", "543"], "16,67") | {"554": "16,66", "644": "16,66"})
    expect(total).to_contain_text("Suma exacta.")

    fill(page, {"464": "3,00", "465": "3,00", "466": "3,00", "644": "3,00", "543": "31,34", "554": "28,33"})
    expect(total).to_contain_text("71,67")
    expect(total).to_contain_text("Faltan 28,33")
    page.get_by_role("button", name="Guardar ponderaciones").click()
    expect(page.get_by_text("suman 71,67 y deben sumar 100,00: faltan 28,33")).to_be_visible()
    expect_boxes(page, {"543": "31,34"})

    page.get_by_role("button", name="Proporcional").click()
    worked_example = {"464": "4,19", "465": "4,19", "466": "4,18", "644": "4,18", "543": "43,73", "554": "39,53"}
    expect_boxes(page, worked_example)  # of rule W-05

    fill(page, {"543": "40", "554": ""})
    page.get_by_text("Asignar el residuo a un indicador").click()
    page.get_by_label("Asignar residuo a").select_option("554")
    page.get_by_role("button", name="Asignar residuo").click()
    expect_boxes(page, {"554": "43,26"})
    page.get_by_role("button", name="Guardar ponderaciones").click()
    expect(page.locator("#mensajes")).to_contain_text("Ponderaciones guardadas.")
    expect(page.get_by_role("row").filter(has_text="554")).to_contain_text("43,26")


def test_who_weighs_does_not_approve_and_is_told_why(visit):
    visitor = visit()
    page = visitor.enter_as("Analista")
    visitor.goto(EDITOR)

    locked = page.get_by_role("button", name="Bloquear")
    expect(locked).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("Bloquea y reabre la jefatura de la oficina asesora de planeación.")).to_be_visible()


def test_the_effect_of_a_change_is_seen_before_it_is_saved(visit):
    """A reopened set: the published 24,15 % beside what the typed weights would make of it."""
    chief, analyst = visit(), visit()
    page = chief.enter_as("Jefe")
    chief.goto("/sectores/gestion-publica/ponderacion/2022/3/")
    page.locator("summary").filter(has_text="Reabrir").click()
    page.get_by_label("Acto que ordena reabrir").fill("Acta 4 del Comité Sectorial")
    page.get_by_label("Motivo").fill("Prueba del efecto de otros pesos.")
    page.locator("form").get_by_role("button", name="Reabrir").click()
    expect(page.locator("#mensajes")).to_contain_text("reabiertas")

    page = analyst.enter_as("Analista")
    analyst.goto("/sectores/gestion-publica/ponderacion/2022/3/")
    page.get_by_role("button", name="Iguales").click()

    effect = page.locator(".card").filter(has_text="Efecto en el objetivo")
    expect(effect).to_contain_text("24,15\N{NO-BREAK SPACE}%")
    expect(effect).to_contain_text("20,61\N{NO-BREAK SPACE}%")
    analyst.goto("/sectores/gestion-publica/ponderacion/2022/3/")
    in_force = page.get_by_role("row").filter(has_text="543").locator("[data-label=Vigente]")
    expect(in_force).to_contain_text("31,34")  # what was tried stays in the browser only
