"""Files of reports and documents: whole or absent, never half (JB13).

A report is a folder of MEDIA_ROOT/informes named by UUID. It is written aside, synced to disk and renamed into place;
only then does its row exist. A folder without a row was left by an attempt that failed after that, and is swept.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone

NAME = "informe"
ASIDE = ".tmp-"
ABANDONED_AFTER = timedelta(hours=2)  # longer than any job may last


def root() -> Path:
    """The folder of all reports and documents."""
    return Path(settings.MEDIA_ROOT) / "informes"


def store(files: Mapping[str, bytes]) -> str:
    """Write the files (suffix → content) and return the folder's name. Raises OSError, and then nothing is left."""
    folder = uuid.uuid4().hex
    aside, final = root() / f"{ASIDE}{folder}", root() / folder
    aside.mkdir(parents=True)
    try:
        for suffix, content in files.items():
            _write(aside / f"{NAME}.{suffix}", content)
        _sync(aside)
        aside.rename(final)
        _sync(root())
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return folder


def _write(path: Path, content: bytes) -> None:
    with open(path, "xb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    path.chmod(settings.FILE_UPLOAD_PERMISSIONS)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256(content: bytes) -> str:
    """The digest that the row keeps."""
    return hashlib.sha256(content).hexdigest()


def remove(folder: str) -> None:
    """Delete the files of a draft that was replaced."""
    shutil.rmtree(root() / folder, ignore_errors=True)


def _owners() -> Iterator[Any]:
    """Every model that keeps documents: those with a field `folder`."""
    for model in apps.get_models():
        try:
            model._meta.get_field("folder")
        except FieldDoesNotExist:
            continue
        yield model


def sweep() -> list[str]:
    """Delete folders that no row knows and that are too old to belong to a running job; return their names."""
    if not root().is_dir():
        return []
    oldest = (timezone.now() - ABANDONED_AFTER).timestamp()
    old = [entry for entry in root().iterdir() if entry.is_dir() and entry.stat().st_mtime < oldest]
    known = {name for model in _owners() for name in model.objects.values_list("folder", flat=True)}
    abandoned = [entry for entry in old if entry.name not in known]
    for entry in abandoned:
        shutil.rmtree(entry, ignore_errors=True)
    return [entry.name for entry in abandoned]
