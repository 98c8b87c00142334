"""Pictures without what they say of who took them: place, instant, device (UP6).

The original stays in custody with its digest. What is served is the same picture, not decoded nor compressed again: the
parts of the container that carry the image are kept, and all others are left out, with anything after its end.
"""

from __future__ import annotations

import re

PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_PARTS = {*b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT pHYs bKGD acTL fcTL fdAT".split()}
JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
_SCAN = 0xDA
_APPLICATION = range(0xE0, 0xF0)
_COMMENT = 0xFE
#: Application parts that change how the picture looks: JFIF, a colour profile, Adobe's colour transform.
_KEPT_STARTS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_EXIF = b"Exif\0\0"
_ORIENTATION = 0x0112
_MARKER = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")  # not a stuffed byte, nor a restart


def without_metadata(content: bytes, suffix: str) -> bytes:
    """The picture of a file that was inspected; what is neither a PNG nor a JPEG comes back as it is."""
    if suffix == ".png" and content.startswith(PNG_START):
        return _clean_png(content)
    if suffix in {".jpg", ".jpeg"} and content.startswith(JPEG_START):
        return _clean_jpeg(content)
    return content


def _clean_png(content: bytes) -> bytes:
    kept, at = [PNG_START], len(PNG_START)
    while at + 12 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        if kind in PNG_PARTS:
            kept.append(content[at:end])
        if kind == b"IEND":
            break
        at = end
    return b"".join(kept)


def _clean_jpeg(content: bytes) -> bytes:
    kept, at = [JPEG_START], len(JPEG_START)
    while (found := _MARKER.search(content, at)) is not None:
        marker, start = found[1][0], found.end() - 2
        if content[start : start + 2] == JPEG_END:
            break
        end = start + 2 + int.from_bytes(content[start + 2 : start + 4], "big")
        kept.append(_part(marker, content[start:end]))
        at = end
        if marker == _SCAN:
            after = _MARKER.search(content, end)
            at = after.start() if after else len(content)
            kept.append(content[end:at])
    return b"".join([*kept, JPEG_END])


def _part(marker: int, part: bytes) -> bytes:
    """A part of a JPEG as it is served: whole, or nothing, or only which way is up."""
    if marker == 0xE1 and part[4:].startswith(_EXIF):
        return _upright(part[4 + len(_EXIF) :])
    if marker in _APPLICATION:
        start = _KEPT_STARTS.get(marker)
        return part if start is not None and part[4:].startswith(start) else b""
    return b"" if marker == _COMMENT else part


def _upright(tiff: bytes) -> bytes:
    """An Exif part that says the orientation and nothing else; empty when the picture stands as it is stored."""
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if order is None:
        return b""
    first = int.from_bytes(tiff[4:8], order)  # type: ignore[arg-type]
    count = int.from_bytes(tiff[first : first + 2], order)  # type: ignore[arg-type]
    for at in range(first + 2, min(first + 2 + 12 * count, len(tiff) - 11), 12):
        if int.from_bytes(tiff[at : at + 2], order) == _ORIENTATION:  # type: ignore[arg-type]
            turned = int.from_bytes(tiff[at + 8 : at + 10], order)  # type: ignore[arg-type]
            return _exif(turned) if 1 < turned <= 8 else b""
    return b""


def _exif(orientation: int) -> bytes:
    entry = _ORIENTATION.to_bytes(2, "big") + b"\0\3\0\0\0\1" + orientation.to_bytes(2, "big") + b"\0\0"
    body = _EXIF + b"MM\0*\0\0\0\x08" + b"\0\1" + entry + bytes(4)
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
