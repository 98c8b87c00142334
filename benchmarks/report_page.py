"""The pages of a quarterly report of a plan with 200 goals beside one of 20: the same number of queries."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.measure import race
from benchmarks.nation import settle
from benchmarks.table import Row
from benchmarks.teams import Teams, add_leader, build
from pes.models import OrganizationUnit
from tracking.models import QuarterReport

REPETITIONS = 7
SMALL, LARGE = 20, 200
PAGES = {"reporte": "report", "revisar antes de enviar": "report-submit", "historia": "report-history"}


def run(say: Callable[[str], None]) -> list[Row]:
    """Each page, by the client of Django with all the middleware."""
    small, large = (_report(goals, vigencia) for goals, vigencia in ((SMALL, 2027), (LARGE, 2028)))
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(add_leader("banco-metas@ejemplo.invalid", OrganizationUnit.objects.get(pk=1)))
    settle()
    return [_row(browser, name, small.url(page), large.url(page)) for name, page in PAGES.items()]


def _report(goals: int, vigencia: int) -> QuarterReport:
    teams = Teams(f"banco-metas{goals}", entities=1, processes=1, goals=goals, vigencia=vigencia)
    return build(teams, OrganizationUnit.objects.get(pk=1))[0]


def _row(browser: Client, name: str, small: str, large: str) -> Row:
    times = race(REPETITIONS, small=lambda: _open(browser, small), large=lambda: _open(browser, large))
    counts = [_queries(browser, path) for path in (small, large)]
    verdict = "las mismas consultas: cumple" if counts[0] == counts[1] else "consultas distintas: NO CUMPLE"
    note = f"{counts[0]} y {counts[1]} consultas; {verdict}"
    return Row(f"{name}: {LARGE} metas / {SMALL}", times["large"].median, times["small"].median, note=note)


def _open(browser: Client, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.status_code


def _queries(browser: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        _open(browser, path)
    return len(captured)
