"""Files into custody: temporary file, fsync, rename, and only then the row (architecture, Files)."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from pes.files.inspection import inspect
from pes.rules.files import disk_problem, file_problems, suffix_of
from pes.rules.problems import Problem, refuse_if_any

log = logging.getLogger(__name__)
CHUNK = 1024 * 1024


def place_of(key: uuid.UUID) -> Path:
    """Where the file of a row lies: evidencias/<2 hex>/<2 hex>/<uuid>."""
    name = key.hex
    return root() / name[:2] / name[2:4] / name


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_upload(upload: UploadedFile) -> str:
    """SHA-256 of a file as it came, in hexadecimal; it can be read again from its beginning."""
    digest = hashlib.sha256()
    for chunk in upload.chunks(CHUNK):
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def root() -> Path:
    """The folder of all evidence."""
    return Path(settings.MEDIA_ROOT) / "evidencias"


def incoming() -> Path:
    """The folder where files wait until they are judged."""
    return root() / "entrada"


@contextmanager
def received(upload: UploadedFile) -> Iterator[Path]:
    """The upload in a temporary file beside its final place, on disk and not only in a cache; gone at the end.

    Raises Refused while the disk is almost full (UP9).
    """
    incoming().mkdir(parents=True, exist_ok=True)
    refuse_full_disk()
    path = incoming() / uuid.uuid4().hex
    try:
        with path.open("xb") as file:
            for chunk in upload.chunks(CHUNK):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        yield path
    finally:
        path.unlink(missing_ok=True)


def judge(name: str, size: int, waiting: Path, problems: list[Problem] | None = None) -> None:
    """Raise Refused for what is wrong with a file of `size` bytes, from outside and then from inside."""
    outside = file_problems(name=name, size=size, limit=settings.EVIDENCE_MAX_BYTES)
    refuse_if_any([*outside, *(problems or [])])
    inspect(waiting, suffix_of(name))


def settle(waiting: Path, final: Path) -> None:
    """Give a file its place for ever; the folder that names it is on disk too."""
    final.parent.mkdir(parents=True, exist_ok=True)
    waiting.rename(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def disk_used() -> int:
    """How full the disk of the evidence is, as a whole percentage 0–100."""
    place = next(path for path in (root(), *root().parents) if path.exists())
    usage = shutil.disk_usage(place)
    return 100 * usage.used // (usage.used + usage.free)


def refuse_full_disk() -> None:
    """Raise Refused, and tell the log, when the disk is almost full: what is typed must still fit (UP9)."""
    used = disk_used()
    problems = disk_problem(used, settings.EVIDENCE_MAX_DISK_PERCENT)
    if problems:
        log.error("El disco de evidencias está al %s %%: no se reciben archivos.", used)
    refuse_if_any(problems)
