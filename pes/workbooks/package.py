"""ZIP entries without a clock, so that equal workbooks are equal bytes (PD4)."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


class TimelessZip(zipfile.ZipFile):
    """Entries carry a fixed date and mode, so that equal contents are equal bytes."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_options: Any, **_named: Any) -> None:
        super().writestr(_entry(zinfo_or_arcname), data, zipfile.ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_options: Any, **_named: Any) -> None:
        entry = _entry(arcname)
        entry.file_size = Path(filename).stat().st_size  # tells zipfile whether it needs ZIP64
        with open(filename, "rb") as source, self.open(entry, "w") as out:
            while chunk := source.read(1024 * 1024):
                out.write(chunk)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ZIP_EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    return entry
