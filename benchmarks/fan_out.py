"""The dashboard while documents are rendered beside it: one worker of the report queue, on the same machine."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.urls import reverse

from benchmarks.browser import Browser
from benchmarks.measure import Times
from benchmarks.nation import settle
from benchmarks.pages import cookies_of, site
from benchmarks.samples import Sample, build, viewer
from benchmarks.table import Row
from benchmarks.workers import worker
from evaluation.models import ReportDraft
from evaluation.rules.periods import Kind, parse_period
from pes.models import Job, JobState, SectorPlan

ROUNDS, VISITS, WARM_UP = 3, 100, 20
SAMPLE = Sample("abanico", objectives=10, indicators=5, months=tuple(range(1, 13)), words=20)


def run(say: Callable[[str], None]) -> list[Row]:
    """Some visits with the worker at rest, as many with it rendering without a pause, by turns."""
    plan = build(SAMPLE)
    settle()
    idle, busy = Times(), Times()
    with site() as port, worker("reports"):
        browser = Browser(
            port, lambda step, seconds: times[step].seconds.append(seconds), cookies=cookies_of(viewer(plan))
        )
        times = {"warm": Times(), "idle": idle, "busy": busy}
        path = reverse("evaluation:dashboard", args=[SAMPLE.code])
        _visit(browser, "warm", path, WARM_UP)
        for number in range(ROUNDS):
            _visit(browser, "idle", path, VISITS)
            rendering = _fan_out(plan, number)
            _visit(browser, "busy", path, VISITS)
            left = _undone(rendering).count()
            say(f"abanico {number + 1}: {len(rendering) - left} de {len(rendering)} documentos durante las visitas")
            if not left:
                raise RuntimeError("the documents were done before the visits: nothing was measured")
            _wait(lambda asked=rendering: not _undone(asked).exists())
        browser.close()
    note = f"cola de informes con un proceso; p50 {busy.median * 1000:.1f} y {idle.median * 1000:.1f} ms"
    return [Row("tablero durante un abanico de informes, p95", busy.p95, idle.p95, 1.3, note=note)]


def _visit(browser: Browser, step: str, path: str, count: int) -> None:
    for _ in range(count):
        browser.get(step, path)


def _fan_out(plan: SectorPlan, number: int) -> list[int]:
    """Ask for a third of the months, and wait until the first document is being made."""
    asked = [
        ReportDraft.ask(plan, parse_period(Kind.MONTHLY.value, f"{on:%Y-%m}"), by=None).pk
        for on in SAMPLE.cutoffs[number::ROUNDS]
    ]
    _wait(lambda: Job.objects.filter(pk__in=asked, state=JobState.RUNNING).exists())
    return asked


def _undone(asked: list[int]) -> object:
    return Job.objects.filter(pk__in=asked).exclude(state__in=(JobState.DONE, JobState.FAILED))


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 240
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the worker does not render")
        time.sleep(0.05)
