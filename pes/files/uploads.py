"""Uploads stop growing at the limit while they arrive: Django's own limits do not count files (UP4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

Next = Callable[[HttpRequest], HttpResponse]
BEGAN = "pes.upload_began"
ROOM_FOR_FIELDS = 5 * 1024**2  # as at the proxy (deploy/Caddyfile): 25 MB in all


def early_refusal(get_response: Next) -> Next:
    """Refuse by its length, before a byte of it is read, a request that is heavier than a file and its form (UP4).

    A body without a length is refused too: nobody knows when to stop reading it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        most = settings.EVIDENCE_MAX_BYTES + ROOM_FOR_FIELDS
        length = request.META.get("CONTENT_LENGTH", "")
        if request.META.get("HTTP_TRANSFER_ENCODING") and not length:
            return _refusal("El envío no dice cuánto pesa.", 411)
        if length.isdecimal() and int(length) > most:
            return _refusal(f"El envío pesa más de {most // 1024**2} MB; cada evidencia, hasta 20 MB.", 413)
        return get_response(request)

    return middleware


def began_at(request: HttpRequest) -> datetime | None:
    """When the files of a request began to arrive here; None when it brought none (WF16)."""
    found: datetime | None = request.META.get(BEGAN)
    return found


def _refusal(message: str, status: int) -> HttpResponse:
    return HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Writes at most one byte more than an evidence may weigh; the form then refuses it with its reason."""

    def handle_raw_input(self, input_data: Any, META: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N803 - Django's
        """Note when the request's files began to arrive."""
        META.setdefault(BEGAN, timezone.now())

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Start counting."""
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep what fits and let the rest go."""
        room = settings.EVIDENCE_MAX_BYTES + 1 - self.received
        self.received += len(raw_data)
        if room > 0:
            super().receive_data_chunk(raw_data[:room], start)
        return None

    def file_complete(self, file_size: int) -> Any:
        """The file with the size that was kept."""
        return super().file_complete(min(file_size, settings.EVIDENCE_MAX_BYTES + 1))
