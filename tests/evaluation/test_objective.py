"""A strategic objective: its table adds up, sorts, and leaves as it is on screen."""

from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from evaluation.pages.objective import objective_page
from evaluation.pages.selection import select
from pes.rules.numbers import exact, round_half_up
from tests.evaluation.sector import Sector, sector

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> Sector:
    return sector(indicators=3, measured=2)


def page_of(ours: Sector, order: str = ""):
    return objective_page(select(ours.them.diana, ours.plan.sector.code, {}), 1, order)


def test_the_contributions_add_up_to_the_objective(ours):
    """PES-04, PES-05: contributions are of the stored result, unrounded."""
    page = page_of(ours)

    shares = [row.numbers.contribution for row in page.rows if row.numbers.contribution is not None]
    with exact():
        assert round_half_up(sum(shares) - ours.cutoff.sector_result.objectives[0].compliance, 30) == 0
    assert page.compliance == "45,71\u00a0%"


def test_an_unmeasured_indicator_says_so_and_contributes_nothing(ours):
    """PT-17: pending is not zero."""
    row = page_of(ours).rows[2]

    assert (row.result, row.percent, row.contribution, row.achieved) == ("Pendiente", None, "–", "–")


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("codigo", ["1", "2", "3"]),
        ("-codigo", ["3", "2", "1"]),
        ("resultado", ["2", "1", "3"]),
        ("-resultado", ["1", "2", "3"]),
        ("nada", ["1", "2", "3"]),
    ],
)
def test_the_table_sorts_and_unknown_figures_come_last(ours, order, expected):
    assert [row.key for row in page_of(ours, order).rows] == expected


def test_the_export_is_what_is_on_screen(ours, client):
    client.force_login(ours.them.diana)

    answer = client.get(ours.url("objetivos/1/tabla.xlsx?orden=-codigo"))

    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert [row[0] for row in rows[1:]] == ["3", "2", "1"]
    assert rows[3][4:7] == (75, 100, 50)
    assert "attachment" in answer["Content-Disposition"]


def test_an_objective_without_indicators_invents_nothing(ours, client):
    """PES-11."""
    client.force_login(ours.them.diana)

    assert "Nada se inventa" in client.get(ours.url("objetivos/2/")).content.decode()


def test_an_unknown_objective_is_404(ours, client):
    client.force_login(ours.them.diana)

    assert client.get(ours.url("objetivos/9/")).status_code == 404


def test_the_objective_of_another_sector_is_404(ours, client):
    """AZ2."""
    client.force_login(ours.them.oscar)

    assert client.get(ours.url("objetivos/1/")).status_code == 404
    assert client.get(ours.url("objetivos/1/tabla.xlsx")).status_code == 404


def test_the_percentage_of_the_page_is_the_stored_one(ours):
    assert page_of(ours).percent == Decimal("45.71")
