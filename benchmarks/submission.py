"""Sending a report beside the bare transaction: two reads, an update, the audit's row and a commit that is on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.bare import bare_submission
from benchmarks.measure import race
from benchmarks.nation import settle
from benchmarks.table import Row
from benchmarks.teams import Teams, add_leader, build
from pes.models import OrganizationUnit, User
from tracking import lifecycle
from tracking.models import QuarterReport

DURABLE = True
REPETITIONS = 100
TEAMS = Teams("banco-envio", entities=4, processes=55, goals=10, vigencia=2026, quarters=(1, 2))
Act = Callable[[int], object]


def run(say: Callable[[str], None]) -> list[Row]:
    """Sending, with its rules, frozen version, notices and request for figures; by turns with the bare transaction."""
    reports = build(TEAMS, OrganizationUnit.objects.get(pk=1))
    leader = add_leader("banco-envio@ejemplo.invalid", OrganizationUnit.objects.get(code=TEAMS.code))
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(leader)
    settle()
    waiting = iter(asked := [report.pk for report in reports])
    rows = [
        *_rows("el verbo", waiting, lambda pk: _submit(pk, leader), lambda pk: bare_submission(pk, leader.pk), 2),
        *_rows(
            "la petición",
            waiting,
            lambda pk: _post(browser, _report(pk).url("report-submit")),
            lambda pk: _post(browser, f"/desnuda/enviar/{_report(pk).pk}/"),
        ),
    ]
    unsent = QuarterReport.objects.filter(pk__in=asked[: asked.index(next(waiting))], submitted_at=None)
    assert not unsent.exists(), "a refused report was measured as if it had been sent"
    return rows


def _rows(name: str, waiting: Iterator[int], ours: Act, floor: Act, target: float | None = None) -> list[Row]:
    counts = [_queries(lambda act=act: act(next(waiting))) for act in (ours, floor)]
    times = race(REPETITIONS, ours=lambda: ours(next(waiting)), floor=lambda: floor(next(waiting)))
    said = f"{TEAMS.goals} metas; {counts[0]} consultas, el piso {counts[1]}"
    return [
        Row(f"enviar un reporte, {name}, p95", times["ours"].p95, times["floor"].p95, target, note=said),
        Row(f"enviar un reporte, {name}, p50", times["ours"].median, times["floor"].median),
    ]


def _report(pk: int) -> QuarterReport:
    return QuarterReport.objects.select_related("plan__unit").get(pk=pk)


def _submit(pk: int, leader: User) -> None:
    lifecycle.submit(_report(pk), by=leader)


def _post(browser: Client, path: str) -> None:
    answer = browser.post(path)
    assert answer.status_code == 302, answer.status_code


def _queries(act: Callable[[], None]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)
