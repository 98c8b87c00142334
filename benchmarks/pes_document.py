"""The whole document of a PES as PDF beside WeasyPrint alone, and as a durable job that tells its progress."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from benchmarks.documents import in_fresh_thread
from benchmarks.measure import race_fresh
from benchmarks.table import Row
from pes import jobs
from pes.approval.files import DATA, document_from, make_files, version_reading
from pes.approval.tasks import VERSION_JOB
from pes.approval.versions import digest_of
from pes.documents.assets import asset
from pes.documents.blocks import Block, Grid, Rich
from pes.documents.html import html_of
from pes.documents.pdf import BASE, STYLE, Pdf, render_html, static_only
from pes.models import ApprovalRound, JobState, PesVersion, SectorPlan, User, VersionKind
from pes.writing.content import ChapterContent, Content, SectionContent, to_json

FOLDER = Path(settings.PES_VAR_DIR) / "bench"
CHAPTERS, SECTIONS, PARAGRAPHS, ROWS = 6, 50, 17, 12  # each section has two tables: 100 in all
PEAK_MB, PEAK_MB_PER_ROW = 110, 0.35
REPETITIONS = 2
_WORDS = "el sector fortalece la gestión pública de la ciudad con resultados que se miden y se publican cada año "


def content(sections: int = SECTIONS) -> Content:
    """A document of some 150 pages with two tables in each of its sections."""
    each = -(-sections // CHAPTERS)
    chapters = []
    for chapter in range(CHAPTERS):
        mine = range(chapter * each, min((chapter + 1) * each, sections))
        made = tuple(_section(chapter + 1, place, number) for place, number in enumerate(mine, 1))
        chapters.append(
            ChapterContent(str(chapter + 1), f"Capítulo {chapter + 1} del documento", made, str(chapter + 1))
        )
    return Content("PES de medida", "Sector de medida", "2020–2024", tuple(chapters))


def _section(chapter: int, place: int, number: int) -> SectionContent:
    words = (f"<p>{number}.{at} {_WORDS * 5}</p>" for at in range(PARAGRAPHS))
    blocks: list[Block] = [Rich("".join(words), 3), _table(number, 1), _table(number, 2)]
    return SectionContent(f"{chapter}.{place}", f"Sección {number} del documento", 2, tuple(blocks), f"s{number}")


def _table(number: int, at: int) -> Grid:
    headers = ("Meta", "2020", "2021", "2022", "2023", "2024")
    rows = tuple(
        (f"Meta {row} de la sección {number}", *(f"{row * year},5" for year in range(1, 6))) for row in range(ROWS)
    )
    return Grid(f"Programación {at} de la sección {number}", headers, rows, frozenset(range(1, 6)))


def ours(version: str) -> int:
    """The product's PDF of a frozen version: content from the database, HTML, PDF; return its pages."""
    return in_fresh_thread(lambda: _document(int(version))).pages


def _document(version: int) -> Pdf:
    reading = version_reading(PesVersion.objects.select_related("plan__sector", "round").get(pk=version), None)
    html = html_of(document_from(reading))
    return render_html(html, reading.data, dated_at=reading.dated_at, description="Contenido", name=DATA)


def floor(version: str) -> int:
    """WeasyPrint alone on the saved files: same variant, fonts, style and attachment; return the bytes."""
    return len(in_fresh_thread(lambda: _alone(version)))


def _alone(version: str) -> bytes:
    saved, data = (FOLDER / f"pes-{version}.html").read_text(), (FOLDER / f"pes-{version}.json").read_bytes()
    fetcher, fonts = static_only(), FontConfiguration()
    style = CSS(string=asset(STYLE).decode(), base_url=BASE + STYLE, font_config=fonts, url_fetcher=fetcher)
    attachment = Attachment(file_obj=BytesIO(data), name=DATA, relationship="Data", url_fetcher=fetcher)
    document: bytes = HTML(string=saved, base_url=BASE, url_fetcher=fetcher).write_pdf(
        font_config=fonts,
        stylesheets=[style],
        pdf_variant="pdf/a-3a",
        attachments=[attachment],
        presentational_hints=False,
    )
    return document


def run(say: Callable[[str], None], sections: int = SECTIONS) -> list[Row]:
    """The PDF, each in a process of its own, then the job that makes PDF, DOCX and JSON."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    version = _version(sections)
    reading = version_reading(version, None)
    saved = html_of(document_from(reading))
    (FOLDER / f"pes-{version.pk}.html").write_text(saved)
    (FOLDER / f"pes-{version.pk}.json").write_bytes(reading.data)
    mine, alone = race_fresh(
        REPETITIONS, ("pes_document.ours", str(version.pk)), ("pes_document.floor", str(version.pk))
    )
    rows, tables = saved.count("<tr"), saved.count("<table")
    say(f"PES de {mine.answer} páginas con {tables} tablas: {mine.seconds:.1f} s")
    note = f"{rows} filas en {tables} tablas; pico de WeasyPrint solo {alone.peak:.0f} MB; {_job(version, say)}"
    return [
        Row(
            f"documento del PES de {mine.answer} páginas", mine.seconds, alone.seconds, 1.1, peak=mine.peak,
            peak_target=PEAK_MB + PEAK_MB_PER_ROW * rows, note=note,
        )
    ]  # fmt: skip


def _version(sections: int) -> PesVersion:
    """A frozen version of a plan of the nation."""
    plan, by, now = SectorPlan.objects.select_related("sector").first(), User.objects.console(), timezone.now()
    assert plan is not None  # the nation has many
    stored = to_json(content(sections))
    number = PesVersion.objects.filter(plan=plan).count() + 1
    round_ = ApprovalRound.objects.create(
        plan=plan, number=1000 + number, status="withdrawn", opened_by=by, opened_at=now
    )
    return PesVersion.objects.create(
        plan=plan, round=round_, number=number, kind=VersionKind.INITIAL, content=stored, digest=digest_of(stored),
        respond_by=timezone.localdate() + timedelta(days=10), presented_by=by, presented_at=now,
    )  # fmt: skip


def _job(version: PesVersion, say: Callable[[str], None]) -> str:
    """The durable job, which also makes the DOCX and stores the files; what it tells of its progress."""
    told: list[int] = []
    make_files(version_reading(version, None), told.append)
    payload: dict[str, Any] = {"version": 1, "pes_version": version.pk, "adoption": None}
    job = jobs.enqueue(VERSION_JOB, f"{VERSION_JOB}:{version.pk}:0", payload, by=User.objects.console())
    started = time.perf_counter()
    done = jobs.run_now(job)
    if done.state != JobState.DONE:
        raise RuntimeError(f"{done}: {done.error}")
    seconds = time.perf_counter() - started
    say(f"trabajo con PDF, DOCX y JSON: {seconds:.1f} s; avance contado: {told}")
    return f"trabajo completo {seconds:.1f} s, avance en {len(told)} pasos"
