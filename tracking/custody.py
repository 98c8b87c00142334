"""Is what we say we keep still there, and as it came? Asked every night, and of each file once a week (UP12, UP14).

One durable job a day. It compares the folder with the rows: a row without its file is told, a file without a row is put
aside (an upload died between both) and kept there for a month. Then it digests the files of its weekday again. The
planner asks for the days that are missing, up to a week; `findings` says what the last rounds found.
"""

from __future__ import annotations

import logging
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from pes import jobs
from pes.files import antivirus
from pes.files.keeping import digest_of, disk_used, incoming, root
from pes.models import Job, StoredFile
from pes.models.job import JobState
from tracking.models import Evidence, EvidenceKind, EvidenceScan, ScanVerdict
from tracking.scans import note, waiting

log = logging.getLogger(__name__)
CUSTODY_JOB = "check_custody"
SCAN_JOB = "scan_evidence"
SHARDS = 7  # one a day
YOUNG_SECONDS = 3600  # a file this new may belong to a row that is about to be written
ASIDE_SECONDS = 30 * 24 * 3600
SCANS_AT_ONCE = 200
PATIENCE = 3  # silences of the antivirus before the rest waits for the next round


@dataclass(frozen=True, slots=True)
class Found:
    """What a round found: ids of evidence without file and with another digest, and how many files had no row."""

    missing: tuple[str, ...]
    altered: tuple[str, ...]
    orphans: int
    checked: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with what is kept, in Spanish; `kind` is missing | altered | infected | disk.

    `evidence` is the id of the row, so that nobody is told of what is not theirs (AZ11); the disk is everybody's.
    """

    kind: str
    title: str
    detail: str
    since: date
    evidence: uuid.UUID | None = None


def compare(kept: Mapping[str, Path]) -> tuple[list[str], int]:
    """Ids of the rows without a file, and how many old files without a row were put aside.

    `kept` has the place of the file of each row, read before: a file that came later is young.
    """
    missing = [pk for pk, path in kept.items() if not path.is_file()]
    return missing, _put_aside(set(kept.values()))


def altered_of(kept: Mapping[str, tuple[Path, str]]) -> list[str]:
    """Ids of the files that no longer give the digest with which they came."""
    return [pk for pk, (path, sha256) in kept.items() if path.is_file() and digest_of(path) != sha256]


def findings(now: datetime | None = None) -> list[Finding]:
    """What is wrong with the evidence in custody today, the worst first; for who answers for it."""
    today = timezone.localdate(now or timezone.now())
    found = [*_lost_or_changed(today), *_infected()]
    used = disk_used()
    if used >= settings.EVIDENCE_MAX_DISK_PERCENT:
        title = "El disco de evidencias está casi lleno"
        found.append(Finding("disk", title, f"Ocupado al {used} %: no se reciben archivos.", today))
    return found


def plan_custody(today: date) -> Iterator[str]:
    """The planner's part: the rounds of the last days that were never asked for, and the files nobody has scanned."""
    if Evidence.objects.filter(kind=EvidenceKind.FILE).exists() or StoredFile.objects.exists():
        for key in _missing_rounds(today):
            yield jobs.enqueue(CUSTODY_JOB, key, {"on": key.rpartition(":")[2]}).key
    if antivirus.is_on() and waiting().exists():
        yield jobs.enqueue(SCAN_JOB, SCAN_JOB, {}).key


def _missing_rounds(today: date) -> list[str]:
    """Keys of the days without a round since the last one; only today's where there was none."""
    days = [today - timedelta(days=back) for back in range(SHARDS - 1, -1, -1)]
    keys = [f"{CUSTODY_JOB}:{day.isoformat()}" for day in days]
    made = set(Job.objects.filter(kind=CUSTODY_JOB, key__in=keys).values_list("key", flat=True))
    first = next((index for index, key in enumerate(keys) if key in made), SHARDS - 1)
    return [key for key in keys[first:] if key not in made]


def _read_round(job: Job) -> tuple[dict[str, Path], dict[str, tuple[Path, str]]]:
    """Every file that must be there, and those of the job's weekday with the digest that they must give."""
    weekday = date.fromisoformat(job.payload["on"]).weekday()
    rows: list[Evidence | StoredFile] = [
        *Evidence.objects.filter(kind=EvidenceKind.FILE, stored_as=None).only("pk", "sha256", "stored_as"),
        *StoredFile.objects.only("pk", "sha256"),
    ]
    places = {str(row.pk): row.path for row in rows}
    todo = {str(row.pk): (row.path, row.sha256) for row in rows if row.pk.int % SHARDS == weekday}
    return places, todo


def _make_round(context: tuple[dict[str, Path], dict[str, tuple[Path, str]]], progress: jobs.Progress) -> Found:
    places, todo = context
    missing, orphans = compare(places)
    altered = []
    for done, (pk, place) in enumerate(todo.items()):
        altered += altered_of({pk: place})
        progress(100 * done // len(todo))
    return Found(tuple(missing), tuple(altered), orphans, len(todo))


def _write_round(job: Job, _context: Any, found: Found) -> dict[str, Any]:
    for pk in found.missing:
        log.error("Falta el archivo de la evidencia %s.", pk)
    for pk in found.altered:
        log.error("La evidencia %s no da su huella SHA-256.", pk)
    if found.orphans:
        log.error("%s archivos sin fila quedaron aparte, en %s.", found.orphans, _aside())
    return asdict(found)


def _read_scan(_job: Job) -> list[Evidence]:
    return list(waiting()[:SCANS_AT_ONCE])


def _make_scan(waiting: list[Evidence], _progress: jobs.Progress) -> dict[uuid.UUID, antivirus.Scan]:
    """What the antivirus says of each, until it has been silent a few times."""
    said: dict[uuid.UUID, antivirus.Scan] = {}
    silences = 0
    for evidence in waiting:
        found = antivirus.scan(evidence.path) if evidence.path.is_file() else None
        if found is not None:
            said[evidence.pk] = found
            continue
        silences += 1
        if silences == PATIENCE:
            break
    return said


def _write_scan(_job: Job, waiting: list[Evidence], said: dict[uuid.UUID, antivirus.Scan]) -> dict[str, Any]:
    for evidence in waiting:
        note(evidence, said.get(evidence.pk))
    return {"scanned": len(said)}


def _aside() -> Path:
    return root() / "huerfanos"


def _put_aside(known: set[Path]) -> int:
    """Move files that no row names out of the way, and forget those that nobody missed in a month."""
    now = time.time()
    _forget(incoming(), now - YOUNG_SECONDS)
    _forget(_aside(), now - ASIDE_SECONDS)
    moved = 0
    for path in root().glob("??/??/*"):
        if path not in known and path.stat().st_mtime < now - YOUNG_SECONDS:
            _aside().mkdir(parents=True, exist_ok=True)
            shutil.move(path, _aside() / path.name)
            (_aside() / path.name).touch()  # its month begins now
            moved += 1
    return moved


def _forget(folder: Path, before: float) -> None:
    for path in folder.glob("*"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _lost_or_changed(today: date) -> Iterator[Finding]:
    rounds = list(Job.objects.filter(kind=CUSTODY_JOB, state=JobState.DONE).order_by("-key")[:SHARDS])
    since: dict[tuple[str, str], date] = {}
    for index, job in enumerate(rounds):
        on = date.fromisoformat(job.payload["on"])
        since |= {("altered", pk): on for pk in job.result["altered"] if on > today - timedelta(days=SHARDS)}
        since |= {("missing", pk): on for pk in job.result["missing"] if not index}
    keys = [uuid.UUID(pk) for _, pk in since]
    rows: dict[uuid.UUID, Any] = {**StoredFile.objects.in_bulk(keys), **Evidence.objects.in_bulk(keys)}
    for (kind, pk), on in since.items():
        title = "Falta un archivo de evidencia" if kind == "missing" else "Una evidencia no coincide con su huella"
        yield Finding(kind, title, str(rows[uuid.UUID(pk)]), on, uuid.UUID(pk))


def _infected() -> Iterator[Finding]:
    for scan in EvidenceScan.objects.filter(verdict=ScanVerdict.INFECTED).select_related("evidence").order_by("-pk"):
        detail = f"{scan.evidence}: {scan.detail}"
        yield Finding(
            "infected", "Una evidencia está en cuarentena", detail, timezone.localdate(scan.at), scan.evidence_id
        )


jobs.register(CUSTODY_JOB, read=_read_round, make=_make_round, write=_write_round)
jobs.register(SCAN_JOB, read=_read_scan, make=_make_scan, write=_write_scan)
