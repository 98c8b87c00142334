"""Pages cost the same number of queries with few and with many rows (performance, §4 and §8)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pes.models import InvestmentProject
from tests import make
from tests.evaluation.sector import Sector, sector

pytestmark = pytest.mark.django_db
PAGES = [
    "tablero/", "objetivos/1/", "indicadores/1/", "origen/", "origen/?objetivo=1", "origen/?indicador=1", "cortes/",
    "ponderacion/2022/1/", "ponderacion/2022/", "pes/", "proyectos/",
]  # fmt: skip


@pytest.fixture
def ours(settings) -> Sector:
    settings.PES_DEMO = True
    return sector()


def cost(client: Client, url: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def grow(ours: Sector) -> None:
    """More of everything: objectives, goals, indicators, measurements, cut-offs, projects."""
    for number in range(3, 7):
        objective = make.objective(plan=ours.plan, number=number)
        goal = make.goal(objective=objective, code=f"4{number}")
        for at in range(4):
            indicator = make.indicator(goal=goal, entity=ours.them.head, key=f"{number}{at}")
            make.measurement(indicator=indicator, by=ours.them.elena, achieved=at, on=date(2022, number, 28))
        InvestmentProject.objects.create(entity=ours.them.head, code=f"7{number}", name="Proyecto")
    for month in range(4, 8):
        make.measurement(
            indicator=ours.plan.indicators.get(key="1"), by=ours.them.elena, achieved=60, on=date(2022, month, 15)
        )
    make.run_jobs()


@pytest.mark.parametrize("name", ["diana", "ana", "jorge"])
def test_pages_cost_the_same_at_two_sizes(ours, client, name):
    client.force_login(getattr(ours.them, name))
    client.get("/")
    corte = "corte=2022-03-31"
    urls = [ours.url(page) + ("&" if "?" in page else "?") + corte for page in PAGES]
    few = {url: cost(client, url) for url in urls}

    grow(ours)

    assert {url: cost(client, url) for url in urls} == few


def test_the_inbox_costs_the_same_with_more_indicators(settings, client):
    settings.PES_DEMO = True
    ours = sector(measured=1)
    client.force_login(ours.them.elena)
    client.get("/")
    few = cost(client, "/")
    goal = ours.objective.goals.get()
    for at in range(10, 16):
        make.indicator(goal=goal, entity=ours.them.head, key=str(at))
    make.measurement(indicator=ours.plan.indicators.get(key="1"), by=ours.them.elena, achieved=60, on=date(2022, 4, 15))
    make.run_jobs()

    assert cost(client, "/") == few
