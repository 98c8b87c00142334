"""The ZIP container, judged from its central directory before anything is unpacked.

Runs in the parent: it reads names, sizes and the first bytes of each part, never XML.
Cases IM7, UP2, UP5.
"""

from __future__ import annotations

import re
import stat
import zipfile
from typing import BinaryIO

from pes.workbooks import limits
from pes.workbooks.items import Refusal

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
ENCRYPTED = 0x1
READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}

# Order matters: the most telling reason is given first.
FORBIDDEN_PARTS = (
    ("macros", re.compile(r"vba(project|data)|(^|/)macrosheets/|(^|/)dialogsheets/|xlm", re.I)),
    ("embedded_object", re.compile(r"(^|/)(embeddings|activex|oleobjects|ctrlprops)/", re.I)),
    ("external_link", re.compile(r"(^|/)(externallinks|querytables)/|(^|/)connections\.xml$", re.I)),
    ("nested_archive", re.compile(r"\.(zip|xls[xmb]?|doc[xm]?|ppt[xm]?|jar|7z|rar|gz|tar)$", re.I)),
    ("embedded_object", re.compile(r"\.(exe|dll|js|vbs|bat|cmd|ps1|hta|scr|lnk)$", re.I)),
)
UNSAFE_NAME = re.compile(r"^/|\\|(^|/)\.\.(/|$)|^[A-Za-z]:|[\x00-\x1f]")


def check_archive(stream: BinaryIO) -> None:
    """Refuse a container that is not a plain, moderate `.xlsx`.

    Raises `Refusal` with the code of the first thing wrong.
    """
    stream.seek(0)
    magic = stream.read(8)
    if magic == OLE_MAGIC:
        raise Refusal("old_or_protected", found="contenedor OLE")
    if magic[:4] not in ZIP_MAGIC:
        raise Refusal("not_a_workbook", found=_describe(magic))
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            _check_names(entries)
            _check_sizes(entries)
            _check_first_bytes(archive, entries)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise Refusal("damaged", found="contenedor ZIP ilegible") from error


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > limits.MAX_PARTS:
        raise Refusal("too_many_parts", found=f"{len(entries)} partes")
    names = [entry.orig_filename for entry in entries]
    for entry, name in zip(entries, names, strict=True):
        if UNSAFE_NAME.search(name) or stat.S_ISLNK(entry.external_attr >> 16):
            raise Refusal("unsafe_path", found=name[:80])
        if entry.flag_bits & ENCRYPTED:
            raise Refusal("old_or_protected", found="parte cifrada")
        if entry.compress_type not in READABLE:
            raise Refusal("damaged", found="compresión no admitida")
    if len({name.casefold() for name in names}) != len(names):
        # Two readers may choose different twins, so neither is trusted.
        raise Refusal("damaged", found="partes con el mismo nombre")
    for code, pattern in FORBIDDEN_PARTS:
        if guilty := next((name for name in names if pattern.search(name)), None):
            raise Refusal(code, found=guilty[:80])
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= set(names):
        raise Refusal("not_a_workbook", found="un ZIP sin xl/workbook.xml")


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    # zipfile never hands out more than the declared size and checks the CRC at
    # the end, so the declared sizes may be trusted once they are in bounds.
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.MAX_UNPACKED:
        raise Refusal("too_big", found=f"{unpacked / limits.MEBIBYTE:.0f} MB descomprimidos")
    for entry in entries:
        ratio = entry.file_size / max(entry.compress_size, 1)
        if entry.file_size > limits.RATIO_FLOOR and ratio > limits.MAX_RATIO:
            raise Refusal("zip_bomb", found=f"{entry.filename[:60]}: {ratio:.0f} a 1")
        ceiling = limits.MAX_PART.get(entry.filename, limits.MAX_UNPACKED)
        if entry.file_size > ceiling:
            raise Refusal("too_big", found=entry.filename)


def _check_first_bytes(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        if entry.file_size < 8:
            continue
        with archive.open(entry) as part:
            magic = part.read(8)
        if magic[:4] in ZIP_MAGIC:
            raise Refusal("nested_archive", found=entry.filename[:80])
        if magic == OLE_MAGIC:
            raise Refusal("embedded_object", found=entry.filename[:80])


def _describe(magic: bytes) -> str:
    if not magic:
        return "un archivo vacío"
    if magic.startswith(b"%PDF"):
        return "un PDF"
    if magic.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "un archivo HTML o XML"
    return "un archivo que no es un ZIP"
