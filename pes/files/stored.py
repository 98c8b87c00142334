"""Files of the PES into custody, and out of it (UP1 to UP10, UP13, UP14)."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse
from django.utils import timezone

from pes import audit
from pes.files import antivirus
from pes.files.images import without_metadata
from pes.files.keeping import digest_of, digest_of_upload, judge, received, settle
from pes.models import OrganizationUnit, StoredFile, User
from pes.rules.files import MEDIA_TYPES, display_name, suffix_of
from pes.rules.problems import Problem, Refused

log = logging.getLogger(__name__)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


def keep(upload: UploadedFile, *, unit: OrganizationUnit, by: User) -> StoredFile:
    """Keep a file of a unit. The verb that calls has asked for power.

    Raises Refused with what is wrong with it; then neither row nor file is left behind. With an antivirus that does not
    answer nothing is kept: such a file can be sent again, and nobody waits for a quarter's term with it.
    """
    name, size = display_name(upload.name or ""), upload.size or 0
    with received(upload) as waiting:
        judge(name, size, waiting)
        _refuse_threats(antivirus.scan(waiting))
        kept = StoredFile(
            unit=unit, display_name=name, size=size, sha256=digest_of(waiting), uploaded_by=by,
            content_type=MEDIA_TYPES[suffix_of(name)], uploaded_at=timezone.now(),
        )  # fmt: skip
        settle(waiting, kept.path)
    try:
        with transaction.atomic():
            kept.save(force_insert=True)
            audit.record("file_kept", kept, by=by, after={"name": name, "sha256": kept.sha256, "unit": unit.code})
    except BaseException:
        kept.path.unlink(missing_ok=True)
        raise
    return kept


def adds_nothing(upload: UploadedFile | None, kept: StoredFile | None) -> bool:
    """Whether nothing came, or the very file that is kept: only then may what came with it be a repetition (WF1)."""
    return not upload or (kept is not None and kept.sha256 == digest_of_upload(upload))


def is_whole(kept: StoredFile) -> bool:
    """Whether the file is there and gives the digest with which it came (UP14)."""
    whole = kept.path.is_file() and digest_of(kept.path) == kept.sha256
    if not whole:
        log.error("El archivo %s falta o no da su huella SHA-256.", kept.pk)
    return whole


def download(kept: Any) -> FileResponse:
    """A file in custody as an attachment of its fixed type; a picture goes without what it says of who took it."""
    is_picture = kept.content_type.startswith("image/")
    suffix = suffix_of(kept.display_name)
    content: Any = BytesIO(without_metadata(kept.path.read_bytes(), suffix)) if is_picture else kept.path.open("rb")
    return FileResponse(
        content, as_attachment=True, filename=kept.display_name, content_type=kept.content_type, headers=HEADERS
    )


def _refuse_threats(scan: antivirus.Scan | None) -> None:
    if scan is not None and scan.threat:
        message = "El antivirus encontró una amenaza en este archivo: no se recibió."
        raise Refused([Problem("infected", "UP10", message, fix="Revíselo en su equipo y suba uno limpio.")])
    if scan is None and antivirus.is_on():
        message = "El antivirus no responde y el archivo no se recibió."
        raise Refused([Problem("not_scanned", "UP10", message, fix="Inténtelo en unos minutos.")])
