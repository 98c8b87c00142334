"""Evidence in custody: the antivirus, the nightly round, what is found missing or altered (UP10, UP12, UP14)."""

from __future__ import annotations

import os
import socketserver
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest
from django.test import Client

from pes.files.keeping import incoming, root
from pes.models import Job, User
from pes.planner import plan_due_work
from tests import make, people, report_makers
from tests.tracking import files, proofs
from tracking import custody, lifecycle
from tracking.models import Evidence, EvidenceScan, QuarterReport

pytestmark = pytest.mark.django_db
# The antivirus industry's harmless test signature, in two halves so that no antivirus takes this file for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
TODAY = date(2022, 4, 20)


class Clamd(socketserver.ThreadingTCPServer):
    """A real server that speaks as clamd does to INSTREAM, and knows one threat."""

    allow_reuse_address = True
    daemon_threads = True

    class RequestHandlerClass(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.read(10) == b"zINSTREAM\0"
            content = b""
            while size := int.from_bytes(self.rfile.read(4), "big"):
                content += self.rfile.read(size)
            found = b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0"
            self.wfile.write(self.server.answer or found)

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), self.RequestHandlerClass)
        self.answer = b""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()


@pytest.fixture
def clamd(settings) -> Iterator[Clamd]:
    server = Clamd()
    settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
    yield server
    server.close()


@pytest.fixture
def them(media_root: Path) -> people.Cast:
    return people.cast()


@pytest.fixture
def report(them: people.Cast) -> QuarterReport:
    return proofs.two_goals(them)


def prove(report: QuarterReport, by: User, content: bytes, number: int = 1) -> Evidence:
    return proofs.prove(report, by, content, name="acta.docx", number=number)


def infected() -> bytes:
    """A document whose structure is in order and whose content is not; stored, its bytes in sight, the same each time."""
    buffer = BytesIO(files.office())
    with ZipFile(buffer, "a") as archive:
        archive.writestr(ZipInfo("word/nota.txt"), EICAR)
    return buffer.getvalue()


def download(user: User, evidence: Evidence) -> int:
    client = Client()
    client.force_login(user)
    answer = client.get(evidence.get_absolute_url())
    assert not answer.streaming or b"".join(answer.streaming_content) == evidence.path.read_bytes()
    return answer.status_code


@pytest.fixture
def demo(settings) -> None:
    settings.PES_DEMO = True  # stands in for the second factor


@pytest.mark.rule("UP10")
def test_an_infected_file_is_kept_aside_and_proves_nothing(report, them, clamd, demo, caplog) -> None:
    clean, made = prove(report, them.pilar, files.office()), prove(report, them.pilar, infected(), 2)
    again = prove(report, them.pilar, infected(), 1)

    assert EvidenceScan.objects.get(evidence=made).detail == "Win.Test.EICAR_HDB-1"
    assert [download(user, made) for user in (them.pilar, them.ana)] == [409, 409]
    assert (download(them.ana, clean), download(them.pilar, again)) == (200, 409)
    entries = report.entries.order_by("goal__number").values_list("pk", flat=True)
    assert Evidence.objects.count_in_force(entries) == {entries[0]: 1}
    assert [finding.kind for finding in custody.findings()] == ["infected"]


@pytest.mark.rule("UP10")
def test_without_the_antivirus_a_file_waits_only_its_team_opens_it_and_the_report_goes(
    report, them, settings, demo
) -> None:
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    made = prove(report, them.pilar, files.office())

    report_makers.fill(report)
    lifecycle.submit(report, by=them.luis, now=report_makers.opened_on(2022, 1, days=3))

    assert [download(user, made) for user in (them.pilar, them.luis, them.ana, them.diana)] == [200, 200, 409, 409]
    assert Evidence.objects.count_in_force([made.entry_id]) == {made.entry_id: 2}


@pytest.mark.rule("UP10")
def test_what_waited_is_looked_at_when_the_antivirus_is_back(report, them, settings, demo) -> None:
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    good, bad = prove(report, them.pilar, files.office()), prove(report, them.pilar, infected(), 2)
    server = Clamd()
    settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"

    plan_due_work(TODAY)
    make.run_jobs()
    server.close()

    assert [download(them.ana, one) for one in (good, bad)] == [200, 409]
    assert EvidenceScan.objects.count() == 2


@pytest.mark.rule("UP10")
def test_an_antivirus_that_cannot_answer_is_no_verdict(report, them, clamd, caplog) -> None:
    clamd.answer = b"INSTREAM size limit exceeded. ERROR\0"

    made = prove(report, them.pilar, files.office())

    assert not made.scans.exists()
    assert "no pudo analizar" in caplog.text


def at_night(day: date = TODAY, rounds: int = 1) -> None:
    for _ in range(rounds):
        plan_due_work(day)
        make.run_jobs()


def old(path: Path) -> Path:
    before = time.time() - 2 * custody.YOUNG_SECONDS
    os.utime(path, (before, before))
    return path


def stray(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / uuid.uuid4().hex
    path.write_bytes(b"nadie lo nombra")
    return path


@pytest.mark.rule("UP12")
def test_the_night_leaves_no_file_without_a_row(report, them) -> None:
    kept = old(prove(report, them.pilar, files.office()).path)
    orphan, waiting = old(stray(root() / "ab" / "cd")), old(stray(incoming()))
    young = [stray(root() / "ab" / "cd"), stray(incoming())]

    at_night()

    assert kept.is_file()
    assert [path.exists() for path in (orphan, waiting, *young)] == [False, False, True, True]
    assert (root() / "huerfanos" / orphan.name).read_bytes() == b"nadie lo nombra"


@pytest.mark.rule("UP12", "UP14")
def test_the_night_tells_of_a_row_without_a_file_and_of_a_changed_file_within_a_week(report, them, caplog) -> None:
    lost, changed = (
        prove(report, them.pilar, files.office()),
        prove(report, them.pilar, files.office(files.WORD, x=b"1"), 2),
    )
    lost.path.unlink()
    changed.path.chmod(0o640)
    changed.path.write_bytes(b"otro")

    for days in range(7):
        at_night(TODAY + timedelta(days=days), rounds=2)

    assert Job.objects.filter(kind=custody.CUSTODY_JOB).count() == 7
    found = custody.findings(report_makers.opened_on(2022, 1, days=25))
    assert sorted((finding.kind, finding.detail) for finding in found) == [
        ("altered", "acta.docx"),
        ("missing", "acta.docx"),
    ]
    assert f"Falta el archivo de la evidencia {lost.pk}" in caplog.text
    assert f"La evidencia {changed.pk} no da su huella" in caplog.text


@pytest.mark.rule("JB7")
def test_nights_that_were_missed_are_made_up_for_once(report, them) -> None:
    prove(report, them.pilar, files.office())
    at_night()

    at_night(TODAY + timedelta(days=3), rounds=2)
    at_night(TODAY + timedelta(days=30))

    nights = list(Job.objects.filter(kind=custody.CUSTODY_JOB).order_by("key").values_list("key", flat=True))
    days = [date.fromisoformat(key.rpartition(":")[2]) - TODAY for key in nights]
    assert [day.days for day in days] == [0, 1, 2, 3, 30]


def test_a_site_without_evidence_asks_for_nothing(media_root) -> None:
    assert [key for key in plan_due_work(TODAY) if key.startswith(custody.CUSTODY_JOB)] == []
    assert custody.findings() == []


@pytest.mark.rule("UP9")
def test_an_almost_full_disk_is_a_finding(media_root, settings) -> None:
    settings.EVIDENCE_MAX_DISK_PERCENT = 0

    assert [finding.kind for finding in custody.findings()] == ["disk"]
