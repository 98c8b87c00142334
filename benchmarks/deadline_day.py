"""The deadline day: 300 leaders in 150 s log in, look at eight pages, upload 2 MB and send their report (LD1).

Beside them, and in the same seconds, each also asks for the bare page: same middleware, session and person, one query.
"""

from __future__ import annotations

import io
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from random import Random

import pikepdf
from django.contrib.auth.hashers import make_password
from django.urls import reverse
from django.utils import timezone

from benchmarks.browser import Browser
from benchmarks.measure import Times
from benchmarks.nation import settle
from benchmarks.pages import THREADS, WORKERS, site
from benchmarks.table import Row, milliseconds
from benchmarks.teams import Teams, add_leader, build
from benchmarks.workers import worker
from pes.files.keeping import digest_of
from pes.models import AuditEvent, OrganizationUnit
from tracking.models import Evidence, EvidenceKind, QuarterReport

DURABLE = True  # a sent report must survive a power cut, and is measured so
PEOPLE, SECONDS = 300, 150.0
THINKING = (0.3, 1.7)  # seconds between two pages
MEGABYTES = 2
BARE = "página desnuda"
SEND = "enviar el reporte"
GOAL = 3  # the one that gets the file
OFFICES = 6  # entities, each behind one address
TEAMS = Teams("banco-dia", entities=OFFICES, processes=PEOPLE // OFFICES + 1, goals=10, vigencia=2025)
PASSWORD = "una frase que nadie adivina"

Note = Callable[[str, float], None]


class Day:
    """What some people saw: seconds by step, and whatever went wrong."""

    def __init__(self, port: int, reports: list[QuarterReport], file: bytes) -> None:
        self.port, self.reports, self.file = port, reports, file
        self.times: dict[str, Times] = defaultdict(Times)
        self.errors: list[str] = []

    def pass_by(self, seconds: float) -> float:
        """Let them arrive one after the other, evenly; return the seconds until the last one was done."""
        started, people = time.perf_counter(), []
        for at, report in enumerate(self.reports):
            time.sleep(max(0.0, started + at * seconds / len(self.reports) - time.perf_counter()))
            people.append(threading.Thread(target=self._come, args=(report, Random(at))))
            people[-1].start()
        for person in people:
            person.join()
        return time.perf_counter() - started

    def _come(self, report: QuarterReport, dice: Random) -> None:
        office = f"127.0.1.{report.plan.unit.parent_id % 250 + 1}"
        browser = Browser(self.port, lambda step, seconds: self.times[step].seconds.append(seconds), office)
        try:
            for act in visit(browser, report, self.file):
                act()
                time.sleep(dice.uniform(*THINKING))
        except Exception as error:  # whatever it is, it is an error that a person saw
            self.errors.append(f"{report}: {error!r}"[:700])
        finally:
            browser.close()


def visit(browser: Browser, report: QuarterReport, file: bytes) -> Iterator[Callable[[], object]]:
    """Everything that a leader does that day, step by step."""
    login, proof, send = reverse("account_login"), report.url("goal-evidence", GOAL), report.url("report-submit")
    who = {"login": email(report), "password": PASSWORD}
    yield lambda: browser.get("abrir el ingreso", login)
    yield lambda: browser.post("ingresar (argon2)", login, who)
    yield lambda: browser.get("inicio", reverse("pes:home"))
    yield lambda: browser.get("planes de gestión", reverse("plans:list"))
    yield lambda: browser.get(BARE, "/desnuda/")
    yield lambda: browser.get("plan", report.plan.url("plan"))
    yield lambda: browser.get(
        "reportes del plan", reverse("tracking:reports", args=[report.plan.unit.code, report.plan.vigencia_id])
    )
    yield lambda: browser.get("reporte", report.url("report"))
    yield lambda: browser.get("evidencias de una meta", proof)
    yield lambda: browser.upload(f"subir {MEGABYTES} MB", proof, "informe.pdf", file)
    yield lambda: browser.get(BARE, "/desnuda/")
    yield lambda: browser.get("revisar antes de enviar", send)
    yield lambda: browser.post(SEND, send, {})
    yield lambda: browser.get("reporte enviado", report.url("report"))


def evidence(megabytes: int) -> bytes:
    """A PDF with one page that draws a picture of noise, which nothing compresses."""
    side = int((megabytes * 1024**2 / 3) ** 0.5)
    book = pikepdf.new()
    page = book.add_blank_page(page_size=(595, 842))
    noise = pikepdf.Stream(book, os.urandom(side * side * 3))
    noise.stream_dict.update(
        {
            "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": side, "/Height": side,
            "/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8,
        }
    )  # fmt: skip
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=noise))
    page.Contents = pikepdf.Stream(book, b"q 500 0 0 500 40 200 cm /Im0 Do Q")
    out = io.BytesIO()
    book.save(out, compress_streams=False)
    return out.getvalue()


def email(report: QuarterReport) -> str:
    """The address of who answers for a report."""
    return f"{report.plan.unit.code}@ejemplo.invalid".lower()


def run(say: Callable[[str], None]) -> list[Row]:
    """The day on gunicorn and a PostgreSQL that keeps what it confirms, with a worker for the jobs that sending asks."""
    reports = build(TEAMS, OrganizationUnit.objects.get(pk=1))
    encoded = make_password(PASSWORD)  # one for all: checking it costs the same
    Random(20250415).shuffle(reports)  # the offices mix
    for report in reports:
        add_leader(email(report), report.plan.unit, encoded)
    settle()
    say(f"{len(reports)} líderes, con su plan y su reporte por enviar")
    before = timezone.now()
    file = evidence(MEGABYTES)
    with site() as port, worker("default"):
        Day(port, reports[PEOPLE:], file).pass_by(1)  # the site is warm: it did not start today
        day = Day(port, reports[:PEOPLE], file)
        took = day.pass_by(SECONDS)
    say(f"{len(day.reports)} personas en {took:.0f} s; errores: {len(day.errors)}")
    for error in day.errors[:3]:
        say(error)
    problems = [*day.errors, *missing(day.reports, before)]
    if BARE not in day.times:
        raise RuntimeError(f"nobody got anywhere: {problems[:1]}")
    return rows(day, took, f"{len(problems)} errores" + (f"; el primero: {problems[0]}" if problems else ""))


def rows(day: Day, took: float, errors: str) -> list[Row]:
    """The p95 of each step beside that of the bare page in the same minutes."""
    bare = day.times.pop(BARE)
    count = len(day.reports)
    head = (
        f"{count} personas en {took:.0f} s, {errors}; gunicorn gthread {WORKERS}×{THREADS}, PostgreSQL durable; "
        f"página desnuda p50 {milliseconds(bare.median)} ms"
    )
    found = [
        Row(f"día de cierre: {step}, p95", times.p95, bare.p95, note=f"p50 {milliseconds(times.median)} ms; {limit(step, times)}")
        for step, times in day.times.items()
    ]  # fmt: skip
    return [*found[:-1], Row(found[-1].name, found[-1].ours, found[-1].floor, note=f"{found[-1].note}. {head}")]


def limit(step: str, times: Times) -> str:
    """What LD1 promises of a step, and whether it holds."""
    most = 2 if step == SEND else 1
    return f"LD1 pide p95 ≤ {most} s: {'cumple' if times.p95 <= most else 'NO CUMPLE'}"


def missing(reports: list[QuarterReport], since: object) -> list[str]:
    """What was answered and is not there: each report sent once, each file kept as it came."""
    keys = [report.pk for report in reports]
    sent = QuarterReport.objects.filter(pk__in=keys, submitted_at__gte=since).count()
    acts = AuditEvent.objects.filter(verb="report_submitted", object_id__in=map(str, keys)).count()
    files = list(Evidence.objects.filter(entry__report__in=keys, kind=EvidenceKind.FILE))
    whole = sum(digest_of(file.path) == file.sha256 for file in files)
    counts = {"reportes enviados": sent, "actos en la bitácora": acts, "archivos íntegros": whole}
    return [f"{found} {what} de {len(keys)}" for what, found in counts.items() if found != len(keys)]
