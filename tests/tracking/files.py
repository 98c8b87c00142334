"""Small evidence files, good and hostile, made on the spot."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_SHEET = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def pdf(**entries: object) -> bytes:
    """A one-page PDF; entries go into its catalogue."""
    buffer = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        for name, value in entries.items():
            document.Root[f"/{name}"] = document.make_indirect(value)
        document.save(buffer)
    return buffer.getvalue()


def hidden(action: dict[str, object]) -> bytes:
    """A PDF with an action deep inside an annotation of its page."""
    buffer = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, AA=pikepdf.Dictionary(E=pikepdf.Dictionary(**action)))
        document.pages[0].Annots = pikepdf.Array([note])
        document.save(buffer)
    return buffer.getvalue()


def with_attachment() -> bytes:
    """A PDF that carries another file."""
    buffer = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.attachments["x.exe"] = b"MZ"
        document.save(buffer)
    return buffer.getvalue()


def locked() -> bytes:
    """A PDF with a password."""
    buffer = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(buffer, encryption=pikepdf.Encryption(user="x", owner="y"))
    return buffer.getvalue()


def image(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    """A picture of one colour."""
    buffer = BytesIO()
    Image.new("RGB", size).save(buffer, kind)
    return buffer.getvalue()


def office(main: str = WORD, **parts: bytes) -> bytes:
    """An OOXML container with its content types and whatever else; its members carry no hour: the same bytes each time."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        types = f'<Types><Override PartName="/x" ContentType="{main}"/></Types>'
        for name, content in {"[Content_Types].xml": types, **parts}.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
