"""Stored documents handed over: as a download, or their sections inside a page; never one that lost its digest."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.safestring import SafeString

from pes.documents.store import sha256

log = logging.getLogger(__name__)
TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "zip": "application/zip",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
PUBLIC_HEADERS = HEADERS | {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
REPLACEABLE_HEADERS = PUBLIC_HEADERS | {"Cache-Control": "public, no-cache"}  # asked again each time, by its ETag
OPENING, CLOSING = "<main>", "</main>"


class StoredDocument(Protocol):
    """A row that keeps files in a folder, each with its digest."""

    folder: str

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    def digest_of(self, suffix: str) -> str: ...

    def path(self, suffix: str) -> Path: ...


def hand_over(document: StoredDocument, suffix: str, name: str, headers: Mapping[str, str]) -> HttpResponseBase:
    """A stored file under a name (without suffix); one that lost its digest is not handed over."""
    if suffix not in document.suffixes or not document.path(suffix).is_file():
        raise Http404("El informe no tiene ese archivo.")
    if not is_intact(document, suffix):
        log.error("El archivo %s del informe %s no da su huella SHA-256.", suffix, document.folder)
        return HttpResponse(
            "El archivo no corresponde a su huella y no se entrega.",
            status=409,
            content_type="text/plain; charset=utf-8",
        )
    response = FileResponse(
        document.path(suffix).open("rb"), as_attachment=True, filename=f"{name}.{suffix}", content_type=TYPES[suffix]
    )
    for header, value in headers.items():
        response[header] = value
    return response


def is_intact(document: StoredDocument, suffix: str) -> bool:
    """Whether a stored file still gives its digest."""
    return sha256(document.path(suffix).read_bytes()) == document.digest_of(suffix)


def preview(document: StoredDocument | None) -> str:
    """The sections of the stored HTML; empty when there is none, or when it lost its digest."""
    if document is None or not document.path("html").is_file():
        return ""
    if not is_intact(document, "html"):
        log.error("El HTML del informe %s no da su huella SHA-256.", document.folder)
        return ""
    return body(document.path("html").read_text(encoding="utf-8"))


def body(whole: str) -> SafeString:
    """The sections of a stored document, to be shown inside a page of the site.

    Our template writes the element once and every text of a person was escaped, so that its marks occur once.
    """
    return SafeString(whole.partition(OPENING)[2].partition(CLOSING)[0])
