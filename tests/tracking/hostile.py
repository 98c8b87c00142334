"""Evidence files that mean harm, made on the spot; each is small on disk whatever it grows to."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

import pikepdf
from PIL import Image

from tests.tracking import files

CHARTED = "word/embeddings/libro.xlsx"


def raw_pdf(*objects: bytes, catalogue: bytes = b"") -> bytes:
    """A PDF written by hand: what a library would tidy up stays as it is."""
    root = b"<</Type/Catalog/Pages 2 0 R" + catalogue + b">>"
    bodies = [root, b"<</Type/Pages/Kids[]/Count 0>>", *objects]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)
    return bytes(out)


def script() -> pikepdf.Dictionary:
    """An action that runs JavaScript."""
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def crowded_pdf() -> bytes:
    """More values than a child has time or memory for."""
    return raw_pdf(*[b"[" + b"[1]" * 400 + b"]"] * 12_000)


def png_of(width: int, height: int) -> bytes:
    """A PNG that says its size and holds next to nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(64))) + chunk(b"IEND", b"")


def chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def text_bomb() -> bytes:
    """A PNG whose comment unpacks to 100 MB."""
    good = files.image()
    return good[:33] + chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(100 * 1024**2), 9)) + good[33:]


def photo() -> bytes:
    """A JPEG with the place where it was taken, its device and which way is up."""
    picture = Image.effect_mandelbrot((64, 40), (-2, -1, 1, 1), 30).convert("RGB")
    exif = Image.Exif()
    exif[0x0110] = "Teléfono secreto"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (4.0, 36.0, 0.0), 3: "W", 4: (74.0, 4.0, 0.0)})
    buffer = BytesIO()
    picture.save(buffer, "JPEG", exif=exif, comment=b"<script>comentario</script>", quality=90, progressive=True)
    return buffer.getvalue() + b"cola oculta"


def many_parts(count: int) -> bytes:
    """A document of a great many empty parts, written by hand: zipfile would take seconds."""
    parts = [b"w%d" % number for number in range(count)]
    local = b"PK\x03\x04" + bytes(26)
    listed = b"".join(b"PK\x01\x02" + bytes(24) + struct.pack("<H", len(name)) + bytes(16) + name for name in parts)
    known = min(count, 0xFFFF)
    return local + listed + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, known, known, len(listed), len(local), 0)


def with_symlink() -> bytes:
    """A document with a part that is a symbolic link."""
    buffer = BytesIO(files.office())
    with zipfile.ZipFile(buffer, "a") as archive:
        link = zipfile.ZipInfo("word/enlace")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def behind(first: bytes, second: bytes) -> bytes:
    """Two files in one."""
    return first + second
