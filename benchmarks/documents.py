"""Reports as PDF beside WeasyPrint alone, and forty of them on two Celery workers beside one process."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from benchmarks.measure import race_fresh
from benchmarks.nation import settle
from benchmarks.samples import Sample, build
from benchmarks.table import Row
from evaluation.documents import html, pdf
from evaluation.documents.context import ReportContext
from evaluation.documents.sector_report import build as build_context
from evaluation.documents.workbook import workbook
from evaluation.models import ReportDraft
from evaluation.rules.periods import Kind, Period, parse_period
from pes import jobs
from pes.documents.assets import asset
from pes.documents.pdf import BASE, DATA_NAME, STYLE, Pdf, static_only
from pes.models import Job, JobState, SectorPlan

DOCUMENTS, WARM_UP, WORKERS = 40, 4, 2
SHORT = Sample(
    "cortos",
    objectives=1,
    indicators=2,
    months=tuple(range(1, 13)),
    years=(2020, 2021, 2022, 2023),
    words=20,
    entities=1,
)
LONG = Sample("largos", objectives=10, indicators=35, words=60)
SAMPLES = {
    SHORT.code: (SHORT, parse_period("monthly", "2023-06")),
    LONG.code: (LONG, parse_period("semiannual", "2023-S1")),
}
REPETITIONS = {SHORT.code: 5, LONG.code: 2}
FOLDER = Path(settings.PES_VAR_DIR) / "bench"


def ours(code: str) -> int:
    """The product's document: context from the database, workbook, HTML and PDF; return its pages."""
    return in_fresh_thread(lambda: _document(code)).pages


def _document(code: str) -> Pdf:
    context = _context(code)
    return pdf.render(context, workbook(context))


def _context(code: str) -> ReportContext:
    sample, period = SAMPLES[code]
    plan = SectorPlan.objects.select_related("sector").get(sector__code=code)
    return build_context(plan, period, max(on for on in sample.cutoffs if f"{on:%Y-%m}" <= "2023-06"))


def floor(code: str) -> int:
    """WeasyPrint alone on the saved files: same variant, fonts, style and attachment; return the bytes."""
    return len(in_fresh_thread(lambda: _alone(code)))


def _alone(code: str) -> bytes:
    saved, data = (FOLDER / f"{code}.html").read_text(), (FOLDER / f"{code}.xlsx").read_bytes()
    fetcher, fonts = static_only(), FontConfiguration()
    style = CSS(string=asset(STYLE).decode(), base_url=BASE + STYLE, font_config=fonts, url_fetcher=fetcher)
    attachment = Attachment(file_obj=BytesIO(data), name=DATA_NAME, relationship="Data", url_fetcher=fetcher)
    document = HTML(string=saved, base_url=BASE, url_fetcher=fetcher)
    return document.write_pdf(
        font_config=fonts,
        stylesheets=[style],
        pdf_variant="pdf/a-3a",
        attachments=[attachment],
        presentational_hints=False,
    )


def in_fresh_thread(work: Callable[[], Any]) -> Any:
    """As the product's jobs do: CPython 3.11 is half as slow at some depths of the stack."""
    done: list[Any] = []
    thread = threading.Thread(target=lambda: done.append(work()))
    thread.start()
    thread.join()
    return done[0]


def run(say: Callable[[str], None]) -> list[Row]:
    """A short and a long report, then the fan-out."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    plans = {sample.code: build(sample) for sample in (SHORT, LONG)}
    settle()
    say("sectores de los informes listos")
    return [_pdf(SHORT, say), _pdf(LONG, say), _fan_out(plans[SHORT.code], say)]


def _pdf(sample: Sample, say: Callable[[str], None]) -> Row:
    """Time and peak, each document in a process of its own; WeasyPrint is imported before the clock starts."""
    context = _context(sample.code)
    saved = html.document(context)
    (FOLDER / f"{sample.code}.html").write_text(saved)
    (FOLDER / f"{sample.code}.xlsx").write_bytes(workbook(context))
    ours, floor = race_fresh(
        REPETITIONS[sample.code], ("documents.ours", sample.code), ("documents.floor", sample.code)
    )
    say(f"PDF de {ours.answer} páginas: {ours.seconds:.1f} s")
    note = f"{saved.count('<tr')} filas de tablas; pico de WeasyPrint solo {floor.peak:.0f} MB"
    return Row(f"PDF de {ours.answer} páginas", ours.seconds, floor.seconds, 1.1, peak=ours.peak, note=note)


def _periods(sample: Sample) -> list[Period]:
    return [parse_period(Kind.MONTHLY.value, f"{on:%Y-%m}") for on in sample.cutoffs]


def _fan_out(plan: SectorPlan, say: Callable[[str], None]) -> Row:
    """The same jobs: by one process, one after the other, then by two real workers."""
    periods = _periods(SHORT)
    warm_up, periods = periods[:WARM_UP], periods[WARM_UP : WARM_UP + DOCUMENTS]
    for period in warm_up:
        _done(jobs.run_now(ReportDraft.ask(plan, period, by=None)))
    asked = [ReportDraft.ask(plan, period, by=None) for period in periods]
    started = time.perf_counter()
    for job in asked:
        _done(jobs.run_now(job))
    alone = time.perf_counter() - started
    say(f"{DOCUMENTS} documentos en un proceso: {alone:.1f} s")
    redis.from_url(settings.REDIS_URL).flushdb()  # the hints of what is done
    with workers():
        _wait([ReportDraft.ask(plan, period, by=None) for period in warm_up])
        started = time.perf_counter()
        _wait([ReportDraft.ask(plan, period, by=None) for period in periods])
        together = time.perf_counter() - started
    say(f"{DOCUMENTS} documentos en {WORKERS} trabajadores: {together:.1f} s")
    note = f"{alone / DOCUMENTS * 1000:.0f} ms por documento (HTML, PDF y XLSX) en un proceso"
    return Row(f"{DOCUMENTS} informes, {WORKERS} trabajadores", together, alone, 1.75, is_speed_up=True, note=note)


@contextmanager
def workers() -> Iterator[None]:
    """Celery workers of the report queue, each with one child, as many as there are cores to render."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "pes.celery", "worker", "-Q", "reports", "-c", "1", "-n", f"r{at}@%h", "-l", "ERROR"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for at in range(WORKERS)
    ]  # fmt: skip
    try:
        yield
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait(60)


def _wait(asked: list[Job]) -> None:
    deadline = time.monotonic() + 240
    waiting = Job.objects.filter(pk__in=[job.pk for job in asked]).exclude(state=JobState.DONE)
    while waiting.exists():
        if time.monotonic() > deadline or waiting.filter(state=JobState.FAILED).exists():
            raise RuntimeError(
                f"{waiting.count()} documents are missing: {waiting.values_list('error', flat=True)[:1]}"
            )
        time.sleep(0.05)


def _done(job: Job) -> None:
    if job.state != JobState.DONE:
        raise RuntimeError(f"{job}: {job.error}")
