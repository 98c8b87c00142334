"""The sheet of an indicator."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from evaluation.pages.indicator import find_indicator, indicator_page
from evaluation.pages.selection import select
from tests import make
from tests.evaluation.sector import Sector, sector

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(settings) -> Sector:
    settings.PES_DEMO = True
    return sector()


def page_of(ours: Sector, user=None, key: str = "1"):
    selection = select(user or ours.them.diana, ours.plan.sector.code, {})
    return indicator_page(selection, find_indicator(selection, key), user or ours.them.diana)


def test_the_sheet_shows_programme_measurements_and_result(ours):
    page = page_of(ours)

    assert [(line.year, line.programmed, line.achieved) for line in page.programme][2:4] == [
        ("2022", "100", "50"), ("2023", "100", "Sin medición"),
    ]  # fmt: skip
    assert (page.percent, page.total) == (Decimal("50.00"), "200")


def test_the_quadrennial_progress_is_against_the_whole_programme(ours):
    """PES-07: SUMA, 50 of 200."""
    assert page_of(ours).quadrennial == "25,00\u00a0%"


def test_what_the_source_does_not_say_stays_empty(ours, client):
    """PES-11."""
    client.force_login(ours.them.diana)

    assert dict(page_of(ours).facts)["Línea base"] == ""
    assert "Sin información" in client.get(ours.url("indicadores/1/")).content.decode()


def test_an_inferred_type_says_that_it_was_inferred(ours):
    """PT-20."""
    ours.plan.indicators.filter(key="1").update(type_was_inferred=True)

    assert dict(page_of(ours).facts)["Tipo de programación"] == "Suma (deducido de la programación)"


def test_the_history_keeps_both_values_of_a_correction(ours):
    found = ours.plan.indicators.get(key="1").measurements.get()
    found.correct(
        achieved=Decimal(55), analysis="", expected_version=1, reason="Faltaba una entidad", by=ours.them.elena
    )

    event = page_of(ours).history[0]

    assert (event.title, event.text, event.reason) == (
        "Medición corregida", "Corte 31 de marzo de 2022: 50 → 55.", "Faltaba una entidad",
    )  # fmt: skip


@pytest.mark.parametrize(("name", "may"), [("elena", True), ("ana", True), ("diana", False), ("luis", False)])
def test_the_button_to_measure_says_why_it_is_disabled(ours, name, may):
    assert (page_of(ours, getattr(ours.them, name)).measure_reason == "") is may


def test_the_measurements_are_exported_as_they_are_on_screen(ours, client):
    make.measurement(
        indicator=ours.plan.indicators.get(key="1"), by=ours.them.elena, achieved="60.5", on=date(2022, 4, 30)
    )
    client.force_login(ours.them.diana)

    answer = client.get(ours.url("indicadores/1/mediciones.xlsx"))

    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert [row[1] for row in rows[1:]] == [60.5, 50]
    assert rows[2][3] == "Se firmó el convenio."


@pytest.mark.parametrize("page", ["indicadores/1/", "indicadores/1/mediciones.xlsx"])
def test_another_sector_and_an_unknown_indicator_are_404(ours, client, page):
    """AZ2."""
    client.force_login(ours.them.oscar)
    assert client.get(ours.url(page)).status_code == 404

    client.force_login(ours.them.diana)
    assert client.get(ours.url(page.replace("/1/", "/99/"))).status_code == 404
