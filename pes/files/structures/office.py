"""An Office document as it is built: judged from its central directory before anything is unpacked (UP1, UP2, UP5)."""

from __future__ import annotations

import io
import stat
import zipfile
from typing import IO, Any, BinaryIO

from pes.workbooks.archive import ENCRYPTED, OLE_MAGIC, UNSAFE_NAME, ZIP_MAGIC

MAX_PARTS = 3_000
MAX_DIRECTORY = 1024**2  # bytes of a directory of that many parts, names included
MAX_UNPACKED = 200 * 1024**2
MAX_INSIDE = 20 * 1024**2  # bytes of one workbook behind a chart
MAX_RATIO = 150
RATIO_FLOOR = 1024**2
MAIN_TYPES = {
    ".xlsx": b"spreadsheetml.sheet.main+xml",
    ".docx": b"wordprocessingml.document.main+xml",
    ".pptx": b"presentationml.presentation.main+xml",
}
ACTIVE = ("vbaproject", "/activex/", "macrosheets/", "oleobject", ".exe", ".js", ".vbs", ".dll", ".lnk")
MAGIC = 8  # bytes that tell a container
DIRECTORY_END = b"PK\x05\x06"


class _Wrong(Exception):
    """A code of `pes.files.inspection`."""


def answer(stream: BinaryIO, suffix: str) -> dict[str, Any]:
    """`verdict`: the code of what is wrong; nothing when the file is a document of its kind that holds nothing active."""
    magic = stream.read(MAGIC)
    if magic == OLE_MAGIC:
        return {"verdict": ["protected_document", ""]}
    if magic[:4] not in ZIP_MAGIC:
        return {"verdict": ["not_a_document", ""]}
    try:
        _judge(stream, suffix, inside=False)
    except _Wrong as wrong:
        return {"verdict": [str(wrong), ""]}
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return {"verdict": ["not_a_document", ""]}
    return {}


def _judge(stream: IO[bytes], suffix: str, *, inside: bool) -> None:
    """One container; what a document carries is judged the same way, and may carry nothing itself."""
    if _directory_size(stream) > MAX_DIRECTORY:
        raise _Wrong("container_too_large")
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
        _check_directory(entries)
        kinds = archive.read("[Content_Types].xml")
        if b"macroEnabled" in kinds or b"vbaProject" in kinds:
            raise _Wrong("macros")
        if MAIN_TYPES[suffix] not in kinds:
            raise _Wrong("not_a_document")
        for entry in entries:
            _check_part(archive, entry, inside=inside)


def _directory_size(stream: IO[bytes]) -> int:
    """Bytes of the central directory, as the file's end says; reading a huge one would already be costly."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(DIRECTORY_END)
    return int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.orig_filename.casefold() for entry in entries]
    if any(UNSAFE_NAME.search(name) or ":" in name for name in names):
        raise _Wrong("unsafe_container")
    if any(stat.S_ISLNK(entry.external_attr >> 16) for entry in entries):
        raise _Wrong("unsafe_container")
    unpacked = sum(entry.file_size for entry in entries)
    bomb = any(e.file_size > RATIO_FLOOR and e.file_size / max(e.compress_size, 1) > MAX_RATIO for e in entries)
    if len(entries) > MAX_PARTS or unpacked > MAX_UNPACKED or bomb:
        raise _Wrong("container_too_large")
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise _Wrong("protected_document")
    if any(mark in f"/{name}" for name in names for mark in ACTIVE):
        raise _Wrong("macros")


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, inside: bool) -> None:
    """A part is no container, except the workbook behind a chart: Office keeps it as an embedding."""
    if entry.file_size < MAGIC:
        return
    with archive.open(entry) as part:
        magic = part.read(MAGIC)
        if magic == OLE_MAGIC:
            raise _Wrong("macros")
        if magic[:4] not in ZIP_MAGIC:
            return
        suffix = next((kind for kind in MAIN_TYPES if entry.filename.casefold().endswith(kind)), "")
        if inside or not suffix or "/embeddings/" not in entry.filename or entry.file_size > MAX_INSIDE:
            raise _Wrong("nested_container")
        content = magic + part.read()
    _judge(io.BytesIO(content), suffix, inside=True)
