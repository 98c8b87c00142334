"""The PES of a sector and the list of sectors."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.evaluation.sector import Sector, sector

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(settings) -> Sector:
    settings.PES_DEMO = True
    return sector()


def test_the_plan_shows_platform_and_tree(ours, client):
    """LC-07, PES-01."""
    ours.them.head.mission, ours.them.head.platform_act = "Servir a la ciudad.", "Resolución 277 de 2020"
    ours.them.head.save()
    client.force_login(ours.them.luis)

    page = client.get(ours.url("pes/")).content.decode()

    for text in ("Servir a la ciudad.", "Resolución 277 de 2020", "2020–2024", "Meta sectorial 301", "Indicador 1"):
        assert text in page


def test_what_the_source_does_not_say_is_not_invented(ours, client):
    """PES-11."""
    client.force_login(ours.them.diana)

    page = client.get(ours.url("pes/")).content.decode()

    assert "Nada se inventa" in page
    assert "Sin información" in page


def test_the_plan_leaves_as_the_workbook_that_is_imported(ours, client):
    """IM14."""
    client.force_login(ours.them.diana)

    answer = client.get(ours.url("pes.xlsx"))

    assert "Indicadores" in load_workbook(BytesIO(answer.content)).sheetnames
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize("page", ["pes/", "pes.xlsx"])
def test_the_plan_of_another_sector_is_404(ours, client, page):
    """AZ2."""
    client.force_login(ours.them.oscar)

    assert client.get(ours.url(page)).status_code == 404


def test_sectors_are_listed_with_and_without_a_plan(ours, client):
    client.force_login(ours.them.olga)

    page = client.get("/sectores/").content.decode()

    assert ours.url("pes/") in page
    assert "Sin PES cargado" in page


def test_each_person_sees_only_the_sectors_within_reach(ours, client):
    """AZ11."""
    client.force_login(ours.them.diana)

    page = client.get("/sectores/").content.decode()

    assert "Gestión Pública" in page
    assert "Sin PES cargado" not in page
