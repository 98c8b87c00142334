"""A workbook sent in the browser: kept while its owner looks at what it would change, then applied or forgotten."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils import timezone

from pes.rules.problems import Problem, Refused
from pes.workbooks.names import clean_text

MAX_BYTES = 5 * 1024**2
KEPT_FOR = timedelta(days=1)
KEPT_EACH = 5  # of one person in one place: what the page lists
_LONGEST_NAME = 150


def received(file: UploadedFile) -> dict[str, Any]:
    """What is kept of a file, by field: its name, its content and its SHA-256 (IMP-05).

    Raises Refused: empty, or heavier than `MAX_BYTES`.
    """
    size = file.size or 0
    if not size or size > MAX_BYTES:
        message = "El archivo está vacío." if not size else "El archivo pesa más de 5 MB."
        fix = "Elija el libro que descargó, o uno con las mismas columnas y solo los datos del plan."
        raise Refused([Problem("upload_size", "UP4", message, fix=fix)])
    content = file.read()
    name = clean_text((file.name or "").replace("\\", "/").rpartition("/")[2])[0][-_LONGEST_NAME:] or "libro.xlsx"
    return {"name": name, "content": content, "sha256": hashlib.sha256(content).hexdigest()}


def forget_old(kept: models.QuerySet[Any]) -> int:
    """Delete the workbooks older than `KEPT_FOR`, applied or not; what was applied stays in the audit trail."""
    return kept.filter(at__lt=timezone.now() - KEPT_FOR).delete()[0]


def keep_the_last(own: models.QuerySet[Any]) -> None:
    """Keep only the last ones of a person in a place, so that nobody fills the database."""
    rows = own.order_by("-at", "-pk").values_list("pk", flat=True)
    own.model._default_manager.filter(pk__in=list(rows[KEPT_EACH:])).delete()
