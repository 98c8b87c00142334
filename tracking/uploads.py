"""Uploads stop growing at the limit while they arrive: Django's own limits do not count files (UP4)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Writes at most one byte more than an evidence may weigh; the form then refuses it with its reason."""

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
